import { beforeAll, expect, it } from 'vitest';
import { anatomyOf } from '../measure/recall';
import { openArena, release, takeF32, takeI32 } from '../memory';
import type { OpenSet } from '../data/open';
import type { Engine } from '../pool';
import { searchInto } from '../search';
import type { Counts, SearchParams } from '../types';
import { newWork, stages } from '../work';
import { testEngine } from './engine';
import { buildOn, openGenerated } from './sets';

let engine: Engine, set: OpenSet;
beforeAll(async () => {
  engine = await testEngine(2);
  set = await openGenerated(engine, 'synth64', 2000);
});

/** One search by a clock that goes on by 1 ms whenever it is read, so that every stage that is timed takes time. */
async function searched(factory: string, params: SearchParams) {
  const built = await buildOn(engine, set, factory), arena = openArena(engine.memory), dis = takeF32(arena, 14), ids = takeI32(arena, 10), probed = new Int32Array(1024);
  let now = 0;
  const work = newWork({ probed, clock: () => now++ });
  searchInto(engine.own, built.index, set.queries.byteOffset, 10, params, dis.byteOffset, ids.byteOffset, work);
  const { ivf } = anatomyOf(built.index), size = (list: number) => (ivf?.offsets[list + 1] ?? 0) - (ivf?.offsets[list] ?? 0);
  const inLists = probed.subarray(0, work.lists).reduce((sum, list) => sum + size(list), 0), us = stages.map((stage) => work.us[stage]);
  release(arena);
  release(built.arena);
  return { work, inLists, timed: stages.filter((stage) => work.us[stage] > 0), total: us.reduce((sum, v) => sum + v, 0), elapsed: now * 1000 };
}

/** With codes = null: as many as the lists probed hold. */
const strings: [string, SearchParams, Partial<Record<keyof Counts, number | null>>, string][] = [
  ['Flat', {}, { ndis: 2000, codes: 0, lists: 0, hops: 0 }, 'scan'],
  ['PCA32,PQ8', {}, { ndis: 2000, codes: 2000 }, 'transform tables scan'],
  ['IVF32,Flat', { nprobe: 4 }, { ndisCoarse: 32, ndisRefine: 0, lists: 4, codes: null }, 'coarse tables scan'],
  ['OPQ8,IVF32,PQ8,RFlat', { nprobe: 4, k_factor_rf: 3 }, { ndisCoarse: 32, ndisRefine: 30, lists: 4, codes: null }, 'transform coarse tables scan refine'],
  ['IMI2x4,PQ8', { nprobe: 8 }, { ndisCoarse: 16, lists: 8, codes: null }, 'coarse tables scan'],
  ['HNSW8,PQ8', { efSearch: 20 }, { lists: 0, ndisCoarse: 0 }, 'tables scan'],
];

it.each(strings)('%s %j counts its work, and times its stages', async (factory, params, counts, names) => {
  const { work, inLists, timed, total, elapsed } = await searched(factory, params);
  for (const [name, count] of Object.entries({ ...counts })) expect([name, work[name as keyof Counts]]).toEqual([name, count ?? inLists]);
  const walked = factory.startsWith('HNSW');
  if (walked) expect([work.codes, work.hops > 10]).toEqual([work.ndis, true]);
  if (work.lists) expect(work.ndis).toBe(work.ndisCoarse + work.codes + work.ndisRefine);
  expect(timed.join(' ')).toBe(names);
  // A stage within another is not counted twice.
  expect(total).toBeLessThanOrEqual(elapsed);
});

it('a graph over the centroids counts its own distances and hops', async () => {
  const { work, inLists } = await searched('IVF64_HNSW8,Flat', { nprobe: 4 });
  expect(work.codes).toBe(inLists);
  expect(work.ndis).toBe(work.ndisCoarse + inLists);
  expect(work.ndisCoarse).toBeGreaterThan(16);
  expect(work.hops).toBeGreaterThan(4);
});
