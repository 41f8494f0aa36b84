/** Product quantizer: Jégou, Douze & Schmid, PAMI 2011. A vector is cut into M parts and each part is replaced by the
 *  nearest of ksub centroids. Knows codebooks and codes; not ids, lists or screens. */
import { nearestScratch, packRows, placeIn } from '../dense';
import { kmeans } from '../kmeans';
import type { KMeansTrace } from '../kmeans';
import type { Arena } from '../memory';
import { openArena, release, takeF32 } from '../memory';
import type { Engine } from '../pool';
import { refuse } from '../refusal';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { CodecOf, CodecOps } from './codec';

export type PQ = CodecOf<'PQ'>;

export type PqOptions = { M: number; nbits: number; d: number; n: number; x: number; seed: number; niter?: number; stage?: string; trace?: KMeansTrace };

/** One k-means per sub-space, each with the same seed (Faiss). Training vectors x (n, d), already sampled and residual. */
export async function trainPq(engine: Engine, arena: Arena, o: PqOptions): Promise<PQ> {
  const { M, nbits, d } = o;
  if (d % M !== 0) refuse(`PQ${M} cuts ${d} dimensions into ${M} parts; ${d} is not a multiple of ${M}.`);
  const ksub = 2 ** nbits, dsub = d / M;
  if (o.n < ksub) refuse(`PQ${M}x${nbits} trains ${ksub} centroids per part and needs at least as many training vectors; there are ${o.n}.`);
  const centroids = takeF32(arena, M * ksub * dsub, 'PQ codebooks');
  await kmeans(engine, { k: ksub, d: dsub, n: o.n, x: o.x, stride: d, parts: M, metric: 'L2', niter: o.niter ?? 25, seed: o.seed, stage: o.stage ?? 'PQ codebooks', trace: o.trace }, centroids);
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

export const pqOps: CodecOps<PQ> = {
  pack: (engine, arena, { M, ksub, dsub, centroids }) =>
    Array.from({ length: M }, (_, m) => packRows(engine.own, placeIn(arena), centroids.byteOffset + m * ksub * dsub * 4, ksub, dsub, 'L2')),

  encode(thread, { M, nbits, dsub, d, codeSize }, books, x, n, codes) {
    new Uint8Array(thread.buffer, codes, n * codeSize).fill(0);
    const whole = Math.ceil(n / 4) * 4;
    const packed = scratch(thread, whole * dsub * 4), best = scratch(thread, whole * 4), value = scratch(thread, whole * 4);
    for (const [m, book] of books.entries()) {
      thread.build.pack4(x + m * dsub * 4, d, n, dsub, packed);
      thread.build.nearest(packed, whole, book.panels, book.padded, dsub, book.alpha, book.add, best, value);
      thread.build.storeCodes(best, n, m, nbits, codes, codeSize);
    }
    if (books.length !== M) throw new Error(`encode: ${books.length} packed codebooks for ${M} parts`);
  },
  encodeScratch: ({ dsub }, n) => nearestScratch(n, dsub),

  decode: (thread, { M, nbits, dsub, codeSize, centroids }, codes, n, out) =>
    thread.search.decodeCodes(codes, n, M, nbits, dsub, codeSize, centroids.byteOffset, out),

  // tables (M, ksub), and at 4 bits the tables of pairs behind them (⌈M/2⌉, 256)
  probeBytes: ({ M, ksub, nbits }) => (M * ksub + (nbits === 4 ? Math.ceil(M / 2) * 256 : 0)) * 4,

  /** L2: table[m, k] = ‖x_m − c_mk‖²; inner product: −⟨x_m, c_mk⟩. Distances are sums of one entry a part, §III-A. */
  aim(thread, { codec, metric, at }, x) {
    const { M, ksub, dsub, transposed } = codec;
    if (metric === 'L2') thread.search.l2Tables(x, transposed.byteOffset, M, ksub, dsub, at);
    else thread.search.dotTables(x, transposed.byteOffset, M, ksub, dsub, -1, at);
    joinTables(thread, codec, at);
  },

  distances(thread, { codec: { M, nbits, ksub, codeSize }, at }, codes, n, base, out) {
    if (nbits === 8) thread.search.scan8(at, M, codes, n, base, out);
    else if (nbits === 4) thread.search.scan8(at + M * ksub * 4, codeSize, codes, n, base, out);
    else thread.search.scanBits(at, M, nbits, codes, codeSize, n, base, out);
  },
};

/** At 4 bits two parts share a byte of code: their tables are joined, and a byte costs one look-up. */
export function joinTables(thread: Thread, { M, nbits, ksub }: PQ, table: number): void {
  if (nbits === 4) thread.search.pairTables(table, M, table + M * ksub * 4);
}

/** ‖c‖² of every centroid of every part: (M, ksub), in an arena. */
export function centroidNorms(engine: Engine, { M, ksub, dsub, centroids }: PQ): { norms: Float32Array; done: () => void } {
  const arena = openArena(engine.memory);
  const norms = takeF32(arena, M * ksub);
  engine.own.build.normsSqr(centroids.byteOffset, dsub, M * ksub, dsub, norms.byteOffset);
  return { norms, done: () => release(arena) };
}
