import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../../random';
import { nearestOrthonormal, qrRows, randomRotation, times, transpose } from '../../transforms/orthonormal';
import { finish } from '../../transforms/steps';
import { dot, gap, product, randomMatrix, skewOfRows } from './matrices';

const small = fc.integer({ min: 1, max: 20 });

describe('qrRows', () => {
  it('gives orthonormal rows that span the same: row i needs only the first i + 1', () => {
    fc.assert(fc.property(small, fc.nat(10), fc.integer(), (m, more, seed) => {
      const d = m + more, g = randomMatrix(m, d, seed), q = qrRows(g, m, d);
      expect(skewOfRows(q, m, d)).toBeLessThan(1e-13);
      for (let i = 0; i < m; i++) {
        const rest = g.slice(i * d, (i + 1) * d);
        for (let r = 0; r <= i; r++) {
          const row = q.subarray(r * d, (r + 1) * d), along = dot(rest, row);
          row.forEach((v, j) => { rest[j] = (rest[j] ?? NaN) - along * v; });
        }
        expect(gap(rest, new Float64Array(d))).toBeLessThan(1e-13);
      }
    }));
  });

  it('has the signs of Householder reflectors: R[i, i] is opposite to the component it replaces', () => {
    const q = (g: number[], m: number) => qrRows(Float64Array.from(g), m, g.length / m);
    expect(gap(q([3, 4], 1), Float64Array.from([-0.6, -0.8]))).toBeLessThan(1e-15);
    expect(gap(q([-3, 4], 1), Float64Array.from([-0.6, 0.8]))).toBeLessThan(1e-15);
    expect([...q([2, 0, 0, 3], 2)]).toEqual([1, 0, 0, 1]); // nothing to clear: no reflection
  });
});

describe('randomRotation', () => {
  it('has orthonormal rows, or columns when it leads to more dimensions', () => {
    fc.assert(fc.property(small, small, fc.nat(), (dIn, dOut, seed) => {
      const R = randomRotation(dIn, dOut, seed);
      if (dOut <= dIn) expect(skewOfRows(R, dOut, dIn)).toBeLessThan(1e-13);
      else expect(skewOfRows(transpose(R, dOut, dIn), dIn, dOut)).toBeLessThan(1e-13);
    }));
  });
});

describe('nearestOrthonormal', () => {
  it('is orthonormal, and CᵀW is symmetric without negative eigenvalues, whatever rows of C are zero', () => {
    fc.assert(fc.property(small, small, fc.nat(20), fc.integer(), (m, n, empty, seed) => {
      const C = randomMatrix(m, n, seed);
      C.fill(0, 0, Math.min(m, empty) * n);
      const W = nearestOrthonormal(C, m, n);
      if (m >= n) expect(skewOfRows(transpose(W, m, n), n, m)).toBeLessThan(1e-9);
      else expect(skewOfRows(W, m, n)).toBeLessThan(1e-9);
      const k = Math.min(m, n), H = m >= n ? product(transpose(W, m, n), n, m, C, n) : product(C, m, n, transpose(W, m, n), m);
      expect(gap(H, transpose(H, k, k))).toBeLessThan(1e-6);
      const random = mulberry32(seed);
      for (let t = 0; t < 5; t++) {
        const v = Float64Array.from({ length: k }, () => random() / 2 ** 31 - 1);
        expect(dot(v, product(H, k, k, v, 1))).toBeGreaterThan(-1e-6);
      }
    }), { numRuns: 200 });
  });

  it('gives an orthonormal matrix back, also when it was stretched along its own axes', () => {
    const n = 30, Q = randomRotation(n, n, 3);
    expect(gap(nearestOrthonormal(Q, n, n), Q)).toBeLessThan(1e-12);
    const B = randomMatrix(n, n, 4), H = product(B, n, n, transpose(B, n, n), n);
    for (let i = 0; i < n; i++) H[i * n + i] = (H[i * n + i] ?? NaN) + 0.1;
    expect(gap(nearestOrthonormal(product(Q, n, n, H, n), n, n), Q)).toBeLessThan(1e-9);
  });

  it('of nothing at all is still orthonormal', () => {
    expect(skewOfRows(transpose(nearestOrthonormal(new Float64Array(20), 5, 4), 5, 4), 4, 5)).toBeLessThan(1e-12);
  });
});

describe('times', () => {
  it('is the product', () => {
    fc.assert(fc.property(small, small, small, fc.integer(), (m, k, n, seed) => {
      const a = randomMatrix(m, k, seed), b = randomMatrix(k, n, seed + 1);
      expect(gap(finish(times(a, m, k, b, n)), product(a, m, k, b, n))).toBeLessThan(1e-13);
    }));
  });
});
