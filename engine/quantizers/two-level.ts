/** Two-level codes, `256+PQ16` of a graph and `Residual256,PQ16`: the number of the nearest centroid (or of parts, `2x6+PQ16`), then a
 *  product code of what it leaves. Both levels are product quantizers, the first of one part or more: its code is the list number. L2 only. */
import { kmeans } from '../kmeans';
import type { KMeansTrace } from '../kmeans';
import { listBytes } from '../factory/numbers';
import type { Arena } from '../memory';
import { openArena, release, takeF32, takeU8 } from '../memory';
import type { Engine } from '../pool';
import { permutation } from '../random';
import { refuse } from '../refusal';
import type { Thread } from '../thread';
import { scratch, scratchI32 } from '../thread';
import { breather } from '../transforms/steps';
import type { CodecOf, CodecOps } from './codec';
import type { PQ } from './pq';
import { pqOps, trainPq, withTables } from './pq';

export type TwoLevel = CodecOf<'TwoLevel'>;

export type TwoLevelOptions = { x: number; n: number; d: number; seed: number; stage?: string; trace?: { first: KMeansTrace; second: KMeansTrace } };

/** First level: nlist centroids, or M parts of nbits each. Second level: M parts of nbits each. */
export type Levels = { coarse: { kind: 'Flat'; nlist: number } | { kind: 'IMI'; M: number; nbits: number }; M: number; nbits: number };

/** Training vectors of the second level per centroid (Faiss). */
const PER_CENTROID = 256;

export async function trainTwoLevel(engine: Engine, arena: Arena, { coarse, M, nbits }: Levels, { trace, ...o }: TwoLevelOptions): Promise<TwoLevel> {
  const first = coarse.kind === 'IMI'
    ? await trainPq(engine, arena, { ...o, M: coarse.M, nbits: coarse.nbits, trace: trace?.first })
    : await trainCells(engine, arena, coarse.nlist, { ...o, trace: trace?.first });
  const room = openArena(engine.memory);
  try {
    const rest = await remainders(engine, room, first, o, PER_CENTROID * 2 ** nbits);
    const pq = await trainPq(engine, arena, { ...o, ...rest, M, nbits, trace: trace?.second });
    return { kind: 'TwoLevel', d: o.d, codeSize: first.codeSize + pq.codeSize, first, pq };
  } finally {
    release(room);
  }
}

/** nlist centroids as a product quantizer of one part; k-means as for an inverted file. */
async function trainCells(engine: Engine, arena: Arena, nlist: number, { x, n, d, seed, stage, trace }: Omit<TwoLevelOptions, 'trace'> & { trace?: KMeansTrace }): Promise<PQ> {
  if (n < nlist) refuse(`The first level has ${nlist} centroids and needs at least as many training vectors; there are ${n}.`);
  const centroids = takeF32(arena, nlist * d, 'the centroids'), codeSize = listBytes(nlist);
  await kmeans(engine, { k: nlist, d, n, x, stride: d, metric: 'L2', niter: 10, seed, stage: stage ?? 'centroids', trace }, centroids);
  return withTables(arena, { kind: 'PQ', d, M: 1, nbits: 8 * codeSize, ksub: nlist, dsub: d, codeSize, centroids });
}

/** What the first level leaves of a sample of at most `limit`: x (n, d). */
async function remainders(engine: Engine, arena: Arena, first: PQ, { x, n, d, seed }: TwoLevelOptions, limit: number): Promise<{ x: number; n: number }> {
  const most = Math.min(n, limit), all = new Float32Array(engine.memory.memory.buffer, x, n * d), rows = takeF32(arena, most * d, 'the training residuals');
  if (most === n) rows.set(all);
  else permutation(n, seed, most).forEach((id, i) => rows.set(all.subarray(id * d, (id + 1) * d), i * d));
  const thread = engine.own, packed = pqOps.pack(engine, arena, first), codes = takeU8(arena, CHUNK * first.codeSize), { top } = thread, breathe = breather(engine);
  for (let i = 0; i < most; i += CHUNK) {
    leave(thread, first, packed, rows.byteOffset + i * d * 4, Math.min(CHUNK, most - i), codes.byteOffset, rows.byteOffset + i * d * 4);
    thread.top = top;
    await breathe();
  }
  return { x: rows.byteOffset, n: most };
}

const CHUNK = 256;

/** First-level codes of x (n, d), and what they leave: rest (n, d), which may be x. */
function leave(thread: Thread, first: PQ, packed: Parameters<typeof pqOps.encode>[2], x: number, n: number, codes: number, rest: number): void {
  const { d } = first, { top } = thread, near = scratch(thread, n * d * 4), order = scratchI32(thread, n);
  pqOps.encode(thread, first, packed, x, n, codes);
  thread.build.decodeCodes(codes, n, first.M, first.nbits, first.dsub, first.codeSize, first.centroids.byteOffset, near);
  order.forEach((_, i) => { order[i] = i; });
  thread.build.subtractRows(x, n, d, near, order.byteOffset, rest);
  thread.top = top;
}

/** ‖y_R‖² + 2⟨y_C, y_R⟩ = ‖y‖² − ‖y_C‖² of n codes whose vectors y (n, d) are given. With it
 *    ‖x − y‖² = ‖x − y_C‖² + (‖y_R‖² + 2⟨y_C, y_R⟩) − 2⟨x, y_R⟩
 *  needs one table of the first level and one of the second a query; the middle does not know the query. */
export function termsOf({ first, codeSize }: TwoLevel, codes: Uint8Array, rows: Float32Array, terms: Float32Array): Float32Array {
  const { d } = first, norms = partNorms(first), mask = 2 ** first.nbits;
  terms.forEach((_, i) => {
    let term = 0, list = 0;
    for (let j = i * d; j < (i + 1) * d; j++) term += (rows[j] ?? 0) ** 2;
    for (let b = first.codeSize - 1; b >= 0; b--) list = list * 256 + (codes[i * codeSize + b] ?? 0);
    for (let m = 0; m < first.M; m++, list = Math.floor(list / mask)) term -= norms[m * first.ksub + (list % mask)] ?? 0;
    terms[i] = term;
  });
  return terms;
}

/** ‖c‖² of every centroid of every part: (M, ksub). */
function partNorms({ M, ksub, dsub, centroids }: PQ): Float64Array {
  return Float64Array.from({ length: M * ksub }, (_, k) => centroids.subarray(k * dsub, (k + 1) * dsub).reduce((sum, v) => sum + v * v, 0));
}

/** Where a probe keeps the first level's table (M, 2^nbits), behind the second's (M, 256). */
export const firstTable = ({ pq }: TwoLevel) => pq.M * pq.ksub * 4;
const firstSize = ({ first }: TwoLevel) => first.M * 2 ** first.nbits * 4;
const decodedAt = (codec: TwoLevel) => firstTable(codec) + firstSize(codec);

/** Codes decoded at a time when there are no terms. */
const ROWS = 32;

export const twoLevelOps: CodecOps<TwoLevel> = {
  pack: (engine, arena, { first, pq }) => [...pqOps.pack(engine, arena, first), ...pqOps.pack(engine, arena, pq)],

  encode(thread, { first, pq, d, codeSize }, packed, x, n, codes) {
    const lists = scratch(thread, n * first.codeSize), parts = scratch(thread, n * pq.codeSize), rest = scratch(thread, n * d * 4);
    leave(thread, first, packed.slice(0, first.M), x, n, lists, rest);
    pqOps.encode(thread, pq, packed.slice(first.M), rest, n, parts);
    const all = new Uint8Array(thread.buffer, codes, n * codeSize);
    for (let i = 0; i < n; i++) {
      all.set(new Uint8Array(thread.buffer, lists + i * first.codeSize, first.codeSize), i * codeSize);
      all.set(new Uint8Array(thread.buffer, parts + i * pq.codeSize, pq.codeSize), i * codeSize + first.codeSize);
    }
  },
  encodeScratch: ({ first, pq, codeSize, d }, n) => n * (codeSize + d * 8 + 4) + 384 + pqOps.encodeScratch(first, n) + pqOps.encodeScratch(pq, n),

  decode(thread, { first, pq, d, codeSize }, codes, n, out) {
    thread.build.decodeCodes(codes, n, first.M, first.nbits, first.dsub, codeSize, first.centroids.byteOffset, out);
    const { top } = thread, rest = scratch(thread, d * 4);
    for (let i = 0; i < n; i++) {
      thread.build.decodeCodes(codes + i * codeSize + first.codeSize, 1, pq.M, pq.nbits, pq.dsub, pq.codeSize, pq.centroids.byteOffset, rest);
      thread.build.addRows(out + i * d * 4, rest, d, out + i * d * 4);
    }
    thread.top = top;
  },

  // the last row is what decoding takes
  probeBytes: (codec) => decodedAt(codec) + (ROWS + 1) * codec.d * 4 + 64,

  /** Second level: −2⟨x, c⟩; first level: ‖x − c‖². */
  aim(thread, { codec, at }, x) {
    const { first, pq } = codec, to = at + firstTable(codec);
    thread.search.dotTables(x, pq.transposed.byteOffset, pq.M, pq.ksub, pq.dsub, -2, at);
    thread.search.l2Tables(x, first.transposed.byteOffset, first.M, first.ksub, first.dsub, to);
  },

  distances(thread, { codec, at, query }, codes, n, base, out) {
    const room = at + decodedAt(codec), values = new Float32Array(thread.buffer, out, n), top = room + ROWS * codec.d * 4, own = { ...thread, top, end: top + codec.d * 4 + 64 };
    for (let i = 0; i < n; i += ROWS) {
      const rows = Math.min(ROWS, n - i);
      twoLevelOps.decode(own, codec, codes + i * codec.codeSize, rows, room);
      thread.search.l2ToMany(query, room, rows, codec.d, out + i * 4);
    }
    for (let i = 0; i < n; i++) values[i] = (values[i] ?? 0) + base;
  },
};
