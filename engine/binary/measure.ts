/** A query set at one setting of a binary index: recall, time per query, work, and where the missed neighbours were lost. Many vectors
 *  share a distance that is a count of bits, so that a returned vector counts when it is no farther than the true one of its rank. */
import type { Arena } from '../memory';
import { openArena, release, take, takeF32, takeI32 } from '../memory';
import { repeats } from '../measure/sweep';
import type { Measured } from '../measure/sweep';
import type { Truth } from '../measure/truth';
import type { Engine } from '../pool';
import { searchBinary } from './search';
import type { BinaryFlat, BinaryIndex, BinaryParams } from './types';

/** The k nearest of each query, by comparing all. */
export async function findBinaryTruth(engine: Engine, arena: Arena, index: BinaryFlat, queries: Uint8Array, k: number): Promise<Truth> {
  const nq = queries.length / index.codeSize, dis = takeF32(arena, nq * k), ids = takeI32(arena, nq * k);
  await searchBinary(engine, { index, queries: queries.byteOffset, nq, k, params: {}, dis: dis.byteOffset, ids: ids.byteOffset, ms: 0, counts: 0, repeat: 1 });
  return { k, ids, dis };
}

/** Share of the first k returned that are no farther than the k-th true neighbour. dis (nq, kFound), ascending. */
export function recallWithin(dis: Float32Array, kFound: number, truth: Truth, nq: number, k: number): number {
  let hits = 0;
  for (let q = 0; q < nq; q++) {
    const bound = truth.dis[q * truth.k + k - 1] ?? NaN;
    for (let r = 0; r < k; r++) if ((dis[q * kFound + r] ?? Infinity) <= bound) hits++;
  }
  return hits / (nq * k);
}

/** Shares of nq·k. All distances of a binary index are exact, so that what is missed was never compared: its list or bucket was not
 *  looked into, or no walk came by. */
export type BinaryLost = { coarse: number; graph: number; code: 0; refine: 0 };

function lostBy(index: BinaryIndex, missed: number): BinaryLost {
  if (index.kind === 'BIDMap') return lostBy(index.index, missed);
  const graph = index.kind === 'BHNSW';
  return { coarse: graph ? 0 : missed, graph: graph ? missed : 0, code: 0, refine: 0 };
}

export type MeasuredBinary = Pick<Measured, 'recall' | 'usPerQuery' | 'ndis' | 'qps'> & { lost: BinaryLost };

export type BinaryMeasureArgs = { index: BinaryIndex; queries: Uint8Array; nq: number; k: number; params: BinaryParams; truth: Truth; clockMs: number };

/** Searches k of every query one by one (the first run warms the code up), then 100 of all together. */
export async function measureBinary(engine: Engine, { index, queries, nq, k, params, truth, clockMs }: BinaryMeasureArgs): Promise<MeasuredBinary> {
  const arena = openArena(engine.memory), { buffer } = engine.memory.memory;
  try {
    const ms = new Float64Array(buffer, take(arena, nq * 8), nq), counts = new Float64Array(buffer, take(arena, nq * 32), nq * 4), far = truth.k;
    const dis = takeF32(arena, nq * far), ids = takeI32(arena, nq * far);
    const args = { index, queries: queries.byteOffset, nq, params, dis: dis.byteOffset, ids: ids.byteOffset, ms: ms.byteOffset, counts: counts.byteOffset, repeat: 1 };
    const warm = Math.min(nq, 64);
    await searchBinary(engine, { ...args, nq: warm, k });
    const started = performance.now();
    await searchBinary(engine, { ...args, k, ms: 0, counts: 0 });
    const qps = (nq * 1000) / (performance.now() - started);
    await searchBinary(engine, { ...args, k, repeat: repeats(mean(ms.subarray(0, warm)), clockMs) });
    const atK = recallWithin(dis, k, truth, nq, k), first = recallWithin(dis, k, truth, nq, 1);
    const sorted = Float64Array.from(ms).sort(), quantile = (p: number) => (sorted[Math.min(nq - 1, Math.floor(p * nq))] ?? 0) * 1000;
    const ndis = counts.reduce((sum, v, i) => (i % 4 === 0 ? sum + v : sum), 0) / nq;
    await searchBinary(engine, { ...args, k: far, ms: 0, counts: 0 });
    const recall = { 'k@k': atK, '1@1': first, '1@100': recallWithin(dis, far, truth, nq, 1) };
    return { recall, usPerQuery: { mean: mean(ms) * 1000, p50: quantile(0.5), p99: quantile(0.99) }, ndis, lost: lostBy(index, 1 - atK), qps };
  } finally {
    release(arena);
  }
}

const mean = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
