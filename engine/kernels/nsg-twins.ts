/** NN-descent and the NSG kernels once more in plain TypeScript: what they mean, and what the tests hold them to. */
import type { NsgIndex } from '../types';
import type { Near } from './graph-twins';
import { ip, l2 } from './twins';

export type Rows = { x: Float32Array /* (n, d) */; n: number; d: number; metric: 'L2' | 'IP' };
export type Links = Pick<NsgIndex, 'R' | 'links' | 'entry' | 'starts'>;

const nearerFirst = (a: Near, b: Near) => a.v - b.v || a.id - b.id;
export const rowOf = ({ x, d }: Rows, id: number) => x.subarray(id * d, (id + 1) * d);
const near = (g: Rows, x: Float32Array, id: number): Near => ({ id, v: (g.metric === 'IP' ? ip : l2)(x, rowOf(g, id)) });
const linksOf = ({ links, R }: Links, id: number) => [...links.subarray(id * R, (id + 1) * R)].filter((other) => other >= 0);

/** The L nearest that a walk from the entry's links and the starts finds, and all that were compared. */
export function walk(g: Rows, graph: Links, x: Float32Array, L: number): { list: Near[]; met: Near[] } {
  const first = [...new Set([...linksOf(graph, graph.entry), ...graph.starts])].slice(0, L), seen = new Set(first), walked = new Set<number>();
  const met = first.map((id) => near(g, x, id)), list = [...met].sort(nearerFirst);
  for (let next = list[0]; next; next = list.find(({ id }) => !walked.has(id))) {
    walked.add(next.id);
    for (const id of linksOf(graph, next.id).filter((other) => !seen.has(other))) {
      seen.add(id);
      met.push(near(g, x, id));
      list.push(near(g, x, id));
    }
    list.sort(nearerFirst).splice(L);
  }
  return { list, met };
}

/** Of candidates, nearest first, up to R that are no nearer to one another than to the node. */
export function spread(g: Rows, node: number, candidates: Near[], R: number): number[] {
  const kept: number[] = [];
  for (const { id, v } of candidates) {
    if (id !== node && kept.length < R && kept.every((other) => near(g, rowOf(g, id), other).v >= v)) kept.push(id);
  }
  return kept;
}

/** Links of a node out of the C nearest that a walk on the neighbours' graph meets, its own neighbours included. */
export function link(g: Rows, knn: Links, node: number, L: number, C: number, R: number): number[] {
  const { met } = walk(g, knn, rowOf(g, node), L), seen = new Set(met.map(({ id }) => id));
  const own = linksOf(knn, node).filter((id) => !seen.has(id)).map((id) => near(g, rowOf(g, node), id));
  return spread(g, node, [...met, ...own].sort(nearerFirst).slice(0, C), R);
}

/** Links back: `chosen` links of every node, each offered the other way. */
export function linkBack(g: Rows, chosen: number[][], R: number): number[][] {
  const links = chosen.map((own) => [...own]);
  chosen.forEach((own, id) => own.forEach((target) => {
    const slots = links[target] ?? [];
    if (slots.includes(id)) return;
    const all = [...slots, id].map((other) => near(g, rowOf(g, target), other)).sort(nearerFirst);
    links[target] = slots.length < R ? [...slots, id] : spread(g, target, all, R);
  }));
  return links;
}

type Known = Near & { fresh: boolean };

/** Pools after some rounds of NN-descent from `pools` and `lists` of ids; lists of others are not bounded here. */
export function descend(g: Rows, pools: number[][], lists: number[][], { L, S, rounds }: { L: number; S: number; rounds: number }): Known[][] {
  const known: Known[][] = pools.map((ids, id) => ids.filter((other) => other !== id).map((other) => ({ ...near(g, rowOf(g, id), other), fresh: true })).sort(nearerFirst));
  const admit = (id: number, other: number) => {
    const pool = known[id] ?? [], key = near(g, rowOf(g, id), other);
    if (key.v > (pool.at(-1)?.v ?? Infinity) || pool.some((one) => one.id === other)) return;
    pool.push({ ...key, fresh: true });
    pool.sort(nearerFirst).splice(L);
  };
  const meet = (a: number, b: number) => { if (a !== b) { admit(a, b); admit(b, a); } };
  const reach = pools.map(() => S);
  let fresh = lists, old: number[][] = pools.map(() => []);
  for (let round = 0; round < rounds; round++) {
    fresh.forEach((ids, id) => ids.forEach((a, i) => [...ids.slice(i + 1), ...(old[id] ?? [])].forEach((b) => meet(a, b))));
    [fresh, old] = select(known, reach, S);
  }
  return known;
}

/** New and old lists of every node for the next round: its own, then those whose neighbour it is. What is chosen is not new any more. */
function select(known: Known[][], reach: number[], S: number): [number[][], number[][]] {
  const mine = known.map((pool, id) => {
    let end = 0;
    for (let fresh = 0; end < Math.min((reach[id] ?? 0) + S, pool.length) && fresh < S; end++) if (pool[end]?.fresh) fresh++;
    reach[id] = end;
    return pool.slice(0, end);
  });
  const of = (wanted: boolean) => {
    const lists = mine.map((own) => own.filter(({ fresh }) => fresh === wanted).map(({ id }) => id));
    mine.forEach((own, id) => own.filter(({ fresh }) => fresh === wanted).forEach((one) => { if (one.v > (known[one.id]?.at(-1)?.v ?? 0)) lists[one.id]?.push(id); }));
    return lists;
  };
  const lists: [number[][], number[][]] = [of(true), of(false)];
  mine.flat().forEach((one) => { one.fresh = false; });
  return lists;
}
