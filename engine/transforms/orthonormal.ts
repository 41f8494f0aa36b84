/** Orthonormal matrices in double precision: the Q of a QR decomposition, random rotations, and the orthonormal matrix nearest
 *  to a given one (orthogonal Procrustes; Schönemann 1966). Knows matrices; not vectors of a data set, nor indexes. */
import { gaussians } from '../random';
import { eigenSteps } from './eigen';
import { finish } from './steps';
import type { Steps } from './steps';

/** Q of the QR decomposition of the matrix whose columns are the rows of g (m, d), m ≤ d; its columns as rows (m, d). Signs are
 *  those of LAPACK's reflectors: row i of Q has the sign that makes R[i, i] opposite to the component it replaces. */
export const qrRows = (g: Float64Array, m: number, d: number): Float64Array => finish(qrRowsSteps(g, m, d));

export function* qrRowsSteps(g: Float64Array, m: number, d: number): Steps<Float64Array> {
  if (m > d) throw new Error(`qrRows: ${m} rows of ${d} components cannot be orthonormal`);
  const work = g.slice(), taus = new Float64Array(m), q = new Float64Array(m * d);
  for (let i = 0; i < m; i++) {
    taus[i] = makeReflector(work, i, d);
    for (let r = i + 1; r < m; r++) reflect(work, r * d, work, i, d, taus[i] ?? 0);
    yield;
  }
  for (let i = m - 1; i >= 0; i--) {
    q[i * d + i] = 1;
    for (let r = i; r < m; r++) reflect(q, r * d, work, i, d, taus[i] ?? 0);
    yield;
  }
  return q;
}

/** Row i of `work` → the reflector I − tau·v·vᵀ that clears it after component i; v is kept there, v[i] = 1 left out. */
function makeReflector(work: Float64Array, i: number, d: number): number {
  const at = i * d, head = work[at + i] ?? 0;
  let tail = 0;
  for (let j = at + i + 1; j < at + d; j++) tail += (work[j] ?? 0) ** 2;
  if (tail === 0) return 0;
  const norm = Math.sqrt(head * head + tail), to = head >= 0 ? -norm : norm;
  for (let j = at + i + 1; j < at + d; j++) work[j] = (work[j] ?? 0) / (head - to);
  return (to - head) / to;
}

function reflect(rows: Float64Array, at: number, work: Float64Array, i: number, d: number, tau: number): void {
  const v = i * d;
  let dot = rows[at + i] ?? 0;
  for (let j = i + 1; j < d; j++) dot += (rows[at + j] ?? 0) * (work[v + j] ?? 0);
  dot *= tau;
  rows[at + i] = (rows[at + i] ?? 0) - dot;
  for (let j = i + 1; j < d; j++) rows[at + j] = (rows[at + j] ?? 0) - dot * (work[v + j] ?? 0);
}

/** A random matrix (dOut, dIn) with orthonormal rows; with dOut > dIn its columns are, so that lengths are kept. `drawn` is how
 *  many deviates the stream is cut for, which changes them all: dOut·max(dIn, dOut) unless said otherwise. */
export const randomRotation = (dIn: number, dOut: number, seed: number): Float64Array => finish(randomRotationSteps(dIn, dOut, seed));

export function* randomRotationSteps(dIn: number, dOut: number, seed: number, drawn = dOut * Math.max(dIn, dOut)): Steps<Float64Array> {
  const wide = Math.max(dIn, dOut);
  const q = yield* qrRowsSteps(Float64Array.from(gaussians(drawn, seed).subarray(0, dOut * wide)), dOut, wide);
  if (wide === dIn) return q;
  const out = new Float64Array(dOut * dIn);
  for (let i = 0; i < dOut; i++) out.set(q.subarray(i * wide, i * wide + dIn), i * dIn);
  return out;
}

/** U·Vᵀ where C = U·Σ·Vᵀ (m, n): of all matrices with orthonormal rows or columns the one with the largest tr(CᵀW). */
export const nearestOrthonormal = (C: Float64Array, m: number, n: number): Float64Array => finish(nearestOrthonormalSteps(C, m, n));

// Below this share of the largest singular value CᵀC, in double precision, says nothing of a direction's image.
const WEAK = 1e-5;

export function* nearestOrthonormalSteps(C: Float64Array, m: number, n: number): Steps<Float64Array> {
  if (C.length !== m * n) throw new Error(`nearestOrthonormal: ${C.length} values given, ${m}×${n} expected`);
  if (m < n) return transpose(yield* nearestOrthonormalSteps(transpose(C, m, n), n, m), n, m);
  const { U, V } = yield* singularVectorSteps(C, m, n);
  return yield* times(transpose(U, n, m), m, n, V, n);
}

/** The singular vectors of C (m, n), m ≥ n, as rows of U (n, m) and V (n, n). CᵀC = V·Σ²·Vᵀ, so u = C·v/σ where the singular value
 *  is strong. For each weak one u is what C·v leaves beside those before it, or, where that is nothing too (a component that is
 *  always zero), any unit vector that is free. */
export function* singularVectorSteps(C: Float64Array, m: number, n: number): Steps<{ U: Float64Array; V: Float64Array }> {
  const { values, vectors } = yield* eigenSteps(yield* times(transpose(C, m, n), n, m, C, n), n);
  const images = yield* times(vectors, n, n, transpose(C, m, n), m); // (n, m) row i = C·v_i
  const largest = Math.sqrt(Math.max(0, values[0] ?? 0));
  for (let i = 0; i < n; i++) {
    const row = images.subarray(i * m, (i + 1) * m), length = norm(row);
    if (length > WEAK * largest) scaleBy(row, 1 / length);
    else complete(images, i, m, largest);
    yield;
  }
  return { U: images, V: vectors };
}

/** Makes row i of `rows` (·, m) a unit vector orthogonal to those before it, as near to what it holds as that says anything. */
function complete(rows: Float64Array, i: number, m: number, largest: number): void {
  const row = rows.subarray(i * m, (i + 1) * m);
  removeRows(rows, i, m, row);
  if (norm(row) <= 1e-14 * largest) {
    row.fill(0);
    row[freestAxis(rows, i, m)] = 1;
    removeRows(rows, i, m, row);
  }
  scaleBy(row, 1 / norm(row));
  removeRows(rows, i, m, row); // once more: twice is enough (Kahan; Parlett 1980, §6-9)
  scaleBy(row, 1 / norm(row));
}

/** The axis of which the first i rows hold least; it keeps at least (m − i)/m of its squared length beside them. */
function freestAxis(rows: Float64Array, i: number, m: number): number {
  const held = new Float64Array(m);
  for (let r = 0; r < i; r++) for (let j = 0; j < m; j++) held[j] = (held[j] ?? 0) + (rows[r * m + j] ?? 0) ** 2;
  return held.indexOf(Math.min(...held));
}

function removeRows(rows: Float64Array, count: number, m: number, row: Float64Array): void {
  for (let r = 0; r < count; r++) {
    const at = r * m;
    let dot = 0;
    for (let j = 0; j < m; j++) dot += (rows[at + j] ?? 0) * (row[j] ?? 0);
    for (let j = 0; j < m; j++) row[j] = (row[j] ?? 0) - dot * (rows[at + j] ?? 0);
  }
}

const norm = (row: Float64Array) => Math.sqrt(row.reduce((sum, v) => sum + v * v, 0));

function scaleBy(row: Float64Array, by: number): void {
  for (let j = 0; j < row.length; j++) row[j] = (row[j] ?? 0) * by;
}

export function transpose(a: Float64Array, m: number, n: number): Float64Array {
  const out = new Float64Array(n * m);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[j * m + i] = a[i * n + j] ?? 0;
  return out;
}

/** a (m, k) · b (k, n). Four rows of b at a time: each pass over a row of the result then does four products. */
export function* times(a: Float64Array, m: number, k: number, b: Float64Array, n: number): Steps<Float64Array> {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    let p = 0;
    for (; p + 4 <= k; p += 4) addRows(out, i * n, a, i * k + p, b, p * n, n);
    for (; p < k; p++) {
      const f = a[i * k + p] ?? 0;
      for (let j = 0; j < n; j++) out[i * n + j] = (out[i * n + j] ?? 0) + f * (b[p * n + j] ?? 0);
    }
    yield;
  }
  return out;
}

function addRows(out: Float64Array, to: number, a: Float64Array, from: number, b: Float64Array, at: number, n: number): void {
  const f0 = a[from] ?? 0, f1 = a[from + 1] ?? 0, f2 = a[from + 2] ?? 0, f3 = a[from + 3] ?? 0;
  for (let j = 0; j < n; j++) {
    const p = at + j;
    out[to + j] = (out[to + j] ?? 0) + f0 * (b[p] ?? 0) + f1 * (b[p + n] ?? 0) + f2 * (b[p + 2 * n] ?? 0) + f3 * (b[p + 3 * n] ?? 0);
  }
}
