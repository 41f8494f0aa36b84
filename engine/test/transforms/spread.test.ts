import { describe, expect, it } from 'vitest';
import { synth64, synthBase } from '../../data/synth64';
import { openArena, release, takeF32 } from '../../memory';
import { randomRotation } from '../../transforms/orthonormal';
import { covarianceAfter, covarianceOf, spreadOf, squaresOf, turnOf } from '../../transforms/spread';
import { testEngine } from '../engine';
import { gap, product, randomMatrix } from './matrices';

const engine = await testEngine(1);
const d = 64, n = 2000, base = synthBase(synth64, n);

async function measured(rows: ArrayLike<number>, width: number): Promise<Float64Array> {
  const room = openArena(engine.memory), x = takeF32(room, rows.length);
  x.set(rows);
  const covariance = await covarianceOf(engine, x.byteOffset, rows.length / width, width);
  release(room);
  return covariance;
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((all, v) => all + v, 0);
const covariance = await measured(base, d);

describe('covariance', () => {
  it('is what its definition says', async () => {
    const rows = randomMatrix(50, 3, 4), own = await measured(rows, 3), mean = [0, 1, 2].map((j) => sum(rows.filter((_, at) => at % 3 === j)) / 50);
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) {
      const direct = sum(Array.from({ length: 50 }, (_, r) => ((rows[r * 3 + i] ?? NaN) - (mean[i] ?? NaN)) * ((rows[r * 3 + j] ?? NaN) - (mean[j] ?? NaN)))) / 50;
      expect(own[i * 3 + j]).toBeCloseTo(direct, 5);
    }
  });

  it('after a matrix is that of the rows it maps; a rotation leaves the sum of variances', async () => {
    const A = Float32Array.from(randomRotation(d, d, 3)), after = await covarianceAfter(engine, covariance, A, d, d);
    const turned = product(base, n, d, Float64Array.from({ length: d * d }, (_, at) => A[(at % d) * d + Math.floor(at / d)] ?? NaN), d);
    expect(gap(after, await measured(turned, d))).toBeLessThan(1e-4);
    expect(sum(spreadOf(after, d, 0).variances) / sum(spreadOf(covariance, d, 0).variances)).toBeCloseTo(1, 5);
  });
});

describe('spread', () => {
  it('of parts adds up to that of components, and bounds stay below energies', () => {
    for (const M of [1, 8, 32, 64]) {
      const { parts, energies, bounds, variances, imbalance } = spreadOf(covariance, d, M);
      expect(parts).toBe(M);
      expect(sum(energies) / sum(variances)).toBeCloseTo(1, 5);
      energies.forEach((energy, m) => expect(bounds[m]).toBeLessThanOrEqual(energy * (1 + 1e-6)));
      expect(imbalance).toBeGreaterThanOrEqual(1 - 1e-6);
    }
    expect(spreadOf(covariance, d, 7).parts).toBe(d);
  });

  it('of a known matrix: bounds, imbalance and what lies between parts', () => {
    const a = Float64Array.from([4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 1, 0, 0, 1, 2]);
    const two = spreadOf(a, 4, 2);
    expect([...two.energies]).toEqual([5, 4]);
    expect(two.bounds[0]).toBeCloseTo(2 * Math.sqrt(4), 6);
    expect(two.bounds[1]).toBeCloseTo(2 * Math.sqrt(3), 6);
    expect(two.imbalance).toBeCloseTo((2 * 41) / 81, 10);
    expect([two.between, spreadOf(a, 4, 0).between]).toEqual([0, 2 / 27]);
    expect([...spreadOf(new Float64Array(4), 2, 1).bounds]).toEqual([0]);
  });

  it('bounds of whole parts do not change when a part is turned in itself', async () => {
    const R = randomRotation(8, 8, 5), A = Float32Array.from({ length: d * d }, (_, at) => {
      const [i, j] = [Math.floor(at / d), at % d];
      return Math.floor(i / 8) === Math.floor(j / 8) ? R[(i % 8) * 8 + (j % 8)] ?? NaN : 0;
    });
    const [before, after] = [spreadOf(covariance, d, 8).bounds, spreadOf(await covarianceAfter(engine, covariance, A, d, d), d, 8).bounds];
    before.forEach((bound, m) => expect((after[m] ?? NaN) / bound).toBeCloseTo(1, 4));
  });
});

it('a large matrix is shown by the entries of largest magnitude, with their sign', () => {
  expect(squaresOf(Float64Array.from([1, -3, 0, 2, 0, 1, -1, 0, 5]), 3, 2)).toEqual({ side: 2, per: 2, values: Float32Array.from([-3, 1, -1, 5]) });
  expect(squaresOf(Float64Array.from([1, 2, 3, 4]), 2, 128)).toEqual({ side: 2, per: 1, values: Float32Array.from([1, 2, 3, 4]) });
});

it('the angle of a rotation of the plane, and whether it is a mirror image', () => {
  const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
  expect(turnOf([c, -s, s, c])?.angle).toBeCloseTo(0.7, 12);
  expect(turnOf([c, -s, s, c])?.mirrored).toBe(false);
  expect(turnOf([c, s, s, -c])?.mirrored).toBe(true);
  expect(turnOf([2, 0, 0, 1])).toBeNull();
});
