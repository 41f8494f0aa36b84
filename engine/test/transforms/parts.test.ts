import { describe, expect, it } from 'vitest';
import { synth64, synthBase } from '../../data/synth64';
import { kmeans } from '../../kmeans';
import type { KMeansOptions, KMeansTrace } from '../../kmeans';
import { openArena, release, takeF32 } from '../../memory';
import type { Engine } from '../../pool';
import { testEngine } from '../engine';

const one = await testEngine(1), three = await testEngine(3), alone = await testEngine(0);
const d = 64, n = 6000, base = synthBase(synth64, n);

/** The centroids of `parts` problems, each of 64/parts components unless said otherwise. */
async function train(engine: Engine, options: Partial<KMeansOptions> & { skip?: number }, start?: Float32Array): Promise<Float32Array> {
  const arena = openArena(engine.memory), x = takeF32(arena, base.length), { parts = 1, skip = 0 } = options;
  x.set(base);
  const all: KMeansOptions = { k: 32, d: d / parts, n, x: x.byteOffset + skip * 4, stride: d, metric: 'L2', niter: 6, seed: 1234, ...options };
  const centroids = takeF32(arena, parts * all.k * all.d);
  if (start) centroids.set(start);
  await kmeans(engine, all, centroids);
  const result = centroids.slice();
  release(arena);
  return result;
}

describe('k-means over parts', () => {
  it('finds bit for bit what each part finds alone, sampled or not', async () => {
    for (const maxPointsPerCentroid of [256, 50]) {
      const parts = 8, together = await train(one, { parts, maxPointsPerCentroid });
      for (let m = 0; m < parts; m++) {
        const single = await train(one, { d: 8, skip: m * 8, maxPointsPerCentroid });
        expect([...together.subarray(m * 32 * 8, (m + 1) * 32 * 8)]).toEqual([...single]);
      }
    }
  });

  it('has the same bits on one thread, on three and without shared memory', async () => {
    for (const options of [{ parts: 16 }, { parts: 1, k: 100 }, { parts: 2, metric: 'IP' as const }]) {
      const first = await train(one, options);
      expect([...await train(three, options)]).toEqual([...first]);
      expect([...await train(alone, options)]).toEqual([...first]);
    }
  });

  it('goes on from where it stopped: three iterations and three more are six', async () => {
    const half = await train(one, { parts: 4, niter: 3 });
    expect([...await train(one, { parts: 4, niter: 3, warm: true }, half)]).toEqual([...await train(one, { parts: 4, niter: 6 })]);
  });

  it('lowers its objective, and recording it changes nothing', async () => {
    const trace: KMeansTrace = { iterations: [], sampled: 0 };
    const traced = await train(one, { parts: 4, trace }), objectives = trace.iterations.map(({ objective }) => objective);
    expect([...traced]).toEqual([...await train(one, { parts: 4 })]);
    expect(trace.sampled).toBe(n);
    expect([...trace.iterations.at(-1)?.centroids ?? []]).toEqual([...traced]);
    for (let i = 1; i < objectives.length; i++) expect(objectives[i]).toBeLessThan(objectives[i - 1] ?? NaN);
  });

  it('keeps cells that nothing falls into alive: fewer different rows than cells', async () => {
    const few = base.slice();
    for (let i = 0; i < n; i++) few.copyWithin(i * d, (i % 5) * d, (i % 5 + 1) * d);
    const arena = openArena(one.memory), x = takeF32(arena, few.length), centroids = takeF32(arena, 32 * d);
    x.set(few);
    await kmeans(one, { k: 32, d: 8, parts: 8, n, x: x.byteOffset, stride: d, metric: 'L2', niter: 5, seed: 1234 }, centroids);
    expect(centroids.every(Number.isFinite)).toBe(true);
    release(arena);
  });
});
