/** Inverted multi-index: both halves of a vector have ksub centroids, each pair of them is a list, and the lists come in order of
 *  summed distance (Babenko & Lempitsky, PAMI 2015). Two short tables find the nearest of ksub² lists. Knows halves and list
 *  numbers; not what the lists hold, most of which is nothing. */
import { assign, packRows, placeIn } from '../dense';
import type { Metric } from '../factory/spec';
import type { KMeansTrace } from '../kmeans';
import type { Kernels } from '../kernels/index';
import type { Arena } from '../memory';
import { formatBytes, freeBytes, openArena, release, takeF32, takeI32 } from '../memory';
import type { Engine } from '../pool';
import { trainPq } from '../quantizers/pq';
import { shifted } from '../random';
import { refuse } from '../refusal';
import type { Thread } from '../thread';
import { scratch, scratchF32, scratchI32 } from '../thread';
import type { ImiIndex } from '../types';
import type { Work } from '../work';
import { newWork } from '../work';

export type ImiOptions = { x: number; n: number; d: number; nbits: number; metric: Metric; seed: number; stage: string; trace?: KMeansTrace };

/** Trains the halves and writes the pairs out: centroids (ksub², d), list = first | second << nbits. */
export async function trainImi(engine: Engine, arena: Arena, { x, n, d, nbits, metric, seed, stage, trace }: ImiOptions, centroids: Float32Array): Promise<ImiIndex> {
  const ksub = 2 ** nbits;
  const pq = await trainPq(engine, arena, { M: 2, nbits, d, n, x, seed: shifted(1234, seed), stage, trace });
  const index: ImiIndex = { kind: 'IMI', d, n: ksub * ksub, metric, nbits, pq, centroids };
  writePairs(index);
  return index;
}

/** Says before anything is taken what stands against a multi-index. */
export function checkImi({ memory }: Engine, { n, d, nbits, metric }: Pick<ImiOptions, 'n' | 'd' | 'nbits' | 'metric'>): void {
  const name = `IMI2x${nbits}`, ksub = 2 ** nbits, bytes = ksub * ksub * (d * 4 + 8), free = freeBytes(memory);
  if (metric === 'IP') refuse(`${name} adds the distances of two halves and knows L2 only. IVF${ksub} works with inner product.`);
  if (d % 2) refuse(`${name} cuts vectors in two halves, and ${d} dimensions are odd. Pad${d + 1},${name} would do.`);
  if (nbits < 1) refuse('IMI2x0 has one list, which holds everything. IMI2x4 is a start.');
  if (n < ksub) refuse(`${name} trains ${ksub} centroids per half and needs at least as many training vectors; there are ${n}.`);
  if (bytes > free) refuse(`${name} stands for ${ksub * ksub} lists, whose centroids take ${formatBytes(bytes)} here; ${formatBytes(free)} are free. Fewer bits a half would do.`);
}

function writePairs({ n, d, pq: { ksub, dsub, centroids: halves }, centroids }: ImiIndex): void {
  for (let list = 0; list < n; list++) {
    const first = list % ksub, second = Math.floor(list / ksub) + ksub;
    centroids.set(halves.subarray(first * dsub, (first + 1) * dsub), list * d);
    centroids.set(halves.subarray(second * dsub, (second + 1) * dsub), list * d + dsub);
  }
}

/** The k nearest lists, ascending: dis (k), lists (k), k ≤ n. `onTables` sees the distances of the halves (2, ksub), in scratch.
 *  Scratch: imiScratch. */
export function searchImi(thread: Thread, kernels: Kernels, { nbits, pq }: ImiIndex, query: number, k: number, dis: number, lists: number, work: Work, onTables?: (table: Float32Array) => void): void {
  const { ksub, dsub, transposed } = pq, top = thread.top;
  const table = scratch(thread, 2 * ksub * 4), room = scratch(thread, SEQUENCE * ksub);
  kernels.l2Tables(query, transposed.byteOffset, 2, ksub, dsub, table);
  onTables?.(new Float32Array(thread.buffer, table, 2 * ksub));
  kernels.multiSequence(table, ksub, nbits, k, dis, lists, room);
  work.ndis += ksub; // 2·ksub distances of half vectors
  thread.top = top;
}

/** The search of lists, recorded: what it compares and in which order it takes the pairs. */
export type GridWalk = {
  /** Distance of the query to each centroid of the first half, and of the second. */
  near: [Float32Array, Float32Array];
  lists: Int32Array;      // (k) in the order taken
  distance: Float32Array; // (k)
};

export function traceImi(thread: Thread, index: ImiIndex, query: number, k: number): GridWalk {
  const { pq: { ksub } } = index, top = thread.top, dis = scratchF32(thread, k), lists = scratchI32(thread, k);
  let halves = new Float32Array(0);
  searchImi(thread, thread.search, index, query, k, dis.byteOffset, lists.byteOffset, newWork(), (table) => { halves = table.slice(); });
  thread.top = top;
  return { near: [halves.slice(0, ksub), halves.slice(ksub)], lists: lists.slice(), distance: dis.slice() };
}

/** The pairs in the heap after `steps` of a walk, by rank in either half, nearest row first. Row r opens with its first column when
 *  row r − 1 is entered, and then waits with the column after its last: the rule of the multi-sequence, so what was taken tells what waits. */
export function waitingPairs(taken: { row: number; column: number }[], ksub: number): { row: number; column: number }[] {
  const next: number[] = [0];
  for (const { row, column } of taken) {
    next[row] = column + 1;
    if (column === 0 && row + 1 < ksub) next[row + 1] = 0;
  }
  return next.flatMap((column, row) => (column < ksub ? [{ row, column }] : []));
}

const SEQUENCE = 28; // bytes a centroid that multiSequence works in

export const imiScratch = ({ pq: { ksub } }: ImiIndex) => (8 + SEQUENCE) * ksub + 128;

/** The list of each of n rows: the nearest centroid of either half. */
export async function assignByImi(engine: Engine, { nbits, pq }: ImiIndex, x: number, n: number, best: Int32Array, stage: string): Promise<void> {
  const { ksub, dsub, d, centroids } = pq, room = openArena(engine.memory);
  try {
    const second = takeI32(room, n), value = takeF32(room, n);
    for (const [half, out] of [best, second].entries()) {
      const to = packRows(engine.own, placeIn(room), centroids.byteOffset + half * ksub * dsub * 4, ksub, dsub, 'L2');
      await assign(engine, { x: x + half * dsub * 4, stride: d, n, to, best: out.byteOffset, value: value.byteOffset }, stage);
    }
    for (let i = 0; i < n; i++) best[i] = (best[i] ?? 0) | ((second[i] ?? 0) << nbits);
  } finally {
    release(room);
  }
}
