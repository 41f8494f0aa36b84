// Scalar quantizer: every component by itself, decoded_j = offset_j + step_j·number(code_j). A code holds its d numbers end to
// end, little-endian, in one of five forms: bytes, 6 bits, 4 bits, half precision (as bits of a float 2¹¹² too small, which
// the step makes good), or the upper half of a float.
import { lanes4, madd, nmadd } from './simd';

const BYTES = 0, SIX = 1, FOUR = 2, HALF = 3, UPPER = 4;

// Eight numbers at p as i16x8, still raw: at 6 and 4 bits each lane is given the two bytes its number lies in, a product
// moves the number to the top of the lane, and one shift brings all of them down.
// @ts-ignore: decorator
@inline function eight(form: i32, p: usize): v128 {
  if (form == BYTES) return v128.load_ext<u8>(p);
  if (form == SIX) {
    const v = v128.load_lane<u16>(p + 4, v128.load_zero<u32>(p), 2);
    return i16x8.shr_u(i16x8.mul(v128.shuffle<u8>(v, v, 0, 1, 0, 1, 1, 2, 2, 3, 3, 4, 3, 4, 4, 5, 5, 6), i16x8(1024, 16, 64, 256, 1024, 16, 64, 256)), 10);
  }
  if (form == FOUR) {
    const v = v128.load_zero<u32>(p);
    return i16x8.shr_u(i16x8.mul(v128.shuffle<u8>(v, v, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3), i16x8(4096, 256, 4096, 256, 4096, 256, 4096, 256)), 12);
  }
  return v128.load(p);
}

// @ts-ignore: decorator
@inline function number(form: i32, v: v128): v128 {
  if (form == HALF) return v128.and(i32x4.shl(v, 13), i32x4.splat(0x8fffe000));
  if (form == UPPER) return i32x4.shl(v, 16);
  return f32x4.convert_i32x4_s(v);
}
// @ts-ignore: decorator
@inline function low(form: i32, v: v128): v128 { return number(form, i32x4.extend_low_i16x8_s(v)); }
// @ts-ignore: decorator
@inline function high(form: i32, v: v128): v128 { return number(form, i32x4.extend_high_i16x8_s(v)); }

// Bytes of eight numbers.
// @ts-ignore: decorator
@inline function stride(form: i32): usize { return form == BYTES ? 8 : form == SIX ? 6 : form == FOUR ? 4 : 16; }

/** Number j of one code. */
// @ts-ignore: decorator
@inline function one(form: i32, code: usize, j: usize): f32 {
  if (form == BYTES) return <f32>load<u8>(code + j);
  if (form == FOUR) return <f32>((load<u8>(code + (j >> 1)) >> <u8>((j & 1) << 2)) & 15);
  if (form == SIX) {
    const bit = j * 6, at = code + (bit >> 3), shift = <u32>bit & 7;
    let v = <u32>load<u8>(at) >> shift;
    if (shift > 2) v |= <u32>load<u8>(at, 1) << (8 - shift);
    return <f32>(v & 63);
  }
  const v = <i32>load<i16>(code + (j << 1));
  return reinterpret<f32>(form == HALF ? (v << 13) & 0x8fffe000 : v << 16);
}

// @ts-ignore: decorator
@inline function scanL2(form: i32, x: usize, step: usize, codes: usize, size: usize, n: i32, d: i32, base: f32, out: usize): void {
  const whole = <usize>(d & ~7);
  for (let i = 0; i < n; i += 4, codes += size << 2, out += 16) {
    // Past the end the first of the four is read again.
    const b = i + 1 < n ? size : 0, c = i + 2 < n ? size << 1 : 0, e = i + 3 < n ? size * 3 : 0;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, p = codes, j: usize = 0, v: v128, t: v128;
    for (; j < whole; j += 8, p += stride(form)) {
      const o = j << 2, x0 = v128.load(x + o), x1 = v128.load(x + o, 16), t0 = v128.load(step + o), t1 = v128.load(step + o, 16);
      v = eight(form, p); t = nmadd(t0, low(form, v), x0); s0 = madd(t, t, s0); t = nmadd(t1, high(form, v), x1); s0 = madd(t, t, s0);
      v = eight(form, p + b); t = nmadd(t0, low(form, v), x0); s1 = madd(t, t, s1); t = nmadd(t1, high(form, v), x1); s1 = madd(t, t, s1);
      v = eight(form, p + c); t = nmadd(t0, low(form, v), x0); s2 = madd(t, t, s2); t = nmadd(t1, high(form, v), x1); s2 = madd(t, t, s2);
      v = eight(form, p + e); t = nmadd(t0, low(form, v), x0); s3 = madd(t, t, s3); t = nmadd(t1, high(form, v), x1); s3 = madd(t, t, s3);
    }
    let sum = f32x4.add(f32x4.splat(base), lanes4(s0, s1, s2, s3));
    for (; j < <usize>d; j++) {
      v = f32x4(one(form, codes, j), one(form, codes + b, j), one(form, codes + c, j), one(form, codes + e, j));
      t = nmadd(v128.load32_splat(step + (j << 2)), v, v128.load32_splat(x + (j << 2)));
      sum = madd(t, t, sum);
    }
    v128.store(out, sum);
  }
}

// @ts-ignore: decorator
@inline function scanDot(form: i32, w: usize, codes: usize, size: usize, n: i32, d: i32, base: f32, out: usize): void {
  const whole = <usize>(d & ~7);
  for (let i = 0; i < n; i += 4, codes += size << 2, out += 16) {
    const b = i + 1 < n ? size : 0, c = i + 2 < n ? size << 1 : 0, e = i + 3 < n ? size * 3 : 0;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, p = codes, j: usize = 0, v: v128;
    for (; j < whole; j += 8, p += stride(form)) {
      const w0 = v128.load(w + (j << 2)), w1 = v128.load(w + (j << 2), 16);
      v = eight(form, p); s0 = madd(w1, high(form, v), madd(w0, low(form, v), s0));
      v = eight(form, p + b); s1 = madd(w1, high(form, v), madd(w0, low(form, v), s1));
      v = eight(form, p + c); s2 = madd(w1, high(form, v), madd(w0, low(form, v), s2));
      v = eight(form, p + e); s3 = madd(w1, high(form, v), madd(w0, low(form, v), s3));
    }
    let sum = f32x4.add(f32x4.splat(base), lanes4(s0, s1, s2, s3));
    for (; j < <usize>d; j++) {
      v = f32x4(one(form, codes, j), one(form, codes + b, j), one(form, codes + c, j), one(form, codes + e, j));
      sum = madd(v128.load32_splat(w + (j << 2)), v, sum);
    }
    v128.store(out, sum);
  }
}

// @ts-ignore: decorator
@inline function decode(form: i32, codes: usize, size: usize, n: i32, d: i32, offset: usize, step: usize, out: usize): void {
  for (let i = 0; i < n; i++, codes += size) {
    let j: usize = 0, p = codes;
    for (; j + 8 <= <usize>d; j += 8, p += stride(form), out += 32) {
      const v = eight(form, p), o = j << 2;
      v128.store(out, f32x4.add(v128.load(offset + o), f32x4.mul(v128.load(step + o), low(form, v))));
      v128.store(out, f32x4.add(v128.load(offset + o, 16), f32x4.mul(v128.load(step + o, 16), high(form, v))), 16);
    }
    for (; j < <usize>d; j++, out += 4) store<f32>(out, load<f32>(offset + (j << 2)) + load<f32>(step + (j << 2)) * one(form, codes, j));
  }
}

/** L2: out[i] = base + Σ_j (x[j] − step[j]·number[i, j])², where x already has the offset taken off. x, step (d), codes
 *  (n, size bytes); out has room for whole groups of four. */
export function sqScanL2(form: i32, x: usize, step: usize, codes: usize, size: usize, n: i32, d: i32, base: f32, out: usize): void {
  switch (form) {
    case BYTES: scanL2(BYTES, x, step, codes, size, n, d, base, out); break;
    case SIX: scanL2(SIX, x, step, codes, size, n, d, base, out); break;
    case FOUR: scanL2(FOUR, x, step, codes, size, n, d, base, out); break;
    case HALF: scanL2(HALF, x, step, codes, size, n, d, base, out); break;
    default: scanL2(UPPER, x, step, codes, size, n, d, base, out);
  }
}

/** Weighted sum: out[i] = base + Σ_j w[j]·number[i, j]. */
export function sqScanDot(form: i32, w: usize, codes: usize, size: usize, n: i32, d: i32, base: f32, out: usize): void {
  switch (form) {
    case BYTES: scanDot(BYTES, w, codes, size, n, d, base, out); break;
    case SIX: scanDot(SIX, w, codes, size, n, d, base, out); break;
    case FOUR: scanDot(FOUR, w, codes, size, n, d, base, out); break;
    case HALF: scanDot(HALF, w, codes, size, n, d, base, out); break;
    default: scanDot(UPPER, w, codes, size, n, d, base, out);
  }
}

/** out (n, d) = offset + step·number; offset, step (d). */
export function sqDecode(form: i32, codes: usize, size: usize, n: i32, d: i32, offset: usize, step: usize, out: usize): void {
  switch (form) {
    case BYTES: decode(BYTES, codes, size, n, d, offset, step, out); break;
    case SIX: decode(SIX, codes, size, n, d, offset, step, out); break;
    case FOUR: decode(FOUR, codes, size, n, d, offset, step, out); break;
    case HALF: decode(HALF, codes, size, n, d, offset, step, out); break;
    default: decode(UPPER, codes, size, n, d, offset, step, out);
  }
}

/** The query of sqScanL2: at[j] = x[j] − offset[j]; at may be x. */
export function sqAimL2(x: usize, offset: usize, d: i32, at: usize): void {
  const end = x + (<usize>d << 2);
  for (; x + 16 <= end; x += 16, offset += 16, at += 16) v128.store(at, f32x4.sub(v128.load(x), v128.load(offset)));
  for (; x < end; x += 4, offset += 4, at += 4) store<f32>(at, load<f32>(x) - load<f32>(offset));
}

/** The weights of sqScanDot: at[j] = −x[j]·step[j]; returns their base, −⟨x, offset⟩. at may be x. */
export function sqAimDot(x: usize, offset: usize, step: usize, d: i32, at: usize): f32 {
  let base: f32 = 0;
  for (const end = x + (<usize>d << 2); x < end; x += 4, offset += 4, step += 4, at += 4) {
    const v = load<f32>(x);
    base -= v * load<f32>(offset);
    store<f32>(at, -v * load<f32>(step));
  }
  return base;
}

/** code = ⌊t·most⌋ with t = (x − min)/range clamped to [0, 1], most = 2^nbits − 1, nbits ≤ 8. A range of 0 gives code 0.
 *  x (n, d), min, range (d), codes (n, size) zeroed. */
export function sqEncode(nbits: i32, x: usize, n: i32, d: i32, min: usize, range: usize, codes: usize, size: usize): void {
  const most = <f32>((1 << nbits) - 1);
  for (let i = 0; i < n; i++, codes += size) {
    let bit: u32 = 0;
    for (let j: usize = 0; j < <usize>d; j++, x += 4, bit += nbits) {
      const r = load<f32>(range + (j << 2));
      let t: f32 = r != 0 ? (load<f32>(x) - load<f32>(min + (j << 2))) / r : 0;
      t = t > 0 ? t : 0; // not a number counts as 0
      if (t > 1) t = 1;
      const at = codes + <usize>(bit >> 3), shift = bit & 7, v = <u32>(t * most) << shift;
      store<u8>(at, load<u8>(at) | <u8>v);
      if (shift + nbits > 8) store<u8>(at, <u8>(v >> 8), 1);
    }
  }
}

/** Values cast to bytes, truncated and taken modulo 256 as C does it: codes (count) = ⌊x + add⌋. */
export function sqCast(x: usize, count: i32, add: f32, codes: usize): void {
  for (const end = codes + <usize>count; codes < end; codes++, x += 4) store<u8>(codes, <u8>(<i32>(load<f32>(x) + add)));
}

/** The nearest half-precision numbers, ties to even; 65520 and more becomes infinite. codes (count) u16. */
export function sqHalves(x: usize, count: i32, codes: usize): void {
  for (const end = codes + (<usize>count << 1); codes < end; codes += 2, x += 4) {
    const bits = load<u32>(x), sign = (bits >> 16) & 0x8000, size = bits & 0x7fffffff;
    let half: u32;
    if (size > 0x7f800000) half = 0x7e00; // not a number
    else if (size >= 0x477ff000) half = 0x7c00;
    // Below 2⁻¹⁴ halves lie 2⁻²⁴ apart: so do the floats at 0.5, whose own rounding does the work.
    else if (size < 0x38800000) half = reinterpret<u32>(reinterpret<f32>(size) + 0.5) - 0x3f000000;
    else half = (size - 0x38000000 + 0xfff + ((size >> 13) & 1)) >> 13;
    store<u16>(codes, <u16>(sign | half));
  }
}

/** The upper halves of floats, rounded, ties away from 0. codes (count) u16. */
export function sqUppers(x: usize, count: i32, codes: usize): void {
  for (const end = codes + (<usize>count << 1); codes < end; codes += 2, x += 4) store<u16>(codes, <u16>((load<u32>(x) + 0x8000) >> 16));
}
