/** The kernels of scalar codes and of fast-scan blocks once more in plain TypeScript: what they mean, and what the tests hold them to. */
import { codeAt } from './twins';

const float = new Float32Array(1), bits = new Uint32Array(float.buffer);
const fromBits = (b: number) => { bits[0] = b; return float[0] ?? 0; };

/** Code of one component over a range. */
export function sqCode(v: number, min: number, range: number, nbits: number): number {
  return range === 0 ? 0 : Math.floor(Math.fround(Math.min(1, Math.max(0, Math.fround(Math.fround(v - min) / range))) * (2 ** nbits - 1)));
}

/** Number j of a code in one of the five forms of assembly/sq.ts. */
export function sqNumber(form: number, code: Uint8Array, j: number): number {
  if (form < 3) return codeAt(code, j, [8, 6, 4][form] ?? 0);
  const short = (code[2 * j] ?? 0) | ((code[2 * j + 1] ?? 0) << 8);
  return form === 4 ? fromBits(short << 16) : fromBits(((short & 0x8000) << 16) | ((short & 0x7fff) << 13));
}

/** How many of the bounds lie at or below v. */
export const levelOf = (v: number, bounds: Float32Array) => bounds.filter((b) => b <= v).length;

/** H·x, H[i, j] = −1 to the number of bits that i and j share. */
export const hadamard = (x: number[]) => x.map((_, i) => x.reduce((sum, v, j) => sum + (onesOf(i & j) % 2 ? -v : v), 0));
const onesOf = (n: number) => n.toString(2).replaceAll('0', '').length;

/** Part m of vector i in fast-scan blocks of M2 parts. */
export function blockCode(blocks: Uint8Array, M2: number, i: number, m: number): number {
  const place = [0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15].indexOf(i % 16);
  return ((blocks[Math.floor(i / 32) * M2 * 16 + m * 16 + place] ?? 0) >> (i % 32 < 16 ? 0 : 4)) & 15;
}

/** Tables (M, 16) → the scale a of their rounded form, and Σ min. */
export function roundedScale(tables: Float32Array, M: number): { a: number; base: number } {
  const parts = Array.from({ length: M }, (_, m) => tables.subarray(m * 16, (m + 1) * 16));
  const low = parts.map((t) => Math.min(...t)), spans = parts.map((t, m) => Math.fround(Math.max(...t) - (low[m] ?? 0)));
  const sum = spans.reduce((s, v) => Math.fround(s + v), 0);
  const a = sum > 0 ? Math.min(Math.fround(255 / Math.max(...spans)), Math.fround((65535 - (M >> 1)) / sum)) : 1;
  return { a, base: low.reduce((s, v) => Math.fround(s + v), 0) };
}

/** Sum of the rounded entries of vector i. */
export const blockSum = (rounded: Uint8Array, blocks: Uint8Array, M2: number, i: number) =>
  Array.from({ length: M2 }, (_, m) => rounded[m * 16 + blockCode(blocks, M2, i, m)] ?? 0).reduce((sum, v) => sum + v, 0);
