import { mulberry32 } from '../../random';

type Vector = Float64Array | Float32Array;

export function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] ?? NaN) * (b[j] ?? NaN);
  return sum;
}

/** Largest difference of two vectors. */
export function gap(a: Vector, b: Vector): number {
  let most = 0;
  for (let j = 0; j < a.length; j++) most = Math.max(most, Math.abs((a[j] ?? NaN) - (b[j] ?? NaN)));
  return most;
}

/** (m, n) uniform in ±scale. */
export function randomMatrix(m: number, n: number, seed: number, scale = 1): Float64Array {
  const random = mulberry32(seed);
  return Float64Array.from({ length: m * n }, () => (random() / 2 ** 31 - 1) * scale);
}

/** a (m, k) · b (k, n). */
export function product(a: Vector, m: number, k: number, b: Vector, n: number): Float64Array {
  return Float64Array.from({ length: m * n }, (_, at) => {
    let sum = 0;
    for (let p = 0; p < k; p++) sum += (a[Math.floor(at / n) * k + p] ?? NaN) * (b[p * n + (at % n)] ?? NaN);
    return sum;
  });
}

/** Largest departure of the rows (m, d) from orthonormal. */
export function skewOfRows(rows: Vector, m: number, d: number): number {
  let most = 0;
  for (let i = 0; i < m; i++) for (let j = 0; j <= i; j++) {
    most = Math.max(most, Math.abs(dot(rows.subarray(i * d, (i + 1) * d), rows.subarray(j * d, (j + 1) * d)) - (i === j ? 1 : 0)));
  }
  return most;
}
