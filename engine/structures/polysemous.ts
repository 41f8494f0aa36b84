/** Searches of product codes that pass over those which differ from the query's own code in `ht` bits or more, and putting codebooks
 *  into the order that gives such bits a meaning. Codes and tables are renumbered where they lie, so that an index already handed to
 *  all threads is so for all of them, and no distance changes. */
import type { Engine } from '../pool';
import { filters, learnOrder } from '../quantizers/polysemous';
import type { Probe } from '../quantizers/codec';
import type { PQ } from '../quantizers/pq';
import { refuse } from '../refusal';
import type { Thread } from '../thread';
import { scratch, scratchF32 } from '../thread';
import type { CodesIndex, Index, IvfIndex, SearchParams } from '../types';
import { quantizerParams } from './coarse';

/** To be awaited before a search with `ht`: learns the order of codebooks that are still to be ordered. Faiss does so while training, for
 *  every PQ and whether or not it is ever used. */
export async function orderForBits(engine: Engine, index: Index, params: SearchParams): Promise<void> {
  switch (index.kind) {
    case 'PreTransform': case 'IDMap': return orderForBits(engine, index.index, params);
    case 'Refine': return orderForBits(engine, index.base, params);
    case 'Codes':
      if (index.metric === 'IP' && index.codec.kind === 'PQ' && filters(index.codec, params.ht)) refuse('Without lists, ht filters codes for L2 only. IVF256,PQ32 filters them for inner product too.');
      return order(engine, index, params);
    case 'IVF':
      if (index.coarse.kind !== 'RCQ' && index.coarse.kind !== 'IMI') await orderForBits(engine, index.coarse, quantizerParams(params));
      return order(engine, index, params);
    default:
  }
}

async function order(engine: Engine, index: CodesIndex | IvfIndex, { ht }: SearchParams): Promise<void> {
  const { codec } = index;
  if (codec.kind !== 'PQ' || codec.order !== 'due' || !filters(codec, ht)) return;
  renumber(index, codec, await learnOrder(engine, codec));
  codec.order = 'done';
}

/** numbers (M, 256): row k of part m becomes row numbers[m, k]. */
function renumber(index: CodesIndex | IvfIndex, pq: PQ, numbers: Uint8Array): void {
  const { M, ksub, dsub, centroids, transposed } = pq, { codes } = index;
  const old = centroids.slice();
  for (let m = 0; m < M; m++) {
    for (let k = 0; k < ksub; k++) {
      const to = numbers[m * ksub + k] ?? 0, row = old.subarray((m * ksub + k) * dsub, (m * ksub + k + 1) * dsub);
      centroids.set(row, (m * ksub + to) * dsub);
      row.forEach((v, j) => { transposed[(m * dsub + j) * ksub + to] = v; });
    }
  }
  for (let i = 0; i < codes.length; i += M) for (let m = 0; m < M; m++) codes[i + m] = numbers[m * ksub + (codes[i + m] ?? 0)] ?? 0;
  if (index.kind === 'Codes') return;
  if (index.precomputed) renumberTables(index.precomputed, ksub, numbers);
  if (index.halves) {
    const half = index.halves.length / 2, parts = (M / 2) * ksub;
    for (const h of [0, 1]) renumberTables(index.halves.subarray(h * half, (h + 1) * half), ksub, numbers.subarray(h * parts, (h + 1) * parts));
  }
}

/** tables (·, parts, ksub) by numbers (parts, ksub). */
function renumberTables(tables: Float32Array, ksub: number, numbers: Uint8Array): void {
  const old = new Float32Array(ksub);
  for (let at = 0; at < tables.length; at += ksub) {
    const part = at % numbers.length;
    old.set(tables.subarray(at, at + ksub));
    for (let k = 0; k < ksub; k++) tables[at + (numbers[part + k] ?? 0)] = old[k] ?? 0;
  }
}

/** A scan that looks up only codes near the query's own, which differs from list to list where codes are of residuals. */
export type Near = {
  /** After the probe was aimed at the list. */
  aim(list: number): void;
  /** out[i] = base + distance of n codes, ∞ for those passed over; returns how many were looked up. */
  scan(codes: number, n: number, base: number, out: number): number;
};

/** Scratch: nearScratch. */
export function openNear(thread: Thread, index: CodesIndex | IvfIndex, pq: PQ, probe: Probe, query: number, ht: number): Near {
  const { M, ksub, dsub, d, transposed } = pq, code = scratch(thread, M), { search } = thread;
  const residual = index.metric === 'IP' ? scratchF32(thread, d) : null, table = residual ? scratch(thread, M * ksub * 4) : probe.at, x = new Float32Array(thread.buffer, query, d);
  return {
    // A table of squared distances says which entry is nearest, whatever was added to all entries of a part.
    aim(list) {
      if (residual && index.kind === 'IVF') {
        x.forEach((v, j) => { residual[j] = v - (index.centroids[list * d + j] ?? 0); });
        search.l2Tables(residual.byteOffset, transposed.byteOffset, M, ksub, dsub, table);
      }
      search.leastEntries(table, M, code);
    },
    scan: (codes, n, base, out) => search.scanNear(probe.at, M, codes, n, code, ht, base + probe.base, out),
  };
}

export const nearScratch = ({ M, ksub, d }: PQ): number => M + d * 4 + M * ksub * 4 + 192;
