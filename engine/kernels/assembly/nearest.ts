// The nearest of m packed rows for each of n packed rows: the inner loop of every training. Same tiles as `products`.
//
// Only the least of each tile's two halves is compared with the best so far, lane by lane, and only the number of the tile is
// kept: a third fewer instructions than an argmin over every column. The columns of the winning tile are computed once more at
// the end, with the same operations in the same order, so that the winner is the column that equals the minimum bit for bit.
// Multiply and add stay two operations in every binary: what is found here shapes an index.

/** best[i] = argmin_j alpha·⟨x_i, y_j⟩ + add[j], value[i] its minimum (ties to the smallest j; 0 where nothing is comparable).
 *  L2: alpha = −2, add = ‖y_j‖²; inner product: alpha = −1, add = 0; padding columns carry add = 3e38.
 *  alpha is −1 or −2, so that add/(−alpha) − ⟨x, y⟩ is compared instead, exactly, at one operation less.
 *  x ([n/4][d][4]), y ([m/8][d][8]) packed; best (n), value (n), n % 4 = m % 8 = 0. */
export function nearest(x: usize, n: i32, y: usize, m: i32, d: i32, alpha: f32, add: usize, best: usize, value: usize): void {
  const row = <usize>d << 2, share = f32x4.splat(-1 / alpha), one = i32x4.splat(1), far = f32x4.splat(3.4e38);
  const last = y + row * <usize>m;
  for (let i = 0; i < n; i += 4, best += 16, value += 16) {
    const x0 = x + <usize>i * row;
    let v0 = far, v1 = far, v2 = far, v3 = far, tile = i32x4.splat(0), g0 = tile, g1 = tile, g2 = tile, g3 = tile, bias = add;
    for (let p = y; p < last; bias += 32) {
      // The first component is multiplied without a sum to add to: it matters where d is 4.
      const end = p + (row << 3);
      let q = x0, u = v128.load(p), v = v128.load(p, 16), s = v128.load32_splat(q);
      let a0 = f32x4.mul(s, u), a1 = f32x4.mul(s, v);
      s = v128.load32_splat(q, 4); let b0 = f32x4.mul(s, u), b1 = f32x4.mul(s, v);
      s = v128.load32_splat(q, 8); let c0 = f32x4.mul(s, u), c1 = f32x4.mul(s, v);
      s = v128.load32_splat(q, 12); let d0 = f32x4.mul(s, u), d1 = f32x4.mul(s, v);
      for (p += 32, q += 16; p < end; p += 32, q += 16) {
        u = v128.load(p); v = v128.load(p, 16);
        s = v128.load32_splat(q); a0 = plus(a0, s, u); a1 = plus(a1, s, v);
        s = v128.load32_splat(q, 4); b0 = plus(b0, s, u); b1 = plus(b1, s, v);
        s = v128.load32_splat(q, 8); c0 = plus(c0, s, u); c1 = plus(c1, s, v);
        s = v128.load32_splat(q, 12); d0 = plus(d0, s, u); d1 = plus(d1, s, v);
      }
      const n0 = f32x4.mul(v128.load(bias), share), n1 = f32x4.mul(v128.load(bias, 16), share); let t: v128;
      t = f32x4.pmin(f32x4.sub(n0, a0), f32x4.sub(n1, a1)); g0 = later(g0, tile, t, v0); v0 = f32x4.pmin(v0, t);
      t = f32x4.pmin(f32x4.sub(n0, b0), f32x4.sub(n1, b1)); g1 = later(g1, tile, t, v1); v1 = f32x4.pmin(v1, t);
      t = f32x4.pmin(f32x4.sub(n0, c0), f32x4.sub(n1, c1)); g2 = later(g2, tile, t, v2); v2 = f32x4.pmin(v2, t);
      t = f32x4.pmin(f32x4.sub(n0, d0), f32x4.sub(n1, d1)); g3 = later(g3, tile, t, v3); v3 = f32x4.pmin(v3, t);
      tile = i32x4.add(tile, one);
    }
    settle(x0, y, d, share, add, v0, g0, alpha, best, value);
    settle(x0 + 4, y, d, share, add, v1, g1, alpha, best + 4, value + 4);
    settle(x0 + 8, y, d, share, add, v2, g2, alpha, best + 8, value + 8);
    settle(x0 + 12, y, d, share, add, v3, g3, alpha, best + 12, value + 12);
  }
}

// @ts-ignore: decorator
@inline function plus(a: v128, x: v128, y: v128): v128 { return f32x4.add(a, f32x4.mul(x, y)); }

// `tile` only grows, so the maximum keeps g where t is not below v.
// @ts-ignore: decorator
@inline function later(g: v128, tile: v128, t: v128, v: v128): v128 { return i32x4.max_s(g, v128.and(tile, f32x4.lt(t, v))); }

/** One row's column from the least value v and its tile g of each lane. */
function settle(q: usize, y: usize, d: i32, share: v128, add: usize, v: v128, g: v128, alpha: f32, best: usize, value: usize): void {
  const low = f32x4.pmin(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1)), least = f32x4.pmin(low, v128.shuffle<f32>(low, low, 1, 0, 3, 2));
  const held = v128.bitselect(g, i32x4.splat(i32.MAX_VALUE), f32x4.eq(v, least));
  const pair = i32x4.min_s(held, v128.shuffle<i32>(held, held, 2, 3, 0, 1));
  const tile = min(i32x4.extract_lane(pair, 0), i32x4.extract_lane(pair, 1));
  const bias = add + (<usize>tile << 5);
  let p = y + (<usize>(tile * d) << 5), a0 = f32x4.splat(0), a1 = a0;
  for (let j = 0; j < d; j++, p += 32, q += 16) {
    const s = v128.load32_splat(q);
    a0 = plus(a0, s, v128.load(p)); a1 = plus(a1, s, v128.load(p, 16));
  }
  const t0 = f32x4.sub(f32x4.mul(v128.load(bias), share), a0), t1 = f32x4.sub(f32x4.mul(v128.load(bias, 16), share), a1);
  const equal = i32x4.bitmask(f32x4.eq(t0, least)) | (i32x4.bitmask(f32x4.eq(t1, least)) << 4);
  store<i32>(best, (tile << 3) + (equal ? ctz(equal) : 0));
  store<f32>(value, -alpha * f32x4.extract_lane(least, 0));
}

/** Σ values (n), in order and in double precision. */
export function sumValues(values: usize, n: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) sum += <f64>load<f32>(values + (<usize>i << 2));
  return sum;
}
