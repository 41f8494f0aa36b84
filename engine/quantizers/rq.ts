/** Residual quantizer: codebook m is learnt on what the codebooks before it leave (Chen, Guan & Wang, Sensors 2010), by k-means in a
 *  growing number of principal directions. Knows how codebooks are learnt and codes are chosen; not how they are packed or compared. */
import { packLinear, placeIn, transformRows } from '../dense';
import { kmeans } from '../kmeans';
import type { KMeansTrace } from '../kmeans';
import type { Arena } from '../memory';
import { openArena, release, take, takeF32, takeI32, takeU32 } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import { permutation, shifted } from '../random';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import { invertOne } from '../transforms/apply';
import { trainPca } from '../transforms/pca';
import { breather } from '../transforms/steps';
import { beamSizes, bookShapes, firstRows, packBook, step, stepRows, stepScratch } from './beam';
import type { Book, Candidates } from './beam';

/** Candidates kept while training and encoding (Faiss: max_beam_size). */
const BEAM = 5;
const POINTS_PER_ROW = 256;
const STEPS = 10, NITER = 10;
/** Most rows whose principal directions are taken. Faiss takes 1000·d, which at 784 dimensions would be gigabytes; no recall is lost. */
const PCA_ROWS = 65_536;

/** Vectors x (n, d), rows `stride` floats apart. `part` of `parts` trainings with the same name: for progress only. */
export type LearnOptions = { x: number; n: number; stride: number; d: number; seed: number; stage: string; part: number; parts: number; trace?: AdditiveTrace };

/** What training records when asked. */
export type AdditiveTrace = {
  /** Mean ‖x − x̂‖² over `sampled` training vectors: with each codebook of a residual quantizer, after each iteration of a local search. */
  errors: number[];
  sampled: number;
  /** Residual quantizers: per codebook, mean squared distance from its rows after each step, in so many principal directions. */
  steps?: { dims: number; distance: number }[][];
};

/** Codebooks (Σ 2^nbits, d). */
export async function trainRq(engine: Engine, arena: Arena, o: LearnOptions & { nbits: number[] }): Promise<Float32Array> {
  const { x, n, stride, d, nbits, trace } = o, M = nbits.length, first = firstRows(nbits), sizes = beamSizes(nbits, BEAM);
  const codebooks = takeF32(arena, (first[M] ?? 0) * d, 'the codebooks'), room = openArena(engine.memory);
  try {
    const firstHeld = takeU32(room, M + 1);
    firstHeld.set(first);
    const candidates: Candidates = { x, stride, d, beams: BEAM, M, first: firstHeld.byteOffset, codebooks: codebooks.byteOffset,
      dist: take(room, n * BEAM * 4, 'the candidates'), codes: take(room, n * BEAM * M * 4, 'the candidates') };
    if (trace) Object.assign(trace, { sampled: n, steps: [] });
    const place = placeIn(room), shapes = bookShapes(first);
    for (const [m, shape] of shapes.entries()) {
      const { before, K } = shape, beam = sizes[m - 1] ?? 1;
      await trainBook(engine, candidates, o, m, beam, codebooks.subarray(before * d, (before + K) * d));
      if (m + 1 === M && !trace) break; // nothing is trained on what the last codebook leaves
      const book = packBook(engine.own, place, codebooks.byteOffset, shape, d), rows = stepRows(shape, m, beam);
      await run(engine, 'extend', { candidates, n, book, m, beam, keep: sizes[m] ?? 1, rows }, Math.ceil(n / (rows * EXTEND_STEPS)), stepScratch(shapes, nbits, d, BEAM));
      trace?.errors.push(meanOfBest(engine, candidates, n));
    }
    return codebooks;
  } finally {
    release(room);
  }
}

/** Candidates are in order of distance: the first of each row is the best. */
function meanOfBest({ memory }: Engine, { dist, beams }: Candidates, n: number): number {
  const all = new Float32Array(memory.memory.buffer, dist, n * beams);
  let sum = 0;
  for (let i = 0; i < all.length; i += beams) sum += all[i] ?? 0;
  return sum / n;
}

export type ExtendArgs = { candidates: Candidates; n: number; book: Book; m: number; beam: number; keep: number; rows: number };
const EXTEND_STEPS = 8; // steps in a block

export function extendBlock(thread: Thread, { candidates, n, book, m, beam, keep, rows }: ExtendArgs, block: number): void {
  const from = block * rows * EXTEND_STEPS;
  for (let i = from; i < Math.min(n, from + rows * EXTEND_STEPS); i += rows) step(thread, candidates, i, Math.min(rows, n - i), book, m, beam, keep);
}

/** One codebook, on the residuals of all candidates. k-means takes at most 256 per row of it, chosen by the permutation Faiss uses,
 *  the principal directions the first PCA_ROWS of the same. */
async function trainBook(engine: Engine, candidates: Candidates, { n, seed, stage, part, parts, trace }: LearnOptions, m: number, beam: number, out: Float32Array): Promise<void> {
  const { d, M } = candidates, K = out.length / d, total = n * beam, most = K * POINTS_PER_ROW, room = openArena(engine.memory);
  try {
    const chosen = total > most, rows = chosen ? Math.min(total, Math.max(most, Math.min(PCA_ROWS, 1000 * d))) : total;
    const rest = takeF32(room, rows * d, 'the residuals'), ids = chosen ? takeI32(room, rows) : null;
    ids?.set(permutation(total, shifted(1234, seed), rows));
    await run(engine, 'beamResiduals', { candidates, ids: ids?.byteOffset ?? 0, n: rows, beam, books: m, out: rest.byteOffset }, Math.ceil(rows / RESIDUAL_ROWS));
    const steps: NonNullable<AdditiveTrace['steps']>[number] | undefined = trace && [];
    if (steps) trace?.steps?.push(steps);
    const report = (step: number) => engine.report(stage, (part * M + m) * STEPS + step, parts * M * STEPS);
    await clusterProgressively(engine, { x: rest.byteOffset, n: Math.min(rows, most), nPca: chosen ? Math.min(rows, PCA_ROWS, 1000 * d) : Math.min(rows, PCA_ROWS), d, K, seed, steps }, out, report);
  } finally {
    release(room);
  }
}

export type BeamResidualArgs = { candidates: Candidates; ids: number; n: number; beam: number; books: number; out: number };
const RESIDUAL_ROWS = 2048;

export function beamResidualBlock(thread: Thread, { candidates: c, ids, n, beam, books, out }: BeamResidualArgs, block: number): void {
  const from = block * RESIDUAL_ROWS, rows = Math.min(RESIDUAL_ROWS, n - from);
  thread.build.beamResiduals(c.x, c.stride, c.d, ids && ids + from * 4, from, rows, beam, c.beams, c.codes, c.M, books, c.first, c.codebooks, out + from * c.d * 4);
}

type Clustering = { x: number; n: number; nPca: number; d: number; K: number; seed: number; steps?: { dims: number; distance: number }[] };

/** K centroids (K, d) of n rows: k-means over the first ⌊d^(step/10)⌋ principal directions, each step starting from the centroids of
 *  the one before with zeros behind. */
async function clusterProgressively(engine: Engine, { x, n, nPca, d, K, seed, steps }: Clustering, out: Float32Array, report: (step: number) => void): Promise<void> {
  const room = openArena(engine.memory);
  try {
    const pca = await trainPca(engine, room, { x, n: nPca, d, dOut: d, whiten: false, rotate: false, seed });
    const turned = takeF32(room, n * d, 'the turned residuals'), map = packLinear(engine.own, placeIn(room), pca.A.byteOffset, pca.b, d, d);
    await transformRows(engine, { x, n, map, out: turned.byteOffset });
    const held = takeF32(room, K * d);
    let centroids = held.subarray(0, 0), before = 0;
    for (let s = 1; s <= STEPS; s++) {
      const dims = Math.floor(d ** (s / STEPS)), next = new Float32Array(K * dims);
      for (let k = 0; k < K; k++) next.set(centroids.subarray(k * before, (k + 1) * before), k * dims);
      centroids = held.subarray(0, K * dims);
      centroids.set(next);
      const trace: KMeansTrace | undefined = steps && { iterations: [], sampled: 0, most: 0 };
      await kmeans(engine, { k: K, d: dims, n, x: turned.byteOffset, stride: d, metric: 'L2', niter: NITER, seed: shifted(1234, seed), warm: before > 0, trace }, centroids);
      if (trace) steps?.push({ dims, distance: (trace.iterations.at(-1)?.objective ?? 0) / trace.sampled });
      before = dims;
      report(s);
    }
    const breathe = breather(engine);
    for (let k = 0; k < K; k++) {
      invertOne(pca, held.subarray(k * d, (k + 1) * d), out.subarray(k * d, (k + 1) * d));
      await breathe();
    }
  } finally {
    release(room);
  }
}

const ENCODE_STEP_ROWS = 64;

/** One residual quantizer, alone or of one split: codebooks is the address of its rows (first[M], d). */
export type RqBooks = { nbits: number[]; first: Uint32Array; codebooks: number; books: Book[]; d: number };

/** codes (n, M) i32 of rows x, by beam search. Scratch: encodeRqScratch. */
export function encodeRq(thread: Thread, { nbits, first, codebooks, books, d }: RqBooks, x: number, stride: number, n: number, out: Int32Array): void {
  const M = nbits.length, shapes = bookShapes(first), sizes = beamSizes(nbits, BEAM), top = thread.top;
  const dist = scratch(thread, ENCODE_STEP_ROWS * BEAM * 4), codes = scratch(thread, ENCODE_STEP_ROWS * BEAM * M * 4);
  for (let from = 0; from < n; from += ENCODE_STEP_ROWS) {
    const rows = Math.min(ENCODE_STEP_ROWS, n - from), candidates: Candidates = { x: x + from * stride * 4, stride, d, beams: BEAM, dist, codes, M, first: first.byteOffset, codebooks };
    shapes.forEach((shape, m) => {
      const book = books[m], beam = sizes[m - 1] ?? 1, keep = m + 1 < M ? sizes[m] ?? 1 : 1, per = stepRows(shape, m, beam);
      if (!book) throw new Error(`encodeRq: ${books.length} books for ${M} codebooks`);
      for (let i = 0; i < rows; i += per) step(thread, candidates, i, Math.min(per, rows - i), book, m, beam, keep);
    });
    const found = new Int32Array(thread.buffer, codes, rows * BEAM * M);
    for (let i = 0; i < rows; i++) out.set(found.subarray(i * BEAM * M, i * BEAM * M + M), (from + i) * M);
  }
  thread.top = top;
}
export const encodeRqScratch = (nbits: number[], d: number) => ENCODE_STEP_ROWS * BEAM * (nbits.length + 1) * 4 + 128 + stepScratch(bookShapes(firstRows(nbits)), nbits, d, BEAM);
