/** Shares of true neighbours among the returned. */
import type { Index, IvfIndex } from '../types';
import type { Truth } from './truth';

export type Recall = { 'k@k': number; '1@1': number; '1@100': number };

/** How many of the true k are among the returned k, over all queries. ids (nq, k). */
export function hitsAtK(ids: Int32Array, truth: Truth, nq: number, k: number): number {
  let hits = 0;
  for (let q = 0; q < nq; q++) {
    const returned = new Set(ids.subarray(q * k, (q + 1) * k));
    for (let r = 0; r < k; r++) if (returned.has(trueId(truth, q, r))) hits++;
  }
  return hits;
}

/** Share of the true k among the returned k. */
export const recallAtK = (ids: Int32Array, truth: Truth, nq: number, k: number) => hitsAtK(ids, truth, nq, k) / (nq * k);

/** Share of queries whose true nearest is among the first R of their kFound returned. */
export function oneRecallAtR(ids: Int32Array, truth: Truth, nq: number, kFound: number, R: number): number {
  let hits = 0;
  for (let q = 0; q < nq; q++) if (ids.subarray(q * kFound, q * kFound + Math.min(R, kFound)).includes(trueId(truth, q, 0))) hits++;
  return hits / nq;
}

const trueId = ({ ids, k }: Truth, q: number, r: number) => ids[q * k + r] ?? -1;

export type Anatomy = { ivf: IvfIndex | null };

/** The inverted file that holds the vectors, if one does. */
export function anatomyOf(index: Index): Anatomy {
  switch (index.kind) {
    case 'PreTransform': case 'IDMap': return anatomyOf(index.index);
    case 'Refine': return anatomyOf(index.base);
    case 'IVF': return { ivf: index };
    default: return { ivf: null };
  }
}

/** The list of every id. */
export function invertLists({ ids, offsets, nlist, n }: IvfIndex): Int32Array {
  const listOf = new Int32Array(n);
  for (let list = 0; list < nlist; list++) {
    for (let i = offsets[list] ?? 0; i < (offsets[list + 1] ?? 0); i++) listOf[ids[i] ?? 0] = list;
  }
  return listOf;
}
