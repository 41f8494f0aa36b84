import { describe, expect, it } from 'vitest';
import { synth64, synthBase, synthQueries } from '../data/synth64';
import type { Metric } from '../factory/spec';
import * as twin from '../kernels/nsg-twins';
import { freeBytes, openArena, release, takeF32, takeI32 } from '../memory';
import type { Arena } from '../memory';
import { cancel, resume } from '../pool';
import type { Engine } from '../pool';
import { mulberry32 } from '../random';
import { firstDraws, nearestNeighbours, R as LISTED, ROUNDS, S, SPARE } from '../structures/descent';
import { searchFlat } from '../structures/flat';
import { buildNsg, nsgLinksAt, nsgLinksUsed, nsgScratch, searchNsg } from '../structures/nsg';
import { bounded, openWalker, rowsAt } from '../structures/walker';
import type { NsgIndex } from '../types';
import { newWork } from '../work';
import { testEngine } from './engine';
import { validNsg } from './valid';

const unshared = await testEngine(0), one = await testEngine(1), three = await testEngine(3);
const slice = synthBase(synth64, 3000), queries = synthQueries(synth64, 50);

/** Few small whole numbers: exact distances in any order of summing, many of them equal. */
function smallInts(n: number, d: number, seed: number): Float32Array {
  const random = mulberry32(seed);
  return Float32Array.from({ length: n * d }, () => (random() % 9) - 4);
}

type Options = { d?: number; metric?: Metric; R?: number; seed?: number };

/** Copies x to the engine's memory and gives everything back after `look`. */
async function withRows<T>(engine: Engine, x: Float32Array, look: (vectors: Float32Array, arena: Arena) => T | Promise<T>): Promise<T> {
  const arena = openArena(engine.memory);
  try {
    const vectors = takeF32(arena, x.length);
    vectors.set(x);
    return await look(vectors, arena);
  } finally {
    release(arena);
  }
}

const withGraph = <T>(engine: Engine, x: Float32Array, { d = 64, metric = 'L2', R = 16, seed = 0 }: Options, look: (index: NsgIndex, arena: Arena) => T | Promise<T>) =>
  withRows(engine, x, async (vectors, arena) => look(await buildNsg(engine, arena, { vectors, n: x.length / d, d, metric, R, seed }), arena));

/** One search: its ids, distances and work. */
function searchOne({ own, memory }: Engine, index: NsgIndex, query: Float32Array, k: number, searchL: number, work = newWork()) {
  const arena = openArena(memory), x = takeF32(arena, index.d), dis = takeF32(arena, k), ids = takeI32(arena, k);
  x.set(query);
  searchNsg(own, index, x.byteOffset, k, searchL, dis.byteOffset, ids.byteOffset, work);
  const found = { ids: [...ids], dis: [...dis], work };
  release(arena);
  return found;
}
const outcome = (work: Promise<unknown>) => work.then(() => 'done', (problem: Error) => problem.message);
const partsOf = (ids: Int32Array, width: number) => Array.from({ length: ids.length / width }, (_, i) => [...ids.subarray(i * width, (i + 1) * width)].filter((id) => id >= 0));

describe('nearest neighbours', () => {
  it.each([['L2', 6], ['IP', 5]] as const)('follow the plain-TypeScript twin, id for id: %s', async (metric, d) => {
    // so few that nobody has more than R others to list, whose choice would be drawn
    const n = LISTED + 60, K = 20, x = smallInts(n, d, d), { pools, lists } = firstDraws(n, 3);
    const known = twin.descend({ x, n, d, metric }, partsOf(pools, S), partsOf(lists, 2 * S), { L: K + SPARE, S, rounds: ROUNDS });
    await withRows(three, x, async (vectors, arena) => {
      const knn = await nearestNeighbours(three, arena, { vectors, n, d, metric, K, seed: 3 });
      expect(partsOf(knn, K)).toEqual(known.map((pool) => pool.slice(0, K).map(({ id }) => id)));
    });
  });

  it('are nearly all of the true ones', async () => {
    await withRows(three, slice, async (vectors, arena) => {
      const K = 64, n = 3000, knn = await nearestNeighbours(three, arena, { vectors, n, d: 64, metric: 'L2', K, seed: 0 });
      const dis = takeF32(arena, K + 1), ids = takeI32(arena, K + 1);
      let hits = 0;
      for (let id = 0; id < n; id += 60) {
        const { top } = three.own;
        searchFlat(three.own, { kind: 'Flat', d: 64, n, metric: 'L2', vectors }, vectors.byteOffset + id * 256, K + 1, dis.byteOffset, ids.byteOffset, newWork());
        three.own.top = top;
        const own = new Set(knn.subarray(id * K, (id + 1) * K));
        hits += [...ids].filter((other) => other !== id && own.has(other)).length;
      }
      expect(hits / (50 * K)).toBeGreaterThan(0.95);
    });
  });
});

describe('building', () => {
  it('gives the same bits without threads, with one and with three', async () => {
    const bits = (engine: Engine) => withGraph(engine, slice, { metric: 'IP' }, ({ links, entry, starts }) => [links.slice(), entry, starts.slice()]);
    const alone = await bits(unshared);
    expect(await bits(one)).toEqual(alone);
    expect(await bits(three)).toEqual(alone);
  });

  it('begins from other draws for another seed', () => {
    expect(firstDraws(300, 1)).not.toEqual(firstDraws(300, 0)); // where the descent converges the graph is the same
  });

  it.each([
    ['L2', slice.subarray(0, 1500 * 64), 64, 32], ['IP', slice.subarray(0, 1500 * 64), 64, 8], ['L2', smallInts(700, 3, 1), 3, 2], ['L2', new Float32Array(300 * 5), 5, 6],
    ['L2', smallInts(101, 7, 2), 7, 33], ['IP', smallInts(150, 7, 3), 7, 64],
  ] as const)('makes a valid graph whose entry leads to every node: %s, set %#', async (metric, x, d, R) => {
    await withGraph(one, x, { d, metric, R }, validNsg);
  });

  it('calls a graph invalid when a link goes wrong', async () => {
    await withGraph(one, slice.subarray(0, 200 * 64), { R: 8 }, (index) => {
      const slots = index.links.subarray(7 * 8, 8 * 8), good = slots.slice();
      for (const wrong of [7, 200, slots[1] ?? -1, -1]) { // itself, nobody, a neighbour twice, a gap
        slots[0] = wrong;
        expect(() => validNsg(index)).toThrow('node 7:');
        slots.set(good);
      }
      validNsg(index);
    });
  });

  it.each([['L2', 5, 6], ['IP', 40, 4]] as const)('chooses links as the plain-TypeScript twin does, there and back: %s, R = %i', async (metric, R, d) => {
    const n = 160, K = 12, L = 20, C = 50, x = smallInts(n, d, R), g = { x, n, d, metric };
    await withRows(one, x, async (vectors, arena) => {
      const { own } = one, { top } = own, nodes = rowsAt({ vectors, d, metric }), chosen = takeI32(arena, n * R), links = takeI32(arena, n * R), starts = takeI32(arena, 30);
      const knn = { R: K, links: await nearestNeighbours(one, arena, { vectors, n, d, metric, K, seed: 0 }), entry: 11, starts: starts.map((_, i) => (i * 7) % n) };
      starts.set(knn.starts);
      own.build.nsgLink(openWalker(own, nsgLinksAt({ n, ...knn, starts }), nodes, Math.max(L, R), { near: C }).at, 0, n, L, R, chosen.byteOffset);
      const want = Array.from({ length: n }, (_, id) => twin.link(g, knn, id, L, C, R));
      expect(partsOf(chosen, R)).toEqual(want);
      links.set(chosen);
      const { at } = openWalker(own, nsgLinksAt({ n, R, links, entry: 0, starts }), nodes, 1);
      for (const [from, to] of [[0, 50], [50, n]] as const) own.build.nsgLinkBack(at, chosen.byteOffset, from, to);
      expect(partsOf(links, R)).toEqual(twin.linkBack(g, want, R));
      own.top = top;
    });
  });

  it('refuses too few vectors with a sentence', async () => {
    expect(await outcome(withGraph(one, smallInts(100, 4, 1), { d: 4 }, () => {}))).toBe('NSG16 starts from a graph of nearest neighbours, which needs more than 100 vectors; there are 100.');
  });

  it('stops when cancelled, and gives its memory back', async () => {
    for (const engine of [unshared, three]) {
      const before = freeBytes(engine.memory);
      let reports = 0;
      engine.report = () => { if (++reports === 4) cancel(engine); };
      await expect(withGraph(engine, slice, {}, () => {})).rejects.toMatchObject({ name: 'cancelled' });
      engine.report = () => {};
      resume(engine);
      expect(freeBytes(engine.memory)).toBe(before);
    }
  });
});

describe('searching', () => {
  it.each([['L2', 3, 6], ['IP', 12, 5]] as const)('follows the plain-TypeScript twin, distance for distance: %s', async (metric, R, d) => {
    const n = 400, x = smallInts(n, d, R), asked = smallInts(20, d, 99);
    await withGraph(one, x, { d, metric, R }, (index) => {
      for (let i = 0; i < 20; i++) {
        const query = asked.subarray(i * d, (i + 1) * d);
        for (const [k, searchL] of [[10, 16], [1, 1], [40, 5], [5, 64]] as const) {
          const { ids, dis } = searchOne(one, index, query, k, searchL), want = twin.walk({ x, n, d, metric }, index, query, Math.max(k, searchL)).list.slice(0, k);
          expect(ids).toEqual(want.map(({ id }) => id));
          expect(dis).toEqual(want.map(({ v }) => v));
        }
      }
    });
  });

  it.each(['L2', 'IP'] as const)('equals exhaustive search once search_L reaches n: %s', async (metric) => {
    const n = 700;
    await withGraph(one, slice.subarray(0, n * 64), { metric }, (index, arena) => {
      const k = 25, x = takeF32(arena, 64), dis = takeF32(arena, k), ids = takeI32(arena, k), { top } = one.own;
      if (index.storage.kind !== 'Flat') throw new Error('vectors are stored');
      for (let i = 0; i < 50; i++) {
        x.set(queries.subarray(i * 64, (i + 1) * 64));
        searchFlat(one.own, index.storage, x.byteOffset, k, dis.byteOffset, ids.byteOffset, newWork());
        one.own.top = top;
        const found = searchOne(one, index, x, k, n);
        expect(found.ids).toEqual([...ids]);
        expect(found.dis).toEqual([...dis]);
        expect(found.work.ndis).toBe(n);
      }
    });
  });

  it('records whom it compared, and finds the same', async () => {
    await withGraph(one, slice.subarray(0, 1000 * 64), {}, (index) => {
      const query = queries.subarray(0, 64), plain = searchOne(one, index, query, 10, 32), { ids, work } = searchOne(one, index, query, 10, 32, newWork({ visited: new Int32Array(2000) }));
      expect(ids).toEqual(plain.ids);
      expect([work.ndis, work.hops, work.visitedCount]).toEqual([plain.work.ndis, plain.work.hops, plain.work.ndis]);
      const visited = work.visited?.slice(0, work.visitedCount) ?? new Int32Array(0);
      expect(new Set(visited).size).toBe(visited.length);
      expect(ids.every((id) => visited.includes(id))).toBe(true);
    });
  });

  it('stays inside the scratch it announces', async () => {
    for (const [n, R] of [[101, 2], [1999, 33]] as const) {
      await withGraph(one, slice.subarray(0, n * 64), { R }, (index, arena) => {
        const x = takeF32(arena, 64), dis = takeF32(arena, 300), ids = takeI32(arena, 300);
        for (const [k, searchL] of [[1, 1], [10, 77], [300, 16]] as const) {
          const thread = { ...one.own, end: one.own.top + nsgScratch(index, bounded(n, Math.max(k, searchL))) };
          searchNsg(thread, index, x.byteOffset, k, searchL, dis.byteOffset, ids.byteOffset, newWork({ visited: new Int32Array(100_000) }));
          expect(thread.top).toBe(one.own.top);
        }
        expect(nsgLinksUsed(index)).toBe(index.links.filter((id) => id >= 0).length);
      });
    }
  });
});
