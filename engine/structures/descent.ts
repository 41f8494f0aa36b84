/** The K nearest neighbours of every vector among the others, by NN-descent: Dong, Moses & Li, WWW 2011. Parameters, first
 *  draws and rounds are Faiss's. Joins of one round run on all threads into the same pools; a pool keeps the least of all
 *  keys offered, so the same seed gives the same graph for any number of threads. */
import type { Metric } from '../factory/spec';
import type { Arena } from '../memory';
import { openArena, release, take, takeF32, takeI32 } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import type { Random } from '../random';
import { mt19937, shifted } from '../random';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import { finish, patiently } from '../transforms/steps';
import type { Steps } from '../transforms/steps';

export type DescentOptions = { vectors: Float32Array; n: number; d: number; metric: Metric; K: number; seed: number; stage?: string; afterRound?: (round: number, knn: Int32Array) => void };

/** New neighbours of a node joined in one round; others that may have it in their lists; rounds; how many more than K a pool holds. */
export const S = 10, R = 100, ROUNDS = 10, SPARE = 50;
/** Fewer vectors than that and Faiss builds no graph. */
export const DESCENT_MIN = 101;

const JOIN_NODES = 32, NODES = 512, RANGES = 16;

/** Addresses and sizes of the pools; may be posted to a thread. */
type DescentAt = { ip: number; d: number; rows: number; n: number; L: number; pools: number; sizes: number; worst: number; reach: number; lists: number; counts: number; locks: number };

/** ids (n, K), nearest first, −1 where fewer are known; `afterRound` may look at them as they are then. What only the descent needs is given back. */
export async function nearestNeighbours(engine: Engine, arena: Arena, options: DescentOptions): Promise<Int32Array> {
  const { n, K, seed, stage = 'neighbours', afterRound } = options, knn = takeI32(arena, n * K, 'the neighbours'), rooms = openArena(engine.memory);
  try {
    const pools = openPools(rooms, options), nodes = Math.ceil(n / NODES), report = (round: number) => engine.report(stage, round, ROUNDS);
    await startPools(engine, pools, seed);
    for (let round = 0; round < ROUNDS; round++) {
      report(round);
      await run(engine, 'descentJoin', pools, Math.ceil(n / JOIN_NODES), descentScratch(pools.L));
      if (afterRound) afterRound(round, given(engine, pools, K, knn));
      if (round + 1 === ROUNDS) break;
      await run(engine, 'descentSelect', pools, nodes, descentScratch(pools.L));
      await run(engine, 'descentReverse', { pools, seed: shifted(2021, seed) * 5081 + round * RANGES }, RANGES, descentScratch(pools.L));
      await run(engine, 'descentSettle', pools, nodes, descentScratch(pools.L));
    }
    return given(engine, pools, K, knn);
  } finally {
    release(rooms);
  }
}

/** The K nearest that the pools hold. */
function given({ own }: Engine, pools: DescentAt, K: number, knn: Int32Array): Int32Array {
  withPools(own, pools, (at) => own.build.descentGive(at, K, knn.byteOffset));
  return knn;
}

const listWidth = (L: number) => S + 2 * R + L;

function openPools(arena: Arena, { vectors, n, d, metric, K }: DescentOptions): DescentAt {
  const L = K + SPARE, what = 'the pools of neighbours', ints = (count: number) => takeI32(arena, count, what).fill(0).byteOffset;
  return {
    ip: metric === 'IP' ? 1 : 0, d, rows: vectors.byteOffset, n, L, pools: take(arena, n * L * 8, what), sizes: ints(n), worst: takeF32(arena, n, what).fill(3.4e38).byteOffset,
    reach: ints(n), lists: take(arena, n * listWidth(L) * 4, what), counts: ints(n * 4), locks: ints(n),
  };
}

/** Pools and lists as they were drawn, and the distances of the pools. */
async function startPools(engine: Engine, pools: DescentAt, seed: number): Promise<void> {
  const { n, L } = pools, { buffer } = engine.memory.memory, room = openArena(engine.memory);
  try {
    const width = listWidth(L), lists = new Int32Array(buffer, pools.lists, n * width), counts = new Int32Array(buffer, pools.counts, n * 4), first = takeI32(room, n * S);
    const drawn = await patiently(engine, drawSteps(n, seed));
    first.set(drawn.pools);
    await patiently(engine, listSteps(drawn.lists, lists, width, counts));
    new Int32Array(buffer, pools.reach, n).fill(S);
    await run(engine, 'descentStart', { pools, ids: first.byteOffset }, Math.ceil(n / NODES), descentScratch(L));
  } finally {
    release(room);
  }
}

/** The drawn lists (n, 2S) to their places, and their sizes. */
function* listSteps(drawn: Int32Array, lists: Int32Array, width: number, counts: Int32Array): Steps<void> {
  for (let id = 0; id * width < lists.length; id++) {
    lists.set(drawn.subarray(id * 2 * S, (id + 1) * 2 * S), id * width);
    counts[id * 4] = 2 * S;
    if (id % NODES === 0) yield;
  }
}

/** S random nodes for the pool of each (n, S), and 2S for its first list (n, 2S). */
export const firstDraws = (n: number, seed: number) => finish(drawSteps(n, seed));

function* drawSteps(n: number, seed: number): Steps<{ pools: Int32Array; lists: Int32Array }> {
  const pools = new Int32Array(n * S), lists = new Int32Array(n * 2 * S), forPools = mt19937(shifted(2021, seed) * 7741), forLists = mt19937(shifted(2021, seed) * 6007);
  for (let id = 0; id < n; id++) {
    draw(forPools, pools.subarray(id * S, (id + 1) * S), n);
    draw(forLists, lists.subarray(id * 2 * S, (id + 1) * 2 * S), n);
    if (id % NODES === 0) yield;
  }
  return { pools, lists };
}

/** Different numbers below n, ascending up to a turn: as Faiss draws them. n > 2 · out.length. */
function draw(random: Random, out: Int32Array, n: number): void {
  const size = out.length;
  for (let i = 0; i < size; i++) out[i] = random() % (n - size);
  out.sort();
  for (let i = 1; i < size; i++) if ((out[i] ?? 0) <= (out[i - 1] ?? 0)) out[i] = (out[i - 1] ?? 0) + 1;
  const turn = random() % n;
  for (let i = 0; i < size; i++) out[i] = ((out[i] ?? 0) + turn) % n;
}

/** The record that the kernels read, field by field as `Descent` in kernels/assembly/descent.ts, and one thread's room. */
function withPools(thread: Thread, { ip, d, rows, n, L, pools, sizes, worst, reach, lists, counts, locks }: DescentAt, use: (at: number) => void): void {
  const { top } = thread, at = scratch(thread, RECORD), ids = scratch(thread, listWidth(L) * 4), bounds = scratch(thread, (listWidth(L) + 3) * 4), lanes = scratch(thread, 16);
  new Uint32Array(thread.buffer, at, RECORD / 4).set([ip, d, rows, n, L, S, R, pools, sizes, worst, reach, lists, counts, locks, ids, bounds, lanes]);
  use(at);
  thread.top = top;
}
const RECORD = 17 * 4;

/** The record, ids and bounds of all lists of a node, four floats, at most 63 bytes of rounding for each. */
const descentScratch = (L: number) => RECORD + listWidth(L) * 8 + 12 + 16 + 4 * 63;

const runOf = (n: number, block: number, nodes: number): [number, number] => [block * nodes, Math.min(n, (block + 1) * nodes)];

export function descentStartBlock(thread: Thread, { pools, ids }: { pools: DescentAt; ids: number }, block: number): void {
  withPools(thread, pools, (at) => thread.build.descentStart(at, ids, ...runOf(pools.n, block, NODES)));
}
export function descentJoinBlock(thread: Thread, pools: DescentAt, block: number): void {
  withPools(thread, pools, (at) => thread.build.descentJoin(at, ...runOf(pools.n, block, JOIN_NODES)));
}
export function descentSelectBlock(thread: Thread, pools: DescentAt, block: number): void {
  withPools(thread, pools, (at) => thread.build.descentSelect(at, ...runOf(pools.n, block, NODES)));
}
export function descentReverseBlock(thread: Thread, { pools, seed }: { pools: DescentAt; seed: number }, block: number): void {
  const bound = (b: number) => Math.floor((b * pools.n) / RANGES), random = mt19937(seed + block)() | 1; // xorshift must not start at 0
  withPools(thread, pools, (at) => thread.build.descentReverse(at, bound(block), bound(block + 1), random));
}
export function descentSettleBlock(thread: Thread, pools: DescentAt, block: number): void {
  withPools(thread, pools, (at) => thread.build.descentSettle(at, ...runOf(pools.n, block, NODES)));
}
