// Tiles of many vectors against many: 4 packed rows × 8 packed rows, 8 accumulators (two more spill on 16 registers, and
// unrolling the loop over d makes V8 hoist loads and spill as well).
// Packed form: pack4 → [⌈n/4⌉][d][4], pack8 → [⌈n/8⌉][d][8]; rows past n are zero.
import { madd } from './simd';

/** Rows x (n, d) at `stride` floats from each other → panels [⌈n/8⌉][d][8]. */
export function pack8(x: usize, stride: i32, n: i32, d: i32, out: usize): void {
  for (let i = 0; i < n; i += 8) {
    for (let j = 0; j < d; j++, out += 32) {
      for (let r = 0; r < 8; r++) {
        const v: f32 = i + r < n ? load<f32>(x + (<usize>((i + r) * stride + j) << 2)) : 0;
        store<f32>(out + (<usize>r << 2), v);
      }
    }
  }
}

/** Rows x (n, d) at `stride` floats from each other → [⌈n/4⌉][d][4]. */
export function pack4(x: usize, stride: i32, n: i32, d: i32, out: usize): void {
  const row = <usize>stride << 2;
  for (let i = 0; i < n; i += 4) {
    if (i + 4 > n) { packTail(x + <usize>i * row, row, n - i, d, out); return; }
    let p = x + <usize>i * row, j = 0;
    const q = p + row, r = q + row, s = r + row;
    for (; j + 4 <= d; j += 4, out += 64) {
      const o = <usize>j << 2;
      const a = v128.load(p + o), b = v128.load(q + o), c = v128.load(r + o), e = v128.load(s + o);
      const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const ce0 = v128.shuffle<f32>(c, e, 0, 4, 1, 5), ce1 = v128.shuffle<f32>(c, e, 2, 6, 3, 7);
      v128.store(out, v128.shuffle<f32>(ab0, ce0, 0, 1, 4, 5));
      v128.store(out, v128.shuffle<f32>(ab0, ce0, 2, 3, 6, 7), 16);
      v128.store(out, v128.shuffle<f32>(ab1, ce1, 0, 1, 4, 5), 32);
      v128.store(out, v128.shuffle<f32>(ab1, ce1, 2, 3, 6, 7), 48);
    }
    for (; j < d; j++, out += 16) {
      const o = <usize>j << 2;
      store<f32>(out, load<f32>(p + o)); store<f32>(out, load<f32>(q + o), 4);
      store<f32>(out, load<f32>(r + o), 8); store<f32>(out, load<f32>(s + o), 12);
    }
  }
}

function packTail(x: usize, row: usize, n: i32, d: i32, out: usize): void {
  for (let j = 0; j < d; j++, out += 16) {
    for (let r = 0; r < 4; r++) store<f32>(out + (<usize>r << 2), r < n ? load<f32>(x + <usize>r * row + (<usize>j << 2)) : 0);
  }
}

/** out[i] = ‖x_i‖², x (n, d) at `stride` floats. */
export function normsSqr(x: usize, stride: i32, n: i32, d: i32, out: usize): void {
  for (let i = 0; i < n; i++) {
    const p = x + (<usize>(i * stride) << 2);
    let s = f32x4.splat(0), j = 0;
    for (; j + 4 <= d; j += 4) { const v = v128.load(p + (<usize>j << 2)); s = f32x4.add(s, f32x4.mul(v, v)); }
    let t = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3);
    for (; j < d; j++) { const v = load<f32>(p + (<usize>j << 2)); t += v * v; }
    store<f32>(out + (<usize>i << 2), t);
  }
}

/** out[i, j] = alpha·⟨x_i, y_j⟩ + add[j] for packed x ([n/4][d][4]) and packed y ([m/8][d][8]); n % 4 = m % 8 = 0,
 *  add (m), out rows at `ldo` floats from each other, ldo ≥ m. */
export function products(x: usize, n: i32, y: usize, m: i32, d: i32, alpha: f32, add: usize, out: usize, ldo: i32): void {
  const row = <usize>d << 2, next = <usize>ldo << 2, av = f32x4.splat(alpha);
  for (let j = 0; j < m; j += 8) {
    const panel = y + <usize>j * row, end = panel + (row << 3), bias = add + (<usize>j << 2);
    const n0 = v128.load(bias), n1 = v128.load(bias, 16);
    for (let i = 0; i < n; i += 4) {
      let q = x + <usize>i * row;
      let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
      for (let p = panel; p < end; p += 32, q += 16) {
        const u = v128.load(p), v = v128.load(p, 16); let s: v128;
        s = v128.load32_splat(q); a0 = madd(s, u, a0); a1 = madd(s, v, a1);
        s = v128.load32_splat(q, 4); b0 = madd(s, u, b0); b1 = madd(s, v, b1);
        s = v128.load32_splat(q, 8); c0 = madd(s, u, c0); c1 = madd(s, v, c1);
        s = v128.load32_splat(q, 12); d0 = madd(s, u, d0); d1 = madd(s, v, d1);
      }
      let o = out + <usize>i * next + (<usize>j << 2);
      v128.store(o, madd(av, a0, n0)); v128.store(o, madd(av, a1, n1), 16); o += next;
      v128.store(o, madd(av, b0, n0)); v128.store(o, madd(av, b1, n1), 16); o += next;
      v128.store(o, madd(av, c0, n0)); v128.store(o, madd(av, c1, n1), 16); o += next;
      v128.store(o, madd(av, d0, n0)); v128.store(o, madd(av, d1, n1), 16);
    }
  }
}

/** sums[c] += x_i and counts[c] += 1 for every i with c = list[i] in [from, to), in order of i, so that ranges can be
 *  given to threads and every sum still has the order a single thread would have. x (n, d) at `stride`; sums (to−from, d). */
export function sumByList(x: usize, stride: i32, n: i32, d: i32, list: usize, from: i32, to: i32, sums: usize, counts: usize): void {
  for (let i = 0; i < n; i++) {
    const c = load<i32>(list + (<usize>i << 2));
    if (c < from || c >= to) continue;
    const s = sums + (<usize>((c - from) * d) << 2), p = x + (<usize>(i * stride) << 2), at = counts + (<usize>(c - from) << 2);
    store<i32>(at, load<i32>(at) + 1);
    let j = 0;
    for (; j + 4 <= d; j += 4) { const o = <usize>j << 2; v128.store(s + o, f32x4.add(v128.load(s + o), v128.load(p + o))); }
    for (; j < d; j++) { const o = <usize>j << 2; store<f32>(s + o, load<f32>(s + o) + load<f32>(p + o)); }
  }
}

/** out[a, b] += Σ_i x[i, a]·y[i, b] in order of i, for columns a in [from, to). x (n, dx), y (n, dy), out (dx, dy). `upper`: nothing is
 *  asked of entries with b < a, and of most nothing done. */
export function gram(x: usize, n: i32, dx: i32, y: usize, dy: i32, from: i32, to: i32, upper: i32, out: usize): void {
  for (let a = from; a < to; a += 4) {
    let b = upper ? a & ~7 : 0; // a multiple of 8, so that as few columns as may be are left over
    if (a + 4 <= to) for (; b + 8 <= dy; b += 8) gramTile(x + (<usize>a << 2), n, dx, y + (<usize>b << 2), dy, out + (<usize>(a * dy + b) << 2));
    for (let r = a; r < min(a + 4, to); r++) for (let c = b; c < dy; c++) gramOne(x + (<usize>r << 2), n, dx, y + (<usize>c << 2), dy, out + (<usize>(r * dy + c) << 2));
  }
}

function gramTile(p: usize, n: i32, dx: i32, q: usize, dy: i32, out: usize): void {
  const sx = <usize>dx << 2, sy = <usize>dy << 2, o1 = out + sy, o2 = o1 + sy, o3 = o2 + sy;
  let a0 = v128.load(out), a1 = v128.load(out, 16), b0 = v128.load(o1), b1 = v128.load(o1, 16);
  let c0 = v128.load(o2), c1 = v128.load(o2, 16), d0 = v128.load(o3), d1 = v128.load(o3, 16);
  for (let i = 0; i < n; i++, p += sx, q += sy) {
    const u = v128.load(q), v = v128.load(q, 16); let s: v128;
    s = v128.load32_splat(p); a0 = madd(s, u, a0); a1 = madd(s, v, a1);
    s = v128.load32_splat(p, 4); b0 = madd(s, u, b0); b1 = madd(s, v, b1);
    s = v128.load32_splat(p, 8); c0 = madd(s, u, c0); c1 = madd(s, v, c1);
    s = v128.load32_splat(p, 12); d0 = madd(s, u, d0); d1 = madd(s, v, d1);
  }
  v128.store(out, a0); v128.store(out, a1, 16); v128.store(o1, b0); v128.store(o1, b1, 16);
  v128.store(o2, c0); v128.store(o2, c1, 16); v128.store(o3, d0); v128.store(o3, d1, 16);
}

function gramOne(p: usize, n: i32, dx: i32, q: usize, dy: i32, out: usize): void {
  let s = load<f32>(out);
  for (let i = 0; i < n; i++, p += <usize>dx << 2, q += <usize>dy << 2) s += load<f32>(p) * load<f32>(q);
  store<f32>(out, s);
}

/** out_i = x_i − y_{list[i]} : residuals. x, out (n, d), y (·, d). */
export function subtractRows(x: usize, n: i32, d: i32, y: usize, list: usize, out: usize): void {
  for (let i = 0; i < n; i++) {
    const p = x + (<usize>(i * d) << 2), q = y + (<usize>(load<i32>(list + (<usize>i << 2)) * d) << 2), o = out + (<usize>(i * d) << 2);
    let j = 0;
    for (; j + 4 <= d; j += 4) { const s = <usize>j << 2; v128.store(o + s, f32x4.sub(v128.load(p + s), v128.load(q + s))); }
    for (; j < d; j++) { const s = <usize>j << 2; store<f32>(o + s, load<f32>(p + s) - load<f32>(q + s)); }
  }
}
