import { beforeAll, describe, expect, it } from 'vitest';
import type { Metric } from '../engine/factory/spec';
import { anatomyOf } from '../engine/measure/recall';
import { chainOf } from '../engine/plane';
import { transformed } from './picture';
import { loaded, ready, serve, type Session } from './session';
import { generatedSession } from './test/session';

let session: Session;
const quiet = () => {};
const window = { x0: -2, y0: -2, x1: 2, y1: 2 };

beforeAll(async () => { session = await generatedSession(); });

async function open(factory: string, name: string, n: number, metric: Metric = 'L2') {
  await serve.load(session, { name, n, metric, seed: 1234 }, quiet);
  await serve.build(session, { factory, metric, seed: 1234 }, quiet);
  return serve.plane(session, { kind: 'data', query: { kind: 'heldOut', index: 0 } }, quiet);
}

describe('the dots during training', () => {
  for (const factory of ['IVF12,Flat', 'PCA2,IVF12,Flat']) {
    it(`belong to the nearest of the centroids that are shown: ${factory}`, async () => {
      const { history, points, lists: final } = await open(factory, 'blobs', 800);
      expect(history.length).toBeGreaterThan(3);
      for (const iteration of [0, 2, history.length - 1]) {
        const { lists } = await serve.slice(session, { window, width: 20, height: 20, iteration }, quiet), centroids = history[iteration] ?? new Float32Array(0);
        if (!lists) throw new Error('a slice of an iteration brings its lists');
        const away = (id: number, c: number) => ((points[3 * id] ?? 0) - (centroids[3 * c] ?? 0)) ** 2 + ((points[3 * id + 1] ?? 0) - (centroids[3 * c + 1] ?? 0)) ** 2;
        for (let id = 0; id < 800; id++) expect(away(id, lists[id] ?? -1)).toBeLessThanOrEqual(Math.min(...Array.from({ length: 12 }, (_, c) => away(id, c))) + 1e-5);
      }
      const { lists } = await serve.slice(session, { window, width: 20, height: 20, iteration: 0 }, quiet);
      expect(lists?.filter((list, id) => list !== final[id]).length).toBeGreaterThan(0);
      expect((await serve.slice(session, { window, width: 20, height: 20, iteration: null }, quiet)).lists).toBeUndefined();
    });
  }
});

describe('the cells of an index over the centroids', () => {
  it.each(['IVF64_HNSW4,Flat', 'IVF64(RCQ2x3),Flat', 'RR,IVF64(PQ8x4),Flat'])('are drawn by the truly nearest centroid, and how often it agrees is counted: %s', async (factory) => {
    await serve.load(session, { name: 'synth64', n: 600, metric: 'L2', seed: 1234 }, quiet);
    await serve.build(session, { factory, metric: 'L2', seed: 1234 }, quiet);
    const { badge, lists } = await serve.plane(session, { kind: 'query', query: { kind: 'heldOut', index: 3 } }, quiet), { index } = ready(session), { ivf } = anatomyOf(index), { base, d } = loaded(session);
    if (!ivf) throw new Error(`${factory} has lists`);
    const chain = chainOf(index), same = Array.from(lists, (list, id) => {
      const x = transformed(session.engine, chain, base.slice(id * d, (id + 1) * d));
      const away = Array.from({ length: ivf.nlist }, (_, c) => x.reduce((sum, v, j) => sum + (v - (ivf.centroids[c * ivf.d + j] ?? 0)) ** 2, 0));
      return away.indexOf(Math.min(...away)) === list;
    });
    expect(badge.coarse).toBeCloseTo(same.filter(Boolean).length / 600, 3);
    expect(badge.coarse).toBeGreaterThan(0.3);
  });

  it('need no such number where every centroid is compared', async () => {
    expect((await open('IVF12,Flat', 'blobs', 800)).badge).not.toHaveProperty('coarse');
    expect((await open('IMI2x2,Flat', 'blobs', 800)).badge).not.toHaveProperty('coarse');
  });
});

describe('the vector looked at closely', () => {
  for (const metric of ['L2', 'IP'] as const) {
    it(`has its true neighbours, without itself: ${metric}`, async () => {
      await open('Flat', 'planes', 600, metric);
      const { base, n, d } = loaded(session), { ids } = await serve.near(session, { id: 17, k: 10 }, quiet);
      const apart = (id: number) => Array.from({ length: d }, (_, j) => { const a = base[17 * d + j] ?? 0, b = base[id * d + j] ?? 0; return metric === 'L2' ? (a - b) ** 2 : -a * b; }).reduce((sum, v) => sum + v, 0);
      const others = Array.from({ length: n }, (_, id) => id).filter((id) => id !== 17).sort((a, b) => apart(a) - apart(b));
      expect([...ids]).toEqual(others.slice(0, 10));
    });
  }
});
