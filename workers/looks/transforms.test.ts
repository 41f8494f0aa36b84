import { beforeAll, describe, expect, it } from 'vitest';
import { chainOf } from '../../engine/plane';
import { ready, serve, type Session } from '../session';
import { transforms } from './transforms';
import type { TransformsLook } from './transforms';
import { generatedSession } from '../test/session';

let session: Session;
const quiet = () => {};

beforeAll(async () => { session = await generatedSession(); });

async function lookAt(factory: string, name = 'synth64', n = 3000, selected: number | null = 7): Promise<TransformsLook> {
  await serve.load(session, { name, n, metric: 'L2', seed: 1234 }, quiet);
  await serve.build(session, { factory, metric: 'L2', seed: 1234 }, quiet);
  return transforms(session, { query: { kind: 'base', id: 7 }, selected, k: 5, params: {} });
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((all, v) => all + v, 0);
const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) => Math.max(...Array.from(a, (v, i) => Math.abs(v - (b[i] ?? NaN))));

describe('what the transforms view is drawn from', () => {
  it('has a space before the chain and one after each map, each with the sum of its own variances', async () => {
    const { spaces, maps, sampled, ids } = await lookAt('PCA32,L2norm,OPQ8,IVF16,PQ8x4');
    expect(maps.map(({ name }) => name)).toEqual(['PCA32', 'L2norm', 'OPQ8']);
    expect(spaces.map(({ d }) => d)).toEqual([64, 32, 32, 32]);
    expect([sampled, ids.length]).toEqual([3000, 400]);
    expect(spaces.map(({ parts }) => parts)).toEqual([8, 8, 8, 8]);
    const [, , unit, turned] = spaces;
    expect(unit?.norms.least).toBeCloseTo(1, 5);
    expect(unit?.norms.most).toBeCloseTo(1, 5);
    expect(sum(turned?.variances ?? []) / sum(unit?.variances ?? [])).toBeCloseTo(1, 4);
  });

  it('a rotation leaves the sum of variances and all lengths', async () => {
    for (const factory of ['RR,Flat', 'HR,Flat', 'OPQ8,PQ8x4']) {
      const { spaces: [before, after] } = await lookAt(factory);
      if (!before || !after) throw new Error('no spaces');
      expect(sum(after.variances) / sum(before.variances)).toBeCloseTo(1, 4);
      for (const of of ['least', 'mean', 'most'] as const) expect(after.norms[of] / before.norms[of]).toBeCloseTo(1, 4);
      expect(after.queryNorm / before.queryNorm).toBeCloseTo(1, 4);
    }
  });

  it('PCA: no covariance is left, the variances are those of the spectrum, and the share kept is theirs', async () => {
    const { spaces: [before, after], maps: [map] } = await lookAt('PCA16,Flat');
    const spectrum = map?.spectrum ?? new Float32Array();
    expect(after?.between).toBeLessThan(1e-6);
    expect(sum(spectrum) / sum(before?.variances ?? [])).toBeCloseTo(1, 4);
    expect(farthest(after?.variances ?? [], spectrum)).toBeLessThan(1e-3);
  });

  it('whitening makes all variances equal', async () => {
    const { spaces: [, after], maps: [map] } = await lookAt('PCAW16,Flat');
    expect(map?.whitens).toBe(true);
    expect(after?.imbalance).toBeCloseTo(1, 6);
  });

  it('OPQ: its frames end where the index is; what codes have to cover falls and comes out even', async () => {
    const { spaces: [before, after], maps: [map] } = await lookAt('OPQ8,IVF16,PQ8x4'), training = map?.training;
    const [first, last] = [training?.frames[0], training?.frames.at(-1)];
    if (!before || !after || !first || !last) throw new Error('no frames');
    expect([first.round, last.round, training?.losses.length]).toEqual([-1, 3, 4]);
    expect(farthest(last.points, after.points)).toBeLessThan(1e-4);
    expect(farthest(last.covariance.values, after.covariance.values)).toBeLessThan(1e-4);
    expect(sum(after.bounds)).toBeLessThan(sum(before.bounds));
    expect(after.boundImbalance).toBeLessThan(before.boundImbalance);
  });

  it('ITQ: frames too, at most sixteen of fifty rounds, the first and the last among them', async () => {
    const { spaces: [, after], maps: [map] } = await lookAt('ITQ16,LSH'), frames = map?.training?.frames ?? [];
    expect(map?.training?.losses).toHaveLength(50);
    expect(frames).toHaveLength(16);
    expect([frames[0]?.round, frames.at(-1)?.round]).toEqual([-1, 49]);
    expect(farthest(frames.at(-1)?.points ?? [], after?.points ?? [])).toBeLessThan(1e-4);
    expect(farthest(frames.at(-1)?.variances ?? [], after?.variances ?? [])).toBeLessThan(1e-5);
  });

  it('the query and the vector looked at stand where their vector stands', async () => {
    const { spaces, maps, ids } = await lookAt('OPQ8_32,IVF16,PQ8x4', 'synth64', 400), i = ids.indexOf(7);
    for (const { points, query, selected } of [...spaces, ...maps.flatMap(({ training }) => training?.frames ?? [])]) {
      expect(selected).toEqual(query);
      expect(query.x).toBeCloseTo(points[2 * i] ?? NaN, 4);
      expect(query.y).toBeCloseTo(points[2 * i + 1] ?? NaN, 4);
    }
  });

  it('the neighbours are those of the search and the true ones, each once, standing where their vectors stand', async () => {
    const { spaces, maps, ids, near } = await lookAt('OPQ8,IVF16,PQ8x4', 'synth64', 400);
    const search = await serve.search(session, { query: { kind: 'base', id: 7 }, k: 5, params: {} }, quiet), wanted = new Set([...search.truth, ...search.hits].map(({ id }) => id));
    expect([...near].sort((a, b) => a - b)).toEqual([...wanted].sort((a, b) => a - b));
    for (const frame of [...spaces, ...maps.flatMap(({ training }) => training?.frames ?? [])]) near.forEach((id, at) => {
      for (const j of [0, 1]) expect(frame.near[2 * at + j]).toBeCloseTo(frame.points[2 * ids.indexOf(id) + j] ?? NaN, 4);
    });
  });

  it('tells how the first two axes turn, of every map that keeps lengths, and of no other', async () => {
    const { maps: [pca, unit, opq], spaces: [before, after] } = await lookAt('PCA32,L2norm,OPQ8,IVF16,PQ8x4'), chain = chainOf(ready(session).index), [first] = chain;
    if (first?.kind !== 'Linear' || !pca?.glide || !before || !after) throw new Error('PCA is linear');
    expect(pca.glide.overlap).toHaveLength(4);
    pca.glide.overlap.forEach((product, i) => expect(product).toBeCloseTo(first.A[(i % 2) * 64 + (i >> 1)] ?? NaN, 4));
    expect([pca.glide.shift.x, pca.glide.shift.y]).toEqual([first.b?.[0], first.b?.[1]]);
    expect(unit?.glide).toBeNull();
    expect(opq?.glide?.shift).toEqual({ x: 0, y: 0 });
    expect((await lookAt('PCAW16,Flat')).maps[0]?.glide).toBeNull();
    expect((await lookAt('Pad80,HR,Flat')).maps.map(({ glide }) => glide !== null)).toEqual([true, true]);
    expect((await lookAt('Pad80,Flat')).maps[0]?.glide?.overlap).toEqual([1, 0, 0, 1]);
  });

  it('dots know their lists', async () => {
    const { ids, lists, nlist } = await lookAt('OPQ8,IVF16,PQ8x4');
    expect(nlist).toBe(16);
    ids.forEach((id, i) => expect(lists?.[i]).toBe(session.built?.listOf?.[id]));
    expect((await lookAt('OPQ8,PQ8x4')).lists).toBeNull();
  });

  it('in two dimensions the turn is told as an angle, which carries every dot to its place', async () => {
    const { spaces: [before, after], maps: [map] } = await lookAt('RR,Flat', 'ellipse', 500), turn = map?.turn;
    if (!turn || !before || !after) throw new Error('no turn');
    const sign = turn.mirrored ? -1 : 1, [c, s] = [Math.cos(turn.angle), Math.sin(turn.angle)];
    for (let i = 0; i < 400; i++) {
      const [x = NaN, y = NaN] = before.points.subarray(2 * i);
      expect(after.points[2 * i]).toBeCloseTo(c * x - sign * s * y, 4);
      expect(after.points[2 * i + 1]).toBeCloseTo(s * x + sign * c * y, 4);
    }
  });
});
