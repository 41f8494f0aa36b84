// Navigating spreading-out graph (Fu, Xiang, Wang & Cai, VLDB 2019), one level of R links a node: choosing links on a
// nearest-neighbour graph, links back, and searching. How a graph is walked and compared stands in walk.ts.
import { closeHop, count, disOf, forget, fourAt, giveOut, Graph, idOf, keep, keyOf, noteFour, one, openHop, place, pointOf, see, shadowed, slotsOf, walk } from './walk';

/** Fills list with up to ef nodes to begin from: links of the entry, then `starts`; all of them seen. Returns how many. */
function begin(g: Graph, x: usize, ef: i32): i32 {
  forget(g);
  const p = slotsOf(g, g.entry, 0), fresh = g.fresh;
  let n = 0;
  for (let i = 0; i < g.width && n < ef; i++) {
    const id = load<i32>(p + (<usize>i << 2));
    if (id < 0) break;
    store<i32>(fresh + (<usize>n << 2), id);
    n += see(g, id);
  }
  for (let i = 0; i < g.startsMost && n < ef; i++) {
    const id = load<i32>(g.starts + (<usize>i << 2));
    store<i32>(fresh + (<usize>n << 2), id);
    n += see(g, id);
  }
  count(g, fresh, n);
  const hop: usize = g.trace ? openHop(g, keyOf(f32.NaN, g.entry), 0, n, ef) : 0; // the entry itself is not compared
  for (let i = 0; i < n; i += 4) {
    const ids = fresh + (<usize>i << 2);
    v128.store(g.lanes, fourAt(g, x, ids, n - i));
    if (hop) noteFour(g, hop, i, ids, n - i);
    if (g.near) keep(g, ids, min(4, n - i));
    for (let lane = 0; lane < min(4, n - i); lane++) place(g.list, i + lane, ef, keyOf(load<f32>(g.lanes + (<usize>lane << 2)), load<i32>(ids + (<usize>lane << 2))));
  }
  if (hop) closeHop(g, hop, g.list, n);
  return n;
}

/** The k nearest found to x, or to the query made ready for codes; keeps L ≥ k nodes. dis, ids (k), ascending. */
export function nsgSearch(g: Graph, x: usize, k: i32, L: i32, dis: usize, ids: usize): void {
  giveOut(g, walk(g, x, begin(g, x, L), 0, L, L), k, dis, ids);
}

/** Links of the nodes [from, to), out of the nearMost nearest of all nodes that a search for each comes by and of its
 *  neighbours: a candidate is kept if it is nearer to the node than to any kept before it. out (n, R), free slots −1. */
export function nsgLink(g: Graph, from: i32, to: i32, L: i32, R: i32, out: usize): void {
  for (let id = from; id < to; id++) {
    const x = pointOf(g, id);
    g.nearSize = 0;
    walk(g, x, begin(g, x, L), 0, L, L);
    const p = slotsOf(g, id, 0), fresh = g.fresh;
    let n = 0;
    for (let i = 0; i < g.width; i++) {
      const next = load<i32>(p + (<usize>i << 2));
      if (next < 0) break;
      store<i32>(fresh + (<usize>n << 2), next);
      n += see(g, next);
    }
    for (let i = 0; i < n; i += 4) {
      const ids = fresh + (<usize>i << 2);
      v128.store(g.lanes, fourAt(g, x, ids, n - i));
      keep(g, ids, min(4, n - i));
    }
    spread(g, id, g.near, g.nearSize, out + <usize>id * (<usize>R << 2), R);
  }
}

/** Of `size` candidates, nearest first, up to R that are no nearer to one another than to the node → slots (R). */
function spread(g: Graph, node: i32, keys: usize, size: i32, slots: usize, R: i32): void {
  let kept = 0;
  for (let i = 0; i < size && kept < R; i++) {
    const key = load<u64>(keys + (<usize>i << 3)), id = idOf(key);
    if (id == node || (kept && shadowed(g, id, disOf(key), slots, kept))) continue;
    store<i32>(slots + (<usize>kept << 2), id);
    kept++;
  }
  for (; kept < R; kept++) store<i32>(slots + (<usize>kept << 2), -1);
}

/** Links back: each link chosen (n, R) is also offered the other way, to nodes in [from, to) and in order of where it comes
 *  from; ranges can be given to threads. A full node chooses again among its links and the new one. The graph's links. */
export function nsgLinkBack(g: Graph, chosen: usize, from: i32, to: i32): void {
  const R = g.width;
  for (let id = 0; id < g.n; id++) {
    for (let i = 0; i < R; i++, chosen += 4) {
      const target = load<i32>(chosen);
      if (target >= from && target < to) offer(g, target, id);
    }
  }
}

function offer(g: Graph, node: i32, id: i32): void {
  const R = g.width, slots = slotsOf(g, node, 0), x = pointOf(g, node);
  let degree = 0;
  for (; degree < R; degree++) {
    const other = load<i32>(slots + (<usize>degree << 2));
    if (other == id) return;
    if (other < 0) break;
  }
  if (degree < R) { store<i32>(slots + (<usize>degree << 2), id); return; }
  store<u64>(g.list, keyOf(one(g, x, id), id));
  for (let i = 0, size = 1; i < R; i += 4) {
    const ids = slots + (<usize>i << 2);
    v128.store(g.lanes, fourAt(g, x, ids, R - i));
    for (let lane: usize = 0, end = <usize>min(4, R - i) << 2; lane < end; lane += 4) place(g.list, size++, R + 1, keyOf(load<f32>(g.lanes + lane), load<i32>(ids + lane)));
  }
  spread(g, node, g.list, R + 1, slots, R);
}
