import { beforeAll, describe, expect, it } from 'vitest';
import type { SearchParams } from '../../engine/types';
import { serve, type Session } from '../session';
import { graphIn, linksOf } from './layers-ground';
import type { LayersLook } from './layers';
import { generatedSession } from '../test/session';

let session: Session;
const quiet = () => {};

beforeAll(async () => { session = await generatedSession(); });

async function open(factory: string, name = 'planes', n = 5000, metric: 'L2' | 'IP' = 'L2') {
  await serve.load(session, { name, n, metric, seed: 1234 }, quiet);
  await serve.build(session, { factory, metric, seed: 1234 }, quiet);
}
async function lookAt(params: SearchParams, selected: number | null = null, index = 3): Promise<LayersLook> {
  const answer = await serve.look(session, { kind: 'layers', query: { kind: 'heldOut', index }, k: 10, params, selected }, quiet);
  if (answer.kind !== 'layers') throw new Error(`${answer.kind} was answered`);
  return answer;
}
function theGraph() {
  const found = session.built && graphIn(session.built.index);
  if (!found) throw new Error('there is no graph');
  return found;
}

describe('the layers of a graph', () => {
  it.each([['HNSW16', { efSearch: 24 }], ['NSG16', { search_L: 24 }], ['PCA16,HNSW8', { efSearch: 12 }], ['HNSW8,SQ8', {}], ['HNSW16,RFlat', {}]] as const)('are those of the search: %s', async (factory, params) => {
    await open(factory);
    const { graph } = theGraph();
    for (const index of [0, 7, 20]) {
      const { walk, links, nodes, levels } = await lookAt(params, null, index), search = await serve.search(session, { query: { kind: 'heldOut', index }, k: 10, params }, quiet);
      expect([...walk.given]).toEqual(search.hits.map(({ id }) => id));
      expect([...walk.truth.ids]).toEqual(search.truth.map(({ id }) => id));
      expect(walk.hopCount).toBe(search.counts.hops);
      expect(walk.ndis).toBe(search.counts.ndis - (factory.endsWith('RFlat') ? 10 : 0));
      const met = walk.hops.flatMap((hop) => [...hop.met.ids]), visited = graph.kind === 'HNSW' ? [graph.entry, ...met] : met;
      expect(visited).toEqual([...search.scanned].slice(0, visited.length)); // the graph drawn is the graph searched
      for (const { node, level, met: { ids } } of walk.hops.slice(graph.kind === 'NSG' ? 1 : 0)) expect([...linksOf(graph, node, level)]).toEqual(expect.arrayContaining([...ids]));
      expect(visited.every((id) => nodes.ids.includes(id))).toBe(true);
      for (let i = 0; i < links.rows.length; i += 5) {
        const [from = 0, to = 0, level = 0, , gone] = links.rows.subarray(i, i + 5);
        if (gone === -1 && !linksOf(graph, nodes.ids[from] ?? -1, level).includes(nodes.ids[to] ?? -2)) throw new Error(`link ${i / 5} is not in the index`);
      }
      expect(levels[0]?.nodes).toBe(5000);
      expect(levels.reduce((sum, { degrees }) => sum + degrees.reduce((all, n, i) => all + n * i, 0), 0)).toBe(graph.links.filter((id) => id >= 0).length);
    }
  });

  it('over centroids find the lists that are probed', async () => {
    await open('IVF256_HNSW8,Flat');
    const params = { nprobe: 12, efSearch: 20 }, { walk, over, n, nodes } = await lookAt(params), search = await serve.search(session, { query: { kind: 'heldOut', index: 3 }, k: 10, params }, quiet);
    expect([over, n]).toEqual(['lists', 256]);
    expect([...walk.given]).toEqual([...search.probed]);
    expect([...walk.truth.ids]).toEqual([...(search.listOrder?.list ?? [])].slice(0, 12));
    expect([walk.ef, walk.stop]).toEqual([20, 20]);
    expect(walk.ndis).toBeLessThan(256);
    expect(nodes.sampled).toBe(256);
  });

  it.each(['IVF256(HNSW8,SQ8),PQ8', 'IVF256_NSG16,Flat', 'PCA16,IVF128_HNSW8,Flat', 'IVF128(HNSW8,SQ4,RFlat),Flat', 'IVF64(PCA16,HNSW8),Flat'])('over centroids stand wherever the string holds them: %s', async (factory) => {
    await open(factory);
    const params = { nprobe: 6, efSearch: 20 }, look = await lookAt(params), { walk, over, nodes, links, levels } = look, { graph } = theGraph();
    const search = await serve.search(session, { query: { kind: 'heldOut', index: 3 }, k: 10, params }, quiet);
    expect([over, look.n]).toEqual(['lists', graph.n]);
    expect([...walk.given]).toEqual([...search.probed]);
    expect([...walk.truth.ids]).toEqual([...(search.listOrder?.list ?? [])].slice(0, 6));
    expect(walk.hopCount).toBe(search.counts.hops);
    for (const { node, level, met: { ids } } of walk.hops.slice(graph.kind === 'NSG' ? 1 : 0)) expect([...linksOf(graph, node, level)]).toEqual(expect.arrayContaining([...ids]));
    for (let i = 0; i < links.rows.length; i += 5) {
      const [from = 0, to = 0, level = 0, , gone] = links.rows.subarray(i, i + 5);
      if (gone === -1) expect(linksOf(graph, nodes.ids[from] ?? -1, level)).toContain(nodes.ids[to]);
    }
    expect(levels[0]?.nodes).toBe(graph.n);
  });

  it('over the centroids of the index over the centroids are those of the innermost', async () => {
    await open('IVF256(IVF32_HNSW8,Flat),Flat');
    const { walk, n, breadth } = await lookAt({ nprobe: 4, quantizer_nprobe: 5, quantizer_quantizer_efSearch: 12 }), { graph, passed } = theGraph();
    expect([passed.map(({ ivf }) => ivf.nlist), n, breadth]).toEqual([[256, 32], 32, 'quantizer_quantizer_efSearch']);
    expect([walk.given.length, walk.stop]).toEqual([5, 12]);
    expect([...walk.given].every((list) => list >= 0 && list < 32)).toBe(true);
    expect(walk.ndis).toBe(1 + walk.hops.reduce((sum, { met }) => sum + met.ids.length, 0));
    for (const { node, level, met: { ids } } of walk.hops) expect([...linksOf(graph, node, level)]).toEqual(expect.arrayContaining([...ids]));
  });

  it('tell how far true neighbours are as the graph compares: after transforms, before codes', async () => {
    await open('PCA16,HNSW16');
    const { walk: { truth, hops }, after, coded } = await lookAt({ efSearch: 64 }), met = new Map(hops.flatMap(({ met: { ids, dis } }) => Array.from(ids, (id, i) => [id, dis[i] ?? 0] as const)));
    expect([after, coded]).toEqual(['PCA16', null]);
    const seen = [...truth.ids.entries()].filter(([, id]) => met.has(id));
    expect(seen.length).toBeGreaterThan(5);
    for (const [i, id] of seen) expect(truth.dis[i]).toBeCloseTo(met.get(id) ?? 0, 3);
  });

  it('in the plane stand where the vectors do; lengths are true', async () => {
    await open('HNSW8', 'moons', 500);
    const { nodes: { ids, at }, plane, links: { rows, lengths }, query, walk } = await lookAt({}), base = session.set?.base ?? new Float32Array(0), queries = session.set?.queries ?? new Float32Array(0);
    expect([plane.exact, plane.knn10, plane.variance]).toEqual([true, 1, 1]);
    ids.forEach((id, i) => expect([at[2 * i], at[2 * i + 1]]).toEqual([base[2 * id], base[2 * id + 1]]));
    expect([query.x, query.y]).toEqual([queries[6], queries[7]]);
    lengths.forEach((length, i) => {
      const [a = 0, b = 0] = rows.subarray(5 * i, 5 * i + 2);
      expect(length).toBeCloseTo(Math.hypot((at[2 * a] ?? 0) - (at[2 * b] ?? 0), (at[2 * a + 1] ?? 0) - (at[2 * b + 1] ?? 0)), 4);
    });
    expect([...walk.given]).toEqual([...walk.truth.ids]); // two dimensions flatter a graph
  });

  it('show all links of the vector that is looked at, and count hops over the query set', async () => {
    await open('HNSW16');
    const { graph } = theGraph(), { selected, nodes: { ids }, hopCounts, walk } = await lookAt({ efSearch: 30 }, 77, 0);
    expect(Array.from(selected?.to ?? [], (place) => ids[place])).toEqual(Array.from({ length: graph.kind === 'HNSW' ? graph.levels[77] ?? 0 : 1 }, (_, level) => [...linksOf(graph, 77, level)]).flat());
    expect(ids[selected?.place ?? -1]).toBe(77);
    expect(hopCounts[0]).toBe(walk.hopCount); // both of held-out query 0
    expect(hopCounts.length).toBe(128);
  });

  it('of an index without a graph are refused in a sentence', async () => {
    await open('IVF16,Flat');
    await expect(lookAt({})).rejects.toThrow('This index has no graph.');
  });
});
