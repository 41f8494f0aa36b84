// Rows of whole numbers from 0 to 255, a byte each, against another such row, four at a time. Sums are whole numbers: below 2²⁴,
// as up to 258 components are, they are those of the floats.

// @ts-ignore: decorator
@inline function squares(x: v128, y: v128, sum: v128): v128 {
  const low = i16x8.sub(i16x8.extend_low_i8x16_u(x), i16x8.extend_low_i8x16_u(y)), high = i16x8.sub(i16x8.extend_high_i8x16_u(x), i16x8.extend_high_i8x16_u(y));
  return i32x4.add(sum, i32x4.add(i32x4.dot_i16x8_s(low, low), i32x4.dot_i16x8_s(high, high)));
}

// @ts-ignore: decorator
@inline function products(x: v128, y: v128, sum: v128): v128 {
  const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(x), i16x8.extend_low_i8x16_u(y)), high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(x), i16x8.extend_high_i8x16_u(y));
  return i32x4.sub(sum, i32x4.add(low, high));
}

/** The sums of the lanes of four. */
// @ts-ignore: decorator
@inline function lanesOf(p: v128, q: v128, r: v128, s: v128): v128 {
  const pq = i32x4.add(v128.shuffle<i32>(p, q, 0, 4, 2, 6), v128.shuffle<i32>(p, q, 1, 5, 3, 7)), rs = i32x4.add(v128.shuffle<i32>(r, s, 0, 4, 2, 6), v128.shuffle<i32>(r, s, 1, 5, 3, 7));
  return f32x4.convert_i32x4_s(i32x4.add(v128.shuffle<i32>(pq, rs, 0, 1, 4, 5), v128.shuffle<i32>(pq, rs, 2, 3, 6, 7)));
}

/** Squared L2 to four rows of `size` bytes, a multiple of 4. */
export function l2Bytesx4(x: usize, a: usize, b: usize, c: usize, e: usize, size: usize): v128 {
  let p = i32x4.splat(0), q = p, r = p, s = p, j: usize = 0;
  for (; j + 16 <= size; j += 16) {
    const v = v128.load(x + j);
    p = squares(v, v128.load(a + j), p); q = squares(v, v128.load(b + j), q); r = squares(v, v128.load(c + j), r); s = squares(v, v128.load(e + j), s);
  }
  for (; j < size; j += 4) {
    const v = v128.load32_zero(x + j);
    p = squares(v, v128.load32_zero(a + j), p); q = squares(v, v128.load32_zero(b + j), q); r = squares(v, v128.load32_zero(c + j), r); s = squares(v, v128.load32_zero(e + j), s);
  }
  return lanesOf(p, q, r, s);
}

/** Inner products with four rows, negated. */
export function ipBytesx4(x: usize, a: usize, b: usize, c: usize, e: usize, size: usize): v128 {
  let p = i32x4.splat(0), q = p, r = p, s = p, j: usize = 0;
  for (; j + 16 <= size; j += 16) {
    const v = v128.load(x + j);
    p = products(v, v128.load(a + j), p); q = products(v, v128.load(b + j), q); r = products(v, v128.load(c + j), r); s = products(v, v128.load(e + j), s);
  }
  for (; j < size; j += 4) {
    const v = v128.load32_zero(x + j);
    p = products(v, v128.load32_zero(a + j), p); q = products(v, v128.load32_zero(b + j), q); r = products(v, v128.load32_zero(c + j), r); s = products(v, v128.load32_zero(e + j), s);
  }
  return lanesOf(p, q, r, s);
}
