/** Shares of true neighbours among the returned, and what became of the others. */
import type { Index, IvfIndex } from '../types';
import type { Truth } from './truth';

export type Recall = { 'k@k': number; '1@1': number; '1@100': number };

/** The single cause of each missed true neighbour, as shares of nq·k; with the recall k@k they add up to 1. */
export type Lost = { coarse: number; graph: number; code: number; refine: number };

/** Share of the true k among the returned k. ids (nq, k). */
export function recallAtK(ids: Int32Array, truth: Truth, nq: number, k: number): number {
  let hits = 0;
  for (let q = 0; q < nq; q++) {
    const returned = new Set(ids.subarray(q * k, (q + 1) * k));
    for (let r = 0; r < k; r++) if (returned.has(trueId(truth, q, r))) hits++;
  }
  return hits / (nq * k);
}

/** Share of queries whose true nearest is among the first R of their kFound returned. */
export function oneRecallAtR(ids: Int32Array, truth: Truth, nq: number, kFound: number, R: number): number {
  let hits = 0;
  for (let q = 0; q < nq; q++) if (ids.subarray(q * kFound, q * kFound + Math.min(R, kFound)).includes(trueId(truth, q, 0))) hits++;
  return hits / nq;
}

const trueId = ({ ids, k }: Truth, q: number, r: number) => ids[q * k + r] ?? -1;

/** Where an index can lose a neighbour, from the outside in. */
export type Anatomy = { ivf: IvfIndex | null; graph: boolean; refine: boolean };

export function anatomyOf(index: Index): Anatomy {
  switch (index.kind) {
    case 'PreTransform': case 'IDMap': return anatomyOf(index.index);
    case 'Refine': return { ...anatomyOf(index.base), refine: true };
    case 'IVF': return { ivf: index, graph: false, refine: false };
    case 'HNSW': case 'NSG': return { ivf: null, graph: true, refine: false };
    default: return { ivf: null, graph: false, refine: false };
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

/** Why a true neighbour that was not returned is missing, in stage order: its list was not probed; the walk never came by;
 *  its rank in the index's own order lies beyond what was re-ranked; its code put it behind k others. */
export function causeOf(anatomy: Anatomy, probed: boolean): keyof Lost {
  if (anatomy.ivf && !probed) return 'coarse';
  if (anatomy.graph) return 'graph';
  return anatomy.refine ? 'refine' : 'code';
}

export function lostByCause(anatomy: Anatomy, listOf: Int32Array | null, ids: Int32Array, probed: Int32Array, nprobe: number, truth: Truth, nq: number, k: number): Lost {
  const lost: Lost = { coarse: 0, graph: 0, code: 0, refine: 0 };
  for (let q = 0; q < nq; q++) {
    const returned = new Set(ids.subarray(q * k, (q + 1) * k)), lists = new Set(probed.subarray(q * nprobe, (q + 1) * nprobe));
    for (let r = 0; r < k; r++) {
      const id = trueId(truth, q, r);
      if (!returned.has(id)) lost[causeOf(anatomy, lists.has(listOf?.[id] ?? -1))] += 1 / (nq * k);
    }
  }
  return lost;
}
