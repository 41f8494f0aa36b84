/** How an additive quantizer keeps ‖x̂‖², without which an L2 distance cannot be summed from tables: as a float, in uniform steps
 *  (qint), in exact one-dimensional k-means cells (cqint), or as a sum of two 4-bit codebooks (lsq2x4, rq2x4). */
import type { Norm } from '../factory/spec';
import { openArena, release, takeF32 } from '../memory';
import type { Arena } from '../memory';
import type { Engine } from '../pool';
import { permutation, shifted } from '../random';
import { patiently } from '../transforms/steps';
import type { Steps } from '../transforms/steps';
import { trainLsq } from './lsq';
import { trainRq } from './rq';

export type Norms = {
  least: number; most: number;  // of the training vectors
  values: Float32Array;         // (2^bits) what each code stands for; empty where there is no code
  books: Float32Array;          // (2, 16) of lsq2x4 and rq2x4: values[16·i + j] = books[0, j] + books[1, i]; else empty
};

const BITS: { [N in Exclude<Norm, null>]: number } = { none: 0, float: 32, qint8: 8, cqint8: 8, lsq2x4: 8, rq2x4: 8, qint4: 4, cqint4: 4 };
export const normBits = (norm: Norm) => (norm === null ? 0 : BITS[norm]);

/** Room that trainNorms fills. */
export function openNorms(arena: Arena, norm: Norm): Norms {
  const bits = normBits(norm), coded = bits === 4 || bits === 8;
  return { least: NaN, most: NaN, values: takeF32(arena, coded ? 2 ** bits : 0), books: takeF32(arena, norm === 'lsq2x4' || norm === 'rq2x4' ? 32 : 0) };
}

/** Fits to the norms of the decoded training vectors, squares (n). */
export async function trainNorms(engine: Engine, to: Norms, norm: Norm, squares: Float32Array, seed: number): Promise<void> {
  to.least = squares.reduce((a, b) => Math.min(a, b), Infinity);
  to.most = squares.reduce((a, b) => Math.max(a, b), -Infinity);
  const levels = to.values.length;
  if (norm === 'qint8' || norm === 'qint4') to.values.forEach((_, i) => { to.values[i] = ((i + 0.5) / levels) * (to.most - to.least) + to.least; });
  if (norm === 'cqint8' || norm === 'cqint4') to.values.set(await patiently(engine, exactCells(sampleOf(squares, levels * 256, seed), levels)));
  if (norm === 'lsq2x4' || norm === 'rq2x4') await trainSum(engine, to, norm, squares, seed);
}

function sampleOf(values: Float32Array, most: number, seed: number): Float32Array {
  return values.length <= most ? values.slice() : Float32Array.from(permutation(values.length, shifted(1234, seed), most), (id) => values[id] ?? 0);
}

async function trainSum(engine: Engine, to: Norms, norm: 'lsq2x4' | 'rq2x4', squares: Float32Array, seed: number): Promise<void> {
  const room = openArena(engine.memory);
  try {
    const x = takeF32(room, squares.length, 'the norms');
    x.set(squares);
    const o = { x: x.byteOffset, n: x.length, stride: 1, d: 1, seed, stage: 'train norms', part: 0, parts: 1 };
    to.books.set(norm === 'lsq2x4' ? await trainLsq(engine, room, { ...o, M: 2, nbits: 4 }) : await trainRq(engine, room, { ...o, nbits: [4, 4] }));
    to.values.forEach((_, i) => { to.values[i] = (to.books[i & 15] ?? 0) + (to.books[16 + (i >> 4)] ?? 0); });
  } finally {
    release(room);
  }
}

/** The code of one norm. */
export function encodeNorm({ least, most, values }: Norms, norm: Norm, square: number): number {
  const levels = values.length;
  if (norm === 'qint8' || norm === 'qint4') return Math.min(levels - 1, Math.max(0, Math.floor(((square - least) / (most - least)) * levels) || 0));
  let best = 0, nearest = Infinity;
  for (let i = 0; i < levels; i++) {
    const off = Math.abs((values[i] ?? 0) - square);
    if (off < nearest) { nearest = off; best = i; }
  }
  return best;
}

/** The means of the k cells that together leave the least squared error: dynamic programming over the sorted values, where the best
 *  start of the last cell never moves back as values are added, so halving finds them all in O(k·n·log n) (Grønlund, Larsen, Mathiasen,
 *  Nielsen, Schneider & Song, 2017). */
export function* exactCells(x: Float32Array, k: number): Steps<Float32Array> {
  x.sort();
  const n = x.length, sums = new Float64Array(n + 1), squares = new Float64Array(n + 1), shift = x[n >> 1] ?? 0;
  for (let i = 0; i < n; i++) {
    const v = (x[i] ?? 0) - shift; // less is lost to rounding around a middle value
    sums[i + 1] = (sums[i] ?? 0) + v;
    squares[i + 1] = (squares[i] ?? 0) + v * v;
  }
  const starts = new Int32Array(k * (n + 1));
  let before: Float64Array = squares.map((s, i) => (i ? s - (sums[i] ?? 0) ** 2 / i : 0));
  for (let c = 1; c < k; c++) {
    before = addCell(before, sums, squares, starts.subarray(c * (n + 1), (c + 1) * (n + 1)), c);
    yield;
  }
  const means = new Float32Array(k);
  for (let c = k - 1, end = n; c >= 0; c--) {
    const from = starts[c * (n + 1) + end] ?? 0, size = end - from;
    means[c] = size > 0 ? ((sums[end] ?? 0) - (sums[from] ?? 0)) / size + shift : (x[Math.min(from, n - 1)] ?? 0);
    end = from;
  }
  return means;
}

/** Least error of the first i values in one cell more than `before` has, and where that cell starts; i > c, for smaller i one cell per
 *  value is enough. */
function addCell(before: Float64Array, sums: Float64Array, squares: Float64Array, starts: Int32Array, c: number): Float64Array {
  const n = sums.length - 1, after = new Float64Array(n + 1), spans = [[c + 1, n, c, n] as const];
  for (let i = 0; i <= Math.min(c, n); i++) starts[i] = Math.max(0, i - 1);
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [low, high, first, last] = span;
    if (low > high) continue;
    const i = (low + high) >> 1, end = sums[i] ?? 0, square = squares[i] ?? 0;
    let least = Infinity, best = first;
    for (let j = first; j <= Math.min(i - 1, last); j++) {
      const sum = end - (sums[j] ?? 0), error = (before[j] ?? 0) + square - (squares[j] ?? 0) - (sum * sum) / (i - j);
      if (error < least) { least = error; best = j; }
    }
    after[i] = least;
    starts[i] = best;
    spans.push([low, i - 1, first, best], [i + 1, high, best, last]);
  }
  return after;
}
