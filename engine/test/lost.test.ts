import { beforeAll, describe, expect, it } from 'vitest';
import { causes, doors, losses } from '../measure/causes';
import type { Cause, Door } from '../measure/causes';
import { searchInDetail } from '../measure/detail';
import type { Detail } from '../measure/detail';
import { anatomyOf, invertLists } from '../measure/recall';
import { openArena, release, takeF32, takeI32 } from '../memory';
import type { OpenSet } from '../data/open';
import type { Engine } from '../pool';
import { searchInto } from '../search';
import type { Index, SearchParams } from '../types';
import { newWork } from '../work';
import { testEngine } from './engine';
import { buildOn, measureOn, openGenerated } from './sets';

let engine: Engine, set: OpenSet;
beforeAll(async () => {
  engine = await testEngine(2, 2 ** 30);
  set = await openGenerated(engine, 'synth64', 4000);
});
const K = 10, ALL = 5000; // of 500 queries

type Counts = [hits: number, coarse: number, graph: number, code: number, refine: number];
const strings: [string, SearchParams, Counts][] = [
  ['Flat', {}, [5000, 0, 0, 0, 0]],
  ['PQ8', {}, [2856, 0, 0, 2144, 0]],
  ['IVF64,Flat', { nprobe: 3 }, [2927, 2073, 0, 0, 0]],
  ['IVF64,PQ8', { nprobe: 4 }, [2592, 1715, 0, 693, 0]],
  ['IVF64,PQ8', { nprobe: 16, max_codes: 500 }, [2898, 915, 0, 1187, 0]],
  ['IVF64,PQ8,RFlat', { nprobe: 8, k_factor_rf: 4 }, [4052, 872, 0, 0, 76]],
  ['OPQ8,IVF64,PQ8,Refine(SQ4)', { nprobe: 8, k_factor_rf: 4 }, [3815, 872, 0, 309, 4]],
  ['IVF64,PQ8+8', { nprobe: 8, k_factor: 2 }, [3544, 872, 0, 188, 396]],
  ['IVF256_HNSW4,Flat', { nprobe: 8, quantizer_efSearch: 2 }, [2299, 2701, 0, 0, 0]],
  ['IVF64,PQ8x4fs', { nprobe: 8 }, [1490, 872, 0, 2638, 0]],
  ['IVF64(SQ4),SQ8', { nprobe: 8 }, [4132, 860, 0, 8, 0]],
  ['IMI2x4,PQ8', { nprobe: 16 }, [2654, 1577, 0, 769, 0]],
  ['IVF64,RaBitQ4', { nprobe: 8 }, [4006, 872, 0, 122, 0]],
  ['HNSW8', { efSearch: 10 }, [3849, 0, 1151, 0, 0]],
  ['HNSW8,PQ8', { efSearch: 20 }, [2764, 0, 962, 1274, 0]],
  ['HNSW8,PQ8,RFlat', { efSearch: 40, k_factor_rf: 3 }, [4198, 0, 400, 0, 402]],
  ['NSG16', {}, [4452, 0, 548, 0, 0]],
  ['PQ8,Refine(SQ8),RFlat', { k_factor_rf: 3 }, [4910, 0, 0, 0, 90]],
];

describe('of all true neighbours, those that are not returned', () => {
  it.each(strings)('%s %j: have one cause each', async (factory, params, counts) => {
    const built = await buildOn(engine, set, factory), { hits, missed, lost, losses: byLoss, recall } = await measureOn(engine, set, built, params, K);
    const got = [hits, ...causes.map((cause) => missed[cause])];
    expect(got.reduce((sum, count) => sum + count, 0)).toBe(ALL);
    // The last bits of a distance may differ where a fused multiply-add computes it.
    got.forEach((count, i) => expect(Math.abs(count - (counts[i] ?? NaN)), `${got.join(' ')}, not ${counts.join(' ')}`).toBeLessThanOrEqual(3));
    expect(recall['k@k']).toBe(hits / ALL);
    for (const cause of causes) expect(lost[cause]).toBe(missed[cause] / ALL);
    expect(losses.reduce((sum, loss) => sum + Math.round(byLoss[loss] * ALL), hits)).toBe(ALL);
    expect(doors.reduce((sum, door) => sum + Math.round(byLoss[door] * ALL), 0)).toBe(missed.coarse);
    for (const loss of ['graph', 'code', 'refine'] as const) expect(byLoss[loss]).toBe(lost[loss]);
    const one = Array.from({ length: 20 }, (_, q) => detailOf(built.index, params, q).truth).flat(), count = (cause: Cause | null) => one.filter((t) => t.lost === cause).length;
    const first = await measureOn(engine, { ...set, nq: 20 }, built, params, K);
    expect([null, ...causes].map(count)).toEqual([first.hits, ...causes.map((cause) => first.missed[cause])]);
    release(built.arena);
  });
});

/** Lists that were not scanned, of 20 queries: nprobe others are nearer · max_codes were used up · the index over the centroids missed it. */
const splits: [string, SearchParams, Record<Door, number>][] = [
  ['IVF64,Flat', { nprobe: 3 }, { nprobe: 72, max_codes: 0, quantizer: 0 }],
  ['IVF64,PQ8', { nprobe: 16, max_codes: 500 }, { nprobe: 10, max_codes: 19, quantizer: 0 }],
  ['IVF256_HNSW4,Flat', { nprobe: 8, quantizer_efSearch: 2 }, { nprobe: 40, max_codes: 0, quantizer: 76 }],
  ['IVF256_HNSW4,Flat', { nprobe: 8, quantizer_efSearch: 256 }, { nprobe: 50, max_codes: 0, quantizer: 0 }],
  ['IVF256(IVF16,Flat),Flat', { nprobe: 24 }, { nprobe: 14, max_codes: 0, quantizer: 78 }],
  ['PCA16,IVF256_HNSW4,PQ8,RFlat', { nprobe: 8, quantizer_efSearch: 2, k_factor_rf: 4 }, { nprobe: 44, max_codes: 0, quantizer: 63 }],
];

describe('of what was not scanned', () => {
  it.each(splits)('%s %j: the split by what would let it in is that of a look at each query', async (factory, params, counts) => {
    const built = await buildOn(engine, set, factory), { losses: byLoss, missed } = await measureOn(engine, { ...set, nq: 20 }, built, params, K);
    const got = { nprobe: 0, max_codes: 0, quantizer: 0 };
    for (let q = 0; q < 20; q++) {
      const { truth } = detailOf(built.index, params, q);
      for (const { lost, listRank } of truth) if (lost === 'coarse') got[(listRank ?? 0) > (params.nprobe ?? 1) ? 'nprobe' : params.max_codes ? 'max_codes' : 'quantizer']++;
    }
    expect(got).toEqual({ nprobe: Math.round(byLoss.nprobe * 20 * K), max_codes: Math.round(byLoss.max_codes * 20 * K), quantizer: Math.round(byLoss.quantizer * 20 * K) });
    for (const door of doors) expect(Math.abs(got[door] - counts[door]), `${door} ${got[door]}, not ${counts[door]}`).toBeLessThanOrEqual(2);
    expect(missed.coarse).toBe(got.nprobe + got.max_codes + got.quantizer);
    release(built.arena);
  });
});

describe('what is said of a missed neighbour', () => {
  const byTry = async (factory: string, params: SearchParams, check: (index: Index, q: number, neighbour: Detail['truth'][number]) => void, queries = 30) => {
    const built = await buildOn(engine, set, factory);
    let missed = 0;
    for (let q = 0; q < queries; q++) for (const neighbour of detailOf(built.index, params, q).truth) if (neighbour.lost) { check(built.index, q, neighbour); missed++; }
    expect(missed).toBeGreaterThan(5);
    release(built.arena);
  };

  it('exact codes: its list is probed from that nprobe on, and it returns', () => byTry('IVF64,Flat', { nprobe: 3 }, (index, q, { id, lost, listRank, remedy }) => {
    expect([lost, remedy]).toEqual(['coarse', { param: 'nprobe', value: listRank, wins: true }]);
    expect(idsOf(index, { nprobe: listRank ?? 0 }, q)).toContain(id);
    expect(idsOf(index, { nprobe: (listRank ?? 0) - 1 }, q)).not.toContain(id);
  }));

  it('max_codes: the least budget that it returns with', () => byTry('IVF64,Flat', { nprobe: 64, max_codes: 300 }, (index, q, { id, remedy }) => {
    expect(remedy).toMatchObject({ param: 'max_codes', wins: true });
    const value = remedy?.value ?? 0;
    expect(idsOf(index, { nprobe: 64, max_codes: value }, q)).toContain(id);
    expect(idsOf(index, { nprobe: 64, max_codes: value - 1 }, q)).not.toContain(id);
  }));

  it('a code: the rank is its place when so many are asked for', () => byTry('IVF64,PQ8', { nprobe: 64 }, (index, q, { id, lost, rank, remedy }) => {
    expect([lost, remedy]).toEqual(['code', null]);
    expect(idsOf(index, { nprobe: 64 }, q, rank ?? 0)[(rank ?? 0) - 1]).toBe(id);
  }));

  it('codes that a bound sets aside: the rank is behind those returned, at the place its distance has among the others', async () => {
    const params = { nprobe: 64 };
    let aside = 0;
    for (const [factory, queries] of [['RaBitQ2', 5], ['IVF64,RaBitQ4', 300], ['IVF64,RaBitQfs4', 5]] as const) await byTry(factory, params, (index, q, { id, lost, rank }) => {
      if (lost !== 'code') return;
      const all = idsOf(index, params, q, set.n), returned = idsOf(index, params, q);
      const nearer = all.slice(0, all.indexOf(id)).filter((one) => !returned.includes(one)).length;
      expect(rank).toBe(K + 1 + nearer);
      if (all.indexOf(id) < K) aside++;
    }, queries);
    expect(aside).toBeGreaterThan(0);
  });

  it('codes that differ in too many bits: the rank is behind all that were looked up', () => byTry('IVF64,PQ8', { nprobe: 64, ht: 24 }, (index, q, { id, lost, rank }) => {
    const all = idsOf(index, { nprobe: 64, ht: 24 }, q, set.n).filter((one) => one >= 0);
    expect([lost, rank]).toEqual(['code', (all.includes(id) ? all.indexOf(id) : all.length) + 1]);
  }));

  it.each(strings)('%s %j: each that fell to its code has a rank, behind those returned', async (factory, params) => {
    const built = await buildOn(engine, set, factory);
    for (let q = 0; q < 10; q++) for (const { lost, rank } of detailOf(built.index, params, q).truth) {
      if (lost === 'code' || lost === 'refine') expect(rank).toBeGreaterThan(K);
      else expect(rank).toBeNull();
    }
    release(built.arena);
  });

  it('codes on a graph: the rank among all that the walk came by', () => byTry('HNSW8,PQ8', { efSearch: 4000 }, (index, q, { id, lost, rank }) => {
    expect(lost).toBe('code');
    expect(idsOf(index, { efSearch: 4000 }, q, rank ?? 0)[(rank ?? 0) - 1]).toBe(id);
  }));

  it('re-ranking by exact distances: so much of a factor returns it, and no less', () => byTry('IVF64,PQ8,RFlat', { nprobe: 64, k_factor_rf: 2 }, (index, q, { id, lost, rank, remedy }) => {
    expect([lost, remedy]).toEqual(['refine', { param: 'k_factor_rf', value: Math.ceil((rank ?? 0) / K), wins: true }]);
    const value = remedy?.value ?? 0;
    expect(idsOf(index, { nprobe: 64, k_factor_rf: value }, q)).toContain(id);
    expect(idsOf(index, { nprobe: 64, k_factor_rf: value - 1 }, q)).not.toContain(id);
  }));

  it('re-ranking by codes: what was re-ranked and fell is the code’s, at its rank after re-ranking', () => byTry('PQ8,Refine(SQ4)', { k_factor_rf: 400 }, (_, __, { lost, rank }) => {
    expect(lost).toBe('code');
    expect(rank).toBeGreaterThan(K);
    expect(rank).toBeLessThan(60); // of 4000 candidates: SQ4 is nearly right
  }));

  it('the second codes of PQa+b: k_factor', () => byTry('IVF64,PQ8+8', { nprobe: 64, k_factor: 1 }, (_, __, { lost, remedy }) => {
    if (lost === 'refine') expect(remedy?.param).toBe('k_factor');
  }));

  it('a walk: efSearch, tried', () => byTry('HNSW8', { efSearch: 10 }, (index, q, { id, lost, remedy }) => {
    expect(lost).toBe('graph');
    if (remedy) expect(idsOf(index, { efSearch: remedy.value }, q)).toContain(id);
    if (remedy) expect(idsOf(index, { efSearch: remedy.value / 2 }, q)).not.toContain(id);
  }));

  it('a walk of an NSG: search_L, tried', () => byTry('NSG16', {}, (index, q, { id, remedy }) => {
    expect(remedy).toMatchObject({ param: 'search_L', wins: true });
    expect(idsOf(index, { search_L: remedy?.value ?? 0 }, q)).toContain(id);
  }));

  it('a graph over the centroids: nprobe where the list ranks behind, its own efSearch where the walk did not come by', async () => {
    const params = { nprobe: 8, quantizer_efSearch: 2 }, names = new Map<string, number>();
    await byTry('IVF256_HNSW4,Flat', params, (index, q, { id, listRank, remedy }) => {
      if (remedy) names.set(remedy.param, (names.get(remedy.param) ?? 0) + 1);
      if (remedy?.param === 'nprobe') expect([remedy.value, (listRank ?? 0) > 8]).toEqual([listRank, true]);
      if (remedy?.param === 'quantizer_efSearch') {
        expect(listRank).toBeLessThanOrEqual(8);
        expect(idsOf(index, { ...params, quantizer_efSearch: remedy.value }, q)).toContain(id);
      }
    });
    expect([...names.keys()].sort()).toEqual(['nprobe', 'quantizer_efSearch']);
  });
});

function detailOf(index: Index, params: SearchParams, q: number): Detail {
  const { ivf } = anatomyOf(index), base = { x: set.base.byteOffset, n: set.n, d: set.d };
  return searchInDetail(engine, { index, listOf: ivf && invertLists(ivf), base, query: set.queries.slice(q * set.d, (q + 1) * set.d), k: K, params });
}

function idsOf(index: Index, params: SearchParams, q: number, k = K): number[] {
  const arena = openArena(engine.memory), dis = takeF32(arena, k + 4), ids = takeI32(arena, k);
  searchInto(engine.own, index, set.queries.byteOffset + q * set.d * 4, k, params, dis.byteOffset, ids.byteOffset, newWork());
  const found = [...ids];
  release(arena);
  return found;
}
