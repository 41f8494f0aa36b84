import { describe, expect, it } from 'vitest';
import { synth64, synthBase } from '../../data/synth64';
import { packLinear, placeIn, transformRows } from '../../dense';
import { openArena, release, takeF32 } from '../../memory';
import type { Engine } from '../../pool';
import { invertOne, transformOne } from '../../transforms/apply';
import { trainPca } from '../../transforms/pca';
import type { PcaOptions } from '../../transforms/pca';
import type { LinearTransform, Transform } from '../../types';
import { testEngine } from '../engine';
import { gap, skewOfRows } from './matrices';

const engine = await testEngine(1), three = await testEngine(3), alone = await testEngine(0);
const n = 20_000, d = 64, base = synthBase(synth64, n);

async function train(on: Engine, options: Partial<PcaOptions> = {}, vectors = base): Promise<LinearTransform> {
  const x = takeF32(openArena(on.memory), vectors.length);
  x.set(vectors);
  const trained = await trainPca(on, openArena(on.memory), { x: x.byteOffset, n: vectors.length / (options.d ?? d), d, dOut: 32, whiten: false, rotate: false, seed: 0, ...options });
  if (trained.kind !== 'Linear') throw new Error(`PCA is a linear map, not ${trained.kind}`);
  return trained;
}

/** Mean and covariance (of sums, not means) of the transformed training vectors. */
async function moments(on: Engine, transform: LinearTransform): Promise<{ mean: Float64Array; scatter: Float64Array }> {
  const arena = openArena(on.memory), { A, b, dIn, dOut } = transform;
  const x = takeF32(arena, base.length), out = takeF32(arena, n * dOut);
  x.set(base);
  await transformRows(on, { x: x.byteOffset, n, map: packLinear(on.own, placeIn(arena), A.byteOffset, b, dIn, dOut), out: out.byteOffset });
  const mean = new Float64Array(dOut), scatter = new Float64Array(dOut * dOut);
  for (let i = 0; i < n; i++) for (let p = 0; p < dOut; p++) {
    const v = out[i * dOut + p] ?? NaN;
    mean[p] = (mean[p] ?? 0) + v / n;
    for (let q = 0; q < dOut; q++) scatter[p * dOut + q] = (scatter[p * dOut + q] ?? 0) + v * (out[i * dOut + q] ?? NaN);
  }
  release(arena);
  return { mean, scatter };
}

describe('trainPca', () => {
  it('centres, and gives uncorrelated outputs in order of their spread', async () => {
    const transform = await train(engine), { mean, scatter } = await moments(engine, transform);
    expect(skewOfRows(transform.A, 32, d)).toBeLessThan(1e-6);
    expect(gap(mean, new Float64Array(32))).toBeLessThan(1e-4);
    const largest = scatter[0] ?? NaN;
    for (let p = 0; p < 32; p++) for (let q = 0; q < p; q++) expect(Math.abs(scatter[p * 32 + q] ?? NaN)).toBeLessThan(1e-5 * largest);
    for (let p = 1; p < 32; p++) expect(scatter[p * 33]).toBeLessThanOrEqual(scatter[(p - 1) * 33] ?? NaN);
  });

  it('whitens to unit sums of squares, as Faiss scales them', async () => {
    const { scatter } = await moments(engine, await train(engine, { whiten: true }));
    for (let p = 0; p < 32; p++) for (let q = 0; q <= p; q++) expect(scatter[p * 32 + q]).toBeCloseTo(p === q ? 1 : 0, 3);
  });

  it('a rotation after it keeps the space and the lengths', async () => {
    const plain = await train(engine), turned = await train(engine, { rotate: true });
    expect(skewOfRows(turned.A, 32, d)).toBeLessThan(1e-6);
    expect(gap(turned.A, plain.A)).toBeGreaterThan(0.1);
    for (let i = 0; i < 20; i++) {
      const x = base.subarray(i * d, (i + 1) * d), back = (t: Transform) => invertOne(t, forward(engine, t, x), new Float32Array(d));
      expect(gap(back(plain), back(turned))).toBeLessThan(1e-4);
    }
  });

  it('loses what Faiss loses: 0.64208 of squared length at 32 of 64 dimensions', async () => {
    const all = synthBase(synth64), transform = await train(engine, {}, all);
    let error = 0;
    for (let i = 0; i < 2000; i++) {
      const x = all.subarray(i * d, (i + 1) * d), back = invertOne(transform, forward(engine, transform, x), new Float32Array(d));
      error += x.reduce((sum, v, j) => sum + (v - (back[j] ?? NaN)) ** 2, 0) / 2000;
    }
    expect(error).toBeCloseTo(0.64208, 4);
  });

  it('has the same bits on one thread, on three and without shared memory', async () => {
    const options = { dOut: 24, whiten: true, rotate: true }, [a, b, c] = [await train(engine, options), await train(three, options), await train(alone, options)];
    expect([...b.A]).toEqual([...a.A]);
    expect([...c.A]).toEqual([...a.A]);
    expect([...(b.b ?? [])]).toEqual([...(a.b ?? [])]);
  });

  it('refuses what cannot be, in a sentence', async () => {
    await expect(train(engine, { dOut: 65 })).rejects.toThrow('PCA cannot keep 65 dimensions of vectors that have 64. PCA64 keeps all of them.');
    await expect(train(engine, {}, base.subarray(0, 10 * d))).rejects.toThrow('32 wanted, 10 vectors');
    const flat = base.slice(0, 200 * d).map((v, i) => (i % d < 5 ? v : 0));
    await expect(train(engine, { whiten: true }, flat)).rejects.toThrow('spread in 5 directions only. PCAW5 would do');
  });
});

function forward(on: Engine, transform: Transform, x: Float32Array): Float32Array {
  const arena = openArena(on.memory), input = takeF32(arena, transform.dIn), out = takeF32(arena, transform.dOut);
  input.set(x);
  transformOne(on.own, transform, input.byteOffset, out.byteOffset);
  const y = out.slice();
  release(arena);
  return y;
}
