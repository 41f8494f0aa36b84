import { beforeAll, describe, expect, it } from 'vitest';
import { loaded, serve, type Session } from './session';
import { layOut } from './umap';
import { generatedSession } from './test/session';

let session: Session;
const quiet = () => {};

beforeAll(async () => {
  session = await generatedSession();
  await serve.load(session, { name: 'planes', n: 600, metric: 'L2', seed: 1234 }, quiet);
  await serve.build(session, { factory: 'IVF16,Flat', metric: 'L2', seed: 1234 }, quiet);
});

describe('a layout by UMAP', () => {
  it('is made from the true neighbours, the same each time, and keeps many of them', async () => {
    const knn = await serve.knn(session, {}, quiet), epochs: number[] = [];
    expect([knn.n, knn.k]).toEqual([600, 15]);
    const { base, d } = loaded(session), apart = (i: number, j: number) => Math.hypot(...Array.from({ length: d }, (_, c) => (base[i * d + c] ?? 0) - (base[j * d + c] ?? 0)));
    for (const i of [0, 77, 599]) {
      const row = Array.from(knn.ids.subarray(i * 15, (i + 1) * 15)), all = Array.from({ length: 600 }, (_, j) => j).sort((a, b) => apart(i, a) - apart(i, b));
      expect(row[0]).toBe(i);
      expect(row).toEqual(all.slice(0, 15));
      row.forEach((j, r) => expect(knn.distances[i * 15 + r]).toBeCloseTo(apart(i, j), 3));
    }
    const layout = layOut(knn, (done) => epochs.push(done));
    expect(layOut(knn, quiet)).toEqual(layout);
    expect(layout.every(Number.isFinite)).toBe(true);
    expect(epochs.length).toBeGreaterThan(10);
    const plane = await serve.plane(session, { kind: 'umap', query: { kind: 'base', id: 33 }, layout }, quiet);
    expect(Array.from({ length: 600 }, (_, i) => [plane.points[3 * i], plane.points[3 * i + 1]])).toEqual(Array.from({ length: 600 }, (_, i) => [layout[2 * i], layout[2 * i + 1]]));
    expect([plane.query.x, plane.query.y]).toEqual([layout[66], layout[67]]);
    expect(plane.badge).toMatchObject({ exact: false, agreement: null, variance: null });
    const pca = await serve.plane(session, { kind: 'pca', query: { kind: 'base', id: 33 } }, quiet);
    expect(plane.badge.knn10).toBeGreaterThan(2 * pca.badge.knn10);
    expect([plane.centroids.length, plane.history.length]).toEqual([0, 0]);
  });

  it('places a query that was not laid out at the mean of its three nearest, and is not there before it was sent', async () => {
    const layout = Float32Array.from({ length: 1200 }, (_, i) => i), { base, queries, d } = loaded(session);
    const { query } = await serve.plane(session, { kind: 'umap', query: { kind: 'heldOut', index: 2 }, layout }, quiet);
    const apart = (i: number) => Array.from({ length: d }, (_, c) => ((base[i * d + c] ?? 0) - (queries[2 * d + c] ?? 0)) ** 2).reduce((a, b) => a + b, 0);
    const near = Array.from({ length: 600 }, (_, i) => i).sort((a, b) => apart(a) - apart(b)).slice(0, 3);
    expect(query.x).toBeCloseTo(near.reduce((sum, i) => sum + 2 * i, 0) / 3, 2);
    expect(query.y).toBeCloseTo(near.reduce((sum, i) => sum + 2 * i + 1, 0) / 3, 2);
    await serve.load(session, { name: 'planes', n: 500, metric: 'L2', seed: 1234 }, quiet);
    await serve.build(session, { factory: 'IVF16,Flat', metric: 'L2', seed: 1234 }, quiet);
    await expect(serve.plane(session, { kind: 'umap', query: { kind: 'heldOut', index: 2 } }, quiet)).rejects.toThrow('No layout');
  });
});
