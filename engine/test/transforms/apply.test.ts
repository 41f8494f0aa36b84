import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as twin from '../../kernels/twins';
import { packLinear, placeIn, transformRows } from '../../dense';
import { openArena, release, takeF32, takeI32 } from '../../memory';
import type { Arena } from '../../memory';
import { invertOne, transformOne } from '../../transforms/apply';
import { randomRotation } from '../../transforms/orthonormal';
import type { LinearTransform } from '../../types';
import { testEngine } from '../engine';
import { gap, randomMatrix } from './matrices';

const engine = await testEngine(0, 64 * 2 ** 20);
const sizes = { dIn: fc.integer({ min: 1, max: 40 }), dOut: fc.integer({ min: 1, max: 40 }), seed: fc.nat() };

/** A map with orthonormal rows where dOut ≤ dIn, with or without a bias. */
function drawMap(arena: Arena, dIn: number, dOut: number, seed: number, bias: boolean): LinearTransform {
  const A = takeF32(arena, dOut * dIn), b = takeF32(arena, dOut);
  A.set(randomRotation(dIn, dOut, seed));
  b.set(randomMatrix(dOut, 1, seed + 1));
  return { kind: 'Linear', spec: { kind: 'PCA', dOut, whiten: false, rotate: false }, dIn, dOut, A, ...(bias ? { b } : {}) };
}

describe('transformOne', () => {
  it('equals the twin with and without a bias, and the map of many rows', async () => {
    await fc.assert(fc.asyncProperty(sizes.dIn, sizes.dOut, sizes.seed, fc.boolean(), async (dIn, dOut, seed, bias) => {
      const arena = openArena(engine.memory), transform = drawMap(arena, dIn, dOut, seed, bias);
      const x = takeF32(arena, dIn), y = takeF32(arena, dOut), many = takeF32(arena, dOut);
      x.set(randomMatrix(dIn, 1, seed + 2));
      transformOne(engine.own, transform, x.byteOffset, y.byteOffset);
      expect(gap(y, twin.affine(x, transform.A, transform.b ?? new Float32Array(dOut)))).toBeLessThan(1e-5);
      const map = packLinear(engine.own, placeIn(arena), transform.A.byteOffset, transform.b, dIn, dOut);
      await transformRows(engine, { x: x.byteOffset, n: 1, map, out: many.byteOffset });
      expect(gap(y, many)).toBeLessThan(1e-5);
      release(arena);
    }), { numRuns: 60 });
  });
});

describe('invertOne', () => {
  it('finds the point that orthonormal rows send to y: A·(Aᵀ(y − b)) + b = y', () => {
    fc.assert(fc.property(sizes.dOut, fc.nat(20), sizes.seed, fc.boolean(), (dOut, more, seed, bias) => {
      const arena = openArena(engine.memory), transform = drawMap(arena, dOut + more, dOut, seed, bias);
      const x = takeF32(arena, dOut + more), back = takeF32(arena, dOut), y = Float32Array.from(randomMatrix(dOut, 1, seed + 3, 10));
      invertOne(transform, y, x);
      transformOne(engine.own, transform, x.byteOffset, back.byteOffset);
      expect(gap(back, y)).toBeLessThan(1e-4);
      release(arena);
    }));
  });
});

describe('gatherParts and copyRows', () => {
  it('lay parts out one after the other, and take rows by number', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 20 }), fc.nat(), (d, parts, n, seed) => {
      const arena = openArena(engine.memory), x = takeF32(arena, n * d * parts), ids = takeI32(arena, n), out = takeF32(arena, n * d * parts);
      x.set(randomMatrix(n, d * parts, seed));
      ids.forEach((_, i) => { ids[i] = (i * 7 + seed) % n; });
      engine.own.build.gatherParts(x.byteOffset, d * parts, ids.byteOffset, 0, n, n, d, parts, out.byteOffset);
      expect([...out]).toEqual([...twin.gatherParts(x, ids, d, parts)]);
      engine.own.build.copyRows(x.byteOffset, ids.byteOffset, n, d * parts, out.byteOffset, d * parts);
      expect([...out]).toEqual([...ids].flatMap((id) => [...x.subarray(id * d * parts, (id + 1) * d * parts)]));
      release(arena);
    }));
  });
});
