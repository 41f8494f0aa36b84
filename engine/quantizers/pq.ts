/** Product quantizer: Jégou, Douze & Schmid, PAMI 2011. A vector is cut into M parts and each part is replaced by the
 *  nearest of ksub centroids. Knows codebooks and codes; not ids, lists or screens. */
import type { Packed } from '../dense';
import { nearestScratch, packRows, placeIn } from '../dense';
import { kmeans } from '../kmeans';
import type { Arena } from '../memory';
import { openArena, release, takeF32 } from '../memory';
import type { Engine } from '../pool';
import { refuse } from '../refusal';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { Codec } from '../types';

export type PQ = Extract<Codec, { kind: 'PQ' }>;

export type PqOptions = { M: number; nbits: number; d: number; n: number; x: number; seed: number; niter?: number; stage?: string };

/** One k-means per sub-space, each with the same seed (Faiss). Training vectors x (n, d), already sampled and residual. */
export async function trainPq(engine: Engine, arena: Arena, o: PqOptions): Promise<PQ> {
  const { M, nbits, d } = o;
  if (d % M !== 0) refuse(`PQ${M} cuts ${d} dimensions into ${M} parts; ${d} is not a multiple of ${M}.`);
  const ksub = 2 ** nbits, dsub = d / M;
  if (o.n < ksub) refuse(`PQ${M}x${nbits} trains ${ksub} centroids per part and needs at least as many training vectors; there are ${o.n}.`);
  const centroids = takeF32(arena, M * ksub * dsub, 'PQ codebooks');
  for (let m = 0; m < M; m++) {
    engine.report(o.stage ?? 'PQ codebooks', m, M);
    const book = centroids.subarray(m * ksub * dsub, (m + 1) * ksub * dsub);
    await kmeans(engine, { k: ksub, d: dsub, n: o.n, x: o.x + m * dsub * 4, stride: d, metric: 'L2', niter: o.niter ?? 25, seed: o.seed }, book);
  }
  return withTables(arena, { kind: 'PQ', d, M, nbits, ksub, dsub, codeSize: Math.ceil((M * nbits) / 8), centroids });
}

/** Adds the codebooks in (M, dsub, ksub) order. */
export function withTables(arena: Arena, pq: Omit<PQ, 'transposed'>): PQ {
  const { M, ksub, dsub, centroids } = pq;
  const transposed = takeF32(arena, M * ksub * dsub, 'PQ codebooks');
  for (let m = 0; m < M; m++) {
    for (let k = 0; k < ksub; k++) {
      for (let j = 0; j < dsub; j++) transposed[(m * dsub + j) * ksub + k] = centroids[(m * ksub + k) * dsub + j] ?? 0;
    }
  }
  return { ...pq, transposed };
}

/** The codebooks packed for assignment, one entry per part. */
export function packBooks(engine: Engine, arena: Arena, { M, ksub, dsub, centroids }: PQ): Packed[] {
  return Array.from({ length: M }, (_, m) => packRows(engine.own, placeIn(arena), centroids.byteOffset + m * ksub * dsub * 4, ksub, dsub, 'L2'));
}

/** codes (n, codeSize) of rows x (n, d). */
export function encodePq(thread: Thread, { M, nbits, dsub, d, codeSize }: PQ, books: Packed[], x: number, n: number, codes: number): void {
  new Uint8Array(thread.buffer, codes, n * codeSize).fill(0);
  const whole = Math.ceil(n / 4) * 4;
  const packed = scratch(thread, whole * dsub * 4), best = scratch(thread, whole * 4), value = scratch(thread, whole * 4);
  for (let m = 0; m < M; m++) {
    const book = books[m];
    if (!book) throw new Error(`encodePq: ${books.length} packed codebooks for ${M} parts`);
    thread.build.pack4(x + m * dsub * 4, d, n, dsub, packed);
    thread.build.nearest(packed, whole, book.panels, book.padded, dsub, book.alpha, book.add, best, value);
    thread.build.storeCodes(best, n, m, nbits, codes, codeSize);
  }
}
export const encodePqScratch = (n: number, { dsub }: PQ) => nearestScratch(n, dsub);

/** Floats that a query's tables take: (M, ksub), and joined pairs at 4 bits. */
export const tableFloats = ({ M, ksub, nbits }: PQ) => M * ksub + (nbits === 4 ? Math.ceil(M / 2) * 256 : 0);

/** out[i] = base + Σ_m table[m, code_m(i)] for n codes. At 4 bits `pairs` holds the tables joined by `joinTables`. */
export function scanPq(thread: Thread, { M, nbits, codeSize }: PQ, table: number, pairs: number, codes: number, n: number, base: number, out: number): void {
  if (nbits === 8) thread.search.scan8(table, M, codes, n, base, out);
  else if (nbits === 4) thread.search.scan8(pairs, codeSize, codes, n, base, out);
  else thread.search.scanBits(table, M, nbits, codes, codeSize, n, base, out);
}

export function joinTables(thread: Thread, { M, nbits }: PQ, table: number, pairs: number): void {
  if (nbits === 4) thread.search.pairTables(table, M, pairs);
}

/** Vectors from codes: out (n, d). */
export function decodePq(thread: Thread, pq: PQ, codes: number, n: number, out: number): void {
  thread.search.decodeCodes(codes, n, pq.M, pq.nbits, pq.dsub, pq.codeSize, pq.centroids.byteOffset, out);
}

/** ‖c‖² of every centroid of every part: (M, ksub), in an arena. */
export function centroidNorms(engine: Engine, { M, ksub, dsub, centroids }: PQ): { norms: Float32Array; done: () => void } {
  const arena = openArena(engine.memory);
  const norms = takeF32(arena, M * ksub);
  engine.own.build.normsSqr(centroids.byteOffset, dsub, M * ksub, dsub, norms.byteOffset);
  return { norms, done: () => release(arena) };
}
