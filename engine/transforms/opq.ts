/** Optimized product quantization: the rotation under which a product quantizer loses least (Ge, He, Ke & Sun, CVPR 2013, §4,
 *  the non-parametric solution). Rounds of two halves: codebooks for the rotated vectors, then the rotation that brings the
 *  vectors nearest to their decoded selves. Knows vectors, codebooks and the rotation; the codebooks are thrown away. */
import { keepsStep, MATRIX_FLOATS } from '../build/trace';
import { nearestScratch, packLinear, packRows, packedBytes, placeIn, transformRows } from '../dense';
import type { Packed } from '../dense';
import { kmeans } from '../kmeans';
import type { Arena } from '../memory';
import { openArena, release, take, takeF32 } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import { shifted } from '../random';
import { refuse } from '../refusal';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { LinearTransform } from '../types';
import { eigenSteps } from './eigen';
import { kernelRows } from './eigen-rows';
import { nearestOrthonormalSteps, randomRotationSteps, transpose } from './orthonormal';
import { centredSample, productSums } from './sample';
import type { Sample } from './sample';
import { patiently } from './steps';

export type OpqOptions = {
  /** Training vectors (n, d) at address x. */
  x: number; n: number; d: number;
  M: number; dOut: number;
  seed: number; // 0: Faiss's own seeds
  stage?: string;
  trace?: OpqTrace;
} & Partial<OpqSetting>;

export type OpqSetting = {
  /** Where the first round begins: a random rotation, or principal axes shared out evenly among the parts. */
  start: 'random' | 'balanced';
  rounds: number;
  maxPoints: number;
  /** k-means iterations in the first round, and in each that goes on from the codebooks before. */
  firstIterations: number;
  iterations: number;
};

/** faiss: its defaults. matched: the same recall from half the vectors and iterations, a third of the time. quick: from balanced
 *  axes a few rounds suffice, and where they begin is already ahead of where 50 rounds from a random rotation end: the recall is
 *  no worse than Faiss's and, where variance is uneven, better. */
export const OPQ_SETTINGS = {
  faiss: { start: 'random', rounds: 50, maxPoints: 65536, firstIterations: 40, iterations: 4 },
  matched: { start: 'random', rounds: 50, maxPoints: 32768, firstIterations: 10, iterations: 2 },
  quick: { start: 'balanced', rounds: 4, maxPoints: 16384, firstIterations: 10, iterations: 4 },
} satisfies Record<string, OpqSetting>;
export type OpqSettingName = keyof typeof OPQ_SETTINGS;

/** What training records when asked: the error that codebooks reached under the rotation a round began with, and the rotation A
 *  that it ended with, kept of evenly spread rounds, the last one among them, where it has room. */
export type OpqTrace = {
  rounds: { distortion: number /* mean ‖y − ŷ‖² over the sample */; ms: number; A?: Float32Array /* (dOut, d) */ }[];
  sampled: number;          // rows learnt from
  from?: OpqSetting['start'];
  start?: Float32Array;     // (dOut, d) the rotation of the first round, where one has room
  codebooks?: Float32Array; // (M, 256, dOut/M) of the last round
};

const KSUB = 256; // whatever the code that follows, OPQ learns for 8 bits

/** y = A·x, without bias: the mean is removed for training only. */
export async function trainOpq(engine: Engine, arena: Arena, options: OpqOptions): Promise<LinearTransform> {
  const o = withDefaults(options), { n, d, M, dOut, seed, stage, trace, rounds, maxPoints } = o;
  if (dOut % M !== 0) refuse(`OPQ${M} cuts ${dOut} dimensions into ${M} parts; ${dOut} is not a multiple of ${M}.`);
  if (n < KSUB) refuse(`OPQ${M} trains ${KSUB} centroids per part and needs at least as many training vectors; there are ${n}.`);
  const room = openArena(engine.memory);
  try {
    const sample = await centredSample(engine, room, o, Math.max(KSUB, maxPoints), shifted(1234, seed));
    const A = takeF32(room, dOut * d);
    A.set(await firstMap(engine, sample, o));
    const work = openWork(engine, room, sample, o);
    if (trace) Object.assign(trace, { sampled: sample.n, from: o.start, ...(A.length <= MATRIX_FLOATS ? { start: A.slice() } : {}) });
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      if (stage) engine.report(stage, round, rounds);
      const distortion = await improve(engine, sample, A, work, round, o);
      if (trace) trace.rounds.push({ distortion, ms: performance.now() - started, ...(keepsStep(round, rounds, A.length, MATRIX_FLOATS) ? { A: A.slice() } : {}) });
    }
    if (trace) trace.codebooks = work.centroids.slice();
    const kept = takeF32(arena, dOut * d, 'the OPQ matrix');
    kept.set(A);
    return { kind: 'Linear', spec: dOut === d ? { kind: 'OPQ', M } : { kind: 'OPQ', M, dOut }, dIn: d, dOut, A: kept };
  } finally {
    release(room);
  }
}

type Settled = OpqOptions & OpqSetting;

/** A field that is absent, or given as undefined, is the quick setting's. */
function withDefaults(o: OpqOptions): Settled {
  const { quick } = OPQ_SETTINGS;
  return {
    ...o, start: o.start ?? quick.start, rounds: o.rounds ?? quick.rounds, maxPoints: o.maxPoints ?? quick.maxPoints,
    firstIterations: o.firstIterations ?? quick.firstIterations, iterations: o.iterations ?? quick.iterations,
  };
}

async function firstMap(engine: Engine, { rows, n, d }: Sample, { M, dOut, seed, start }: Settled): Promise<Float64Array> {
  if (start === 'random') return patiently(engine, randomRotationSteps(d, dOut, shifted(1234, seed), Math.max(d, dOut) ** 2));
  const scatter = await productSums(engine, rows.byteOffset, d, rows.byteOffset, d, n);
  const room = openArena(engine.memory);
  try {
    const { values, vectors } = await patiently(engine, eigenSteps(scatter, d, kernelRows(engine.own, room, d)));
    return balanced(values, vectors, M, dOut, d);
  } finally {
    release(room);
  }
}

/** Eigenvectors shared out to the M parts so that the products of their eigenvalues come out even: the least error that a
 *  Gaussian allows (Ge et al., §4.3, the parametric solution). Largest first, each to the part whose product is least and that
 *  has room. More outputs than dimensions leave rows of zeros. (dOut, d) */
export function balanced(values: Float64Array, vectors: Float64Array, M: number, dOut: number, d: number): Float64Array {
  const dsub = dOut / M, A = new Float64Array(dOut * d);
  const floor = 1e-12 * (values[0] ?? 0) + Number.MIN_VALUE; // keeps logarithms of nothing finite and positive
  const parts = Array.from({ length: M }, (_, m) => ({ place: placeOfPart(m, M), log: 0, filled: 0 }));
  for (let i = 0; i < Math.min(d, dOut); i++) {
    const part = parts.filter(({ filled }) => filled < dsub).reduce((least, other) => (other.log < least.log ? other : least));
    A.set(vectors.subarray(i * d, (i + 1) * d), (part.place * dsub + part.filled) * d);
    part.log += Math.log(Math.max(values[i] ?? 0, floor) / floor);
    part.filled++;
  }
  return A;
}

/** Parts fill in order of size; taking turns between front and back half keeps both halves alike, as a multi-index wants. */
const placeOfPart = (m: number, M: number) => (m % 2 === 0 ? m / 2 : Math.ceil(M / 2) + (m - 1) / 2);

type Work = { y: Float32Array /* (n, dOut) */; decoded: Float32Array /* (n, dOut) */; centroids: Float32Array /* (M, 256, dsub) */; errors: Float64Array; books: number[] };

function openWork({ memory }: Engine, arena: Arena, { n }: Sample, { M, dOut }: Settled): Work {
  const y = takeF32(arena, n * dOut, 'the rotated sample'), decoded = takeF32(arena, n * dOut, 'the decoded sample');
  const centroids = takeF32(arena, KSUB * dOut), blocks = Math.ceil(n / DECODE_ROWS);
  const errors = new Float64Array(memory.memory.buffer, take(arena, blocks * 8), blocks);
  return { y, decoded, centroids, errors, books: Array.from({ length: M }, () => take(arena, packedBytes(KSUB, dOut / M))) };
}

/** One round; A is replaced. The mean squared error that the codebooks reached under the A before. */
async function improve(engine: Engine, { rows, n, d }: Sample, A: Float32Array, work: Work, round: number, { M, dOut, seed, firstIterations, iterations }: Settled): Promise<number> {
  const { y, decoded, centroids } = work;
  const packed = openArena(engine.memory);
  try {
    const map = packLinear(engine.own, placeIn(packed), A.byteOffset, undefined, d, dOut);
    await transformRows(engine, { x: rows.byteOffset, n, map, out: y.byteOffset });
  } finally {
    release(packed);
  }
  const niter = round === 0 ? firstIterations : iterations;
  await kmeans(engine, { k: KSUB, d: dOut / M, n, x: y.byteOffset, stride: dOut, parts: M, metric: 'L2', niter, seed: shifted(1234, seed), maxPointsPerCentroid: 1000, warm: round > 0 }, centroids);
  const distortion = await decode(engine, work, n, dOut, dOut / M);
  // max tr(A·Xᵀ·Ŷ) over orthonormal A: the transpose of the orthonormal matrix nearest to Xᵀ·Ŷ.
  const products = await productSums(engine, rows.byteOffset, d, decoded.byteOffset, dOut, n);
  A.set(transpose(await patiently(engine, nearestOrthonormalSteps(products, d, dOut)), d, dOut));
  return distortion;
}

export type DecodeArgs = { y: number; n: number; d: number; dsub: number; centroids: number; books: Packed[]; out: number; errors: number };
const DECODE_ROWS = 1024;

/** Each part of each row → the nearest of its centroids, and the squared error of the block. */
export function decodeBlock(thread: Thread, { y, n, d, dsub, centroids, books, out, errors }: DecodeArgs, block: number): void {
  const from = block * DECODE_ROWS, rows = Math.min(DECODE_ROWS, n - from), whole = Math.ceil(rows / 4) * 4, x = y + from * d * 4;
  const packed = scratch(thread, whole * dsub * 4), best = scratch(thread, whole * 4), value = scratch(thread, whole * 4);
  thread.build.normsSqr(x, d, rows, d, value);
  let error = thread.build.sumValues(value, rows);
  books.forEach((book, m) => {
    thread.build.pack4(x + m * dsub * 4, d, rows, dsub, packed);
    thread.build.nearest(packed, whole, book.panels, book.padded, dsub, book.alpha, book.add, best, value);
    thread.build.copyRows(centroids + m * KSUB * dsub * 4, best, rows, dsub, out + (from * d + m * dsub) * 4, d);
    error += thread.build.sumValues(value, rows);
  });
  new Float64Array(thread.buffer, errors + block * 8, 1)[0] = error;
}

async function decode(engine: Engine, { y, decoded, centroids, errors, books }: Work, n: number, d: number, dsub: number): Promise<number> {
  const packed = books.map((at, m) => {
    let top = at;
    const place = (bytes: number) => { const here = top; top += (bytes + 63) & ~63; return here; };
    return packRows(engine.own, place, centroids.byteOffset + m * KSUB * dsub * 4, KSUB, dsub, 'L2');
  });
  await run(engine, 'decodeNearest', { y: y.byteOffset, n, d, dsub, centroids: centroids.byteOffset, books: packed, out: decoded.byteOffset, errors: errors.byteOffset }, errors.length, nearestScratch(DECODE_ROWS, dsub));
  return errors.reduce((sum, error) => sum + error, 0) / n;
}
