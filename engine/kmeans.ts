/** Lloyd's k-means as Faiss runs it (grammar of defaults: 25 iterations, ≤ 256 points a centroid, first centroids from a
 *  permutation, empty cells repaired by splitting). Knows vectors and centroids; not what they will be used for. */
import { assign, packRows, packedBytes, placeIn, sumCells } from './dense';
import type { Metric } from './factory/spec';
import { openArena, release, takeF32, takeI32 } from './memory';
import type { EngineMemory } from './memory';
import type { Engine } from './pool';
import { mt19937, permutation, uniformFloat } from './random';
import { refuse } from './refusal';

export type KMeansOptions = {
  k: number; d: number; n: number;
  /** Rows at address x, `stride` floats apart. */
  x: number; stride: number;
  metric: Metric;      // inner product: spherical, centroids renormalised
  niter: number;
  seed: number;        // Faiss: 1234
  maxPointsPerCentroid?: number;
  stage?: string;
  trace?: KMeansTrace;
};

/** What training records when asked: the state after each iteration. */
export type KMeansTrace = {
  iterations: { objective: number; empty: number; moved: number; imbalance: number; ms: number; centroids: Float32Array /* (k, d) */ }[];
  sampled: number;
};

const MAX_POINTS = 256;
const SPLIT = 1 / 1024;

/** Writes k centroids to `centroids` (k, d). */
export async function kmeans(engine: Engine, options: KMeansOptions, centroids: Float32Array): Promise<void> {
  const { k, d, metric, niter, seed } = options;
  if (options.n < k) refuse(`k-means needs at least as many vectors as cells: ${k} cells, ${options.n} vectors. Fewer cells, or more vectors, would do.`);
  const arena = openArena(engine.memory);
  try {
    const sample = subsample(engine.memory, arena, options);
    if (options.trace) options.trace.sampled = sample.n;
    gatherRows(engine.memory, sample, permutation(sample.n, seed + 1, k), d, centroids);
    if (metric === 'IP') normalizeRows(centroids, d);
    if (sample.n === k) return;
    const best = takeI32(arena, sample.n), value = takeF32(arena, sample.n), counts = takeI32(arena, k);
    const norms = takeF32(arena, sample.n);
    engine.own.build.normsSqr(sample.x, sample.stride, sample.n, d, norms.byteOffset);
    const before = new Int32Array(sample.n).fill(-1);
    let last = -1;
    const room = placeIn(arena);
    const packedAt = room(packedBytes(k, d));
    for (let i = 0; i < niter; i++) {
      const started = performance.now();
      let top = packedAt;
      const to = packRows(engine.own, (bytes) => { const at = top; top += (bytes + 63) & ~63; return at; }, centroids.byteOffset, k, d, metric);
      await assign(engine, { x: sample.x, stride: sample.stride, n: sample.n, to, best: best.byteOffset, value: value.byteOffset });
      const objective = total(value) + (metric === 'L2' ? total(norms) : 0);
      await sumCells(engine, { x: sample.x, stride: sample.stride, n: sample.n, d, list: best.byteOffset, m: k, sums: centroids.byteOffset, counts: counts.byteOffset });
      divide(centroids, counts, d);
      const sizes = options.trace && Int32Array.from(counts);
      const empty = splitEmpty(centroids, counts, d, sample.n);
      if (metric === 'IP') normalizeRows(centroids, d);
      if (options.trace && sizes) record(options.trace, best, before, sizes, centroids, { objective, empty, ms: performance.now() - started });
      if (options.stage) engine.report(options.stage, i + 1, niter);
      if (objective === last) break;
      last = objective;
    }
  } finally {
    release(arena);
  }
}

type Sample = { x: number; stride: number; n: number };

/** At most maxPoints·k rows, chosen by Faiss's permutation; the rows themselves where all are taken. */
function subsample(memory: EngineMemory, arena: ReturnType<typeof openArena>, o: KMeansOptions): Sample {
  const most = o.k * (o.maxPointsPerCentroid ?? MAX_POINTS);
  if (o.n <= most) return { x: o.x, stride: o.stride, n: o.n };
  const rows = takeF32(arena, most * o.d, 'the k-means sample');
  gatherRows(memory, o, permutation(o.n, o.seed, most), o.d, rows);
  return { x: rows.byteOffset, stride: o.d, n: most };
}

function gatherRows({ memory }: EngineMemory, { x, stride, n }: Sample, ids: Int32Array, d: number, out: Float32Array): void {
  const rows = new Float32Array(memory.buffer, x, (n - 1) * stride + d);
  ids.forEach((id, i) => out.set(rows.subarray(id * stride, id * stride + d), i * d));
}

const total = (values: Float32Array) => values.reduce((sum, v) => sum + v, 0);

function divide(centroids: Float32Array, counts: Int32Array, d: number): void {
  counts.forEach((count, c) => {
    if (count === 0) return;
    const scale = Math.fround(1 / count);
    for (let j = c * d; j < (c + 1) * d; j++) centroids[j] = (centroids[j] ?? 0) * scale;
  });
}

/** Each empty cell takes half of a cell drawn with chance ∝ its size; the two are pushed apart by 1/1024. */
function splitEmpty(centroids: Float32Array, counts: Int32Array, d: number, n: number): number {
  const k = counts.length, random = mt19937(1234);
  let splits = 0;
  for (let empty = 0; empty < k; empty++) {
    if (counts[empty] !== 0) continue;
    const full = drawFull(counts, n - k, random);
    for (let j = 0; j < d; j++) {
      const value = centroids[full * d + j] ?? 0, sign = j % 2 === 0 ? SPLIT : -SPLIT;
      centroids[empty * d + j] = value * (1 + sign);
      centroids[full * d + j] = value * (1 - sign);
    }
    counts[empty] = Math.floor((counts[full] ?? 0) / 2);
    counts[full] = (counts[full] ?? 0) - (counts[empty] ?? 0);
    splits++;
  }
  return splits;
}

/** Walks the cells cyclically, accepting each with probability (size − 1)/(n − k); the largest after 10k tries. */
function drawFull(counts: Int32Array, spare: number, random: () => number): number {
  const k = counts.length;
  for (let tries = 0; tries < 10 * k; tries++) {
    const c = tries % k;
    if (uniformFloat(random) < Math.fround(((counts[c] ?? 0) - 1) / spare)) return c;
  }
  return counts.indexOf(Math.max(...counts));
}

export function normalizeRows(rows: Float32Array, d: number): void {
  for (let i = 0; i < rows.length; i += d) {
    let sum = 0;
    for (let j = i; j < i + d; j++) sum += (rows[j] ?? 0) ** 2;
    if (sum === 0) continue;
    const scale = 1 / Math.sqrt(sum);
    for (let j = i; j < i + d; j++) rows[j] = (rows[j] ?? 0) * scale;
  }
}

function record(trace: KMeansTrace, best: Int32Array, before: Int32Array, sizes: Int32Array, centroids: Float32Array, step: { objective: number; empty: number; ms: number }): void {
  let moved = 0;
  best.forEach((c, i) => { if (before[i] !== c) moved++; });
  before.set(best);
  trace.iterations.push({ ...step, moved, imbalance: imbalance(sizes), centroids: centroids.slice() });
}

/** Imbalance factor: k·Σ size² / n², 1 when all cells are equal. */
export function imbalance(sizes: ArrayLike<number>): number {
  let n = 0, squares = 0;
  for (let i = 0; i < sizes.length; i++) { const s = sizes[i] ?? 0; n += s; squares += s * s; }
  return n === 0 ? 1 : (sizes.length * squares) / (n * n);
}
