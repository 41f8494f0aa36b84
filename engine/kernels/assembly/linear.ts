// A linear map of one vector.
import { ipx4 } from './direct';

/** out[i] = Σ_j A[i, j]·x[j] + b[i]: x (d), A (m, d), b (m) or none at address 0, out (m). */
export function affine(x: usize, A: usize, b: usize, m: i32, d: i32, out: usize): void {
  const row = <usize>d << 2;
  let i = 0;
  for (; i + 4 <= m; i += 4, A += row << 2, out += 16) {
    const bias = b ? v128.load(b + (<usize>i << 2)) : f32x4.splat(0);
    v128.store(out, f32x4.sub(bias, ipx4(x, A, A + row, A + 2 * row, A + 3 * row, d)));
  }
  for (; i < m; i++, A += row, out += 4) {
    const bias: f32 = b ? load<f32>(b + (<usize>i << 2)) : 0;
    store<f32>(out, bias - f32x4.extract_lane(ipx4(x, A, A, A, A, d), 0));
  }
}

/** Cuts rows into parts and lays each part out by itself: out (parts, n, d), out[m, i] = components [m·d, (m + 1)·d) of row
 *  ids[i] of x (or row i, ids = 0), rows `stride` floats apart; for i in [from, to). */
export function gatherParts(x: usize, stride: i32, ids: usize, from: i32, to: i32, n: i32, d: i32, parts: i32, out: usize): void {
  for (let i = from; i < to; i++) {
    const id = ids ? load<i32>(ids + (<usize>i << 2)) : i;
    let p = x + (<usize>id * <usize>stride << 2);
    for (let m = 0; m < parts; m++) {
      let o = out + ((<usize>m * <usize>n + <usize>i) * <usize>d << 2), j = 0;
      for (; j + 4 <= d; j += 4, p += 16, o += 16) v128.store(o, v128.load(p));
      for (; j < d; j++, p += 4, o += 4) store<f32>(o, load<f32>(p));
    }
  }
}

/** out_i = y_{list[i]}, a vector of d components; rows of out are `stride` floats apart. */
export function copyRows(y: usize, list: usize, n: i32, d: i32, out: usize, stride: i32): void {
  for (let i = 0; i < n; i++, out += <usize>stride << 2) {
    const p = y + (<usize>load<u32>(list + (<usize>i << 2)) * <usize>d << 2);
    let j = 0;
    for (; j + 4 <= d; j += 4) { const s = <usize>j << 2; v128.store(out + s, v128.load(p + s)); }
    for (; j < d; j++) { const s = <usize>j << 2; store<f32>(out + s, load<f32>(p + s)); }
  }
}
