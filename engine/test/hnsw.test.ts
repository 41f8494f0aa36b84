import { describe, expect, it } from 'vitest';
import { synth64, synthBase, synthQueries } from '../data/synth64';
import type { Metric } from '../factory/spec';
import * as twin from '../kernels/graph-twins';
import { freeBytes, openArena, release, takeF32, takeI32 } from '../memory';
import type { Arena } from '../memory';
import { findTruth } from '../measure/truth';
import { cancel, resume } from '../pool';
import type { Engine } from '../pool';
import { mulberry32 } from '../random';
import { searchFlat } from '../structures/flat';
import { assignByGraph } from '../structures/assign';
import { buildHnsw, hnswLinkSlots, hnswScratch, searchHnsw } from '../structures/hnsw';
import { hnswLevels, insertionOrder, levelChances, linkOffsets } from '../structures/hnsw-build';
import type { HnswTrace } from '../structures/hnsw-build';
import type { HnswIndex } from '../types';
import { newWork } from '../work';
import { testEngine } from './engine';
import { reachable, validHnsw } from './valid';

const unshared = await testEngine(0), one = await testEngine(1), three = await testEngine(3);
const slice = synthBase(synth64, 5000), queries = synthQueries(synth64, 200);

/** Few small whole numbers: exact distances in any order of summing, many of them equal. */
function smallInts(n: number, d: number, seed: number): Float32Array {
  const random = mulberry32(seed);
  return Float32Array.from({ length: n * d }, () => (random() % 9) - 4);
}

type Options = { d?: number; metric?: Metric; M?: number; seed?: number; trace?: HnswTrace };

/** Copies x to the engine's memory, builds, and gives everything back after `look`. */
async function withGraph<T>(engine: Engine, x: Float32Array, { d = 64, metric = 'L2', M = 16, seed = 0, trace }: Options, look: (index: HnswIndex, arena: Arena) => T | Promise<T>): Promise<T> {
  const arena = openArena(engine.memory);
  try {
    const vectors = takeF32(arena, x.length);
    vectors.set(x);
    return await look(await buildHnsw(engine, arena, { vectors, n: x.length / d, d, metric, M, seed, stage: 'link', trace }), arena);
  } finally {
    release(arena);
  }
}

/** One search: its ids, distances and work. */
function searchOne({ own, memory }: Engine, index: HnswIndex, query: Float32Array, k: number, efSearch: number, work = newWork()) {
  const arena = openArena(memory), x = takeF32(arena, index.d), dis = takeF32(arena, k), ids = takeI32(arena, k);
  x.set(query);
  searchHnsw(own, index, x.byteOffset, k, efSearch, dis.byteOffset, ids.byteOffset, work);
  const found = { ids: [...ids], dis: [...dis], work };
  release(arena);
  return found;
}
const outcome = (work: Promise<void>) => work.then(() => 'done', (problem: Error) => problem.name);
const queryOf = (i: number, d = 64) => queries.subarray(i * d, (i + 1) * d);

describe('levels and order', () => {
  // Sizes of the files that Faiss 1.15 wrote for synth64 (50 000 × 64): they agree only if every point has Faiss's number of levels.
  it.each([
    [32, 0, 26412578], [32, 1, 26415010], [32, 2, 26405154], [16, 0, 20015290], [16, 1, 20018298], [16, 2, 20013690],
    [8, 0, 16829970], [8, 1, 16833426], [8, 2, 16829234],
  ])('HNSW%i with seed %i has the links of a file of %i bytes', (M, seed, bytes) => {
    const n = 50_000, levels = hnswLevels(n, M, seed), offsets = new Uint32Array(n + 1), chances = levelChances(M).length;
    linkOffsets(levels, M, offsets);
    const vec = 8, header = 37, flat = header + vec + n * 64 * 4;
    const graph = vec + 8 * chances + vec + 4 * (chances + 1) + vec + 4 * n + vec + 8 * (n + 1) + vec + 4 * (offsets[n] ?? 0) + 5 * 4;
    expect(header + graph + flat).toBe(bytes);
  });

  it('inserts every point once, from the highest level down', () => {
    const levels = hnswLevels(3000, 4, 5), order = insertionOrder(levels);
    expect([...order].sort((a, b) => a - b)).toEqual([...levels.keys()]);
    expect([...order].every((id, i) => i === 0 || (levels[order[i - 1] ?? 0] ?? 0) >= (levels[id] ?? 0))).toBe(true);
    expect(order).not.toEqual(Int32Array.from(order).sort());
  });
});

describe('building', () => {
  it.each(['L2', 'IP'] as const)('gives the same bits without threads, with one and with three: %s', async (metric) => {
    const trace: HnswTrace = { order: new Int32Array(0), batches: [] };
    const links = (engine: Engine) => withGraph(engine, slice, { metric, trace }, (index) => index.links.slice());
    const alone = await links(unshared);
    expect(await links(one)).toEqual(alone);
    expect(await links(three)).toEqual(alone);
    expect(Math.max(...trace.batches.map(({ size }) => size))).toBeGreaterThan(90); // so the pool did take part
    expect(trace.batches.reduce((sum, { size }) => sum + size, 1)).toBe(5000);
  });

  it('gives another graph for another seed', async () => {
    const x = slice.subarray(0, 600 * 64), links = (seed: number) => withGraph(one, x, { seed }, (index) => [...index.links]);
    expect(await links(1)).not.toEqual(await links(0));
  });

  it.each([
    ['L2', slice.subarray(0, 2000 * 64), 64, 16], ['IP', slice.subarray(0, 2000 * 64), 64, 8], ['L2', smallInts(1500, 3, 1), 3, 2],
    ['L2', new Float32Array(300 * 5), 5, 6], ['L2', smallInts(1, 7, 2), 7, 32], ['IP', smallInts(2, 7, 3), 7, 32], ['L2', new Float32Array(0), 7, 32],
  ] as const)('makes a valid graph: %s, set %#', async (metric, x, d, M) => {
    await withGraph(one, x, { d, metric, M }, validHnsw);
  });

  it('calls a graph invalid when a link goes wrong', async () => {
    await withGraph(one, slice.subarray(0, 200 * 64), { M: 4 }, (index) => {
      const slots = twin.slotsOf(index, 7, 0), good = slots.slice();
      for (const wrong of [7, 200, slots[1] ?? -1, -1]) { // itself, nobody, a neighbour twice, a gap
        slots[0] = wrong;
        expect(() => validHnsw(index)).toThrow('node 7 level 0');
        slots.set(good);
      }
      validHnsw(index);
    });
  });

  it('leaves every point of a connected set within reach', async () => {
    await withGraph(one, slice, { M: 32 }, (index) => expect(reachable(index)).toBe(5000));
  });

  it('follows the plain-TypeScript twin, link for link', async () => {
    for (const [metric, M, d] of [['L2', 5, 6], ['IP', 4, 6], ['L2', 24, 7]] as const) {
      const n = 700, x = smallInts(n, d, M), trace: HnswTrace = { order: new Int32Array(0), batches: [] };
      await withGraph(one, x, { d, metric, M, trace }, (index) => {
        const copy = { ...index, vectors: x, links: index.links.slice().fill(-1) };
        let done = 1;
        for (const { size } of trace.batches) {
          const batch = trace.order.subarray(done, done + size);
          batch.forEach((id) => twin.insert(copy, id, 40));
          batch.forEach((id) => twin.link(copy, id));
          done += size;
        }
        expect(index.links).toEqual(copy.links);
      });
    }
  });

  it.each([2500, 4500])('stops at the next batch when cancelled after %i points, and gives its memory back', async (points) => {
    for (const engine of [unshared, three]) {
      const before = freeBytes(engine.memory), reports: number[] = [];
      engine.report = (_, done) => { reports.push(done); if (done >= points) cancel(engine); };
      expect(await outcome(withGraph(engine, slice, {}, () => {}))).toBe('cancelled');
      expect(reports.filter((done) => done >= points)).toHaveLength(1);
      engine.report = () => {};
      resume(engine);
      expect(freeBytes(engine.memory)).toBe(before);
    }
  });

  it('lets a cancel in while it works on its own thread', async () => {
    const building = withGraph(unshared, slice, { M: 48 }, () => {});
    setTimeout(() => cancel(unshared), 5);
    expect(await outcome(building)).toBe('cancelled');
    resume(unshared);
  });
});

describe('searching', () => {
  it('follows the plain-TypeScript twin, distance for distance', async () => {
    for (const [metric, M, d] of [['L2', 3, 6], ['IP', 6, 5]] as const) {
      const x = smallInts(600, d, M), asked = smallInts(20, d, 99);
      await withGraph(one, x, { d, metric, M }, (index) => {
        for (let i = 0; i < 20; i++) {
          const query = asked.subarray(i * d, (i + 1) * d);
          for (const [k, efSearch] of [[10, 16], [1, 1], [40, 5], [5, 64]] as const) {
            const { ids, dis } = searchOne(one, index, query, k, efSearch), want = twin.search({ ...index, vectors: x }, query, k, efSearch);
            expect(ids.filter((id) => id >= 0)).toEqual(want.map(({ id }) => id));
            expect(dis.slice(0, want.length)).toEqual(want.map(({ v }) => v));
          }
        }
      });
    }
  });

  it.each(['L2', 'IP'] as const)('equals exhaustive search once efSearch reaches n: %s', async (metric) => {
    await withGraph(one, slice.subarray(0, 900 * 64), { metric, M: 32 }, (index, arena) => {
      expect(reachable(index)).toBe(900);
      const k = 25, x = takeF32(arena, 64), dis = takeF32(arena, k), ids = takeI32(arena, k), { top } = one.own;
      for (let i = 0; i < 50; i++) {
        x.set(queryOf(i));
        searchFlat(one.own, { kind: 'Flat', d: 64, n: 900, metric, vectors: vectorsOf(index) }, x.byteOffset, k, dis.byteOffset, ids.byteOffset, newWork());
        one.own.top = top;
        const found = searchOne(one, index, queryOf(i), k, 900);
        expect(found.ids).toEqual([...ids]);
        expect(found.dis).toEqual([...dis]);
        expect(found.work.ndis).toBeGreaterThanOrEqual(900);
      }
    });
  });

  // Measured over seeds 0 to 5: 0.9645 … 0.973 by L2, 0.966 … 0.981 by inner product.
  it.each([['L2', 0.955], ['IP', 0.955]] as const)('finds the true neighbours: %s', async (metric, bound) => {
    for (const seed of [0, 1]) {
      await withGraph(three, slice, { metric, M: 16, seed }, async (index, arena) => {
        const x = takeF32(arena, queries.length), k = 10;
        x.set(queries);
        const truth = await findTruth(three, arena, { base: vectorsOf(index).byteOffset, n: 5000, d: 64, metric, queries: x.byteOffset, nq: 200, k });
        let hits = 0;
        for (let q = 0; q < 200; q++) {
          const want = truth.ids.subarray(q * k, (q + 1) * k);
          hits += searchOne(three, index, queryOf(q), k, 32).ids.filter((id) => want.includes(id)).length;
        }
        expect(hits / 2000).toBeGreaterThan(bound);
      });
    }
  });

  it('records whom it compared, in order and within bounds, and finds the same', async () => {
    await withGraph(one, slice.subarray(0, 2000 * 64), {}, (index) => {
      const plain = searchOne(one, index, queryOf(0), 10, 32);
      const long = searchOne(one, index, queryOf(0), 10, 32, newWork({ visited: new Int32Array(4000).fill(-1) }));
      const short = searchOne(one, index, queryOf(0), 10, 32, newWork({ visited: new Int32Array(50).fill(-1) }));
      for (const { ids, dis, work } of [long, short]) {
        expect({ ids, dis }).toEqual({ ids: plain.ids, dis: plain.dis });
        expect([work.ndis, work.hops, work.visitedCount]).toEqual([plain.work.ndis, plain.work.hops, plain.work.ndis]);
      }
      const visited = long.work.visited?.slice(0, long.work.visitedCount) ?? new Int32Array(0);
      expect(visited[0]).toBe(index.entry);
      expect(plain.ids.every((id) => visited.includes(id))).toBe(true);
      expect(short.work.visited).toEqual(visited.slice(0, 50));
      expect(plain.work.visited).toBeNull();
    });
  });

  it('leaves places without an answer empty', async () => {
    await withGraph(one, smallInts(3, 4, 8), { d: 4 }, (index) => {
      const { ids, dis } = searchOne(one, index, smallInts(1, 4, 9), 6, 16);
      expect([...ids.slice(0, 3)].sort()).toEqual([0, 1, 2]);
      expect(ids.slice(3)).toEqual([-1, -1, -1]);
      expect(dis.slice(3)).toEqual(Array(3).fill(Math.fround(3.4e38)));
    });
    await withGraph(one, new Float32Array(0), { d: 4 }, (index) => {
      expect(searchOne(one, index, new Float32Array(4), 2, 16).ids).toEqual([-1, -1]);
    });
  });

  it('stays inside the scratch it announces', async () => {
    for (const [n, M] of [[1, 2], [65, 33], [1999, 5]] as const) {
      await withGraph(one, slice.subarray(0, n * 64), { M }, (index, arena) => {
        const x = takeF32(arena, 64), dis = takeF32(arena, 300), ids = takeI32(arena, 300);
        for (const [k, efSearch] of [[1, 1], [10, 77], [300, 16]] as const) {
          const thread = { ...one.own, end: one.own.top + hnswScratch(index, Math.max(k, efSearch)) };
          searchHnsw(thread, index, x.byteOffset, k, efSearch, dis.byteOffset, ids.byteOffset, newWork({ visited: new Int32Array(100_000) }));
          expect(thread.top).toBe(one.own.top);
        }
      });
    }
  });

  it('assigns rows to nodes as a search for the nearest does', async () => {
    await withGraph(three, slice.subarray(0, 300 * 64), {}, async (index, arena) => {
      const x = takeF32(arena, queries.length), best = takeI32(arena, 200);
      x.set(queries);
      await assignByGraph(three, index, x.byteOffset, 200, best.byteOffset);
      expect([...best]).toEqual(Array.from(best, (_, i) => searchOne(three, index, queryOf(i), 1, 16).ids[0]));
      expect(hnswLinkSlots(index)).toBe(index.offsets[300]);
    });
  });
});

function vectorsOf({ storage }: HnswIndex): Float32Array {
  if (storage.kind !== 'Flat') throw new Error(`vectorsOf: storage is ${storage.kind}`);
  return storage.vectors;
}
