import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Metric } from '../factory/spec';
import { openArena, release, takeF32, takeI32 } from '../memory';
import type { Engine } from '../pool';
import { publish } from '../pool';
import { mulberry32 } from '../random';
import { searchMany } from '../search';
import { searchTogether } from '../search-together';
import { searchFlat } from '../structures/flat';
import { flatGroupScratch, searchFlatGroup } from '../structures/flat-group';
import type { SearchParams } from '../types';
import { newWork } from '../work';
import { testEngine } from './engine';
import { buildOn, openGenerated } from './sets';

let engine: Engine;
beforeAll(async () => { engine = await testEngine(2); });

const random = mulberry32(11);
const shape = fc.record({
  n: fc.integer({ min: 1, max: 300 }), nq: fc.integer({ min: 1, max: 13 }), d: fc.integer({ min: 1, max: 21 }), k: fc.integer({ min: 1, max: 9 }),
  metric: fc.constantFrom<Metric>('L2', 'IP'),
  /** Far from the origin, products lose what tells neighbours apart; few levels make ties. */
  centre: fc.constantFrom(0, 3, 1000), levels: fc.constantFrom(3, 2 ** 20),
});

describe('queries searched together', () => {
  it('find what each finds alone, bit for bit, ties and far origins included', () => {
    fc.assert(fc.property(shape, ({ n, nq, d, k, metric, centre, levels }) => {
      const arena = openArena(engine.memory), { own } = engine, { top, end } = own;
      try {
        const vectors = takeF32(arena, n * d), queries = takeF32(arena, nq * d);
        for (const x of [vectors, queries]) x.forEach((_, i) => { x[i] = centre + (random() % levels) / levels; });
        const index = { kind: 'Flat' as const, n, d, metric, vectors };
        const dis = takeF32(arena, nq * k), ids = takeI32(arena, nq * k), disAlone = takeF32(arena, nq * k), idsAlone = takeI32(arena, nq * k);
        own.end = top + flatGroupScratch(nq, d);
        searchFlatGroup(own, index, queries.byteOffset, nq, k, dis.byteOffset, ids.byteOffset, newWork());
        for (let q = 0; q < nq; q++, own.top = top) searchFlat(own, index, queries.byteOffset + q * d * 4, k, disAlone.byteOffset + q * k * 4, idsAlone.byteOffset + q * k * 4, newWork());
        expect([...ids]).toEqual([...idsAlone]);
        expect([...dis]).toEqual([...disAlone]);
      } finally {
        own.top = top;
        own.end = end;
        release(arena);
      }
    }), { numRuns: 400 });
  });

  const strings: [string, SearchParams][] = [
    ['Flat', {}], ['IVF64,Flat', { nprobe: 3 }], ['IVF64,PQ8', { nprobe: 4 }], ['IVF64_HNSW8,Flat', { nprobe: 4 }], ['PCA32,IVF64,SQ8', { nprobe: 2 }],
    ['IVF64,PQ8,RFlat', { nprobe: 4, k_factor_rf: 3 }], ['HNSW8', { efSearch: 20 }], ['PQ8', {}],
  ];
  it.each(strings)('in %s find what they find one by one', async (factory, params) => {
    for (const metric of ['L2', 'IP'] as const) {
      const set = await openGenerated(engine, 'synth64', 4000, metric), built = await buildOn(engine, set, factory), arena = openArena(engine.memory);
      const { nq, d } = set, k = 10, dis = [takeF32(arena, nq * k), takeF32(arena, nq * k)] as const, ids = [takeI32(arena, nq * k), takeI32(arena, nq * k)] as const;
      const args = { index: 'index', queries: set.queries.byteOffset, nq, d, k, params };
      await searchMany(engine, { ...args, dis: dis[0].byteOffset, ids: ids[0].byteOffset, ms: 0, counts: 0, us: 0, repeat: 1 }, built.index);
      await searchTogether(engine, { ...args, dis: dis[1].byteOffset, ids: ids[1].byteOffset }, built.index);
      expect(ids[1]).toEqual(ids[0]);
      expect(dis[1]).toEqual(dis[0]);
      await publish(engine, 'index', undefined);
      for (const room of [arena, built.arena, set.arena]) release(room);
    }
  });
});
