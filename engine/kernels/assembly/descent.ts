// NN-descent (Dong, Moses & Li, WWW 2011): the nearest neighbours of every node, from the thought that a neighbour of a
// neighbour is likely one too. Each node has a pool of the L nearest known, ascending keys as in walk.ts; the low bit says
// "not yet joined". What a pool holds in the end is the least of a set, so it does not depend on who came first.
import { ipx4, l2x4 } from './direct';
import { disOf, idOf, keyOf } from './walk';

/** Twin: `openDescent` in structures/descent.ts. Lists of a node: S + R ids that were not joined yet, then L + R that were;
 *  in both its own come first, then those whose neighbour it is. */
@unmanaged
class Descent {
  ip: i32;
  d: i32;
  rows: usize;    // (n, d)
  n: i32;
  L: i32;
  S: i32;
  R: i32;
  pools: usize;   // (n, L) u64
  sizes: usize;   // (n) i32
  worst: usize;   // (n) f32, distance of the last in the pool
  reach: usize;   // (n) i32, how much of the pool was looked at
  lists: usize;   // (n, S + 2R + L) i32
  counts: usize;  // (n, 4) i32: own new, own old, others new, others old
  locks: usize;   // (n) i32
  ids: usize;     // one thread's room: S + 2R + L ids,
  bounds: usize;  // as many floats and three more,
  lanes: usize;   // 4 floats
}

// @ts-ignore: decorator
@inline function poolOf(g: Descent, id: i32): usize { return g.pools + (<usize>id * <usize>g.L << 3); }
// @ts-ignore: decorator
@inline function at(array: usize, id: i32): usize { return array + (<usize>id << 2); }
// @ts-ignore: decorator
@inline function newOf(g: Descent, id: i32): usize { return g.lists + (<usize>id * <usize>(g.S + 2 * g.R + g.L) << 2); }
// @ts-ignore: decorator
@inline function oldOf(g: Descent, id: i32): usize { return newOf(g, id) + (<usize>(g.S + g.R) << 2); }

/** Four distances from a node to the first four of n ≥ 1 ids; where there are fewer, the first stands in for the others. */
function fourFrom(g: Descent, id: i32, ids: usize, n: i32): v128 {
  const row = <usize>g.d << 2, y = g.rows, x = y + <usize>id * row, first = <usize>load<i32>(ids);
  const a = y + first * row, b = n > 1 ? y + <usize>load<i32>(ids, 4) * row : a;
  const c = n > 2 ? y + <usize>load<i32>(ids, 8) * row : a, e = n > 3 ? y + <usize>load<i32>(ids, 12) * row : a;
  return g.ip ? ipx4(x, a, b, c, e, g.d) : l2x4(x, a, b, c, e, g.d);
}

/** Puts a key into a pool unless it is there; what is farther than all of the pool is not let in, full or not (Faiss). */
function admit(g: Descent, id: i32, key: u64): void {
  const list = poolOf(g, id);
  let size = load<i32>(at(g.sizes, id)), low = 0, high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u64>(list + (<usize>middle << 3)) < (key & ~1)) low = middle + 1; else high = middle;
  }
  const to = list + (<usize>low << 3);
  if (low == g.L || (low < size && (load<u64>(to) | 1) == (key | 1))) return;
  size = min(size + 1, g.L);
  let p = list + (<usize>(size - 1) << 3);
  while (p >= to + 16) { p -= 16; v128.store(p + 8, v128.load(p)); }
  if (p > to) { p -= 8; store<u64>(p + 8, load<u64>(p)); }
  store<u64>(to, key);
  store<i32>(at(g.sizes, id), size);
  store<f32>(at(g.worst, id), disOf(load<u64>(list + (<usize>(size - 1) << 3))));
}

/** The same while other threads do it too; returns the pool's bound. */
function offer(g: Descent, id: i32, v: f32, other: i32): f32 {
  const lock = at(g.locks, id);
  while (atomic.cmpxchg<i32>(lock, 0, 1)) { /* another thread is at this pool for some hundred cycles */ }
  if (v <= load<f32>(at(g.worst, id))) admit(g, id, keyOf(v, other) | 1);
  const bound = load<f32>(at(g.worst, id));
  atomic.store<i32>(lock, 0);
  return bound;
}

/** First pools of the nodes [from, to): ids (n, S), a node's own left out. */
export function descentStart(g: Descent, ids: usize, from: i32, to: i32): void {
  for (let id = from; id < to; id++) {
    store<i32>(at(g.sizes, id), 0);
    for (let i = 0; i < g.S; i++) {
      const p = ids + (<usize>(id * g.S + i) << 2);
      if (load<i32>(p) != id) admit(g, id, keyOf(f32x4.extract_lane(fourFrom(g, id, p, 1), 0), load<i32>(p)) | 1);
    }
  }
}

/** Local joins of the nodes [from, to): those in a node's lists are compared, if one of the two is new, and get to know one
 *  another. Pools of any node change. */
export function descentJoin(g: Descent, from: i32, to: i32): void {
  for (let id = from; id < to; id++) {
    const fresh = gather(g, id), all = fresh + load<i32>(at(g.counts, id * 4 + 1)) + load<i32>(at(g.counts, id * 4 + 3));
    for (let i = 0; i < fresh; i++) meet(g, i, all);
  }
}

/** New and then old ids of a node's lists → ids, the bounds of their pools → bounds. Returns how many are new. */
function gather(g: Descent, id: i32): i32 {
  const fresh = load<i32>(at(g.counts, id * 4)) + load<i32>(at(g.counts, id * 4 + 2));
  const old = load<i32>(at(g.counts, id * 4 + 1)) + load<i32>(at(g.counts, id * 4 + 3));
  for (let i = 0; i < fresh + old; i++) {
    const other = load<i32>(i < fresh ? at(newOf(g, id), i) : at(oldOf(g, id), i - fresh));
    store<i32>(at(g.ids, i), other);
    store<f32>(at(g.bounds, i), load<f32>(at(g.worst, other)));
  }
  return fresh;
}

/** The i-th of the gathered ids meets those after it. Bounds may be out of date, which only lets more knock. */
function meet(g: Descent, i: i32, all: i32): void {
  const id = load<i32>(at(g.ids, i));
  let bound = load<f32>(at(g.worst, id));
  for (let j = i + 1; j < all; j += 4) {
    const ids = at(g.ids, j), bounds = at(g.bounds, j), v = fourFrom(g, id, ids, all - j);
    const mine = i32x4.bitmask(f32x4.le(v, f32x4.splat(bound))), theirs = i32x4.bitmask(f32x4.le(v, v128.load(bounds)));
    let near = mine | theirs;
    if (!near) continue;
    if (all - j < 4) near &= (1 << (all - j)) - 1;
    v128.store(g.lanes, v);
    for (; near; near &= near - 1) {
      const lane = ctz(near), byte = <usize>lane << 2, other = load<i32>(ids + byte), dis = load<f32>(g.lanes + byte);
      if (other == id) continue;
      if ((mine >> lane) & 1) bound = offer(g, id, dis, other);
      if ((theirs >> lane) & 1) store<f32>(bounds + byte, offer(g, other, dis, id));
    }
  }
}

/** Own lists of the nodes [from, to): the pool from its nearest on, as far as there are S new ones and S farther than before. */
export function descentSelect(g: Descent, from: i32, to: i32): void {
  for (let id = from; id < to; id++) {
    const pool = poolOf(g, id), most = min(load<i32>(at(g.reach, id)) + g.S, load<i32>(at(g.sizes, id)));
    let l = 0, fresh = 0, old = 0;
    for (; l < most && fresh < g.S; l++) {
      const key = load<u64>(pool + (<usize>l << 3));
      if (key & 1) { store<i32>(at(newOf(g, id), fresh), idOf(key)); fresh++; }
      else { store<i32>(at(oldOf(g, id), old), idOf(key)); old++; }
    }
    store<i32>(at(g.reach, id), l);
    v128.store(at(g.counts, id * 4), i32x4(fresh, old, 0, 0));
  }
}

/** Who has a node of [from, to) in its list is written to that node's, if it is not in its pool: up to R, then in the place
 *  of a random one. In order of the nodes, with draws of its own: ranges can be given to threads. */
export function descentReverse(g: Descent, from: i32, to: i32, seed: u32): void {
  let random = seed;
  for (let id = 0; id < g.n; id++) {
    const pool = poolOf(g, id), reach = load<i32>(at(g.reach, id));
    for (let l = 0; l < reach; l++) {
      const key = load<u64>(pool + (<usize>l << 3)), other = idOf(key);
      if (other < from || other >= to || disOf(key) <= load<f32>(at(g.worst, other))) continue;
      const kind = <i32>(key & 1) ^ 1, count = at(g.counts, other * 4 + 2 + kind), n = load<i32>(count);
      const list = (kind ? oldOf(g, other) : newOf(g, other)) + (<usize>load<i32>(at(g.counts, other * 4 + kind)) << 2);
      random ^= random << 13; random ^= random >> 17; random ^= random << 5; // xorshift: Marsaglia 2003
      store<i32>(at(list, n < g.R ? n : <i32>(random % <u32>g.R)), id);
      store<i32>(count, min(n + 1, g.R));
    }
  }
}

/** What was put into lists is not new any more. */
export function descentSettle(g: Descent, from: i32, to: i32): void {
  for (let id = from; id < to; id++) {
    const end = poolOf(g, id) + (<usize>load<i32>(at(g.reach, id)) << 3);
    for (let p = poolOf(g, id); p < end; p += 8) store<u64>(p, load<u64>(p) & ~1);
  }
}

/** The K nearest known of every node: out (n, K), −1 where a pool holds fewer. */
export function descentGive(g: Descent, K: i32, out: usize): void {
  for (let id = 0; id < g.n; id++) {
    const pool = poolOf(g, id), size = load<i32>(at(g.sizes, id));
    for (let i = 0; i < K; i++, out += 4) store<i32>(out, i < size ? idOf(load<u64>(pool + (<usize>i << 3))) : -1);
  }
}
