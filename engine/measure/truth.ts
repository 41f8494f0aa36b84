/** Exact nearest neighbours by comparing everything, with the direct form of the distance (no cancellation). */
import type { Metric } from '../factory/spec';
import type { Arena } from '../memory';
import { takeF32, takeI32 } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import { flatGroupScratch, searchFlatGroup } from '../structures/flat-group';
import type { Thread } from '../thread';
import type { FlatIndex } from '../types';
import { newWork } from '../work';

export type TruthArgs = { base: number; n: number; d: number; metric: Metric; queries: number; nq: number; k: number; dis: number; ids: number };

const QUERIES = 32; // share one pass over the base

/** With the kernels whose bits are the same everywhere. */
export function truthBlock(thread: Thread, { base, n, d, metric, queries, nq, k, dis, ids }: TruthArgs, block: number): void {
  const plain = { ...thread, search: thread.build }, from = block * QUERIES;
  const all: FlatIndex = { kind: 'Flat', d, n, metric, vectors: new Float32Array(thread.buffer, base, n * d) };
  searchFlatGroup(plain, all, queries + from * d * 4, Math.min(QUERIES, nq - from), k, dis + from * k * 4, ids + from * k * 4, newWork());
}

export type Truth = { k: number; ids: Int32Array /* (nq, k) */; dis: Float32Array /* (nq, k), inner products negated */ };

/** The k true neighbours of each query; fewer than k base vectors leave −1 at the end. */
export async function findTruth(engine: Engine, arena: Arena, args: Omit<TruthArgs, 'dis' | 'ids'>, stage = 'exact neighbours'): Promise<Truth> {
  const dis = takeF32(arena, args.nq * args.k), ids = takeI32(arena, args.nq * args.k);
  await run(engine, 'truth', { ...args, dis: dis.byteOffset, ids: ids.byteOffset }, Math.ceil(args.nq / QUERIES), flatGroupScratch(QUERIES, args.d), stage);
  return { k: args.k, ids, dis };
}
