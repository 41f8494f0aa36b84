/** The graph kernels once more in plain TypeScript: what they mean, and what the tests hold them to. */
import type { HnswIndex } from '../types';
import { ip, l2 } from './twins';

export type Graph = Omit<HnswIndex, 'kind' | 'storage' | 'efConstruction'> & { vectors: Float32Array /* (n, d) */ };
export type Near = { id: number; v: number };

const nearerFirst = (a: Near, b: Near) => a.v - b.v || a.id - b.id;
const row = ({ vectors, d }: Graph, id: number) => vectors.subarray(id * d, (id + 1) * d);
const near = (g: Graph, x: Float32Array, id: number): Near => ({ id, v: (g.metric === 'IP' ? ip : l2)(x, row(g, id)) });

/** The slots of a node on one level: 2M on level 0, M above. */
export function slotsOf({ links, offsets, M }: Pick<HnswIndex, 'links' | 'offsets' | 'M'>, id: number, level: number): Int32Array {
  const from = (offsets[id] ?? 0) + (level ? (level + 1) * M : 0);
  return links.subarray(from, from + (level ? M : 2 * M));
}
const linksOf = (g: Graph, id: number, level: number) => [...slotsOf(g, id, level)].filter((other) => other >= 0);

/** The ef nearest that best-first search of one level finds from `start`. */
export function beam(g: Graph, x: Float32Array, start: number, level: number, ef: number, stop: number): Near[] {
  const list = [near(g, x, start)], seen = new Set([start]), walked = new Set<number>();
  for (;;) {
    const next = list.find(({ id }) => !walked.has(id));
    if (!next || list.filter(({ v }) => v < next.v).length >= stop) return list;
    walked.add(next.id);
    for (const id of linksOf(g, next.id, level).filter((other) => !seen.has(other))) {
      seen.add(id);
      list.push(near(g, x, id));
    }
    list.sort(nearerFirst).splice(ef);
  }
}

/** From node to nearer node until none is nearer. */
export function greedy(g: Graph, x: Float32Array, start: number, level: number): number {
  for (let best = start; ;) {
    const next = [best, ...linksOf(g, best, level)].map((id) => near(g, x, id)).sort(nearerFirst)[0]?.id ?? best;
    if (next === best) return best;
    best = next;
  }
}

/** What is kept of ascending candidates for `most` slots. */
export function choose(g: Graph, candidates: Near[], most: number): number[] {
  if (candidates.length < most) return candidates.map(({ id }) => id);
  const kept: number[] = [];
  for (const { id, v } of candidates) {
    if (kept.length < most && kept.every((other) => near(g, row(g, id), other).v >= v)) kept.push(id);
  }
  return kept;
}

const write = (slots: Int32Array, ids: number[]) => slots.fill(-1).set(ids);

/** Links of one new node on all its levels. */
export function insert(g: Graph, id: number, ef: number): void {
  const x = row(g, id), own = (g.levels[id] ?? 0) - 1;
  let start = g.entry, level = g.maxLevel;
  for (; level > own; level--) start = greedy(g, x, start, level);
  for (; level >= 0; level--) {
    const found = beam(g, x, start, level, ef, ef), slots = slotsOf(g, id, level);
    start = found[0]?.id ?? start;
    write(slots, choose(g, found, slots.length));
  }
}

/** Links back to a new node, on all its levels. */
export function link(g: Graph, id: number): void {
  for (let level = (g.levels[id] ?? 0) - 1; level >= 0; level--) {
    for (const target of linksOf(g, id, level)) {
      const slots = slotsOf(g, target, level), old = linksOf(g, target, level);
      const all = [...old, id].map((other) => near(g, row(g, target), other)).sort(nearerFirst);
      write(slots, old.length < slots.length ? [...old, id] : choose(g, all, Math.floor(slots.length * 0.8)));
    }
  }
}

/** The k nearest found. */
export function search(g: Graph, x: Float32Array, k: number, efSearch: number): Near[] {
  let start = g.entry;
  for (let level = g.maxLevel; level > 0; level--) start = greedy(g, x, start, level);
  return beam(g, x, start, 0, Math.max(efSearch, k), efSearch).slice(0, k);
}
