/** Each kernel once more in plain TypeScript: what it means, and what the tests hold it to. Arrays instead of pointers. */

export const l2 = (x: Float32Array, y: Float32Array) => x.reduce((sum, v, j) => sum + (v - (y[j] ?? 0)) ** 2, 0);

export const ip = (x: Float32Array, y: Float32Array) => x.reduce((sum, v, j) => sum - v * (y[j] ?? 0), 0);

/** The nearest row of y (m, d) to x; ties to the smallest. */
export function nearest(x: Float32Array, y: Float32Array, distance = l2): number {
  const d = x.length;
  let best = 0, least = Infinity;
  for (let j = 0; j * d < y.length; j++) {
    const v = distance(x, y.subarray(j * d, (j + 1) * d));
    if (v < least) { least = v; best = j; }
  }
  return best;
}

/** The k smallest of `values` by (value, id), ascending. */
export const smallest = (values: Float32Array, k: number) =>
  [...values].map((value, id) => ({ value, id })).sort((a, b) => a.value - b.value || a.id - b.id).slice(0, k);

/** Code m of a bit-packed code. */
export function codeAt(code: Uint8Array, m: number, nbits: number): number {
  let v = 0;
  for (let b = 0; b < nbits; b++) v |= (((code[(m * nbits + b) >> 3] ?? 0) >> ((m * nbits + b) & 7)) & 1) << b;
  return v;
}

/** Σ_m table[m, code_m], table (M, 2^nbits). */
export function lookUp(table: Float32Array, code: Uint8Array, M: number, nbits: number): number {
  let sum = 0;
  for (let m = 0; m < M; m++) sum += table[m * 2 ** nbits + codeAt(code, m, nbits)] ?? 0;
  return sum;
}

/** table[m, k] = ‖x_m − c_mk‖² with centroids (M, ksub, dsub). */
export function l2Table(x: Float32Array, centroids: Float32Array, M: number, ksub: number): Float32Array {
  const dsub = x.length / M;
  return Float32Array.from({ length: M * ksub }, (_, at) => l2(x.subarray(Math.floor(at / ksub) * dsub).subarray(0, dsub), centroids.subarray(at * dsub, (at + 1) * dsub)));
}

/** Column sums of x (n, d), in order of its rows. */
export function sumColumns(x: Float32Array, d: number): Float64Array {
  const sums = new Float64Array(d);
  x.forEach((v, at) => { sums[at % d] = (sums[at % d] ?? 0) + v; });
  return sums;
}

export const lessColumns = (x: Float32Array, mean: Float64Array) => Float32Array.from(x, (v, at) => v - (mean[at % mean.length] ?? 0));

/** Owner of (x, y) among sites (n, 3): the least ax·x + ay·y + w. */
export function owner(sites: Float32Array, x: number, y: number): number {
  let best = 0, least = Infinity;
  for (let s = 0; s < sites.length / 3; s++) {
    const v = (sites[3 * s] ?? 0) * x + (sites[3 * s + 1] ?? 0) * y + (sites[3 * s + 2] ?? 0);
    if (v < least) { least = v; best = s; }
  }
  return best;
}

/** A·x + b with A (m, d), one value per row. */
export const affine = (x: Float32Array, A: Float32Array, b: Float32Array): Float32Array =>
  b.map((bias, i) => bias - ip(x, A.subarray(i * x.length, (i + 1) * x.length)));

/** Rows `ids` of x, cut into parts of d components, part after part: (parts, ids.length, d). */
export const gatherParts = (x: Float32Array, ids: Int32Array, d: number, parts: number): Float32Array =>
  Float32Array.from({ length: parts * ids.length * d }, (_, at) => {
    const m = Math.floor(at / (ids.length * d)), i = Math.floor(at / d) % ids.length;
    return x[(ids[i] ?? 0) * parts * d + m * d + (at % d)] ?? NaN;
  });

/** Of values in order of arrival, each with an id: while there is room all stay, then a smaller one takes the place of the largest by (value,
 *  id). */
export function firstSmallest(values: ArrayLike<number>, ids: ArrayLike<number>, k: number): { value: number; id: number }[] {
  const kept: { value: number; id: number }[] = [], ascending = (a: { value: number; id: number }, b: { value: number; id: number }) => a.value - b.value || a.id - b.id;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0, last = kept.at(-1);
    if (kept.length === k && last && value >= last.value) continue;
    if (kept.length === k) kept.pop();
    kept.push({ value, id: ids[i] ?? 0 });
    kept.sort(ascending);
  }
  return kept;
}
