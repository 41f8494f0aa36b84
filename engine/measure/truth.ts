/** Exact nearest neighbours by comparing everything, with the direct form of the distance (no cancellation). */
import type { Metric } from '../factory/spec';
import type { Arena } from '../memory';
import { takeF32, takeI32 } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import type { Thread } from '../thread';
import { scratch } from '../thread';

export type TruthArgs = { base: number; n: number; d: number; metric: Metric; queries: number; nq: number; k: number; dis: number; ids: number };

const QUERIES = 8;  // share one pass over the base
const ROWS = 256;   // stripe of the base that stays in cache for them

export function truthBlock(thread: Thread, { base, n, d, metric, queries, nq, k, dis, ids }: TruthArgs, block: number): void {
  const { build } = thread, out = scratch(thread, ROWS * 4);
  const from = block * QUERIES, to = Math.min(nq, from + QUERIES), toMany = metric === 'L2' ? build.l2ToMany : build.ipToMany;
  for (let q = from; q < to; q++) build.heapClear(dis + q * k * 4, ids + q * k * 4, k);
  for (let i = 0; i < n; i += ROWS) {
    const rows = Math.min(ROWS, n - i);
    for (let q = from; q < to; q++) {
      toMany(queries + q * d * 4, base + i * d * 4, rows, d, out);
      build.heapPush(out, rows, 0, i, dis + q * k * 4, ids + q * k * 4, k);
    }
  }
  for (let q = from; q < to; q++) build.heapSort(dis + q * k * 4, ids + q * k * 4, k);
}

export type Truth = { k: number; ids: Int32Array /* (nq, k) */; dis: Float32Array /* (nq, k), inner products negated */ };

/** The k true neighbours of each query; fewer than k base vectors leave −1 at the end. */
export async function findTruth(engine: Engine, arena: Arena, args: Omit<TruthArgs, 'dis' | 'ids'>, stage = 'exact neighbours'): Promise<Truth> {
  const dis = takeF32(arena, args.nq * args.k), ids = takeI32(arena, args.nq * args.k);
  await run(engine, 'truth', { ...args, dis: dis.byteOffset, ids: ids.byteOffset }, Math.ceil(args.nq / QUERIES), ROWS * 4 + 64, stage);
  return { k: args.k, ids, dis };
}
