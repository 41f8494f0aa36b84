// One vector against many, no packing. Any d; 4 rows at a time share the loads of x.
import { lanes4, madd } from './simd';

/** Squared L2: out[i] = Σ_j (x[j] − y[i, j])², x (d), y (n, d), out (n). */
export function l2ToMany(x: usize, y: usize, n: i32, d: i32, out: usize): void {
  const row = <usize>d << 2;
  let i = 0;
  for (; i + 4 <= n; i += 4, y += row << 2) v128.store(out + (<usize>i << 2), l2x4(x, y, y + row, y + 2 * row, y + 3 * row, d));
  for (; i < n; i++, y += row) store<f32>(out + (<usize>i << 2), f32x4.extract_lane(l2x4(x, y, y, y, y, d), 0));
}

/** Inner product, negated so that smaller is nearer: out[i] = −⟨x, y_i⟩. */
export function ipToMany(x: usize, y: usize, n: i32, d: i32, out: usize): void {
  const row = <usize>d << 2;
  let i = 0;
  for (; i + 4 <= n; i += 4, y += row << 2) v128.store(out + (<usize>i << 2), ipx4(x, y, y + row, y + 2 * row, y + 3 * row, d));
  for (; i < n; i++, y += row) store<f32>(out + (<usize>i << 2), f32x4.extract_lane(ipx4(x, y, y, y, y, d), 0));
}

/** The same for the rows named by ids (n): out[i] = distance(x, y_{ids[i]}); ip = 1 for inner product. */
export function toIds(x: usize, y: usize, ids: usize, n: i32, d: i32, ip: i32, out: usize): void {
  const row = <usize>d << 2;
  for (let i = 0; i < n; i += 4) {
    const last = n - 1, at = ids + (<usize>i << 2);
    const a = y + row * <usize>load<u32>(at);
    const b = y + row * <usize>load<u32>(ids + (<usize>min(i + 1, last) << 2));
    const c = y + row * <usize>load<u32>(ids + (<usize>min(i + 2, last) << 2));
    const e = y + row * <usize>load<u32>(ids + (<usize>min(i + 3, last) << 2));
    const v = ip ? ipx4(x, a, b, c, e, d) : l2x4(x, a, b, c, e, d);
    const o = out + (<usize>i << 2);
    if (i + 4 <= n) { v128.store(o, v); continue; }
    store<f32>(o, f32x4.extract_lane(v, 0));
    if (i + 1 < n) store<f32>(o, f32x4.extract_lane(v, 1), 4);
    if (i + 2 < n) store<f32>(o, f32x4.extract_lane(v, 2), 8);
  }
}

/** Four squared distances at once. */
export function l2x4(x: usize, a: usize, b: usize, c: usize, e: usize, d: i32): v128 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, t: v128;
  let j: usize = 0; const whole = <usize>(d & ~3) << 2, end = <usize>d << 2;
  for (; j < whole; j += 16) {
    const v = v128.load(x + j);
    t = f32x4.sub(v, v128.load(a + j)); s0 = madd(t, t, s0);
    t = f32x4.sub(v, v128.load(b + j)); s1 = madd(t, t, s1);
    t = f32x4.sub(v, v128.load(c + j)); s2 = madd(t, t, s2);
    t = f32x4.sub(v, v128.load(e + j)); s3 = madd(t, t, s3);
  }
  let r = lanes4(s0, s1, s2, s3);
  for (; j < end; j += 4) {
    const y = f32x4(load<f32>(a + j), load<f32>(b + j), load<f32>(c + j), load<f32>(e + j));
    t = f32x4.sub(v128.load32_splat(x + j), y); r = f32x4.add(r, f32x4.mul(t, t));
  }
  return r;
}

/** Four negated inner products at once. */
export function ipx4(x: usize, a: usize, b: usize, c: usize, e: usize, d: i32): v128 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  let j: usize = 0; const whole = <usize>(d & ~3) << 2, end = <usize>d << 2;
  for (; j < whole; j += 16) {
    const v = v128.load(x + j);
    s0 = madd(v, v128.load(a + j), s0); s1 = madd(v, v128.load(b + j), s1);
    s2 = madd(v, v128.load(c + j), s2); s3 = madd(v, v128.load(e + j), s3);
  }
  let r = lanes4(s0, s1, s2, s3);
  for (; j < end; j += 4) {
    const y = f32x4(load<f32>(a + j), load<f32>(b + j), load<f32>(c + j), load<f32>(e + j));
    r = f32x4.add(r, f32x4.mul(v128.load32_splat(x + j), y));
  }
  return f32x4.neg(r);
}
