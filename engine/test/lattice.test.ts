import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openArena, release, takeF32, takeU8 } from '../memory';
import { decodeRows, opsOf } from '../quantizers/codec';
import { trainLattice } from '../quantizers/lattice';
import { mulberry32 } from '../random';
import { testEngine } from './engine';

const engine = await testEngine(0, 256 * 2 ** 20), thread = engine.own, random = mulberry32(8);
const shapes = fc.constantFrom([2, 5], [3, 14], [4, 10], [5, 11], [8, 14], [8, 30], [16, 20], [24, 32]).chain(([dsub = 0, r2 = 0]) =>
  fc.record({ dsub: fc.constant(dsub), r2: fc.constant(r2), M: fc.integer({ min: 1, max: 4 }), n: fc.integer({ min: 1, max: 30 }), nbits: fc.integer({ min: 0, max: 7 }) }));
const square = (x: ArrayLike<number>) => Array.from(x).reduce((sum, v) => sum + v * v, 0);

async function coded(n: number, M: number, dsub: number, r2: number, nbits: number, fill: (x: Float32Array) => void): Promise<{ x: Float32Array; back: Float32Array; step: number[]; numbers: number }> {
  const arena = openArena(engine.memory), { top } = thread, d = M * dsub;
  try {
    const x = takeF32(arena, n * d), back = takeF32(arena, n * d);
    fill(x);
    const codec = await trainLattice(engine, arena, { kind: 'ZnLattice', M, r2, nbits }, { x: x.byteOffset, n, d }), codes = takeU8(arena, n * codec.codeSize).fill(255);
    opsOf(codec).encode(thread, codec, [], x.byteOffset, n, codes.byteOffset);
    decodeRows(thread, codec, codes.byteOffset, n, back.byteOffset);
    const step = Array.from({ length: M }, (_, m) => ((codec.ranges[M + m] ?? 0) - (codec.ranges[m] ?? 0)) / 2 ** nbits);
    return { x: x.slice(), back: back.slice(), step, numbers: codec.points.length / dsub };
  } finally {
    release(arena);
    thread.top = top;
  }
}

/** All integer points of k components and squared length r. */
function* pointsOf(k: number, r: number): Generator<number[]> {
  if (k === 0) { if (r === 0) yield []; return; }
  for (let v = -Math.floor(Math.sqrt(r)); v * v <= r && v <= Math.sqrt(r); v++) for (const rest of pointsOf(k - 1, r - v * v)) yield [v, ...rest];
}

describe('lattice codes', () => {
  it('stand for integer points, with lengths to half a step', () =>
    fc.assert(fc.asyncProperty(shapes, async ({ dsub, r2, M, n, nbits }) => {
      const { x, back, step } = await coded(n, M, dsub, r2, nbits, (rows) => rows.forEach((_, i) => { rows[i] = random() / 2 ** 31 - 1; }));
      for (let p = 0; p < n * M; p++) {
        const from = x.subarray(p * dsub, (p + 1) * dsub), y = back.subarray(p * dsub, (p + 1) * dsub), length = Math.sqrt(square(y));
        expect(Math.abs(length - Math.sqrt(square(from)))).toBeLessThanOrEqual((step[p % M] ?? 0) / 2 + 1e-4);
        const point = y.map((v) => (v * Math.sqrt(r2)) / length), whole = point.map(Math.round);
        point.forEach((v, j) => expect(Math.abs(v - (whole[j] ?? NaN))).toBeLessThan(1e-3));
        expect(square(whole)).toBe(r2);
      }
    }), { numRuns: 60 }));

  it('of all points take the nearest in direction', async () => {
    for (const [dsub, r2] of [[2, 25], [3, 14], [4, 10]] as const) {
      const all = [...pointsOf(dsub, r2)], { x, back, numbers } = await coded(40, 1, dsub, r2, 3, (rows) => rows.forEach((_, i) => { rows[i] = random() / 2 ** 31 - 1; }));
      expect(numbers).toBe(all.length);
      for (let i = 0; i < 40; i++) {
        const from = x.subarray(i * dsub, (i + 1) * dsub), y = back.subarray(i * dsub, (i + 1) * dsub);
        const along = (point: ArrayLike<number>) => from.reduce((sum, v, j) => sum + v * (point[j] ?? 0), 0) / Math.sqrt(square(point));
        expect(along(y)).toBeCloseTo(Math.max(...all.map(along)), 4);
      }
    }
  });

  it('give integer points of one length back as they were', async () => {
    const all = [...pointsOf(4, 10)], { x, back } = await coded(all.length, 1, 4, 10, 0, (rows) => rows.set(all.flat()));
    back.forEach((v, i) => expect(v).toBeCloseTo(x[i] ?? NaN, 4));
  });
});
