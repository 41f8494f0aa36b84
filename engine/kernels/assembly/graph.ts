// Walks over a graph of links on several levels: HNSW (Malkov & Yashunin, PAMI 2018; "algorithm" numbers are theirs).
// Knows nodes, links and distances; not how levels are drawn, nor who waits for the results. How a node's vector is
// stored is known to `four`, `pointOf` and nothing else: another storage is another `kind` in these two.
//
// A node with its distance is one u64 that sorts as (distance, id): the float's bits made monotone in the high half, the id
// and a flag "already walked from" in the low half. Order, and so every result, never depends on the order of arrival.
import { ipx4, l2x4 } from './direct';

/** The graph, and the room of one walker; the caller proves the sizes. Twin: `graphRecord` in structures/hnsw.ts. */
@unmanaged
class Graph {
  /** 0: float rows compared by squared L2, 1: by negated inner product. */
  kind: i32;
  d: i32;
  rows: usize;     // (n, d)
  n: i32;
  M: i32;
  levels: usize;   // (n) u8, number of levels of each node
  offsets: usize;  // (n + 1) u32
  links: usize;    // i32: 2M slots on level 0, then M a level; −1 = free, after all others of its level
  entry: i32;
  top: i32;        // highest level
  seen: usize;     // ⌈n/64⌉ u64: one bit a node
  list: usize;     // max(ef, 2M + 1) u64 keys, ascending
  fresh: usize;    // 2M ids
  lanes: usize;    // 4 floats
  record: usize;   // ids whose distance was computed, in order; 0 = no record
  recordMost: i32;
  recorded: i32;   // also counts what no longer fitted
  ndis: i32;
  hops: i32;
}

// @ts-ignore: decorator
@inline function keyOf(v: f32, id: i32): u64 {
  const bits = reinterpret<u32>(v + 0); // −0 becomes +0, so that equal values have equal bits
  return <u64>(bits ^ (<u32>(<i32>bits >> 31) | 0x80000000)) << 32 | <u64>(<u32>id << 1);
}
// @ts-ignore: decorator
@inline function disOf(key: u64): f32 {
  const order = <u32>(key >> 32);
  return reinterpret<f32>(order ^ (order >> 31 ? 0x80000000 : 0xffffffff));
}
// @ts-ignore: decorator
@inline function idOf(key: u64): i32 { return <i32>(<u32>key >> 1); }

/** Four distances to the vector at x. */
// @ts-ignore: decorator
@inline function four(g: Graph, x: usize, a: i32, b: i32, c: i32, e: i32): v128 {
  const y = g.rows, row = <usize>g.d << 2;
  return g.kind
    ? ipx4(x, y + <usize>a * row, y + <usize>b * row, y + <usize>c * row, y + <usize>e * row, g.d)
    : l2x4(x, y + <usize>a * row, y + <usize>b * row, y + <usize>c * row, y + <usize>e * row, g.d);
}

/** A node's vector where `four` can take it as x. */
// @ts-ignore: decorator
@inline function pointOf(g: Graph, id: i32): usize { return g.rows + <usize>id * (<usize>g.d << 2); }

/** Distances to the first four of n ≥ 1 ids; where there are fewer, the first stands in for the others. */
// @ts-ignore: decorator
@inline function fourAt(g: Graph, x: usize, ids: usize, n: i32): v128 {
  const a = load<i32>(ids);
  return four(g, x, a, n > 1 ? load<i32>(ids, 4) : a, n > 2 ? load<i32>(ids, 8) : a, n > 3 ? load<i32>(ids, 12) : a);
}

// @ts-ignore: decorator
@inline function one(g: Graph, x: usize, id: i32): f32 { return f32x4.extract_lane(four(g, x, id, id, id, id), 0); }

// @ts-ignore: decorator
@inline function slotsOf(g: Graph, id: i32, level: i32): usize {
  const first = load<u32>(g.offsets + (<usize>id << 2)) + (level ? (level + 1) * g.M : 0);
  return g.links + (<usize>first << 2);
}
// @ts-ignore: decorator
@inline function widthOf(g: Graph, level: i32): i32 { return level ? g.M : 2 * g.M; }

/** Puts a key into its place among `size` ascending ones; a list of `most` drops its last. Returns the place, or most. */
function place(list: usize, size: i32, most: i32, key: u64): i32 {
  let low = 0, high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u64>(list + (<usize>middle << 3)) < key) low = middle + 1; else high = middle;
  }
  if (low == most) return most;
  const at = list + (<usize>low << 3);
  let p = list + (<usize>min(size, most - 1) << 3);
  while (p >= at + 16) { p -= 16; v128.store(p + 8, v128.load(p)); }
  if (p > at) { p -= 8; store<u64>(p + 8, load<u64>(p)); }
  store<u64>(at, key);
  return low;
}

/** Links of `id` not seen before → fresh, marked as seen. */
function gather(g: Graph, id: i32, level: i32): i32 {
  const seen = g.seen, fresh = g.fresh;
  let p = slotsOf(g, id, level), n = 0; const end = p + (<usize>widthOf(g, level) << 2);
  for (; p < end; p += 4) {
    const next = load<i32>(p);
    if (next < 0) break;
    const at = seen + (<usize>next >> 3), was = <i32>load<u8>(at), bit = next & 7;
    store<i32>(fresh + (<usize>n << 2), next);
    store<u8>(at, <u8>(was | (1 << bit)));
    n += 1 ^ ((was >> bit) & 1);
  }
  return n;
}

/** Counts n distances, and notes whose they were when asked. */
function count(g: Graph, ids: usize, n: i32): void {
  g.ndis += n;
  if (!g.record) return;
  const room = min(n, g.recordMost - g.recorded);
  if (room > 0) memory.copy(g.record + (<usize>g.recorded << 2), ids, <usize>room << 2);
  g.recorded += n;
}

/** Best-first search of one level (algorithm 2): list ← the ef nearest found from `start`; returns how many. Bounded: what falls
 *  out of the ef nearest is never walked from. Stops when `stop` of them are nearer than the next to walk from (Faiss). */
function beam(g: Graph, x: usize, start: u64, level: i32, ef: i32, stop: i32): i32 {
  const list = g.list, fresh = g.fresh, pivot = list + (<usize>(stop - 1) << 3), last = list + (<usize>(ef - 1) << 3);
  memory.fill(g.seen, 0, (<usize>g.n + 63) >> 6 << 3);
  const from = idOf(start), bit: i32 = 1 << (from & 7);
  store<u8>(g.seen + (<usize>from >> 3), <u8>bit);
  store<u64>(list, start);
  let size = 1, next = 0;
  while (next < size) {
    const at = list + (<usize>next << 3), key = load<u64>(at);
    if (key & 1) { next++; continue; }
    if (size >= stop && disOf(load<u64>(pivot)) < disOf(key)) break;
    store<u64>(at, key | 1);
    g.hops++;
    const n = gather(g, idOf(key), level);
    count(g, fresh, n);
    for (let i = 0; i < n; i += 4) {
      const ids = fresh + (<usize>i << 2), v = fourAt(g, x, ids, n - i);
      let near = size < ef ? 15 : i32x4.bitmask(f32x4.le(v, f32x4.splat(disOf(load<u64>(last)))));
      if (i + 4 > n) near &= (1 << (n - i)) - 1;
      v128.store(g.lanes, v);
      for (; near; near &= near - 1) {
        const lane = <usize>ctz(near) << 2, p = place(list, size, ef, keyOf(load<f32>(g.lanes + lane), load<i32>(ids + lane)));
        if (p == ef) continue;
        size = min(size + 1, ef);
        next = min(next, p);
      }
    }
  }
  return size;
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
    for (let i = 0; i < n; i += 4) {
      const ids = p + (<usize>i << 2);
      v128.store(g.lanes, fourAt(g, x, ids, n - i));
      for (let lane: usize = 0, end = <usize>min(4, n - i) << 2; lane < end; lane += 4) best = min(best, keyOf(load<f32>(g.lanes + lane), load<i32>(ids + lane)));
    }
    g.hops++;
    count(g, p, n);
  }
  return best;
}

function enter(g: Graph, x: usize): u64 {
  const id = g.entry;
  store<i32>(g.fresh, id);
  count(g, g.fresh, 1);
  return keyOf(one(g, x, id), id);
}

/** Whether `id`, at distance v from the point whose links are chosen, is nearer to one of `n` kept ones. */
function shadowed(g: Graph, id: i32, v: f32, kept: usize, n: i32): bool {
  const x = pointOf(g, id), bound = f32x4.splat(v);
  for (let i = 0; i < n; i += 4) {
    g.ndis += min(4, n - i);
    if (v128.any_true(f32x4.lt(fourAt(g, x, kept + (<usize>i << 2), n - i), bound))) return true;
  }
  return false;
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
    const id = load<i32>(order + (<usize>i << 2)), x = pointOf(g, id), own = <i32>load<u8>(g.levels + <usize>id) - 1;
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

/** The k nearest found to x (algorithm 5): dis, ids (k), ascending; places not filled hold 3.4e38 and −1. */
export function graphSearch(g: Graph, x: usize, k: i32, efSearch: i32, dis: usize, ids: usize): void {
  let near = enter(g, x);
  for (let level = g.top; level > 0; level--) near = greedy(g, x, near, level);
  const size = beam(g, x, near, 0, max(efSearch, k), efSearch);
  for (let i = 0; i < k; i++) {
    const found = i < size, key = found ? load<u64>(g.list + (<usize>i << 3)) : 0;
    store<f32>(dis + (<usize>i << 2), found ? disOf(key) : 3.4e38);
    store<i32>(ids + (<usize>i << 2), found ? idOf(key) : -1);
  }
}
