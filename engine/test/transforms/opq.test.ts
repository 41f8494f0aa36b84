import { describe, expect, it } from 'vitest';
import { synth64, synthBase } from '../../data/synth64';
import { openArena, release, takeF32 } from '../../memory';
import type { Engine } from '../../pool';
import { balanced, OPQ_SETTINGS, trainOpq } from '../../transforms/opq';
import type { OpqOptions, OpqTrace } from '../../transforms/opq';
import { randomRotation, transpose } from '../../transforms/orthonormal';
import { testEngine } from '../engine';
import { gap, product, skewOfRows } from './matrices';

const one = await testEngine(1), three = await testEngine(3), alone = await testEngine(0);
const d = 64, base = synthBase(synth64, 3000);

async function train(engine: Engine, options: Partial<OpqOptions> = {}, vectors = base, dIn = d): Promise<Float32Array> {
  const arena = openArena(engine.memory), x = takeF32(arena, vectors.length);
  x.set(vectors);
  try {
    const { A } = await trainOpq(engine, arena, { x: x.byteOffset, n: vectors.length / dIn, d: dIn, M: 8, dOut: dIn, seed: 0, rounds: 3, ...options });
    return A.slice();
  } finally {
    release(arena);
  }
}

const distortions = ({ rounds }: OpqTrace) => rounds.map(({ distortion }) => distortion);

describe('trainOpq', () => {
  it('learns a rotation, a reduction with orthonormal rows, an embedding with orthonormal columns', async () => {
    for (const start of ['balanced', 'random'] as const) {
      expect(skewOfRows(await train(one, { start }), d, d)).toBeLessThan(1e-5);
      expect(skewOfRows(await train(one, { start, dOut: 32 }), 32, d)).toBeLessThan(1e-5);
      expect(skewOfRows(transpose(Float64Array.from(await train(one, { start, dOut: 72 })), 72, d), d, 72)).toBeLessThan(1e-5);
    }
  });

  it('loses less from round to round, from either start', async () => {
    for (const start of ['balanced', 'random'] as const) {
      const trace: OpqTrace = { rounds: [], sampled: 0 };
      await train(one, { start, rounds: 8, trace });
      const losses = distortions(trace);
      for (let i = 1; i < losses.length; i++) expect(losses[i]).toBeLessThan(losses[i - 1] ?? NaN);
    }
  });

  it('from balanced axes begins below where thirty rounds from a random rotation end', async () => {
    const quick: OpqTrace = { rounds: [], sampled: 0 }, slow: OpqTrace = { rounds: [], sampled: 0 };
    await train(one, { rounds: 1, trace: quick });
    await train(one, { ...OPQ_SETTINGS.faiss, rounds: 30, trace: slow });
    expect(distortions(quick)[0]).toBeLessThan(Math.min(...distortions(slow)));
  });

  it('does not mind how the vectors were turned before: balanced axes turn with them', async () => {
    const R = randomRotation(d, d, 9), turned = Float32Array.from(product(base, base.length / d, d, transpose(R, d, d), d));
    const straight: OpqTrace = { rounds: [], sampled: 0 }, other: OpqTrace = { rounds: [], sampled: 0 };
    await train(one, { trace: straight });
    await train(one, { trace: other }, turned);
    distortions(other).forEach((loss, i) => expect(loss / (distortions(straight)[i] ?? NaN)).toBeCloseTo(1, 1));
  });

  it('bears components that are always zero', async () => {
    const flat = base.map((v, i) => (i % d < 20 ? 0 : v));
    expect(skewOfRows(await train(one, {}, flat), d, d)).toBeLessThan(1e-5);
    expect(skewOfRows(await train(one, {}, new Float32Array(300 * d)), d, d)).toBeLessThan(1e-5);
  });

  it('has the same bits on one thread, on three, without shared memory, and recorded', async () => {
    const first = await train(one), trace: OpqTrace = { rounds: [], sampled: 0 };
    expect([...await train(three)]).toEqual([...first]);
    expect([...await train(alone)]).toEqual([...first]);
    expect([...await train(one, { trace })]).toEqual([...first]);
    expect(trace.rounds).toHaveLength(3);
    expect([...trace.rounds.at(-1)?.A ?? []]).toEqual([...first]);
    expect(gap(await train(one, { seed: 1 }), first)).toBeGreaterThan(0);
  });

  it('refuses what cannot be, in a sentence', async () => {
    await expect(train(one, { M: 7 })).rejects.toThrow('OPQ7 cuts 64 dimensions into 7 parts; 64 is not a multiple of 7.');
    await expect(train(one, {}, base.subarray(0, 255 * d))).rejects.toThrow('there are 255');
  });
});

describe('balanced', () => {
  it('evens out the products of eigenvalues, and uses every axis once', () => {
    const n = 32, M = 8, values = Float64Array.from({ length: n }, (_, i) => 0.8 ** i), axes = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
    const A = balanced(values, axes, M, n, n);
    expect(skewOfRows(A, n, n)).toBe(0);
    const products = Array.from({ length: M }, (_, m) => {
      const part = A.subarray(m * 4 * n, (m + 1) * 4 * n);
      return part.reduce((product, v, at) => (v === 1 ? product * (values[at % n] ?? NaN) : product), 1);
    });
    // Cut in order instead, the first part would hold 0.8⁻¹¹² times what the last does.
    expect(Math.max(...products) / Math.min(...products)).toBeLessThan(0.8 ** -6);
    expect(Math.abs(Math.log(products.slice(0, 4).reduce((a, b) => a * b) / products.slice(4).reduce((a, b) => a * b)))).toBeLessThan(1);
  });
});
