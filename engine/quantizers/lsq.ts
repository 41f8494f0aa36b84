/** Local search quantizer: codebooks by least squares for given codes, codes by local search for given codebooks, in turn, with noise
 *  that cools down (LSQ++: Martinez, Zakhmi, Hoos & Little, ECCV 2018, §3). Knows how codebooks are learnt and codes are chosen;
 *  not how they are packed or compared. */
import { packRows, placeIn } from '../dense';
import type { Packed } from '../dense';
import { openEquations, solveCodebooks } from '../least-squares';
import type { Arena } from '../memory';
import { openArena, release, take, takeF32, takeI32, takeU32 } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import { mt19937, shifted, uniformFloat } from '../random';
import type { Random } from '../random';
import type { Thread } from '../thread';
import { scratch, scratchI32 } from '../thread';
import { doubleProducts, doubleScratch } from './beam';
import type { Book } from './beam';
import type { AdditiveTrace, LearnOptions } from './rq';

const SEED = 0x12345;
const TRAIN_ITERATIONS = 25, TRAIN_ROUNDS = 8, ENCODE_ROUNDS = 16, SWEEPS = 4, LAMBDA = 0.01;
const perturbationsOf = (M: number) => Math.min(4, M);
/** Vectors whose perturbations are drawn together: Faiss's chunk, so that the stream is the same. */
const CHUNK = 10_000;

/** Rows of a codebook in the tables: whole groups of eight, of which those past K are never the best. */
const paddedRows = (K: number) => Math.max(8, K);

/** Codebooks (M, 2^nbits, d). */
export async function trainLsq(engine: Engine, arena: Arena, o: LearnOptions & { M: number; nbits: number }): Promise<Float32Array> {
  const { x, n, stride, d, M, nbits, stage, part, parts } = o, K = 2 ** nbits;
  const codebooks = takeF32(arena, M * K * d, 'the codebooks'), room = openArena(engine.memory);
  try {
    const equations = openEquations(room, M, K, d), codes = takeI32(room, n * M, 'the codes'), spread = spreadOf(engine, o);
    const random = mt19937(shifted(SEED, o.seed)), gaussian = gaussians(random, d);
    drawCodes(random, nbits, codes);
    for (let i = 0; i < TRAIN_ITERATIONS; i++) {
      await solveCodebooks(engine, equations, codes.byteOffset, x, stride, n, LAMBDA, codebooks);
      const temperature = Math.fround(Math.sqrt(1 - (i + 1) / TRAIN_ITERATIONS));
      for (let at = 0; at < codebooks.length; at++) codebooks[at] = (codebooks[at] ?? 0) + (temperature * gaussian(at % d) * (spread[at % d] ?? 0)) / M;
      await improve(engine, o, K, codebooks, codes, random);
      if (o.trace) recordError(engine, o, K, codebooks, codes, o.trace);
      engine.report(stage, part * TRAIN_ITERATIONS + i + 1, parts * TRAIN_ITERATIONS);
    }
    return codebooks;
  } finally {
    release(room);
  }
}

/** Most vectors over which a trace measures the error; they are evenly spread. */
const ERROR_ROWS = 1024;

function recordError({ memory }: Engine, { x, n, stride, d, M }: LearnOptions & { M: number }, K: number, codebooks: Float32Array, codes: Int32Array, trace: AdditiveTrace): void {
  const rows = new Float32Array(memory.memory.buffer, x, (n - 1) * stride + d), rest = new Float64Array(d);
  trace.sampled = Math.min(n, ERROR_ROWS);
  let error = 0;
  for (let s = 0; s < trace.sampled; s++) {
    const i = Math.floor((s * n) / trace.sampled);
    rest.set(rows.subarray(i * stride, i * stride + d));
    for (let m = 0; m < M; m++) {
      const at = (m * K + (codes[i * M + m] ?? 0)) * d;
      for (let j = 0; j < d; j++) rest[j] = (rest[j] ?? 0) - (codebooks[at + j] ?? 0);
    }
    error += rest.reduce((sum, v) => sum + v * v, 0);
  }
  trace.errors.push(error / trace.sampled);
}

/** Standard deviation of each component. */
function spreadOf({ memory }: Engine, { x, n, stride, d }: LearnOptions): Float64Array {
  const rows = new Float32Array(memory.memory.buffer, x, (n - 1) * stride + d), mean = new Float64Array(d), square = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) mean[j] = (mean[j] ?? 0) + (rows[i * stride + j] ?? 0) / n;
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) square[j] = (square[j] ?? 0) + ((rows[i * stride + j] ?? 0) - (mean[j] ?? 0)) ** 2 / n;
  return square.map(Math.sqrt);
}

/** Unit normal deviates, one stream of polar pairs for each of d components over the same draws. */
function gaussians(random: Random, d: number): (j: number) => number {
  const held = new Float64Array(d).fill(NaN);
  return (j) => {
    const spare = held[j] ?? NaN;
    held[j] = NaN;
    if (!Number.isNaN(spare)) return spare;
    let a = 0, b = 0, s = 0;
    do {
      a = 2 * uniformFloat(random) - 1;
      b = 2 * uniformFloat(random) - 1;
      s = a * a + b * b;
    } while (s > 1 || s === 0);
    const scale = Math.sqrt((-2 * Math.log(s)) / s);
    held[j] = a * scale;
    return b * scale;
  };
}

/** Uniform on 0 … n − 1 by multiplication (Lemire 2019), as the C++ library of Faiss draws it: for powers of two the top bits. */
function below(random: Random, n: number): number {
  if ((n & (n - 1)) === 0) return n === 1 ? random() * 0 : random() >>> (Math.clz32(n) + 1);
  for (;;) {
    const product = random() * n, low = product % 2 ** 32;
    if (low >= n || low >= 2 ** 32 % n) return Math.floor(product / 2 ** 32);
  }
}

function drawCodes(random: Random, nbits: number, codes: Int32Array): void {
  for (let i = 0; i < codes.length; i++) codes[i] = below(random, 2 ** nbits);
}

/** m·2²⁰ + code, (rounds, n, nperts). */
function drawPerturbations(random: Random, M: number, nbits: number, out: Uint32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = below(random, M) * 2 ** 20 + below(random, 2 ** nbits);
}

/** Local search over all training codes with the codebooks of this iteration. */
async function improve(engine: Engine, { x, n, stride, d, M, nbits }: LearnOptions & { M: number; nbits: number }, K: number, codebooks: Float32Array, codes: Int32Array, random: Random): Promise<void> {
  const room = openArena(engine.memory), nperts = perturbationsOf(M);
  try {
    const { packed, rows } = packPadded(engine.own, placeIn(room), codebooks, M, K, d), N = packed.padded;
    const cross = take(room, N * N * 4, 'the products of the codebooks'), perturbations = takeU32(room, TRAIN_ROUNDS * Math.min(n, CHUNK) * nperts);
    await run(engine, 'crossProducts', { rows, packed, out: cross }, Math.ceil(N / CROSS_ROWS), doubleScratch(CROSS_ROWS, packed));
    const book = { ...packed, cross };
    for (let from = 0; from < n; from += CHUNK) {
      const total = Math.min(CHUNK, n - from), drawn = perturbations.subarray(0, TRAIN_ROUNDS * total * nperts);
      drawPerturbations(random, M, nbits, drawn);
      const args: SearchArgs = { x: x + from * stride * 4, stride, n: total, book, M, codes: codes.byteOffset + from * M * 4, perturbations: drawn.byteOffset, rounds: TRAIN_ROUNDS };
      await run(engine, 'localSearch', args, Math.ceil(total / SEARCH_ROWS), searchScratch(M, N, d));
    }
  } finally {
    release(room);
  }
}

/** Codebooks (M, K, d) with each codebook's rows padded to whole groups of eight; padding rows carry 3e38 for their norm. */
function packPadded(thread: Thread, place: (bytes: number) => number, codebooks: Float32Array, M: number, K: number, d: number): { packed: Packed; rows: number } {
  const per = paddedRows(K), rows = new Float32Array(thread.buffer, place(M * per * d * 4), M * per * d).fill(0);
  for (let m = 0; m < M; m++) rows.set(codebooks.subarray(m * K * d, (m + 1) * K * d), m * per * d);
  const packed = packRows(thread, place, rows.byteOffset, M * per, d, 'L2');
  const add = new Float32Array(thread.buffer, packed.add, M * per);
  for (let m = 0; m < M; m++) add.fill(3e38, m * per + K, (m + 1) * per);
  return { packed, rows: rows.byteOffset };
}

/** What encoding needs: all codebooks as one book, its cross products those of all rows with all rows. */
export function packLsq(thread: Thread, place: (bytes: number) => number, codebooks: Float32Array, M: number, K: number, d: number): Book {
  const { packed, rows } = packPadded(thread, place, codebooks, M, K, d), N = packed.padded, cross = place(N * N * 4);
  for (let block = 0; block * CROSS_ROWS < N; block++) {
    const top = thread.top;
    crossBlock(thread, { rows, packed, out: cross }, block);
    thread.top = top;
  }
  return { ...packed, cross };
}

export type CrossArgs = { rows: number; packed: Packed; out: number };
const CROSS_ROWS = 64;

export function crossBlock(thread: Thread, { rows, packed, out }: CrossArgs, block: number): void {
  const from = block * CROSS_ROWS, n = Math.min(CROSS_ROWS, packed.m - from);
  doubleProducts(thread, rows + from * packed.d * 4, n, packed, out + from * packed.padded * 4);
}

export type SearchArgs = { x: number; stride: number; n: number; book: Book; M: number; codes: number; perturbations: number; rounds: number };
const SEARCH_ROWS = 64, UNARY_ROWS = 16;

/** Better codes (n, M) i32 for a block of vectors. */
export function localSearchBlock(thread: Thread, { x, stride, n, book, M, codes, perturbations, rounds }: SearchArgs, block: number): void {
  const { d, padded, panels, add, alpha, cross } = book, nperts = perturbationsOf(M), top = thread.top;
  const packed = scratch(thread, UNARY_ROWS * d * 4), unary = scratch(thread, UNARY_ROWS * padded * 4), room = scratch(thread, M * 8);
  for (let from = block * SEARCH_ROWS; from < Math.min(n, (block + 1) * SEARCH_ROWS); from += UNARY_ROWS) {
    const rows = Math.min(UNARY_ROWS, n - from);
    thread.build.pack4(x + from * stride * 4, stride, rows, d, packed);
    thread.build.products(packed, Math.ceil(rows / 4) * 4, panels, padded, d, alpha, add, unary, padded);
    thread.build.localSearch(unary, rows, M, padded / M, cross ?? 0, perturbations + from * nperts * 4, n, nperts, rounds, SWEEPS, codes + from * M * 4, room);
  }
  thread.top = top;
}
const searchScratch = (M: number, padded: number, d: number) => UNARY_ROWS * (d + padded) * 4 + M * 8 + 192;

/** codes (n, M) i32 of rows x. Every call draws the same stream, so a code depends on the place of its vector in the call, as in
 *  Faiss. Scratch: encodeLsqScratch. */
export function encodeLsq(thread: Thread, book: Book, M: number, nbits: number, x: number, stride: number, n: number, out: Int32Array): void {
  const top = thread.top, nperts = perturbationsOf(M), codes = scratchI32(thread, n * M), words = ENCODE_ROUNDS * n * nperts;
  const perturbations = new Uint32Array(thread.buffer, scratch(thread, words * 4), words), random = mt19937(SEED);
  drawCodes(random, nbits, codes);
  drawPerturbations(random, M, nbits, perturbations);
  const args: SearchArgs = { x, stride, n, book, M, codes: codes.byteOffset, perturbations: perturbations.byteOffset, rounds: ENCODE_ROUNDS };
  for (let block = 0; block * SEARCH_ROWS < n; block++) localSearchBlock(thread, args, block);
  out.set(codes);
  thread.top = top;
}
export const encodeLsqScratch = (M: number, nbits: number, d: number, n: number) =>
  n * (M + ENCODE_ROUNDS * perturbationsOf(M)) * 4 + 128 + searchScratch(M, M * paddedRows(2 ** nbits), d);
