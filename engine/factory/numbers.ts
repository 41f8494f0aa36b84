/** Small arithmetic that several terms share. */

/** Divisors of d other than M, nearest to M first; on a tie the larger. */
export function nearestDivisors(d: number, M: number): number[] {
  const divisors: number[] = [];
  for (let i = 1; i * i <= d; i++) {
    if (d % i !== 0) continue;
    divisors.push(i);
    if (i * i !== d) divisors.push(d / i);
  }
  return divisors.filter((i) => i !== M).sort((a, b) => Math.abs(a - M) - Math.abs(b - M) || b - a);
}

export const ceilDiv = (a: number, b: number): number => Math.ceil(a / b);

/** Bits needed to number 0 … n−1. Exact up to 2^53; counts beyond 2^64 are taken for that. */
export function bitsFor(n: number): number {
  if (n > 2 ** 64) return 64;
  let bits = 0;
  for (let top = n - 1; top >= 1; top /= 2) bits++;
  return bits;
}

/** Bytes of a list number among nlist. */
export const listBytes = (nlist: number): number => ceilDiv(bitsFor(nlist), 8);

/** Powers of two in [from, to]. */
export const powers = (from: number, to: number): number[] => (from > to ? [] : [from, ...powers(2 * from, to)]);

export const upTo = (most: number): number[] => Array.from({ length: most }, (_, i) => i + 1);

export const divisors = (d: number): number[] => nearestDivisors(d, 0);

/** The divisor of d nearest to `target`; on a tie the larger. */
export const nearDivisor = (d: number, target: number): number => (d % target === 0 ? target : nearestDivisors(d, target)[0] ?? 1);

/** Multiples in about 64 steps up to 2d, and powers of two. */
export const widths = (d: number): number[] => [...powers(8, 2 * d), d, ...upTo(64).map((i) => i * Math.max(1, 2 ** Math.floor(Math.log2(d / 32))))];
