/** Building an NSG: a nearest-neighbour graph, links chosen on it, links back, and a tree that reaches every node (Fu, Xiang,
 *  Wang & Cai, VLDB 2019, algorithm 2; parameters are Faiss's). What threads do does not depend on their number. */
import type { Metric } from '../factory/spec';
import type { Arena } from '../memory';
import { openArena, release, takeF32, takeI32 } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import type { Random } from '../random';
import { mt19937, shifted } from '../random';
import { refuse } from '../refusal';
import type { Thread } from '../thread';
import { breather } from '../transforms/steps';
import type { CodesIndex, NsgIndex } from '../types';
import { newWork } from '../work';
import { DESCENT_MIN, nearestNeighbours } from './descent';
import type { GraphTrace, Growth, GrowthState, Slots } from './growth';
import { watchGrowth } from './growth';
import { nsgLinksAt, searchNsg } from './nsg';
import type { GraphAt } from './walker';
import { bounded, openWalker, rowsAt, walkerScratch } from './walker';

export type NsgOptions = {
  /** (n, d), in the engine's memory: what nodes are compared by. The index points to them where it stores vectors. */
  vectors: Float32Array;
  n: number; d: number;
  metric: Metric;
  /** What the index stores where that is codes; `vectors` are then the codes decoded. */
  storage?: CodesIndex;
  R: number;
  /** 0: Faiss's own seeds. */
  seed: number;
  stage?: string;
  /** Filled in when given. */
  trace?: GraphTrace;
};

/** Neighbours a node has in the graph to begin with. */
const K = 64;
/** Nodes in view while links are looked for, and candidates among which they are chosen. */
const viewOf = (R: number) => R + 32, candidatesOf = (R: number) => R + 100;
/** As many starts are kept: no search that a page asks for has more nodes in view. */
const STARTS = 4096;
const SEARCH_L = 16;

export async function buildNsg(engine: Engine, arena: Arena, options: NsgOptions): Promise<NsgIndex> {
  const { vectors, n, d, metric, R, seed, stage = 'graph', trace, storage = { kind: 'Flat', d, n, metric, vectors } } = options;
  if (R < 2) throw new Error(`buildNsg: R is ${R}, at least 2 links a node are expected`);
  if (n < DESCENT_MIN) refuse(`NSG${R} starts from a graph of nearest neighbours, which needs more than ${DESCENT_MIN - 1} vectors; there are ${n}.`);
  const links = takeI32(arena, n * R, 'the links of the graph'), starts = startsOf(arena, n), rooms = openArena(engine.memory);
  try {
    const random = mt19937(shifted(0x0903, seed)), watch = trace && watchNsg(n, R);
    const knn = await nearestNeighbours(engine, rooms, { vectors, n, d, metric, K, seed, stage: `${stage}: neighbours`, afterRound: watch?.round });
    const over = { kind: 'NSG' as const, d, n, metric, storage: { kind: 'Flat' as const, d, n, metric, vectors }, starts };
    const entry = await centralNode(engine, { ...over, R: K, links: knn, entry: random() % n }, viewOf(R));
    await chooseLinks(engine, rooms, { ...over, R: K, links: knn, entry }, { ...over, R, links, entry }, stage, watch);
    await growTree(engine, { ...over, R, links, entry }, random);
    watch?.step('tree', links);
    if (trace && watch) trace.growth = watch.growth();
    return { ...over, R, storage, entry, links };
  } finally {
    release(rooms);
  }
}

/** Nearest neighbours that the record of a round holds of each node sampled. */
export const DRAWN_NEIGHBOURS = 8;

type Watch = { round: (round: number, knn: Int32Array) => void; step: (step: GrowthState['step'], links: Int32Array) => void; growth: () => Growth };

/** Looks on: nothing of it is read by what builds. */
function watchNsg(n: number, R: number): Watch {
  let slots: Slots = () => new Int32Array(0), count = 0;
  const order = Int32Array.from({ length: n }, (_, id) => id), all = { order, levels: new Uint8Array(n).fill(1), width: R };
  const { note, growth } = watchGrowth({ ...all, slots: (id, level) => slots(id, level) });
  return {
    growth,
    round(round, knn) {
      slots = (id) => knn.subarray(id * K, id * K + DRAWN_NEIGHBOURS);
      note({ step: 'round', done: n, count: round + 1, level: 0, size: n });
    },
    step(step, links) {
      slots = (id) => links.subarray(id * R, (id + 1) * R);
      note({ step, done: n, count: ++count, level: 0, size: n });
    },
  };
}

/** Ids in the order in which Faiss draws them, once each. */
function startsOf(arena: Arena, n: number): Int32Array {
  const random = mt19937(0x1234), drawn = new Set<number>(), most = Math.min(n, STARTS);
  while (drawn.size < most) drawn.add(random() % n);
  const starts = takeI32(arena, most, 'the starts of searches');
  starts.set([...drawn]);
  return starts;
}

/** The node nearest to the mean, as a search from a random one finds it. */
async function centralNode(engine: Engine, graph: NsgIndex, L: number): Promise<number> {
  const { own, memory } = engine, { n, d, storage } = graph, breathe = breather(engine), room = openArena(memory), mean = takeF32(room, d).fill(0), dis = takeF32(room, 1), id = takeI32(room, 1);
  const rows = storage.kind === 'Flat' ? storage.vectors : mean;
  try {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < d; j++) mean[j] = (mean[j] ?? 0) + (rows[i * d + j] ?? 0);
      if (i % LINK_NODES === 0) await breathe();
    }
    for (let j = 0; j < d; j++) mean[j] = (mean[j] ?? 0) / n;
    searchNsg({ ...own, search: own.build }, graph, mean.byteOffset, 1, L, dis.byteOffset, id.byteOffset, newWork());
    return id[0] ?? 0;
  } finally {
    release(room);
  }
}

export type NsgLinkArgs = { graph: GraphAt; L: number; R: number; out: number };
export type NsgLinkBackArgs = { graph: GraphAt; chosen: number };

const LINK_NODES = 64, BACK_RANGES = 32;

/** Links of every node out of what a search for it on the neighbours' graph comes by, then links back. */
async function chooseLinks(engine: Engine, rooms: Arena, knn: NsgIndex, nsg: NsgIndex, stage: string, watch?: Watch): Promise<void> {
  const { n, R, links, d, metric, storage } = nsg;
  if (storage.kind !== 'Flat') throw new Error(`chooseLinks: rows are expected, not ${storage.kind}`);
  const nodes = rowsAt({ vectors: storage.vectors, d, metric }), chosen = takeI32(rooms, n * R), L = bounded(n, viewOf(R));
  const scratch = walkerScratch(n, Math.max(K, R), L, { near: candidatesOf(R) });
  await run(engine, 'nsgLink', { graph: { ...nsgLinksAt(knn), ...nodes }, L, R, out: chosen.byteOffset }, Math.ceil(n / LINK_NODES), scratch, `${stage}: links`);
  links.set(chosen);
  watch?.step('chosen', links);
  await run(engine, 'nsgLinkBack', { graph: { ...nsgLinksAt(nsg), ...nodes }, chosen: chosen.byteOffset }, BACK_RANGES, scratch, `${stage}: links back`);
  watch?.step('back', links);
}

export function nsgLinkBlock(thread: Thread, { graph, L, R, out }: NsgLinkArgs, block: number): void {
  const { at } = openWalker(thread, graph, graph, L, { near: candidatesOf(R) });
  thread.build.nsgLink(at, block * LINK_NODES, Math.min(graph.n, (block + 1) * LINK_NODES), L, R, out);
}

export function nsgLinkBackBlock(thread: Thread, { graph, chosen }: NsgLinkBackArgs, block: number): void {
  const { at } = openWalker(thread, graph, graph, 1), bound = (b: number) => Math.floor((b * graph.n) / BACK_RANGES);
  thread.build.nsgLinkBack(at, chosen, bound(block), bound(block + 1));
}

/** Candidates for the parent of a node that no link leads to. */
const PARENTS = 512;

/** Nodes that the entry does not lead to are linked from the nearest node of the tree that has a free slot (Faiss), so that R
 *  holds. Where no slot is free, as among many equal vectors, a link makes room that the tree does not need: of R ≥ 2 links a
 *  node there are always some. */
async function growTree(engine: Engine, graph: NsgIndex, random: Random): Promise<void> {
  const { own } = engine, { n, R, links } = graph, breathe = breather(engine), parent = new Int32Array(n).fill(-1);
  const inTree = (id: number) => parent[id] !== -1, slotOf = (id: number, fits: (next: number) => boolean) => {
    for (let p = (id + 1) * R - 1; p >= id * R; p--) if (fits(links[p] ?? -1)) return p;
    return -1;
  };
  const free = (id: number) => inTree(id) && links[id * R + R - 1] === -1, spare = (id: number) => inTree(id) && slotOf(id, (next) => parent[next] !== id) >= 0;
  reach(graph, graph.entry, graph.entry, parent);
  for (let id = 0; id < n; id++) {
    if (inTree(id)) continue;
    const near = nearest(own, graph, id), from = near.find(free) ?? anyOf(n, free, random) ?? near.find(spare) ?? anyOf(n, spare, random);
    if (from === undefined) throw new Error(`growTree: no link of ${R} a node can be spared for node ${id}`);
    const used = links.subarray(from * R, (from + 1) * R).indexOf(-1);
    links[used < 0 ? slotOf(from, (next) => parent[next] !== from) : from * R + used] = id;
    reach(graph, id, from, parent);
    await breathe();
  }
}

/** A random node that fits. */
function anyOf(n: number, fits: (id: number) => boolean, random: Random): number | undefined {
  const from = random() % n;
  for (let i = 0; i < n; i++) if (fits((from + i) % n)) return (from + i) % n;
  return undefined;
}

/** Notes whom each node that a root leads to is reached from. */
function reach({ R, links }: NsgIndex, root: number, from: number, parent: Int32Array): void {
  const stack = [root];
  parent[root] = from;
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    for (let p = id * R; p < (id + 1) * R; p++) {
      const next = links[p] ?? -1;
      if (next < 0) break;
      if (parent[next] !== -1) continue;
      parent[next] = id;
      stack.push(next);
    }
  }
}

/** Who a search for a node meets, nearest first. */
function nearest(own: Thread, graph: NsgIndex, id: number): number[] {
  const { n, d, metric, storage } = graph, { top } = own, L = bounded(n, SEARCH_L);
  if (storage.kind !== 'Flat') throw new Error(`nearest: rows are expected, not ${storage.kind}`);
  const { at, read } = openWalker(own, nsgLinksAt(graph), rowsAt({ vectors: storage.vectors, d, metric }), L, { near: PARENTS });
  own.build.nsgSearch(at, storage.vectors.byteOffset + id * d * 4, 0, L, 0, 0);
  own.top = top;
  // A key's low half: the id, and a flag below it.
  return Array.from({ length: read('nearSize') }, (_, i) => (new Uint32Array(own.buffer, read('near') + i * 8, 1)[0] ?? 0) >>> 1);
}
