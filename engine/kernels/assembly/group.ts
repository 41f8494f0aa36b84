// Many queries against all rows, each keeping its k nearest. Tiles of 4 queries × 8 rows (dense.ts) give every product at half
// the work of comparing directly, but rounded otherwise. So they only tell which rows may be near: with
//   ‖x − y‖² = ‖x‖² + ‖y‖² − 2⟨x, y⟩
// every sum of d terms errs by less than (d + 8)·2⁻²⁴ of the sum of its sizes, all of them together by less than
// slack·(‖x‖² + ‖y‖²), slack = 8·(d + 8)·2⁻²⁴. A row is a candidate unless even that much less would be too far:
//   L2:            (1 − slack)·‖y‖² − 2⟨x, y⟩ ≤ worst − (1 − slack)·‖x‖²
//   inner product:     −slack·‖y‖² − 2⟨x, y⟩ ≤ 2·worst + slack·‖x‖²
// The left side is what a tile computes, the right side is the query's limit. Candidates are compared directly, four at a time:
// the k nearest are those of comparing everything directly, bit for bit.
import { normsSqr, pack4 } from './dense';
import { ipx4, l2x4 } from './direct';
import { madd } from './simd';
import { heapClear, heapSort, sink, worse } from './topk';

/** nq queries on their way through the rows; structures/flat-group.ts gives each part its room. */
@unmanaged
class Group {
  x: usize;       // (nq, d)
  vectors: usize; // (·, d) all rows
  dis: usize;     // (nq, k) heaps
  ids: usize;     // (nq, k)
  packed: usize;  // [⌈nq/4⌉][d][4], −2x
  shifts: usize;  // (nq) what is taken from worst
  limits: usize;  // (⌈nq/4⌉·4), −∞ where there is no query
  waiting: usize; // (nq, 8) number of candidates not yet compared, and up to 4 of them
  tiles: usize;   // [stripe/4][d][4], one stripe of rows
  add: usize;     // (stripe) the rows' share of the left side
  lanes: usize;   // (4)
  nq: i32;
  k: i32;
  d: i32;
  ip: i32;
}

// @ts-ignore: decorator
@inline function slackOf(d: i32): f32 { return <f32>((d + 8) << 3) * 5.9604644775390625e-8; }

/** Before the first row. */
export function groupOpen(g: Group): void {
  const slack = slackOf(g.d), share: f32 = g.ip ? -slack : 1 - slack, whole = (g.nq + 3) & ~3, twice = f32x4.splat(-2);
  pack4(g.x, g.d, g.nq, g.d, g.packed);
  for (let p = g.packed, end = p + (<usize>(whole * g.d) << 2); p < end; p += 16) v128.store(p, f32x4.mul(v128.load(p), twice));
  normsSqr(g.x, g.d, g.nq, g.d, g.shifts);
  for (let q = 0; q < whole; q++) {
    const o = <usize>q << 2;
    if (q >= g.nq) { store<f32>(g.limits + o, -Infinity); continue; }
    store<f32>(g.shifts + o, share * load<f32>(g.shifts + o));
    store<i32>(g.waiting + (o << 3), 0);
    heapClear(g.dis + o * <usize>g.k, g.ids + o * <usize>g.k, g.k);
    limit(g, q);
  }
}

/** Rows [from, from + n), at most a stripe of them. */
export function groupRows(g: Group, from: i32, n: i32): void {
  const d = g.d, next = <usize>d << 4, nq = g.nq, slack = slackOf(d), share = f32x4.splat(g.ip ? -slack : 1 - slack);
  const y = g.vectors + (next >> 2) * <usize>from;
  pack4(y, d, n, d, g.tiles);
  normsSqr(y, d, n, d, g.add);
  for (let i = 0; i < n; i += 8) {
    const bias = g.add + (<usize>i << 2), panel = g.tiles + (next >> 2) * <usize>i, end = panel + next;
    const n0 = f32x4.mul(share, v128.load(bias)), n1 = f32x4.mul(share, v128.load(bias, 16));
    for (let q = 0, x = g.packed; q < nq; q += 4) {
      let a0 = n0, a1 = n1, b0 = n0, b1 = n1, c0 = n0, c1 = n1, d0 = n0, d1 = n1;
      for (let p = panel, r = end; p < end; p += 16, r += 16, x += 16) {
        const u = v128.load(p), v = v128.load(r); let s: v128;
        s = v128.load32_splat(x); a0 = madd(s, u, a0); a1 = madd(s, v, a1);
        s = v128.load32_splat(x, 4); b0 = madd(s, u, b0); b1 = madd(s, v, b1);
        s = v128.load32_splat(x, 8); c0 = madd(s, u, c0); c1 = madd(s, v, c1);
        s = v128.load32_splat(x, 12); d0 = madd(s, u, d0); d1 = madd(s, v, d1);
      }
      const l = g.limits + (<usize>q << 2);
      let s = v128.load32_splat(l); a0 = f32x4.le(a0, s); a1 = f32x4.le(a1, s);
      s = v128.load32_splat(l, 4); b0 = f32x4.le(b0, s); b1 = f32x4.le(b1, s);
      s = v128.load32_splat(l, 8); c0 = f32x4.le(c0, s); c1 = f32x4.le(c1, s);
      s = v128.load32_splat(l, 12); d0 = f32x4.le(d0, s); d1 = f32x4.le(d1, s);
      const any = v128.or(v128.or(v128.or(a0, a1), v128.or(b0, b1)), v128.or(v128.or(c0, c1), v128.or(d0, d1)));
      if (!v128.any_true(any)) continue;
      note(g, q, from + i, n - i, a0, a1); note(g, q + 1, from + i, n - i, b0, b1);
      note(g, q + 2, from + i, n - i, c0, c1); note(g, q + 3, from + i, n - i, d0, d1);
    }
  }
}

/** Rows [from, from + n) that stand at address `rows` for now: none of them waits longer. */
export function groupStripe(g: Group, from: i32, n: i32, rows: usize): void {
  g.vectors = rows - (<usize>g.d << 2) * <usize>from; // as if all stood in a row: addresses wrap around
  groupRows(g, from, n);
  for (let q = 0; q < g.nq; q++) settle(g, q);
}

/** After the last row: sorted answers. */
export function groupClose(g: Group): void {
  for (let q = 0; q < g.nq; q++) {
    const o = (<usize>q << 2) * <usize>g.k;
    settle(g, q);
    heapSort(g.dis + o, g.ids + o, g.k);
  }
}

/** The candidates of one query among 8 rows from `id`, of which `left` exist. */
function note(g: Group, q: i32, id: i32, left: i32, m0: v128, m1: v128): void {
  let bits = i32x4.bitmask(m0) | (i32x4.bitmask(m1) << 4);
  if (left < 8) bits &= (1 << left) - 1;
  const w = g.waiting + (<usize>q << 5);
  while (bits) {
    const b = ctz(bits), count = load<i32>(w) + 1; bits &= bits - 1;
    store<i32>(w, count);
    store<i32>(w + (<usize>count << 2), id + b);
    if (count == 4) settle(g, q);
  }
}

/** Compares a query with the candidates that wait for it. */
function settle(g: Group, q: i32): void {
  const w = g.waiting + (<usize>q << 5), n = load<i32>(w), d = g.d, row = <usize>d << 2, x = g.x + row * <usize>q;
  if (!n) return;
  const a = at(g, w, 1), b = at(g, w, min(n, 2)), c = at(g, w, min(n, 3)), e = at(g, w, n);
  v128.store(g.lanes, g.ip ? ipx4(x, a, b, c, e, d) : l2x4(x, a, b, c, e, d));
  const o = (<usize>q << 2) * <usize>g.k, dis = g.dis + o, ids = g.ids + o;
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 4) {
    const v = load<f32>(g.lanes + i), id = load<i32>(w + i, 4);
    if (worse(load<f32>(dis), load<i32>(ids), v, id)) sink(dis, ids, g.k, v, id);
  }
  store<i32>(w, 0);
  limit(g, q);
}

// @ts-ignore: decorator
@inline function at(g: Group, w: usize, i: i32): usize { return g.vectors + (<usize>g.d << 2) * <usize>load<u32>(w + (<usize>i << 2)); }

function limit(g: Group, q: i32): void {
  const o = <usize>q << 2, worst = load<f32>(g.dis + o * <usize>g.k);
  store<f32>(g.limits + o, (g.ip ? worst + worst : worst) - load<f32>(g.shifts + o));
}
