import { expect } from 'vitest';
import { slotsOf } from '../kernels/graph-twins';
import type { HnswIndex, NsgIndex } from '../types';

/** Degrees fit their slots, free slots come last, levels are nested, links lead to other nodes that have that level, once
 *  each, and the entry stands on the highest level. */
export function validHnsw(index: HnswIndex): void {
  const { n, M, levels, offsets, links, entry, maxLevel } = index, wrong: string[] = [];
  const must = (holds: boolean, what: string) => { if (!holds) wrong.push(what); };
  must(levels.length === n && offsets.length === n + 1 && links.length === offsets[n], 'sizes of levels, offsets and links');
  must(n === 0 ? entry === -1 : levels[entry] === maxLevel + 1, `entry ${entry} is not on level ${maxLevel}`);
  for (let id = 0; id < n; id++) {
    const count = levels[id] ?? 0;
    must(count >= 1 && count <= maxLevel + 1, `node ${id} has ${count} levels of ${maxLevel + 1}`);
    must((offsets[id + 1] ?? 0) - (offsets[id] ?? 0) === (count + 1) * M, `slots of node ${id}`);
    for (let level = 0; level < count; level++) {
      const slots = slotsOf(index, id, level), used = slots.filter((other) => other >= 0), place = `node ${id} level ${level}`;
      must(slots.subarray(used.length).every((other) => other === -1), `${place}: a free slot before a link`);
      must(new Set(used).size === used.length, `${place}: a link twice`);
      must(used.every((other) => other !== id && other < n && (levels[other] ?? 0) > level), `${place}: a link to itself or to no node of the level`);
    }
  }
  expect(wrong.join('\n')).toBe('');
}

/** How many nodes level 0 leads to from the entry: all of them, where the data hangs together. */
export function reachable(index: HnswIndex): number {
  const seen = new Set(index.n ? [index.entry] : []);
  for (const id of seen) for (const other of slotsOf(index, id, 0)) if (other >= 0) seen.add(other); // a set walks what is added to it
  return seen.size;
}

/** Free slots come last, links lead to other nodes, once each, the entry leads to every node, and starts are ids, once each. */
export function validNsg({ n, R, links, entry, starts }: NsgIndex): void {
  const wrong: string[] = [], seen = new Set([entry]);
  const must = (holds: boolean, what: string) => { if (!holds) wrong.push(what); };
  must(links.length === n * R, 'size of links');
  must(starts.length <= n && new Set(starts).size === starts.length && starts.every((id) => id >= 0 && id < n), 'starts');
  const linksOf = (id: number) => links.subarray(id * R, (id + 1) * R).filter((other) => other >= 0);
  for (let id = 0; id < n; id++) {
    const used = linksOf(id);
    must(links.subarray(id * R + used.length, (id + 1) * R).every((other) => other === -1), `node ${id}: a free slot before a link`);
    must(new Set(used).size === used.length, `node ${id}: a link twice`);
    must(used.every((other) => other !== id && other < n), `node ${id}: a link to itself or to nobody`);
  }
  for (const id of seen) for (const other of linksOf(id)) seen.add(other); // a set walks what is added to it
  must(seen.size === n, `${seen.size} of ${n} nodes within reach`);
  expect(wrong.join('\n')).toBe('');
}
