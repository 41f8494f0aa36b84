/** Lloyd's k-means as Faiss runs it (grammar of defaults: 25 iterations, ≤ 256 points a centroid, first centroids from a
 *  permutation, empty cells repaired by splitting). Problems over parts of the same rows advance side by side, so that all
 *  threads have work however small one of them is. Knows vectors and centroids; not what they will be used for. */
import { keepsStep } from './build/trace';
import { nearestScratch, packRows, packedBytes } from './dense';
import type { Packed } from './dense';
import type { Metric } from './factory/spec';
import { openArena, release, take, takeF32, takeI32 } from './memory';
import type { Arena, EngineMemory } from './memory';
import type { Engine } from './pool';
import { run } from './pool';
import { mt19937, permutation, uniformFloat } from './random';
import { refuse } from './refusal';
import type { Thread } from './thread';
import { scratch } from './thread';

export type KMeansOptions = {
  k: number; d: number; n: number;
  /** Rows at address x, `stride` floats apart. */
  x: number; stride: number;
  /** Problems side by side: part m is components [m·d, (m + 1)·d) of every row. 1 when absent. */
  parts?: number;
  metric: Metric;      // inner product: spherical, centroids renormalised
  niter: number;
  seed: number;        // Faiss: 1234
  maxPointsPerCentroid?: number;
  /** Begin with what `centroids` holds instead of rows of the sample. */
  warm?: boolean;
  stage?: string;
  trace?: KMeansTrace;
};

/** What training records when asked: the state after each iteration; sums, and for the imbalance the mean, over all parts. */
export type KMeansTrace = {
  iterations: {
    objective: number;
    /** (parts) of each alone; a part that has settled keeps its last. */
    parts: Float64Array;
    empty: number; moved: number; imbalance: number; ms: number;
    /** (parts, k, d), empty where it was left out. */
    centroids: Float32Array;
  }[];
  sampled: number;
  /** Floats of centroids to keep at most: of every so-manieth iteration then. Without it all are, until MOST_RECORDED are held. */
  most?: number;
};

const MAX_POINTS = 256;
const SPLIT = 1 / 1024;
const MOST_RECORDED = 64 * 2 ** 20; // floats of centroids that a trace may hold; beyond, only the numbers are kept

/** Writes k centroids of each part to `centroids` (parts, k, d). */
export async function kmeans(engine: Engine, options: KMeansOptions, centroids: Float32Array): Promise<void> {
  const { k, d, n, metric, niter, stage, trace } = options;
  if (n < k) refuse(`k-means needs at least as many vectors as cells: ${k} cells, ${n} vectors. Fewer cells, or more vectors, would do.`);
  const arena = openArena(engine.memory);
  try {
    const sample = await subsample(engine, arena, options);
    if (trace) trace.sampled = sample.n;
    if (!options.warm || sample.n === k) chooseFirst(engine.memory, sample, options, centroids);
    if (metric === 'IP') normalizeRows(centroids, d);
    if (sample.n === k) return;
    const problems = openProblems(engine, arena, sample, options, centroids);
    const before = trace && new Int32Array(problems.length * sample.n).fill(-1);
    for (let i = 0, active = problems; i < niter && active.length > 0; i++) {
      const started = performance.now();
      await iterate(engine, sample, active, options);
      const sizes = trace && problems.map(({ counts }) => counts.slice());
      let empty = 0;
      for (const problem of active) {
        empty += splitEmpty(problem.centroids, problem.counts, d, sample.n);
        if (metric === 'IP') normalizeRows(problem.centroids, d);
      }
      if (trace && before && sizes) record(trace, problems, before, sizes, { empty, ms: performance.now() - started, centroids: keeps(trace, i, niter, centroids.length) ? centroids.slice() : new Float32Array(0) });
      if (stage) engine.report(stage, i + 1, niter);
      active = active.filter((problem) => problem.objective !== problem.last);
    }
  } finally {
    release(arena);
  }
}

const keeps = ({ most }: KMeansTrace, i: number, niter: number, floats: number) =>
  most === undefined ? floats * (i + 1) <= MOST_RECORDED : keepsStep(i, niter, floats, most);

/** Rows of all parts: row i of part m is at x + (m·step + i·stride) floats. */
type Sample = { x: number; step: number; stride: number; n: number };

/** At most maxPoints·k rows, chosen by Faiss's permutation. Parts are laid out one after the other, so that each is read without
 *  gaps; the rows of a single part stay where they are when all are taken. */
async function subsample(engine: Engine, arena: Arena, { x, n, stride, k, d, seed, parts = 1, maxPointsPerCentroid = MAX_POINTS }: KMeansOptions): Promise<Sample> {
  const most = k * maxPointsPerCentroid, take = Math.min(n, most);
  if (n <= most && parts === 1) return { x, step: 0, stride, n };
  const rows = takeF32(arena, parts * take * d, 'the k-means sample');
  const ids = n <= most ? null : takeI32(arena, take);
  ids?.set(permutation(n, seed, take));
  await run(engine, 'gather', { x, stride, ids: ids?.byteOffset ?? 0, n: take, d, parts, out: rows.byteOffset }, Math.ceil(take / GATHER_ROWS));
  return { x: rows.byteOffset, step: take * d, stride: d, n: take };
}

export type GatherArgs = { x: number; stride: number; ids: number; n: number; d: number; parts: number; out: number };
const GATHER_ROWS = 2048;

export function gatherBlock(thread: Thread, { x, stride, ids, n, d, parts, out }: GatherArgs, block: number): void {
  thread.build.gatherParts(x, stride, ids, block * GATHER_ROWS, Math.min(n, (block + 1) * GATHER_ROWS), n, d, parts, out);
}

/** The rows that Faiss begins with: the first k of a permutation, the same for every part. */
function chooseFirst({ memory }: EngineMemory, { x, step, stride, n }: Sample, { k, d, seed, parts = 1 }: KMeansOptions, centroids: Float32Array): void {
  const ids = permutation(n, seed + 1, k);
  for (let m = 0; m < parts; m++) {
    const rows = new Float32Array(memory.buffer, x + m * step * 4, (n - 1) * stride + d);
    ids.forEach((id, i) => centroids.set(rows.subarray(id * stride, id * stride + d), (m * k + i) * d));
  }
}

/** What the tasks need of one part: addresses only. `sums` (chunks, f64) receives the objective of each chunk of rows. */
type Part = { x: number; best: number; sums: number; centroids: number; counts: number; to: Packed };

type Problem = {
  centroids: Float32Array; // (k, d)
  counts: Int32Array;      // (k)
  best: Int32Array;        // (n)
  sums: Float64Array;      // (chunks)
  norms: number;           // Σ ‖x‖², which the assignment leaves out
  objective: number;
  last: number;            // objective of the iteration before
  packed: number;          // where the centroids are packed
  x: number;
};

function openProblems(engine: Engine, arena: Arena, sample: Sample, { k, d, metric, parts = 1 }: KMeansOptions, centroids: Float32Array): Problem[] {
  const { n, stride } = sample, { buffer } = engine.memory.memory, chunks = Math.ceil(n / assignRows(k, d)), { build } = engine.own;
  const room = openArena(engine.memory), squares = takeF32(room, n);
  const problems = Array.from({ length: parts }, (_, m): Problem => {
    const x = sample.x + m * sample.step * 4;
    if (metric === 'L2') build.normsSqr(x, stride, n, d, squares.byteOffset);
    return {
      x, norms: metric === 'L2' ? build.sumValues(squares.byteOffset, n) : 0,
      centroids: centroids.subarray(m * k * d, (m + 1) * k * d), counts: takeI32(arena, k),
      best: takeI32(arena, n + 3).subarray(0, n), // whole groups of four are written
      sums: new Float64Array(buffer, take(arena, chunks * 8), chunks),
      objective: NaN, last: NaN, packed: take(arena, packedBytes(k, d)),
    };
  });
  release(room);
  return problems;
}

/** Assignment and means of every active problem. */
async function iterate(engine: Engine, { n, stride }: Sample, active: Problem[], { k, d, metric }: KMeansOptions): Promise<void> {
  const parts = active.map(({ x, best, sums, centroids, counts, packed }): Part => {
    let top = packed;
    const place = (bytes: number) => { const at = top; top += (bytes + 63) & ~63; return at; };
    const to = packRows(engine.own, place, centroids.byteOffset, k, d, metric);
    return { x, best: best.byteOffset, sums: sums.byteOffset, centroids: centroids.byteOffset, counts: counts.byteOffset, to };
  });
  const rows = assignRows(k, d), per = Math.ceil(k / Math.ceil(SUM_BLOCKS / parts.length));
  await run(engine, 'assignParts', { parts, n, stride, rows }, parts.length * Math.ceil(n / rows), nearestScratch(rows, d));
  await run(engine, 'sumParts', { parts, n, stride, d, k, per }, parts.length * Math.ceil(k / per));
  for (const problem of active) {
    problem.last = problem.objective;
    problem.objective = problem.sums.reduce((sum, part) => sum + part, problem.norms);
    divide(problem.centroids, problem.counts, d);
  }
}

/** Rows of a block: some milliseconds of work, whatever k and d. */
const assignRows = (k: number, d: number) => Math.min(4096, Math.max(256, 2 ** Math.floor(Math.log2(2 ** 24 / (k * d)))));

export type AssignPartsArgs = { parts: Part[]; n: number; stride: number; rows: number };

/** Blocks go through the parts first: neighbouring blocks read the same rows. */
export function assignPartsBlock(thread: Thread, { parts, n, stride, rows }: AssignPartsArgs, block: number): void {
  const part = parts[block % parts.length], chunk = Math.floor(block / parts.length);
  if (!part) throw new Error(`assignPartsBlock: block ${block} of ${parts.length} parts`);
  const { x, best, sums, to } = part, from = chunk * rows, count = Math.min(rows, n - from), whole = Math.ceil(count / 4) * 4;
  const packed = scratch(thread, whole * to.d * 4), value = scratch(thread, whole * 4);
  thread.build.pack4(x + from * stride * 4, stride, count, to.d, packed);
  thread.build.nearest(packed, whole, to.panels, to.padded, to.d, to.alpha, to.add, best + from * 4, value);
  new Float64Array(thread.buffer, sums + chunk * 8, 1)[0] = thread.build.sumValues(value, count);
}

export type SumPartsArgs = { parts: Part[]; n: number; stride: number; d: number; k: number; per: number };

// Every block reads the assignments of all rows, so few; each cell is summed by one block in order of the rows.
const SUM_BLOCKS = 8;

export function sumPartsBlock(thread: Thread, { parts, n, stride, d, k, per }: SumPartsArgs, block: number): void {
  const part = parts[block % parts.length], from = Math.floor(block / parts.length) * per, to = Math.min(k, from + per);
  if (!part) throw new Error(`sumPartsBlock: block ${block} of ${parts.length} parts`);
  const sums = part.centroids + from * d * 4, counts = part.counts + from * 4;
  new Float32Array(thread.buffer, sums, (to - from) * d).fill(0);
  new Int32Array(thread.buffer, counts, to - from).fill(0);
  thread.build.sumByList(part.x, stride, n, d, part.best, from, to, sums, counts);
}

function divide(centroids: Float32Array, counts: Int32Array, d: number): void {
  counts.forEach((count, c) => {
    if (count === 0) return;
    const scale = Math.fround(1 / count);
    for (let j = c * d; j < (c + 1) * d; j++) centroids[j] = (centroids[j] ?? 0) * scale;
  });
}

/** Each empty cell takes half of a cell drawn with chance ∝ its size; the two are pushed apart by 1/1024. */
function splitEmpty(centroids: Float32Array, counts: Int32Array, d: number, n: number): number {
  if (!counts.includes(0)) return 0;
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

function record(trace: KMeansTrace, problems: Problem[], before: Int32Array, sizes: Int32Array[], step: { empty: number; ms: number; centroids: Float32Array }): void {
  let moved = 0, objective = 0, skew = 0;
  problems.forEach((problem, m) => {
    const { best } = problem, at = m * best.length;
    for (let i = 0; i < best.length; i++) if (before[at + i] !== best[i]) moved++;
    before.set(best, at);
    objective += problem.objective;
    skew += imbalance(sizes[m] ?? []);
  });
  trace.iterations.push({ ...step, objective, parts: Float64Array.from(problems, (problem) => problem.objective), moved, imbalance: skew / problems.length });
}

/** Imbalance factor: k·Σ size² / n², 1 when all cells are equal. */
export function imbalance(sizes: ArrayLike<number>): number {
  let n = 0, squares = 0;
  for (let i = 0; i < sizes.length; i++) { const s = sizes[i] ?? 0; n += s; squares += s * s; }
  return n === 0 ? 1 : (sizes.length * squares) / (n * n);
}
