/** The kernels of unit rows, Hadamard rotations and sign codes once more in plain TypeScript: what they mean, and what the tests hold
 *  them to. */

/** (x − mean)/‖x − mean‖, and 0 for the mean itself. */
export function unitRow(x: Float32Array, mean: Float32Array): Float32Array {
  const rest = x.map((v, j) => v - (mean[j] ?? 0)), length = Math.sqrt(rest.reduce((sum, v) => sum + v * v, 0));
  return length > 0 ? rest.map((v) => v / length) : rest;
}

/** H·S₃·H·S₂·H·S₁·x with H[i, j] = (−1)^(bits that i and j share)/√p. */
export function hadamardRow(x: Float32Array, signs: Float32Array, p: number): Float32Array {
  let y: number[] = Array.from({ length: p }, (_, j) => x[j] ?? 0);
  for (let round = 0; round < 3; round++) {
    const signed = y.map((v, j) => v * (signs[round * p + j] ?? 0));
    y = signed.map((_, i) => signed.reduce((sum, v, j) => sum + (ones(i & j) % 2 ? -v : v), 0) / Math.sqrt(p));
  }
  return Float32Array.from(y);
}

/** Bits that are set. */
export const ones = (v: number): number => (v ? (v & 1) + ones(v >>> 1) : 0);

/** Bits in which two codes differ. */
export const hamming = (a: Uint8Array, b: Uint8Array): number => a.reduce((sum, v, j) => sum + ones(v ^ (b[j] ?? 0)), 0);

/** Bit j: x_j lies in an odd half period, counted from thresholds_j. */
export function halfPeriodCode(x: Float32Array, thresholds: Float32Array, frequency: number): Uint8Array {
  const code = new Uint8Array(Math.ceil(x.length / 8));
  x.forEach((v, j) => {
    const half = Math.floor(Math.fround(Math.fround(v - (thresholds[j] ?? 0)) * frequency));
    if (Math.abs(half % 2) === 1) code[j >> 3] = (code[j >> 3] ?? 0) | (1 << (j & 7));
  });
  return code;
}

/** Bit j: x_j ≥ thresholds_j. */
export function signCode(x: Float32Array, thresholds: Float32Array): Uint8Array {
  const code = new Uint8Array(Math.ceil(thresholds.length / 8));
  thresholds.forEach((limit, j) => { if ((x[j] ?? 0) >= limit) code[j >> 3] = (code[j >> 3] ?? 0) | (1 << (j & 7)); });
  return code;
}

/** The other way: 1 where the bit is set, else −1. */
export const bitSigns = (code: Uint8Array): Float32Array => Float32Array.from({ length: 8 * code.length }, (_, j) => ((code[j >> 3] ?? 0) >> (j & 7)) & 1 ? 1 : -1);
