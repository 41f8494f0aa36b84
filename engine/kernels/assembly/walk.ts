// Walks over a graph of links, whatever the graph: best-first search with a bounded list, and how a query is compared with a
// node. Knows nodes, links and distances; not how links are chosen, nor who waits for the results. How a node's vector is
// stored is known to `four` and what it calls: another storage is another `kind` there.
//
// A node with its distance is one u64 that sorts as (distance, id): the float's bits made monotone in the high half, the id
// and a flag "already walked from" in the low half. Order, and so every result, never depends on the order of arrival.
import { ipBytesx4, l2Bytesx4 } from './bytes';
import { ipx4, l2x4 } from './direct';
import { hammingx4 } from './hamming';
import { levelsDecode } from './levels';
import { panoramaOne } from './panorama';
import { scan8, scanBits } from './pq';
import { sqScanDot, sqScanL2 } from './sq';

/** Kinds of storage: float rows, codes that name entries of tables, codes that are numbers of steps or of levels, rows of bits, vectors
 *  that are compared level by level, rows of bytes. */
const ROWS_L2 = 0, ROWS_IP = 1, TABLES_8 = 2, TABLES = 3, STEPS_L2 = 4, STEPS_DOT = 5, LEVELS_L2 = 6, ROWS_BITS = 8, BY_LEVELS = 9, BYTES_L2 = 10, BYTES_IP = 11;

/** Farther than any. */
const FAR: f32 = 3.4e38;

/** The graph, and the room of one walker; the caller proves the sizes. Twin: `graphRecord` in structures/walker.ts. */
@unmanaged
export class Graph {
  kind: i32;
  d: i32;
  rows: usize;     // (n, d) floats or words of 32 bits, or (n, codeSize) bytes; the code itself starts `skip` bytes in
  points: usize;   // (n, d): vectors as they are inserted, which are not always what is stored
  codeSize: i32;
  skip: i32;
  probe: usize;    // the query for codes: tables (parts, 2^nbits), or values (d)
  base: f32;       // added to every distance
  parts: i32;      // or, of steps, the form of the numbers; the components of a level
  nbits: i32;      // or 1 for inner products by levels
  steps: usize;    // (d), or the levels, or the count of those computed
  codes: usize;    // room for four codes
  decoded: usize;  // room for four vectors, where codes are decoded
  first: usize;    // two-level codes: tables of the query's distance to the parts of the first level
  firstParts: i32;
  firstBits: i32;
  terms: usize;    // (n) f32, what else depends on the node; 0 = codes have one level
  n: i32;
  M: i32;          // slots of each upper level
  width: i32;      // slots of level 0
  levels: usize;   // (n) u8, number of levels of each node
  offsets: usize;  // (n + 1) u32; 0 = there is one level, node i has slots i·width to (i + 1)·width
  links: usize;    // i32; −1 = free, after all others of its level
  entry: i32;
  top: i32;        // highest level
  starts: usize;   // ids that fill up the first list of a search on an NSG
  startsMost: i32;
  seen: usize;     // ⌈n/64⌉ u64: one bit a node
  list: usize;     // max(ef, width + 1) u64 keys, ascending
  fresh: usize;    // max(ef, width) ids
  lanes: usize;    // 4 floats
  near: usize;     // the nearMost nearest of all compared, as keys, ascending; 0 = not kept
  nearMost: i32;
  nearSize: i32;
  record: usize;   // ids whose distance was computed, in order; 0 = no record
  recordMost: i32;
  recorded: i32;   // also counts what no longer fitted
  ndis: i32;
  hops: i32;
  trace: usize;    // words of 32 bits, hop after hop as `openHop` writes them; 0 = not asked for, or full
  traceMost: i32;  // words
  traceList: i32;  // of the list after a hop at most so many keys are written
  traced: i32;     // words written
  farthest: f32;   // what is farther need not be told how far it is
}

// @ts-ignore: decorator
@inline export function keyOf(v: f32, id: i32): u64 {
  const bits = reinterpret<u32>(v + 0); // −0 becomes +0, so that equal values have equal bits
  return <u64>(bits ^ (<u32>(<i32>bits >> 31) | 0x80000000)) << 32 | <u64>(<u32>id << 1);
}
// @ts-ignore: decorator
@inline export function disOf(key: u64): f32 {
  const order = <u32>(key >> 32);
  return reinterpret<f32>(order ^ (order >> 31 ? 0x80000000 : 0xffffffff));
}
// @ts-ignore: decorator
@inline export function idOf(key: u64): i32 { return <i32>(<u32>key >> 1); }

/** Four distances: to the vector at x, or of codes to the query made ready. */
// @ts-ignore: decorator
@inline function four(g: Graph, x: usize, a: i32, b: i32, c: i32, e: i32): v128 {
  if (g.kind > ROWS_IP) return g.kind < ROWS_BITS ? coded(g, x, a, b, c, e) : g.kind == BY_LEVELS ? byLevels(g, x, a, b, c, e) : words(g, x, a, b, c, e);
  const y = g.rows, row = <usize>g.d << 2;
  return g.kind == ROWS_IP
    ? ipx4(x, y + <usize>a * row, y + <usize>b * row, y + <usize>c * row, y + <usize>e * row, g.d)
    : l2x4(x, y + <usize>a * row, y + <usize>b * row, y + <usize>c * row, y + <usize>e * row, g.d);
}

/** Rows of d words of 32 bits, compared by the bits that differ, or as four bytes a word. */
function words(g: Graph, x: usize, a: i32, b: i32, c: i32, e: i32): v128 {
  const row = <usize>g.d << 2, y = g.rows, ya = y + <usize>a * row, yb = y + <usize>b * row, yc = y + <usize>c * row, ye = y + <usize>e * row;
  if (g.kind == ROWS_BITS) return hammingx4(x, ya, yb, yc, ye, g.d);
  return g.kind == BYTES_L2 ? l2Bytesx4(x, ya, yb, yc, ye, row) : ipBytesx4(x, ya, yb, yc, ye, row);
}

/** Vectors that turn out to be too far before their last level are `FAR`. */
function byLevels(g: Graph, x: usize, a: i32, b: i32, c: i32, e: i32): v128 {
  return f32x4(levelByLevel(g, x, a), levelByLevel(g, x, b), levelByLevel(g, x, c), levelByLevel(g, x, e));
}

function levelByLevel(g: Graph, x: usize, id: i32): f32 { return panoramaOne(x, g.probe, codeOf(g, id), g.d, g.parts, g.nbits, g.farthest, g.steps); }

/** The codes are put end to end, and what scans a list compares them. */
function coded(g: Graph, x: usize, a: i32, b: i32, c: i32, e: i32): v128 {
  const size = <usize>(g.codeSize - g.skip), to = g.codes, lanes = g.lanes;
  copyCode(g, a, to); copyCode(g, b, to + size); copyCode(g, c, to + 2 * size); copyCode(g, e, to + 3 * size);
  if (g.kind == TABLES_8) scan8(g.probe, g.parts, to, 4, g.base, lanes);
  else if (g.kind == TABLES) scanBits(g.probe, g.parts, g.nbits, to, <i32>size, 4, g.base, lanes);
  else if (g.kind == STEPS_L2) sqScanL2(g.parts, g.probe, g.steps, to, size, 4, g.d, g.base, lanes);
  else if (g.kind == STEPS_DOT) sqScanDot(g.parts, g.probe, to, size, 4, g.d, g.base, lanes);
  else {
    const y = g.decoded, row = <usize>g.d << 2;
    levelsDecode(to, 4, g.d, g.nbits, g.steps, size, y);
    return g.kind == LEVELS_L2 ? l2x4(x, y, y + row, y + 2 * row, y + 3 * row, g.d) : ipx4(x, y, y + row, y + 2 * row, y + 3 * row, g.d);
  }
  const v = v128.load(lanes);
  return g.terms ? f32x4.add(v, f32x4(ahead(g, a), ahead(g, b), ahead(g, c), ahead(g, e))) : v;
}

// @ts-ignore: decorator
@inline function codeOf(g: Graph, id: i32): usize { return g.rows + <usize>id * <usize>g.codeSize; }

function copyCode(g: Graph, id: i32, to: usize): void {
  let p = codeOf(g, id) + <usize>g.skip; const end = codeOf(g, id + 1);
  for (; p + 8 <= end; p += 8, to += 8) store<u64>(to, load<u64>(p));
  for (; p < end; p++, to++) store<u8>(to, load<u8>(p));
}

/** What the first level and the node itself add to the distance of a two-level code. */
function ahead(g: Graph, id: i32): f32 {
  const code = codeOf(g, id), mask: u32 = (1 << g.firstBits) - 1;
  let list: u32 = 0, table = g.first, sum = load<f32>(g.terms + (<usize>id << 2));
  for (let i = 0; i < g.skip; i++) list |= <u32>load<u8>(code + <usize>i) << (i << 3);
  for (let m = 0; m < g.firstParts; m++, list >>= g.firstBits, table += <usize>4 << g.firstBits) sum += load<f32>(table + (<usize>(list & mask) << 2));
  return sum;
}

/** A stored vector where `four` can take it as x: rows only. */
// @ts-ignore: decorator
@inline export function pointOf(g: Graph, id: i32): usize { return g.rows + <usize>id * (<usize>g.d << 2); }

/** Distances to the first four of n ≥ 1 ids; where there are fewer, the first stands in for the others. */
// @ts-ignore: decorator
@inline export function fourAt(g: Graph, x: usize, ids: usize, n: i32): v128 {
  const a = load<i32>(ids);
  return four(g, x, a, n > 1 ? load<i32>(ids, 4) : a, n > 2 ? load<i32>(ids, 8) : a, n > 3 ? load<i32>(ids, 12) : a);
}

// @ts-ignore: decorator
@inline export function one(g: Graph, x: usize, id: i32): f32 { return f32x4.extract_lane(four(g, x, id, id, id, id), 0); }

// @ts-ignore: decorator
@inline export function slotsOf(g: Graph, id: i32, level: i32): usize {
  const first = g.offsets ? load<u32>(g.offsets + (<usize>id << 2)) + (level ? g.width + (level - 1) * g.M : 0) : id * g.width;
  return g.links + (<usize>first << 2);
}
// @ts-ignore: decorator
@inline export function widthOf(g: Graph, level: i32): i32 { return level ? g.M : g.width; }

/** Forgets who was seen. */
export function forget(g: Graph): void { memory.fill(g.seen, 0, (<usize>g.n + 63) >> 6 << 3); }

/** Marks a node as seen: 1 if it was not before. */
// @ts-ignore: decorator
@inline export function see(g: Graph, id: i32): i32 {
  const at = g.seen + (<usize>id >> 3), was = <i32>load<u8>(at), bit = id & 7;
  store<u8>(at, <u8>(was | (1 << bit)));
  return 1 ^ ((was >> bit) & 1);
}

/** Puts a key into its place among `size` ascending ones; a list of `most` drops its last. Returns the place, or most. */
export function place(list: usize, size: i32, most: i32, key: u64): i32 {
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
  const fresh = g.fresh;
  let p = slotsOf(g, id, level), n = 0; const end = p + (<usize>widthOf(g, level) << 2);
  for (; p < end; p += 4) {
    const next = load<i32>(p);
    if (next < 0) break;
    store<i32>(fresh + (<usize>n << 2), next);
    n += see(g, next);
  }
  return n;
}

/** Counts n distances, and notes whose they were when asked. */
export function count(g: Graph, ids: usize, n: i32): void {
  g.ndis += n;
  if (!g.record) return;
  const room = min(n, g.recordMost - g.recorded);
  if (room > 0) memory.copy(g.record + (<usize>g.recorded << 2), ids, <usize>room << 2);
  g.recorded += n;
}

/** Words before what a hop came by: level, node, its distance, how many were compared, how many keys follow them, how many there are. */
const HOP_WORDS = 6;

/** Begins the record of a hop that compares n nodes and leaves at most `ef` in list: its address, or 0 where there is no room. */
export function openHop(g: Graph, key: u64, level: i32, n: i32, ef: i32): usize {
  const at = g.trace + (<usize>g.traced << 2);
  if (g.traced + HOP_WORDS + 2 * (n + min(ef, g.traceList)) > g.traceMost) { g.trace = 0; return 0; } // what is recorded has no gaps
  store<i32>(at, level);
  store<i32>(at, idOf(key), 4);
  store<f32>(at, disOf(key), 8);
  store<i32>(at, n, 12);
  return at;
}

/** The i-th and up to three more that a hop compared, with their distances in lanes. */
export function noteFour(g: Graph, hop: usize, i: i32, ids: usize, n: i32): void {
  let to = hop + HOP_WORDS * 4 + (<usize>i << 3);
  for (let lane: usize = 0, end = <usize>min(4, n) << 2; lane < end; lane += 4, to += 8) {
    store<i32>(to, load<i32>(ids + lane));
    store<f32>(to, load<f32>(g.lanes + lane), 4);
  }
}

/** Ends the record of a hop with the first of `size` keys at `list`. */
export function closeHop(g: Graph, hop: usize, list: usize, size: i32): void {
  const n = load<i32>(hop, 12), kept = min(size, g.traceList);
  store<i32>(hop, kept, 16);
  store<i32>(hop, size, 20);
  memory.copy(hop + HOP_WORDS * 4 + (<usize>n << 3), list, <usize>kept << 3);
  g.traced += HOP_WORDS + 2 * (n + kept);
}

/** Goes on from `size` keys in list, ascending and seen, until each of the ef nearest was walked from: what falls out of them
 *  never is. Ends sooner when `stop` of them are nearer than the next to walk from (Faiss). Returns how many are in list. */
export function walk(g: Graph, x: usize, size: i32, level: i32, ef: i32, stop: i32): i32 {
  const list = g.list, fresh = g.fresh, pivot = list + (<usize>(stop - 1) << 3), last = list + (<usize>(ef - 1) << 3);
  let next = 0;
  while (next < size) {
    const at = list + (<usize>next << 3), key = load<u64>(at);
    if (key & 1) { next++; continue; }
    if (size >= stop && disOf(load<u64>(pivot)) < disOf(key)) break;
    store<u64>(at, key | 1);
    g.hops++;
    const n = gather(g, idOf(key), level);
    count(g, fresh, n);
    const hop: usize = g.trace ? openHop(g, key, level, n, ef) : 0;
    for (let i = 0; i < n; i += 4) {
      g.farthest = hop || g.near || size < ef ? FAR : disOf(load<u64>(last));
      const ids = fresh + (<usize>i << 2), v = fourAt(g, x, ids, n - i);
      v128.store(g.lanes, v);
      if (hop) noteFour(g, hop, i, ids, n - i);
      if (g.near) keep(g, ids, min(4, n - i));
      let near = size < ef ? 15 : i32x4.bitmask(f32x4.le(v, f32x4.splat(disOf(load<u64>(last)))));
      if (i + 4 > n) near &= (1 << (n - i)) - 1;
      for (; near; near &= near - 1) {
        const lane = <usize>ctz(near) << 2, p = place(list, size, ef, keyOf(load<f32>(g.lanes + lane), load<i32>(ids + lane)));
        if (p == ef) continue;
        size = min(size + 1, ef);
        next = min(next, p);
      }
    }
    if (hop) closeHop(g, hop, list, size);
  }
  return size;
}

/** n ids with their distances in lanes go to the nearest of all compared. */
export function keep(g: Graph, ids: usize, n: i32): void {
  for (let lane: usize = 0, end = <usize>n << 2; lane < end; lane += 4) {
    if (place(g.near, g.nearSize, g.nearMost, keyOf(load<f32>(g.lanes + lane), load<i32>(ids + lane))) < g.nearMost) g.nearSize = min(g.nearSize + 1, g.nearMost);
  }
}

/** The first k of `size` keys in list → dis, ids (k); places not filled hold 3.4e38 and −1. */
export function giveOut(g: Graph, size: i32, k: i32, dis: usize, ids: usize): void {
  for (let i = 0; i < k; i++) {
    const found = i < size, key = found ? load<u64>(g.list + (<usize>i << 3)) : 0;
    store<f32>(dis + (<usize>i << 2), found ? disOf(key) : 3.4e38);
    store<i32>(ids + (<usize>i << 2), found ? idOf(key) : -1);
  }
}

/** Whether `id`, at distance v from the point whose links are chosen, is nearer to one of `n` kept ones. */
export function shadowed(g: Graph, id: i32, v: f32, kept: usize, n: i32): bool {
  const x = pointOf(g, id), bound = f32x4.splat(v);
  for (let i = 0; i < n; i += 4) {
    g.ndis += min(4, n - i);
    if (v128.any_true(f32x4.lt(fourAt(g, x, kept + (<usize>i << 2), n - i), bound))) return true;
  }
  return false;
}
