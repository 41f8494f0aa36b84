import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openArena, release } from '../../memory';
import { mulberry32 } from '../../random';
import { eigenSteps, symmetricEigen } from '../../transforms/eigen';
import { kernelRows } from '../../transforms/eigen-rows';
import { finish } from '../../transforms/steps';
import { testEngine } from '../engine';
import { dot, gap, randomMatrix } from './matrices';

/** What must hold of every answer, within rounding: A·v = λ·v, orthonormal rows, descending values, positive largest component. */
function validEigen(a: Float64Array, n: number): void {
  const { values, vectors } = symmetricEigen(a, n), size = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  const row = (i: number) => vectors.subarray(i * n, (i + 1) * n);
  for (let i = 0; i < n; i++) {
    const v = row(i), image = Float64Array.from({ length: n }, (_, r) => dot(a.subarray(r * n, (r + 1) * n), v));
    expect(gap(image, v.map((x) => x * (values[i] ?? NaN)))).toBeLessThanOrEqual(1e-13 * n * size);
    for (let j = 0; j <= i; j++) expect(Math.abs(dot(v, row(j)) - (i === j ? 1 : 0))).toBeLessThanOrEqual(1e-13 * n);
    if (i > 0) expect(values[i]).toBeLessThanOrEqual(values[i - 1] ?? NaN);
    expect(Math.max(...v)).toBe(Math.max(...v.map(Math.abs)));
  }
}

/** Σ_c columns of a random matrix with itself: symmetric, of rank at most `rank`. */
function scatterOf(n: number, rank: number, seed: number): Float64Array {
  const rows = randomMatrix(n, Math.max(1, rank), seed, rank === 0 ? 0 : 1), width = Math.max(1, rank);
  return Float64Array.from({ length: n * n }, (_, at) => dot(rows.subarray(Math.floor(at / n) * width).subarray(0, width), rows.subarray((at % n) * width).subarray(0, width)));
}

describe('symmetricEigen', () => {
  it('solves any scatter matrix, of full rank or not', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 45 }), fc.integer(), (n, rank, seed) => validEigen(scatterOf(n, rank, seed), n)), { numRuns: 60 });
  });

  it('solves matrices with negative, equal and wildly different eigenvalues', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 20 }), fc.integer(), (n, seed) => {
      const random = mulberry32(seed), a = new Float64Array(n * n);
      for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = random() % 3 === 0 ? 0 : (random() / 2 ** 31 - 1) * 10 ** (random() % 12);
      validEigen(a, n);
    }), { numRuns: 60 });
    validEigen(Float64Array.from({ length: 49 }, (_, i) => (i % 8 === 0 ? 5 : 0)), 7);
  });

  it('finds what is known: the second difference has eigenvalues 2 − 2·cos(jπ/(n + 1))', () => {
    const n = 100, a = Float64Array.from({ length: n * n }, (_, at) => {
      const off = Math.abs(Math.floor(at / n) - (at % n));
      return off === 0 ? 2 : off === 1 ? -1 : 0;
    });
    const { values } = symmetricEigen(a, n);
    values.forEach((value, i) => expect(value).toBeCloseTo(2 - 2 * Math.cos(((n - i) * Math.PI) / (n + 1)), 12));
    validEigen(a, n);
  });

  it('solves a matrix with a corner of remainders whose squares underflow', () => {
    const n = 48, a = new Float64Array(n * n), large = scatterOf(24, 24, 1), small = scatterOf(24, 24, 2);
    for (let i = 0; i < 24; i++) for (let j = 0; j < 24; j++) { a[i * n + j] = large[i * 24 + j] ?? 0; a[(i + 24) * n + j + 24] = (small[i * 24 + j] ?? 0) * 1e-157; }
    validEigen(a, n);
  });

  it('has the same bits by kernels', async () => {
    const engine = await testEngine(0, 2 ** 27);
    fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 45 }), fc.integer(), (n, rank, seed) => {
      const arena = openArena(engine.memory), a = scatterOf(n, rank, seed), got = finish(eigenSteps(a, n, kernelRows(engine.own, arena, n)));
      release(arena);
      expect(got).toEqual(symmetricEigen(a, n));
    }), { numRuns: 100 });
  });

  it('says so when a value is not finite, and when the size is wrong', () => {
    expect(() => symmetricEigen(Float64Array.from([1, NaN, NaN, 1]), 2)).toThrow('may not be finite');
    expect(() => symmetricEigen(new Float64Array(3), 2)).toThrow('3 values given, 2×2 expected');
  });
});
