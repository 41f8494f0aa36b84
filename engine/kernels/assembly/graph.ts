// Hierarchical navigable small world graphs (Malkov & Yashunin, PAMI 2018; "algorithm" numbers are theirs): linking new nodes,
// and searching. Knows levels and links; not how levels are drawn. How a graph is walked and compared stands in walk.ts.
import { closeHop, count, disOf, forget, fourAt, giveOut, Graph, idOf, keyOf, noteFour, one, openHop, place, pointOf, see, shadowed, slotsOf, walk, widthOf } from './walk';

/** Best-first search of one level from `start` (algorithm 2): list ← the ef nearest found; returns how many. */
function beam(g: Graph, x: usize, start: u64, level: i32, ef: i32, stop: i32): i32 {
  forget(g);
  see(g, idOf(start));
  store<u64>(g.list, start);
  return walk(g, x, 1, level, ef, stop);
}

/** From node to nearer node until none is nearer: the upper levels of algorithm 5. */
function greedy(g: Graph, x: usize, start: u64, level: i32): u64 {
  const width = widthOf(g, level);
  let best = start, before: u64 = 0;
  while (best != before) {
    before = best;
    const p = slotsOf(g, idOf(best), level);
    let n = 0;
    while (n < width && load<i32>(p + (<usize>n << 2)) >= 0) n++;
    const hop: usize = g.trace ? openHop(g, best, level, n, 1) : 0;
    for (let i = 0; i < n; i += 4) {
      const ids = p + (<usize>i << 2);
      v128.store(g.lanes, fourAt(g, x, ids, n - i));
      if (hop) noteFour(g, hop, i, ids, n - i);
      for (let lane: usize = 0, end = <usize>min(4, n - i) << 2; lane < end; lane += 4) best = min(best, keyOf(load<f32>(g.lanes + lane), load<i32>(ids + lane)));
    }
    g.hops++;
    count(g, p, n);
    if (hop) { store<u64>(g.list, best); closeHop(g, hop, g.list, 1); }
  }
  return best;
}

function enter(g: Graph, x: usize): u64 {
  const id = g.entry;
  store<i32>(g.fresh, id);
  count(g, g.fresh, 1);
  return keyOf(one(g, x, id), id);
}

/** Links out of `size` candidates in list, nearest first → slots (width), free ones −1. With `most` or more candidates a
 *  candidate is kept if nearer to the point than to any kept before it (algorithm 4), up to `most`; with fewer all are. */
function choose(g: Graph, size: i32, most: i32, slots: usize, width: i32): void {
  let kept = 0;
  for (let i = 0; i < size && kept < most; i++) {
    const key = load<u64>(g.list + (<usize>i << 3));
    if (size >= most && shadowed(g, idOf(key), disOf(key), slots, kept)) continue;
    store<i32>(slots + (<usize>kept << 2), idOf(key));
    kept++;
  }
  for (; kept < width; kept++) store<i32>(slots + (<usize>kept << 2), -1);
}

/** Finds and writes the links of n new nodes on all their levels (algorithm 1 up to its line 10), which are at most
 *  `top`. Nothing that another walker reads is written: nodes of one batch do not see each other. order (n) ids. */
export function graphInsert(g: Graph, order: usize, n: i32, ef: i32): void {
  for (let i = 0; i < n; i++) {
    const id = load<i32>(order + (<usize>i << 2)), x = g.points + <usize>id * (<usize>g.d << 2), own = <i32>load<u8>(g.levels + <usize>id) - 1;
    let near = enter(g, x), level = g.top;
    for (; level > own; level--) near = greedy(g, x, near, level);
    for (; level >= 0; level--) {
      const size = beam(g, x, near, level, ef, ef), width = widthOf(g, level);
      near = load<u64>(g.list) & ~1;
      choose(g, size, width, slotsOf(g, id, level), width);
    }
  }
}

/** Links back to n new nodes from those of their neighbours in [from, to), in order of the new nodes: ranges of nodes can be
 *  given to threads, and each node's links come in the order one thread would give. order (n) ids. */
export function graphLink(g: Graph, order: usize, n: i32, from: i32, to: i32): void {
  for (let i = 0; i < n; i++) {
    const id = load<i32>(order + (<usize>i << 2));
    for (let level = <i32>load<u8>(g.levels + <usize>id) - 1; level >= 0; level--) {
      let p = slotsOf(g, id, level); const end = p + (<usize>widthOf(g, level) << 2);
      for (; p < end; p += 4) {
        const target = load<i32>(p);
        if (target < 0) break;
        if (target >= from && target < to) addLink(g, target, id, level);
      }
    }
  }
}

/** A full node keeps the best of its links and the new one, and a fifth of its slots free for those to come (Faiss 1.14.2). */
function addLink(g: Graph, node: i32, id: i32, level: i32): void {
  const width = widthOf(g, level), slots = slotsOf(g, node, level), x = pointOf(g, node);
  let p = slots + (<usize>width << 2);
  if (load<i32>(p - 4) < 0) {
    while (p > slots && load<i32>(p - 4) < 0) p -= 4;
    store<i32>(p, id);
    return;
  }
  let size = 1;
  store<u64>(g.list, keyOf(one(g, x, id), id));
  for (let i = 0; i < width; i += 4) {
    const ids = slots + (<usize>i << 2);
    v128.store(g.lanes, fourAt(g, x, ids, width - i));
    for (let lane: usize = 0, end = <usize>min(4, width - i) << 2; lane < end; lane += 4) place(g.list, size++, width + 1, keyOf(load<f32>(g.lanes + lane), load<i32>(ids + lane)));
  }
  g.ndis += width + 1;
  choose(g, size, width * 4 / 5, slots, width);
}

/** The k nearest found to x, or to the query made ready for codes (algorithm 5): dis, ids (k), ascending. */
export function graphSearch(g: Graph, x: usize, k: i32, efSearch: i32, dis: usize, ids: usize): void {
  let near = enter(g, x);
  for (let level = g.top; level > 0; level--) near = greedy(g, x, near, level);
  giveOut(g, beam(g, x, near, 0, max(efSearch, k), efSearch), k, dis, ids);
}
