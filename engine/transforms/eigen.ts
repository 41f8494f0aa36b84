/** Eigenvectors of a symmetric matrix in double precision: Householder reduction to tridiagonal form, then implicit QL
 *  (Golub & Van Loan, Matrix Computations, 4th ed., §8.3.1 and §8.3.5; Bowdler, Martin, Reinsch & Wilkinson 1968).
 *  Everything runs along rows of row-major arrays, so that a matrix of 784 columns is read as it lies in memory. */
import { plainRows } from './eigen-rows';
import type { EigenRows } from './eigen-rows';
import { finish } from './steps';
import type { Steps } from './steps';

export type Eigen = {
  values: Float64Array;  // (n) descending
  vectors: Float64Array; // (n, n) row i belongs to values[i]; orthonormal
};

/** a (n, n), of which the lower triangle is read. Signs are free in the mathematics and fixed here: the component of largest
 *  magnitude is positive (the first one, where several are equal). */
export const symmetricEigen = (a: Float64Array, n: number): Eigen => finish(eigenSteps(a, n));

/** The same in steps of O(n²), after each of which a caller may stop or let messages through. Plain and by kernels, the bits are the same. */
export function* eigenSteps(a: Float64Array, n: number, on: EigenRows = plainRows(n)): Steps<Eigen> {
  if (a.length !== n * n) throw new Error(`symmetricEigen: ${a.length} values given, ${n}×${n} expected`);
  const diagonal = new Float64Array(n), off = new Float64Array(n);
  on.q.set(a);
  yield* tridiagonalize(on, diagonal, off, n);
  yield* diagonalize(on, diagonal, off, n);
  return ordered(on.q, diagonal, n);
}

/** q (symmetric) → rows of Q with Q·a·Qᵀ tridiagonal: `diagonal`, and `off` whose entry i joins i and i + 1. */
function* tridiagonalize(on: EigenRows, diagonal: Float64Array, off: Float64Array, n: number): Steps<void> {
  const { q, v } = on, taus = new Float64Array(n);
  for (let i = n - 1; i > 0; i--) {
    const row = q.subarray(i * n, i * n + i);
    const { tau, head } = reflector(row, v, i);
    off[i - 1] = head;
    taus[i] = tau;
    if (tau !== 0) on.rankTwo(i, tau);
    row.set(v.subarray(0, i));
    yield;
  }
  for (let i = 0; i < n; i++) diagonal[i] = q[i * n + i] ?? 0;
  yield* accumulate(on, taus, n);
}

/** The reflector I − tau·v·vᵀ that maps x (i) onto its last axis; v[i − 1] = 1, head = the component that remains. */
function reflector(x: Float64Array, v: Float64Array, i: number): { tau: number; head: number } {
  const last = x[i - 1] ?? 0;
  let scale = 0;
  for (let j = 0; j < i; j++) scale = Math.max(scale, Math.abs(x[j] ?? 0));
  let tail = 0;
  for (let j = 0; j < i - 1; j++) { const t = (x[j] ?? 0) / (scale || 1); tail += t * t; }
  if (tail === 0) { v.fill(0, 0, i); return { tau: 0, head: last }; }
  const norm = scale * Math.sqrt(tail + (last / scale) ** 2);
  const head = last > 0 ? -norm : norm;
  const pivot = last - head;
  for (let j = 0; j < i - 1; j++) v[j] = (x[j] ?? 0) / pivot;
  v[i - 1] = 1;
  return { tau: (head - last) / head, head };
}

/** Multiplies the reflectors, kept in the rows of q, out to Qᵀ whose rows diagonalize() will turn into eigenvectors. */
function* accumulate({ q, v, reflect }: EigenRows, taus: Float64Array, n: number): Steps<void> {
  for (let i = 0; i < n; i++) {
    const tau = taus[i] ?? 0;
    v.set(q.subarray(i * n, i * n + i));
    if (tau !== 0) reflect(i, tau);
    for (let j = 0; j < i; j++) { q[i * n + j] = 0; q[j * n + i] = 0; }
    q[i * n + i] = 1;
    yield;
  }
}

const MAX_SWEEPS = 50; // two or three suffice; more means that the input holds a NaN

/** Implicit QL: plane rotations drive `off` to zero from the top; each also turns two rows of q. */
function* diagonalize({ turn }: EigenRows, diagonal: Float64Array, off: Float64Array, n: number): Steps<void> {
  const least = VANISHING * largestOf(diagonal, off);
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      const m = nextSplit(diagonal, off, l, n, least);
      if (m === l) break;
      if (sweep === MAX_SWEEPS) throw new Error(`symmetricEigen: eigenvalue ${l} of ${n} not found in ${MAX_SWEEPS} sweeps; a value may not be finite`);
      sweepUp(turn, diagonal, off, l, m);
      yield;
    }
  }
}

const largestOf = (...all: Float64Array[]) => all.reduce((most, values) => values.reduce((m, v) => Math.max(m, Math.abs(v)), most), 0);

// Components that are always zero leave a corner of remainders whose squares underflow, where rotations turn nothing any more.
const VANISHING = 1e-60;

/** The first m ≥ l whose off-diagonal entry is nothing beside its neighbours on the diagonal, or at most `least`. */
function nextSplit(diagonal: Float64Array, off: Float64Array, l: number, n: number, least: number): number {
  for (let m = l; m < n - 1; m++) {
    const size = Math.abs(diagonal[m] ?? 0) + Math.abs(diagonal[m + 1] ?? 0);
    if (Math.abs(off[m] ?? 0) <= Math.max(least, Number.EPSILON * size)) return m;
  }
  return n - 1;
}

/** One QL step on rows l … m with Wilkinson's shift. */
function sweepUp(turn: EigenRows['turn'], diagonal: Float64Array, off: Float64Array, l: number, m: number): void {
  const dl = diagonal[l] ?? 0, el = off[l] ?? 0;
  const half = ((diagonal[l + 1] ?? 0) - dl) / (2 * el), root = Math.hypot(half, 1);
  let g = (diagonal[m] ?? 0) - dl + el / (half + (half < 0 ? -root : root));
  let s = 1, c = 1, p = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = s * (off[i] ?? 0), b = c * (off[i] ?? 0), r = Math.sqrt(f * f + g * g);
    off[i + 1] = r;
    if (r === 0) { // the rotation underflowed: split here and start again
      diagonal[i + 1] = (diagonal[i + 1] ?? 0) - p;
      off[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = (diagonal[i + 1] ?? 0) - p;
    const step = ((diagonal[i] ?? 0) - g) * s + 2 * c * b;
    p = s * step;
    diagonal[i + 1] = g + p;
    g = c * step - b;
    turn(i, c, s);
  }
  diagonal[l] = (diagonal[l] ?? 0) - p;
  off[l] = g;
  off[m] = 0;
}

function ordered(q: Float64Array, diagonal: Float64Array, n: number): Eigen {
  const order = Array.from(diagonal.keys()).sort((i, j) => (diagonal[j] ?? 0) - (diagonal[i] ?? 0));
  const values = new Float64Array(n), vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    values[to] = diagonal[from] ?? 0;
    const row = q.subarray(from * n, (from + 1) * n);
    vectors.set(row, to * n);
    fixSign(vectors.subarray(to * n, (to + 1) * n));
  });
  return { values, vectors };
}

function fixSign(row: Float64Array): void {
  let largest = 0;
  for (const value of row) if (Math.abs(value) > Math.abs(largest)) largest = value;
  if (largest < 0) for (let j = 0; j < row.length; j++) row[j] = -(row[j] ?? 0);
}
