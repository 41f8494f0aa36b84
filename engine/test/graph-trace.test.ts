import { describe, expect, it } from 'vitest';
import { synth64, synthBase, synthQueries } from '../data/synth64';
import { readFactory } from '../factory/index';
import type { Metric } from '../factory/spec';
import { slotsOf } from '../kernels/graph-twins';
import { ip, l2 } from '../kernels/twins';
import { buildIndex } from '../build';
import type { BuildTrace } from '../build';
import { openArena, release, takeF32, takeI32 } from '../memory';
import type { Engine } from '../pool';
import { searchInto } from '../search';
import type { Growth } from '../structures/growth';
import type { Hop } from '../structures/walk-trace';
import { openSink } from '../structures/walk-trace';
import type { HnswIndex, Index, NsgIndex, SearchParams } from '../types';
import { newWork } from '../work';
import { testEngine } from './engine';

const unshared = await testEngine(0), three = await testEngine(3);
const n = 2000, d = 64, x = synthBase(synth64, n), queries = synthQueries(synth64, 20);
const none: Growth = { n: 0, ids: new Int32Array(0), levels: new Uint8Array(0), born: new Int32Array(0), links: new Int32Array(0), states: [], more: { ids: new Int32Array(0), levels: new Uint8Array(0), born: new Int32Array(0) } };

/** Builds a string over the rows of synth64 and gives everything back after `look`. */
async function withIndex(engine: Engine, factory: string, metric: Metric, trace: BuildTrace | undefined, look: (index: Index) => void): Promise<void> {
  const { spec } = readFactory(factory), arena = openArena(engine.memory), base = takeF32(arena, x.length);
  if (!spec) throw new Error(`${factory} is no factory string`);
  base.set(x);
  const rows = { x: base.byteOffset, n, d, kept: true }, built = await buildIndex(engine, spec, rows, rows, { metric, seed: 0, trace });
  try { look(built.index); } finally { release(built.arena); release(arena); }
}

type Graph = HnswIndex | NsgIndex;
function graphOf(index: Index): Graph {
  const graph = index.kind === 'IVF' ? index.coarse : index;
  if (graph.kind !== 'HNSW' && graph.kind !== 'NSG') throw new Error(`${graph.kind} is no graph`);
  return graph;
}
const linksOf = (graph: Graph, id: number, level: number) =>
  [...(graph.kind === 'HNSW' ? slotsOf(graph, id, level) : graph.links.subarray(id * graph.R, (id + 1) * graph.R))].filter((other) => other >= 0);

/** One search, recorded or not. */
function search({ own, memory }: Engine, index: Index, q: number, k: number, params: SearchParams, words?: number, longest = 4096) {
  const arena = openArena(memory), query = takeF32(arena, d), dis = takeF32(arena, k + 4), ids = takeI32(arena, k + 4), { top } = own;
  query.set(queries.subarray(q * d, (q + 1) * d));
  const walk = words === undefined ? undefined : openSink(arena, words, longest), work = newWork({ walk, visited: new Int32Array(n) });
  searchInto(own, index, query.byteOffset, k, params, dis.byteOffset, ids.byteOffset, work);
  own.top = top;
  const found = { ids: [...ids.slice(0, k)], dis: [...dis.slice(0, k)], work, trace: walk?.trace ?? { hops: [], hopCount: 0 } };
  release(arena);
  return found;
}

/** What the list must be after a hop: the nearest `ef` of what it held and what was met. */
function joined(before: Hop | undefined, { met, list }: Hop, ef: number): [number, number][] {
  const pairs = ({ ids, dis }: { ids: Int32Array; dis: Float32Array }) => Array.from(ids, (id, i): [number, number] => [dis[i] ?? 0, id]);
  expect(list.ids.length).toBeLessThanOrEqual(ef);
  return [...(before ? pairs(before.list) : []), ...pairs(met)].sort(([a, i], [b, j]) => a - b || i - j).slice(0, ef);
}
const listed = ({ list }: Hop) => Array.from(list.ids, (id, i): [number, number] => [list.dis[i] ?? 0, id]);

describe('a recorded walk', () => {
  it.each([
    ['HNSW16', 'L2', { efSearch: 24 }], ['HNSW16', 'IP', { efSearch: 5 }], ['NSG16', 'L2', { search_L: 30 }], ['NSG8', 'IP', {}],
    ['IVF256_HNSW8,Flat', 'L2', { nprobe: 12 }], ['IVF256_NSG16,Flat', 'L2', { nprobe: 20 }], ['HNSW8,SQ8', 'L2', {}], ['HNSW8,PQ8', 'L2', { efSearch: 40 }],
  ] as const)('finds and counts the same, bit for bit: %s, %s, %o', async (factory, metric, params) => {
    await withIndex(unshared, factory, metric, {}, (index) => {
      for (let q = 0; q < 20; q++) {
        const plain = search(unshared, index, q, 10, params), traced = search(unshared, index, q, 10, params, 2 ** 18);
        expect([traced.ids, traced.dis]).toEqual([plain.ids, plain.dis]);
        const { ndis, hops, visited, visitedCount } = traced.work;
        expect([ndis, hops, visitedCount, visited]).toEqual([plain.work.ndis, plain.work.hops, plain.work.visitedCount, plain.work.visited]);
        expect(traced.trace.hopCount).toBe(hops);
      }
    });
  });

  it.each([['HNSW16', 'L2', 16, 10], ['HNSW8', 'IP', 4, 10], ['NSG16', 'L2', 16, 30]] as const)('goes along links of the index, from the nearest not yet walked from: %s, %s', async (factory, metric, width, k) => {
    await withIndex(unshared, factory, metric, {}, (index) => {
      const graph = graphOf(index), ef = Math.max(width, k), row = (id: number) => x.subarray(id * d, (id + 1) * d);
      for (let q = 0; q < 20; q++) {
        const query = queries.subarray(q * d, (q + 1) * d), value = (id: number) => (metric === 'IP' ? ip : l2)(query, row(id));
        const { ids, work, trace: { hops } } = search(unshared, index, q, k, { efSearch: width, search_L: width }, 2 ** 18), met: number[] = graph.kind === 'HNSW' ? [graph.entry] : [];
        const seen = new Set<number>();
        hops.forEach((hop, i) => {
          const { level, node, distance } = hop, before = hops[i - 1], low = before?.level === 0 ? before : undefined, begins = graph.kind === 'NSG' && i === 0;
          met.push(...hop.met.ids);
          hop.met.ids.forEach((id, j) => expect(hop.met.dis[j]).toBeCloseTo(value(id), 3));
          if (begins) { expect([node, Number.isNaN(distance)]).toEqual([graph.entry, true]); hop.met.ids.forEach((id) => seen.add(id)); return expect(listed(hop)).toEqual(joined(undefined, hop, ef)); }
          const links = linksOf(graph, node, level);
          if (level > 0) { // greedy: all links, then the nearest of them and the node
            expect([...hop.met.ids]).toEqual(links);
            const best = joined(undefined, { ...hop, met: { ids: Int32Array.of(node, ...links), dis: Float32Array.of(distance, ...hop.met.dis) } }, 1);
            expect(listed(hop)).toEqual(best);
            expect(node).toBe(before ? before.list.ids[0] : graph.entry);
            return;
          }
          if (!low) { seen.add(node); expect(node).toBe(before ? before.list.ids[0] : graph.entry); } // the beam begins where the descent ended
          else expect(node).toBe(low.list.ids[low.list.walked.indexOf(0)]);
          expect([...hop.met.ids]).toEqual(links.filter((id) => !seen.has(id)));
          hop.met.ids.forEach((id) => seen.add(id));
          const start: Hop = { ...hop, list: { ids: Int32Array.of(node), dis: Float32Array.of(distance), walked: Uint8Array.of(1) } };
          expect(listed(hop)).toEqual(joined(low ?? start, hop, ef));
        });
        const last = hops.at(-1);
        expect(last?.size).toBe(last?.list.ids.length);
        expect([...(last?.list.ids ?? [])].slice(0, k)).toEqual(ids);
        expect(met).toEqual([...(work.visited ?? [])].slice(0, work.visitedCount)); // all that were compared, in order
        expect(met.length).toBe(work.ndis);
        const next = last?.list.walked.indexOf(0) ?? -1; // ended by the bound, or with nothing left to walk from
        if (next >= 0) expect(last?.list.dis[Math.min(width, ef) - 1]).toBeLessThan(last?.list.dis[next] ?? 0);
      }
    });
  });

  it('ends whole where its room ends, and says how many hops there were', async () => {
    await withIndex(unshared, 'HNSW16', 'L2', {}, (index) => {
      const all = search(unshared, index, 3, 10, { efSearch: 64 }, 2 ** 18), short = search(unshared, index, 3, 10, { efSearch: 64 }, 2000, 20);
      expect(short.ids).toEqual(all.ids);
      expect(short.trace.hopCount).toBe(all.trace.hops.length);
      expect(short.trace.hops.length).toBeGreaterThan(3);
      expect(short.trace.hops.length).toBeLessThan(all.trace.hops.length);
      short.trace.hops.forEach((hop, i) => {
        const whole = all.trace.hops[i];
        expect(hop.met).toEqual(whole?.met);
        expect(hop.size).toBe(whole?.size);
        expect([...hop.list.ids]).toEqual([...(whole?.list.ids ?? [])].slice(0, 20));
      });
    });
  });

  it('over centroids is the search for the lists', async () => {
    await withIndex(unshared, 'IVF256_HNSW8,Flat', 'L2', {}, (index) => {
      const graph = graphOf(index), { trace: { hops }, work } = search(unshared, index, 0, 10, { nprobe: 12, efSearch: 20 }, 2 ** 18);
      expect(hops.every(({ node }) => node < 256)).toBe(true);
      expect(hops.at(-1)?.list.ids.length).toBe(20);
      expect(hops.reduce((sum, { met }) => sum + met.ids.length, 1)).toBe(work.ndisCoarse);
      for (const { node, level, met } of hops) expect(linksOf(graph, node, level)).toEqual(expect.arrayContaining([...met.ids]));
    });
  });
});

describe('a recorded build', () => {
  it.each([['HNSW16', 'L2'], ['HNSW4', 'IP'], ['NSG16', 'L2'], ['IVF512_HNSW8,Flat', 'L2'], ['HNSW8,SQ4', 'L2']] as const)('gives the same bits as one not recorded, for any number of threads: %s, %s', async (factory, metric) => {
    const traces: BuildTrace[] = [{}, {}], links: Int32Array[] = [];
    const keep = (index: Index) => { links.push(graphOf(index).links.slice()); };
    await withIndex(unshared, factory, metric, undefined, keep);
    await withIndex(unshared, factory, metric, traces[0], keep);
    await withIndex(three, factory, metric, traces[1], keep);
    expect(links[1]).toEqual(links[0]);
    expect(links[2]).toEqual(links[0]);
    expect(traces[1]?.graph?.growth).toEqual(traces[0]?.graph?.growth);
  });

  it.each(['HNSW16', 'HNSW4', 'NSG16', 'IVF512_HNSW8,Flat'])('ends with the links of the index among the nodes sampled: %s', async (factory) => {
    const trace: BuildTrace = {};
    await withIndex(three, factory, 'L2', trace, (index) => {
      const graph = graphOf(index), { ids, levels, links, born, states } = trace.graph?.growth ?? none, among = new Set(ids), now = new Set<string>();
      expect(ids.length).toBeGreaterThan(300);
      expect(among.size).toBe(ids.length);
      for (let i = 0; i < links.length; i += 5) if (links[i + 4] === -1) now.add(`${ids[links[i] ?? 0]} ${ids[links[i + 1] ?? 0]} ${links[i + 2]}`);
      const want = [...ids].flatMap((id, i) => Array.from({ length: levels[i] ?? 0 }, (_, level) => linksOf(graph, id, level).filter((to) => among.has(to)).map((to) => `${id} ${to} ${level}`)).flat());
      expect([...now].sort()).toEqual(want.sort());
      expect([...born].every((state) => state >= 0 && state < states.length)).toBe(true);
      expect(states.at(-1)?.done).toBe(graph.n);
      if (graph.kind === 'HNSW') expect(levels).toEqual(Uint8Array.from(ids, (id) => graph.levels[id] ?? 0));
    });
  });

  it('keeps every node of the upper levels of a small graph, and stays small', async () => {
    const trace: BuildTrace = {};
    await withIndex(three, 'HNSW16', 'L2', trace, (index) => {
      const graph = graphOf(index), { ids, links, states } = trace.graph?.growth ?? none, among = new Set(ids);
      if (graph.kind !== 'HNSW') throw new Error('HNSW expected');
      expect([...graph.levels].every((count, id) => count === 1 || among.has(id))).toBe(true);
      expect(links.length / 5).toBeLessThan(40_000);
      expect(states.length).toBeLessThan(60);
      expect(states.every(({ done }, i) => i === 0 || done > (states[i - 1]?.done ?? 0))).toBe(true);
    });
  });
});
