/** Residual coarse quantizer: nlist = 2^bits centroids that nobody searched for, each the sum of one row of every codebook of a residual
 *  quantizer. The nearest are found by a beam search over the codebooks, at a cost of a few hundred distances for millions of lists
 *  (Chen, Guan & Wang, Sensors 2010). Knows codebooks and list numbers; not what the lists hold. */
import { placeIn } from '../dense';
import type { Metric } from '../factory/spec';
import type { Kernels } from '../kernels/index';
import type { Arena } from '../memory';
import { takeU32 } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import { beamSizes, bookShapes, firstRows, packBook } from '../quantizers/beam';
import { trainRq } from '../quantizers/rq';
import type { AdditiveTrace } from '../quantizers/rq';
import { refuse } from '../refusal';
import type { Thread } from '../thread';
import { scratch, scratchF32, scratchI32 } from '../thread';
import type { RcqIndex } from '../types';
import type { Work } from '../work';
import { newWork } from '../work';

/** Candidates per result (Faiss: beam_factor). */
const BEAM_FACTOR = 4;

export type RcqOptions = { x: number; n: number; d: number; nbits: number[]; metric: Metric; seed: number; stage: string; trace?: AdditiveTrace };

/** Trains the codebooks and writes the sums out: centroids (nlist, d), list number = codes packed from the first codebook's bits up. */
export async function trainRcq(engine: Engine, arena: Arena, o: RcqOptions, centroids: Float32Array): Promise<RcqIndex> {
  const { n, d, nbits, metric, stage } = o, first = takeU32(arena, nbits.length + 1), rows = 2 ** Math.max(...nbits);
  if (n < Math.max(rows, d)) refuse(`RCQ learns codebooks of ${rows} rows in ${d} directions and needs at least ${Math.max(rows, d)} training vectors; there are ${n}.`);
  first.set(firstRows(nbits));
  const codebooks = await trainRq(engine, arena, { ...o, stride: d, stage, part: 0, parts: 1 });
  const books = bookShapes(first).map((shape) => {
    const { padded, add, cross = 0 } = packBook(engine.own, placeIn(arena), codebooks.byteOffset, shape, d), { buffer } = codebooks;
    return { norms: new Float32Array(buffer, add, padded), cross: new Float32Array(buffer, cross, cross ? shape.before * padded : 0) };
  });
  const index: RcqIndex = { kind: 'RCQ', d, n: centroids.length / d, metric, nbits, first, codebooks, books, centroids };
  writeCentroids(index);
  return index;
}

function writeCentroids({ d, n, nbits, first, codebooks, centroids }: RcqIndex): void {
  for (let list = 0; list < n; list++) {
    const sum = centroids.subarray(list * d, (list + 1) * d).fill(0);
    let code = list;
    nbits.forEach((bits, m) => {
      const row = ((first[m] ?? 0) + (code % 2 ** bits)) * d;
      for (let j = 0; j < d; j++) sum[j] = (sum[j] ?? 0) + (codebooks[row + j] ?? 0);
      code = Math.floor(code / 2 ** bits);
    });
  }
}

/** Sees the candidates of the beam after codebook m: squared distances and codes, (beam, M) of which the first m + 1 stand. In scratch. */
export type OnBeam = (m: number, dist: Float32Array, codes: Int32Array) => void;

/** The k nearest lists, ascending: dis (k), lists (k). The beam compares by L2 whatever the metric, as Faiss does; for inner product the
 *  values are then those of the lists found. Scratch: rcqScratch. */
export function searchRcq(thread: Thread, kernels: Kernels, index: RcqIndex, query: number, k: number, dis: number, lists: number, work: Work, onBeam?: OnBeam): void {
  const { d, n, nbits, first, codebooks, books, metric, centroids } = index, M = nbits.length, top = thread.top;
  const beams = Math.min(n, BEAM_FACTOR * k), sizes = beamSizes(nbits, beams);
  const dist = scratchF32(thread, beams), codes = scratchI32(thread, beams * M), twice = scratchF32(thread, d), x = new Float32Array(thread.buffer, query, d);
  dist[0] = 0;
  x.forEach((v, j) => { twice[j] = 2 * v; dist[0] = (dist[0] ?? 0) + v * v; });
  books.forEach(({ norms, cross }, m) => {
    const held = thread.top, beam = sizes[m - 1] ?? 1, keep = m + 1 < M ? sizes[m] ?? 1 : k, K = 2 ** (nbits[m] ?? 0), padded = norms.length;
    const terms = scratchF32(thread, padded).fill(0), room = scratch(thread, (padded * beam + (2 + M) * keep) * 4);
    kernels.ipToMany(twice.byteOffset, codebooks.byteOffset + (first[m] ?? 0) * d * 4, K, d, terms.byteOffset);
    kernels.addRows(terms.byteOffset, norms.byteOffset, padded, terms.byteOffset);
    kernels.beamStep(terms.byteOffset, padded, 1, beam, keep, beams, dist.byteOffset, codes.byteOffset, M, m, first.byteOffset, cross.length ? cross.byteOffset : 0, room);
    work.ndis += beam * K;
    thread.top = held;
    onBeam?.(m, dist.subarray(0, keep), codes.subarray(0, keep * M));
  });
  const found = new Int32Array(thread.buffer, lists, k);
  for (let i = 0; i < k; i++) found[i] = numberOf(nbits, codes.subarray(i * M, (i + 1) * M));
  if (metric === 'IP') kernels.toIds(query, centroids.byteOffset, lists, k, d, 1, dis);
  else new Float32Array(thread.buffer, dis, k).set(dist.subarray(0, k));
  thread.top = top;
}

/** The search of lists, recorded: what the beam goes on with after each codebook but the last, nearest first, as numbers of the
 *  codes so far (M − 1), and the lists in order. */
export type BeamWalk = { beams: Int32Array[]; lists: Int32Array /* (k) */; distance: Float32Array /* (k) */ };

export function traceRcq(thread: Thread, index: RcqIndex, query: number, k: number): BeamWalk {
  const { nbits } = index, M = nbits.length, top = thread.top, dis = scratchF32(thread, k), lists = scratchI32(thread, k), beams: Int32Array[] = [];
  searchRcq(thread, thread.search, index, query, k, dis.byteOffset, lists.byteOffset, newWork(), (m, dist, codes) => {
    if (m + 1 < M) beams.push(Int32Array.from(dist, (_, i) => numberOf(nbits, codes.subarray(i * M, i * M + m + 1))));
  });
  thread.top = top;
  return { beams, lists: lists.slice(), distance: dis.slice() };
}

/** Codes packed from the first codebook's bits up; some of the last may be left out. */
const numberOf = (nbits: number[], codes: Int32Array) => codes.reduceRight((list, code, m) => list * 2 ** (nbits[m] ?? 0) + code, 0);

export function rcqScratch({ n, d, nbits, books }: RcqIndex, k: number): number {
  const beams = Math.min(n, BEAM_FACTOR * k), sizes = beamSizes(nbits, beams), M = nbits.length;
  const steps = books.map(({ norms }, m) => norms.length * ((sizes[m - 1] ?? 1) + 1) * 4 + (2 + M) * beams * 4);
  return beams * (1 + M) * 4 + d * 4 + Math.max(...steps) + 384;
}

export type AssignRcqArgs = { index: RcqIndex; x: number; n: number; best: number };
const ASSIGN_ROWS = 256;

export function assignByRcqBlock(thread: Thread, { index, x, n, best }: AssignRcqArgs, block: number): void {
  const from = block * ASSIGN_ROWS, value = scratch(thread, 16), work = newWork();
  for (let i = from; i < Math.min(n, from + ASSIGN_ROWS); i++) searchRcq(thread, thread.build, index, x + i * index.d * 4, 1, value, best + i * 4, work);
}

/** The list of each of n rows, found as a search finds it. */
export const assignByRcq = (engine: Engine, index: RcqIndex, x: number, n: number, best: number, stage: string) =>
  run(engine, 'assignByRcq', { index, x, n, best }, Math.ceil(n / ASSIGN_ROWS), rcqScratch(index, 1) + 64, stage);
