/** A query set at one setting: recall, time per query, work, and where the missed neighbours were lost. */
import { openArena, release, take, takeF32, takeI32 } from '../memory';
import type { Engine } from '../pool';
import { searchMany } from '../search';
import { searchTogether } from '../search-together';
import { nprobeOf } from '../structures/ivf';
import type { Index, SearchParams } from '../types';
import type { Lost, Recall } from './recall';
import { anatomyOf, lostByCause, oneRecallAtR, recallAtK } from './recall';
import type { Truth } from './truth';

export type Measured = {
  recall: Recall;
  /** Per query on one thread, in µs. */
  usPerQuery: { mean: number; p50: number; p99: number };
  /** Distances per query. */
  ndis: number;
  lost: Lost;
  nq: number;
  /** Queries per second of all threads, given all at once (searchTogether). */
  qps: number;
};

export type MeasureArgs = { index: Index; published: string; listOf: Int32Array | null; queries: number; nq: number; d: number; k: number; params: SearchParams; truth: Truth; clockMs: number };

const LONG = 100; // R of 1-recall@100, found by a search of its own (a graph's beam is as wide as k)

/** Searches k (timed, twice: the first run warms the code up) and then 100 neighbours of every query; then k of all together. */
export async function measure(engine: Engine, m: MeasureArgs): Promise<Measured> {
  const { index, nq, k, d, truth } = m, arena = openArena(engine.memory);
  try {
    const anatomy = anatomyOf(index), nprobe = anatomy.ivf ? nprobeOf(anatomy.ivf, m.params) : 1;
    const ms = new Float64Array(engine.memory.memory.buffer, take(arena, nq * 8), nq), counts = new Float64Array(engine.memory.memory.buffer, take(arena, nq * 32), nq * 4);
    const far = Math.max(k, Math.min(LONG, index.n));
    const dis = takeF32(arena, nq * far), ids = takeI32(arena, nq * far), probed = takeI32(arena, nq * nprobe).fill(-1);
    const args = { index: m.published, queries: m.queries, d, params: m.params, dis: dis.byteOffset, ids: ids.byteOffset, nprobe, probed: anatomy.ivf ? probed.byteOffset : 0, ms: ms.byteOffset, counts: counts.byteOffset };
    const warm = Math.min(nq, 64);
    await searchMany(engine, { ...args, nq: warm, k, repeat: 1 }, index);
    const repeat = repeats(mean(ms.subarray(0, warm)), m.clockMs);
    await searchMany(engine, { ...args, nq, k, repeat }, index);
    const found = ids.slice(0, nq * k), atK = recallAtK(found, truth, nq, k);
    const lost = lostByCause(anatomy, m.listOf, found, probed, nprobe, truth, nq, k);
    const sorted = Float64Array.from(ms).sort(), ndis = counts.reduce((sum, v, i) => (i % 4 === 0 ? sum + v : sum), 0) / nq;
    const times = { mean: mean(ms) * 1000, p50: quantile(sorted, 0.5) * 1000, p99: quantile(sorted, 0.99) * 1000 };
    await searchTogether(engine, { ...args, nq, k: far }, index);
    const recall = { 'k@k': atK, '1@1': oneRecallAtR(found, truth, nq, k, 1), '1@100': oneRecallAtR(ids, truth, nq, far, LONG) };
    const started = performance.now();
    await searchTogether(engine, { ...args, nq, k }, index);
    return { recall, usPerQuery: times, ndis, lost, nq, qps: (nq * 1000) / (performance.now() - started) };
  } finally {
    release(arena);
  }
}

/** How often a query is run in a row so that the clock's step is at most a twentieth of what is timed. */
export const repeats = (msPerQuery: number, clockMs: number) => Math.min(32, Math.max(1, Math.ceil((20 * clockMs) / Math.max(msPerQuery, clockMs / 20))));

/** The smallest step this clock makes, in ms. */
export function clockStep(): number {
  let least = Infinity;
  for (let i = 0, last = performance.now(); i < 4; ) {
    const now = performance.now();
    if (now > last) { least = Math.min(least, now - last); last = now; i++; }
  }
  return least;
}

const mean = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
const quantile = (sorted: Float64Array, p: number) => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? 0;
