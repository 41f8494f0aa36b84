/** Building an HNSW graph in batches, so that the same seed gives the same graph for any number of threads. The points of a
 *  batch search the graph as it was before the batch and write their own links; then the links back are added, each
 *  range of targets by one thread, in the order of the batch. Batches grow with the graph (ParlayANN: Manohar et al.,
 *  PPoPP 2024), but stay so small beside it that not seeing one another costs no recall. */
import type { Metric } from '../factory/spec';
import type { Arena } from '../memory';
import { openArena, release, takeI32, takeU32, takeU8 } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import { mt19937, uniformFloat } from '../random';
import { cancelled } from '../refusal';
import type { Thread } from '../thread';
import type { CodesIndex, HnswIndex } from '../types';
import { hnswLinksAt } from './hnsw';
import type { GraphTrace } from './growth';
import { slotsOfLevel, watchGrowth } from './growth';
import type { GraphAt, NodesAt } from './walker';
import { openWalker, rowsAt, walkerScratch } from './walker';

/** Nodes that are stored as codes: links are chosen among the vectors that these decode to. */
export type CodedNodes = {
  storage?: CodesIndex;
  /** What else of the distance to a two-level code does not depend on the query: (n). */
  terms?: Float32Array;
  /** (n, d): the vectors before they were coded. A new node looks for its neighbours as itself, not as its code (Faiss). */
  points?: Float32Array;
};

export type LinkOptions = {
  n: number; M: number;
  efConstruction?: number;
  /** 0: Faiss's levels; another number shifts their stream. The order inside a level has a seed of its own, as in Faiss. */
  seed: number;
  stage?: string;
  /** Filled in when given. */
  trace?: Partial<HnswTrace>;
};

export type HnswOptions = CodedNodes & LinkOptions & {
  /** (n, d), in the engine's memory: what nodes are compared by. The index points to them unless it stores codes. */
  vectors: Float32Array;
  d: number;
  metric: Metric;
};

/** What building records when asked: the order of insertion, each batch as it was linked, and how a sample grew. */
export type HnswTrace = GraphTrace & { order: Int32Array /* (n) */; batches: { level: number; size: number; ms: number }[] };

const BATCH_SHARE = 0.02;
/** Batches smaller than this are not worth telling the other threads about. */
const OWN_BATCH = 48;
/** After so many ms messages are let in, a cancel among them. */
const BREATH = 40;
const INSERT_POINTS = 4, LINK_RANGES = 32;

export async function buildHnsw(engine: Engine, arena: Arena, options: HnswOptions): Promise<HnswIndex> {
  const { vectors, n, d, metric, storage = { kind: 'Flat', d, n, metric, vectors }, terms, points } = options;
  const links = await linkHnsw(engine, arena, rowsAt({ vectors, d, metric }, points), options);
  return { kind: 'HNSW', d, metric, storage, ...(terms && { terms }), ...links };
}

export type HnswLinks = Pick<HnswIndex, 'n' | 'M' | 'efConstruction' | 'entry' | 'maxLevel' | 'levels' | 'offsets' | 'links'>;

/** The graph itself, over n nodes of any kind that can be compared. */
export async function linkHnsw(engine: Engine, arena: Arena, nodes: NodesAt, { n, M, efConstruction = 40, seed, stage, trace }: LinkOptions): Promise<HnswLinks> {
  if (M < 2) throw new Error(`linkHnsw: M is ${M}, at least 2 links a level are expected`);
  const drawn = hnswLevels(n, M, seed), order = insertionOrder(drawn);
  const levels = takeU8(arena, n, 'the graph'), offsets = takeU32(arena, n + 1, 'the graph');
  levels.set(drawn);
  linkOffsets(levels, M, offsets);
  const links = takeI32(arena, offsets[n] ?? 0, 'the links of the graph').fill(-1);
  const entry = order[0] ?? -1, maxLevel = (levels[entry] ?? 0) - 1;
  const graph: HnswLinks = { n, M, efConstruction, entry, maxLevel, levels, offsets, links };
  const watch = trace && watchHnsw(graph, order);
  const room = openArena(engine.memory);
  try {
    const kept = takeI32(room, n);
    kept.set(order);
    await insertAll(engine, { graph: { ...hnswLinksAt(graph), ...nodes }, ef: efConstruction, order: kept.byteOffset }, levels, kept, stage, watch);
    if (trace) Object.assign(trace, watch?.trace());
  } finally {
    release(room);
  }
  return graph;
}

type Insertion = { graph: GraphAt; ef: number; order: number };

/** The first point of the order is the graph; the others follow in batches that never span two levels. */
async function insertAll(engine: Engine, all: Insertion, levels: Uint8Array, order: Int32Array, stage?: string, watch?: Watch): Promise<void> {
  const n = order.length, levelOf = (i: number) => levels[order[i] ?? 0] ?? 0;
  let breath = performance.now();
  for (let done = 1; done < n;) {
    const started = performance.now(), most = Math.max(1, Math.floor(done * BATCH_SHARE));
    let end = done + 1;
    while (end < n && end < done + most && levelOf(end) === levelOf(done)) end++;
    await insertBatch(engine, { ...all, order: all.order + done * 4, n: end - done });
    watch?.batch({ level: levelOf(done) - 1, size: end - done, ms: performance.now() - started }, end);
    done = end;
    const late = performance.now() - breath > BREATH;
    if (stage && (late || most >= OWN_BATCH)) engine.report(stage, done, n);
    if (!late) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    breath = performance.now();
  }
}

type Batch = HnswTrace['batches'][number];
type Watch = { batch: (batch: Batch, done: number) => void; trace: () => HnswTrace };

/** Looks on: nothing of it is read by what builds. */
function watchHnsw(graph: HnswLinks, order: Int32Array): Watch {
  const { M, levels, maxLevel } = graph, batches: Batch[] = [];
  const growth = watchGrowth({ order, levels, width: 2 * M, slots: (id, level) => slotsOfLevel(graph, id, level) });
  if (order.length) growth.note({ step: 'first', done: 1, count: 0, level: maxLevel, size: 1 });
  return {
    batch(batch, done) {
      batches.push(batch);
      const upper = batch.level > 0 && (levels[order[done] ?? -1] ?? 0) !== batch.level + 1; // a level is complete
      if (upper || growth.due(done)) growth.note({ step: 'batch', done, count: batches.length, level: batch.level, size: batch.size });
    },
    trace: () => ({ order, batches, growth: growth.growth() }),
  };
}

/** One batch: order (n) ids at an address. */
export type BatchArgs = Insertion & { n: number };

async function insertBatch(engine: Engine, args: BatchArgs): Promise<void> {
  if (args.n < OWN_BATCH) {
    if (Atomics.load(engine.control, 1)) throw cancelled();
    const { own } = engine, { top } = own;
    const { at } = openWalker(own, args.graph, args.graph, args.ef);
    own.build.graphInsert(at, args.order, args.n, args.ef);
    own.build.graphLink(at, args.order, args.n, 0, args.graph.n);
    own.top = top;
    return;
  }
  const bytes = walkerScratch(args.graph.n, args.graph.width, args.ef);
  await run(engine, 'graphInsert', args, Math.ceil(args.n / INSERT_POINTS), bytes);
  await run(engine, 'graphLink', args, LINK_RANGES, bytes);
}

export function graphInsertBlock(thread: Thread, { graph, ef, order, n }: BatchArgs, block: number): void {
  const from = block * INSERT_POINTS, { at } = openWalker(thread, graph, graph, ef);
  thread.build.graphInsert(at, order + from * 4, Math.min(INSERT_POINTS, n - from), ef);
}

export function graphLinkBlock(thread: Thread, { graph, ef, order, n }: BatchArgs, block: number): void {
  const { at } = openWalker(thread, graph, graph, ef), bound = (b: number) => Math.floor((b * graph.n) / LINK_RANGES);
  thread.build.graphLink(at, order, n, bound(block), bound(block + 1));
}

/** Chance of each level: exp(−level·ln M)·(1 − 1/M), in float32 steps as Faiss takes them, while above 1e−9. */
export function levelChances(M: number): Float64Array {
  const scale = Math.fround(1 / Math.log(M)), chances: number[] = [];
  for (let level = 0; ; level++) {
    const chance = Math.fround(Math.exp(-level / scale) * (1 - Math.exp(-1 / scale)));
    if (chance < 1e-9) return Float64Array.from(chances);
    chances.push(chance);
  }
}

/** Number of levels of each point, ≥ 1, drawn in order of id. */
export function hnswLevels(n: number, M: number, seed: number): Uint8Array {
  const random = mt19937(12345 + seed), chances = levelChances(M);
  return Uint8Array.from({ length: n }, () => {
    let left = uniformFloat(random);
    for (let level = 0; level < chances.length; level++) {
      const chance = chances[level] ?? 0;
      if (left < chance) return level + 1;
      left -= chance;
    }
    return chances.length;
  });
}

/** Start of each point's slots; offsets[n] is how many there are: 2M on level 0 and M on each above. */
export function linkOffsets(levels: Uint8Array, M: number, offsets: Uint32Array): void {
  offsets[0] = 0;
  levels.forEach((count, i) => { offsets[i + 1] = (offsets[i] ?? 0) + (count + 1) * M; });
}

/** Highest level first; inside a level a shuffle by one stream for all levels, so that the data's order leaves no trace. */
export function insertionOrder(levels: Uint8Array): Int32Array {
  const highest = levels.reduce((a, b) => Math.max(a, b), 0);
  const groups: number[][] = Array.from({ length: highest }, () => []);
  levels.forEach((count, id) => groups[highest - count]?.push(id));
  const order = Int32Array.from(groups.flat()), random = mt19937(789);
  for (let at = 0, g = 0; g < groups.length; g++) {
    const end = at + (groups[g]?.length ?? 0);
    for (; at < end; at++) {
      const other = at + random() % (end - at), held = order[at] ?? 0;
      order[at] = order[other] ?? 0;
      order[other] = held;
    }
  }
  return order;
}
