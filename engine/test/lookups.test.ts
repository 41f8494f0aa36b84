import { describe, expect, it } from 'vitest';
import { codeAt, decodedAt, distanceAt, placeOf, scannedBy, storedOf, usageOf } from '../measure/codes';
import { coded, lookupsOf, sumOf, vectorFor } from '../measure/lookups';
import { anatomyOf, invertLists } from '../measure/recall';
import { openArena, release, takeF32 } from '../memory';
import { chainOf } from '../plane';
import { searchInto, transformQuery } from '../search';
import type { Metric } from '../factory/spec';
import type { Index, SearchParams } from '../types';
import { newWork } from '../work';
import { testEngine } from './engine';
import { buildOn, openGenerated } from './sets';

const engine = await testEngine(1);
const sets = { L2: await openGenerated(engine, 'synth64', 3000, 'L2'), IP: await openGenerated(engine, 'synth64', 3000, 'IP') };
const PARAMS: SearchParams = { nprobe: 4, efSearch: 32 };

function storedIn(index: Index) {
  const stored = storedOf(index), { ivf } = anatomyOf(index), listOf = ivf && invertLists(ivf);
  if (!stored) throw new Error('no codes');
  return { stored, place: (id: number) => placeOf(stored, id, listOf) };
}

/** The ten nearest by code, as a search returns them, and the same distances taken apart. */
async function compare(factory: string, metric: Metric) {
  const set = sets[metric], built = await buildOn(engine, set, factory), { index } = built, thread = engine.own, { top } = thread;
  const { stored, place } = storedIn(index), arena = openArena(engine.memory), query = set.queries.slice(0, set.d);
  const scanned = scannedBy(engine, index, query, PARAMS), x = takeF32(arena, set.d);
  x.set(query);
  const inner = transformQuery(thread, chainOf(index), x.byteOffset, newWork());
  const rows = [...scanned.ids.slice(0, 10)].map((id, i) => {
    const at = place(id), lookups = lookupsOf(thread, stored, inner, at, id);
    return { id, told: scanned.distances[i] ?? 0, again: distanceAt(thread, stored, inner, at), sum: lookups && sumOf(lookups), step: lookups?.rounded?.step ?? 0, exact: lookups?.rounded?.exact ?? 0, tables: lookups?.code.length ?? 0 };
  });
  thread.top = top;
  release(arena);
  release(built.arena);
  return { rows, all: scanned.all };
}

/** Sums of a hundred floats in another order differ by this share of their size. */
const near = (a: number, b: number, scale: number) => Math.abs(a - b) <= 2e-5 * Math.max(1, Math.abs(scale));

describe('look-ups add up to the distance that the search returned', () => {
  const strings = ['PQ16', 'PQ8x5', 'PQ16x4', 'IVF32,PQ16', 'IVF32,PQ8x6', 'OPQ16,IVF32,PQ16', 'IVF32,PQ16x4fsr', 'PQ16x4fs', 'RQ4x6_Nqint8', 'IVF32,RQ4x6_Nqint8', 'IVF32,RQ4x6_Nfloat', 'PRQ2x2x6_Nqint4', 'HNSW16,PQ16'];
  for (const metric of ['L2', 'IP'] as const) {
    it.each(strings)(`%s, ${metric}`, async (factory) => {
      const { rows } = await compare(factory, metric);
      expect(rows).toHaveLength(10);
      for (const { told, again, sum, tables } of rows) {
        expect(tables).toBeGreaterThan(0);
        expect(near(again, told, told)).toBe(true);
        expect(near(sum ?? NaN, told, Math.max(Math.abs(told), 100))).toBe(true);
      }
    });
  }

  it.each(['IMI2x4,PQ8', 'HNSW16_16+PQ8'])('%s, L2', async (factory) => {
    for (const { told, sum } of (await compare(factory, 'L2')).rows) expect(near(sum ?? NaN, told, Math.max(told, 100))).toBe(true);
  });

  it('fast scan rounds each entry by half a step at most', async () => {
    for (const { told, exact, step, tables } of (await compare('IVF32,PQ16x4fsr', 'L2')).rows) {
      expect(step).toBeGreaterThan(0);
      expect(Math.abs(told - exact)).toBeLessThanOrEqual((step * tables) / 2 + 1e-3);
    }
  });
});

it('everything scanned is told once, in the order of the search', async () => {
  const set = sets.L2, { index, arena } = await buildOn(engine, set, 'IVF32,PQ16'), query = set.queries.slice(0, set.d), room = openArena(engine.memory);
  const { ids, distances, all } = scannedBy(engine, index, query, PARAMS), found = takeF32(room, 14), names = new Int32Array(found.buffer, takeF32(room, 14).byteOffset, 10), x = takeF32(room, set.d);
  x.set(query);
  searchInto(engine.own, index, x.byteOffset, 10, PARAMS, found.byteOffset, names.byteOffset, newWork());
  expect([...ids.slice(0, 10)]).toEqual([...names]);
  expect([...distances.slice(0, 10)]).toEqual([...found.slice(0, 10)]);
  expect(new Set(ids).size).toBe(all);
  release(room);
  release(arena);
});

it.each(['PQ16', 'IVF32,PQ16', 'IVF32,PQ16x4fs', 'IVF32,RaBitQfs', 'IVF32,SQ8', 'IVF32,RQ4x6'])('%s: one code decodes as it was coded', async (factory) => {
  const set = sets.L2, { index, arena } = await buildOn(engine, set, factory), { stored, place } = storedIn(index), thread = engine.own, { top } = thread;
  for (const id of [0, 17, 2999]) {
    const at = place(id), vector = vectorFor(thread, stored, set.base.byteOffset + id * set.d * 4, at.list), own = coded(engine, stored.codec, vector);
    const kept = codeAt(thread, stored, at);
    expect([...kept]).toEqual([...own.code.slice(0, kept.length)]);
    if (factory !== 'IVF32,RaBitQfs') decodedAt(thread, stored, at).forEach((v, j) => expect(v).toBeCloseTo(own.decoded[j] ?? NaN, 5));
  }
  thread.top = top;
  release(arena);
});

it.each(['PQ16', 'IVF32,PQ16x4fs'])('%s: the rows of each part are used n times in all', async (factory) => {
  const { index, arena } = await buildOn(engine, sets.L2, factory), { stored } = storedIn(index), nbits = factory === 'PQ16' ? 8 : 4;
  const usage = usageOf(engine.own, stored, Array.from({ length: 16 }, (_, m) => m * nbits), Array.from({ length: 16 }, () => nbits));
  for (const counts of usage) expect(counts.reduce((a, b) => a + b, 0)).toBe(3000);
  release(arena);
});
