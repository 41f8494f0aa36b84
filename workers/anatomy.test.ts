import { beforeAll, describe, expect, it } from 'vitest';
import { serve, type Session } from './session';
import { generatedSession } from './test/session';

let session: Session;
const quiet = () => {};

beforeAll(async () => { session = await generatedSession(); });

async function anatomyOf(factory: string, name = 'ellipse', n = 500) {
  await serve.load(session, { name, n, metric: 'L2', seed: 1234 }, quiet);
  await serve.build(session, { factory, metric: 'L2', seed: 1234 }, quiet);
  return serve.anatomy(session, {}, quiet);
}

const column = (rows: Float32Array, d: number, j: number) => Array.from({ length: rows.length / d }, (_, i) => rows[i * d + j] ?? 0);
const errors = (a: Float32Array, b: Float32Array, d: number) => Array.from({ length: a.length / d }, (_, i) => Math.hypot(...Array.from({ length: d }, (_, j) => (a[i * d + j] ?? 0) - (b[i * d + j] ?? 0))));

describe('the anatomy of an index', () => {
  it('PQ2x3 decodes to a lattice of at most 8 × 8 points', async () => {
    const { decoded, restored, graph } = await anatomyOf('PQ2x3');
    expect(graph).toBeNull();
    expect(restored).toEqual(decoded);
    for (const j of [0, 1]) expect(new Set(column(decoded ?? new Float32Array(), 2, j)).size).toBe(8);
  });

  it('blocks of fast-scan codes decode as the same codes end to end', async () => {
    expect((await anatomyOf('PQ2x4fs')).decoded).toEqual((await anatomyOf('PQ2x4')).decoded);
  });

  it('Residual: each of its centroids with the rests of a product code, and less is lost than by that code alone', async () => {
    const [two, one] = [await anatomyOf('Residual8,PQ2x2', 'ring', 800), await anatomyOf('PQ2x2', 'ring', 800)], lost = ({ base, restored }: typeof two) => errors(base, restored ?? base, 2).reduce((sum, e) => sum + e * e, 0);
    const points = new Set(column(two.restored ?? new Float32Array(), 2, 0).map((x, i) => `${x},${two.restored?.[2 * i + 1]}`));
    expect(points.size).toBeGreaterThan(16);
    expect(points.size).toBeLessThanOrEqual(8 * 4 * 4);
    expect(lost(two)).toBeLessThan(lost(one) / 4);
  });

  it('MinMax: a vector is off by half a step of its own range, whatever outliers there are', async () => {
    const [own, shared] = [await anatomyOf('MinMax,SQ4', 'outliers', 800), await anatomyOf('SQ4', 'outliers', 800)], { base } = own;
    const off = errors(base, own.restored ?? base, 2), median = (values: number[]) => values.toSorted((a, b) => a - b)[400] ?? NaN;
    off.forEach((error, i) => expect(error).toBeCloseTo((Math.SQRT2 / 30) * Math.abs((base[2 * i] ?? 0) - (base[2 * i + 1] ?? 0)), 4));
    expect(median(off)).toBeLessThan(median(errors(base, shared.restored ?? base, 2)) / 3);
  });

  it('a sign code tells on which side of its lines a vector stands', async () => {
    const { inner, decoded, signs } = await anatomyOf('LSH5rt');
    if (!signs || !decoded) throw new Error('LSH5rt has no signs');
    const side = (i: number) => Array.from({ length: 5 }, (_, b) => (inner[2 * i] ?? 0) * (signs.normals[2 * b] ?? 0) + (inner[2 * i + 1] ?? 0) * (signs.normals[2 * b + 1] ?? 0) >= (signs.thresholds[b] ?? 0)).join();
    const codes = new Map<string, string>();
    for (let i = 0; i < 500; i++) codes.set(side(i), `${decoded[2 * i]},${decoded[2 * i + 1]}`);
    expect(new Set(codes.values()).size).toBeLessThanOrEqual(codes.size);
    for (let i = 0; i < 500; i++) expect(`${decoded[2 * i]},${decoded[2 * i + 1]}`).toBe(codes.get(side(i)));
  });

  it('OPQ turns before coding: the error is the same before and after turning back', async () => {
    const { base, inner, decoded, restored } = await anatomyOf('OPQ2,PQ2x3');
    const [inside, outside] = [errors(inner, decoded ?? inner, 2), errors(base, restored ?? base, 2)];
    inside.forEach((error, i) => expect(outside[i]).toBeCloseTo(error, 4));
    expect(Math.max(...inside)).toBeGreaterThan(0);
  });

  it('a residual code stands for its centroid and what it adds: smaller errors than the same code alone', async () => {
    const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
    const alone = await anatomyOf('PQ2x2', 'blobs');
    const inLists = await anatomyOf('IVF16,PQ2x2', 'blobs');
    expect(mean(errors(inLists.base, inLists.restored ?? inLists.base, 2))).toBeLessThan(mean(errors(alone.base, alone.restored ?? alone.base, 2)) / 2);
  });

  it('what PCA1 keeps lies on one line', async () => {
    const { dInner, restored, decoded } = await anatomyOf('PCA1,Flat');
    expect([dInner, decoded]).toEqual([1, null]);
    const [x, y] = [column(restored ?? new Float32Array(), 2, 0), column(restored ?? new Float32Array(), 2, 1)];
    const slope = ((y[1] ?? 0) - (y[0] ?? 0)) / ((x[1] ?? 0) - (x[0] ?? 0));
    x.forEach((v, i) => expect(y[i]).toBeCloseTo((y[0] ?? 0) + slope * (v - (x[0] ?? 0)), 4));
  });

  it('a graph links nodes on layers that both stand on, at most 2M below and M above', async () => {
    const { graph } = await anatomyOf('HNSW4', 'moons');
    if (!graph) throw new Error('HNSW4 has no graph');
    const degree = new Map<string, number>();
    for (let at = 0; at < graph.links.length; at += 3) {
      const [from = 0, to = 0, layer = 0] = graph.links.subarray(at, at + 3);
      expect(Math.min(graph.levels[from] ?? 0, graph.levels[to] ?? 0)).toBeGreaterThan(layer);
      degree.set(`${from}/${layer}`, (degree.get(`${from}/${layer}`) ?? 0) + 1);
    }
    for (const [key, links] of degree) expect(links).toBeLessThanOrEqual(key.endsWith('/0') ? 8 : 4);
    expect(graph.levels[graph.entry]).toBe(Math.max(...graph.levels));
    expect((await anatomyOf('IVF32_HNSW4,Flat', 'uniform')).graph).toMatchObject({ nodes: 32, M: 4 });
  });

  it('is refused where it would be large', async () => {
    await expect(anatomyOf('Flat', 'planes', 5000)).rejects.toThrow(/at most 262144/);
  });
});
