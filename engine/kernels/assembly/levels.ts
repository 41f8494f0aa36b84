// Codes that name one of a few fixed levels, the same for all components.
import { lookUp } from './simd';

/** How many of the 2^nbits − 1 ascending bounds lie at or below v. */
// @ts-ignore: decorator
@inline export function levelOf(v: f32, bounds: usize, nbits: i32): u32 {
  let at: u32 = 0;
  for (let step = <u32>1 << (nbits - 1); step; step >>= 1) {
    const next = at + step;
    at = select<u32>(next, at, load<f32>(bounds + (<usize>(next - 1) << 2)) <= v); // no branch: the outcome is a coin's
  }
  return at;
}

/** codes (n, size), zeroed before: for each component the number of its level, nbits ≤ 8 each, end to end. bounds (2^nbits − 1). */
export function levelsEncode(x: usize, n: i32, d: i32, nbits: i32, bounds: usize, codes: usize, size: usize): void {
  for (let i = 0; i < n; i++, codes += size) {
    let bit: u32 = 0;
    for (const end = x + (<usize>d << 2); x < end; x += 4, bit += nbits) {
      const at = codes + <usize>(bit >> 3), v = levelOf(load<f32>(x), bounds, nbits) << (bit & 7);
      store<u8>(at, load<u8>(at) | <u8>v);
      if ((bit & 7) + nbits > 8) store<u8>(at, <u8>(v >> 8), 1);
    }
  }
}

/** out (n, d) = the level of each component; levels (2^nbits, at least 16 of which can be read). */
export function levelsDecode(codes: usize, n: i32, d: i32, nbits: i32, levels: usize, size: usize, out: usize): void {
  switch (nbits) {
    case 1: decodeFew(1, codes, n, d, levels, size, out); break;
    case 2: decodeFew(2, codes, n, d, levels, size, out); break;
    case 3: decodeFew(3, codes, n, d, levels, size, out); break;
    case 4: decodeFew(4, codes, n, d, levels, size, out); break;
    default: for (const end = out + <usize>(n * d << 2); out < end; out += 4, codes++) store<u32>(out, load<u32>(levels + (<usize>load<u8>(codes) << 2)));
  }
}

// Sixteen levels fill four registers, one for each byte of the floats: four look-ups and eight shuffles make 16 floats.
// @ts-ignore: decorator
@inline function decodeFew(nbits: i32, codes: usize, n: i32, d: i32, levels: usize, size: usize, out: usize): void {
  const whole = <usize>(d & ~15), t0 = bytesOf(levels, 0), t1 = bytesOf(levels, 1), t2 = bytesOf(levels, 2), t3 = bytesOf(levels, 3);
  for (let i = 0; i < n; i++, codes += size) {
    let p = codes, j: usize = 0;
    for (; j < whole; j += 16, p += <usize>nbits << 1, out += 64) {
      const at = i8x16.narrow_i16x8_u(eight(nbits, p), eight(nbits, p + <usize>nbits));
      const a = lookUp(t0, at), b = lookUp(t1, at), c = lookUp(t2, at), e = lookUp(t3, at);
      v128.store(out, quarter(a, b, c, e, 0)); v128.store(out, quarter(a, b, c, e, 1), 16);
      v128.store(out, quarter(a, b, c, e, 2), 32); v128.store(out, quarter(a, b, c, e, 3), 48);
    }
    for (let bit = <u32>j * nbits; j < <usize>d; j++, bit += nbits, out += 4) {
      const at = codes + <usize>(bit >> 3), shift = bit & 7;
      let v = <u32>load<u8>(at) >> shift;
      if (shift + nbits > 8) v |= <u32>load<u8>(at, 1) << (8 - shift);
      store<u32>(out, load<u32>(levels + (<usize>(v & ((1 << nbits) - 1)) << 2)));
    }
  }
}

// Eight numbers of 1 to 4 bits at p as i16x8: each lane is given the two bytes its number lies in, a product moves the number to the
// top of the lane, a shift brings all of them down.
// @ts-ignore: decorator
@inline function eight(nbits: i32, p: usize): v128 {
  if (nbits == 1) return i16x8.shr_u(i16x8.mul(v128.load_splat<u8>(p), i16x8(-32768, 16384, 8192, 4096, 2048, 1024, 512, 256)), 15);
  let v: v128;
  if (nbits == 2) {
    v = v128.load_splat<u16>(p);
    return i16x8.shr_u(i16x8.mul(v128.shuffle<u8>(v, v, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1), i16x8(16384, 4096, 1024, 256, 16384, 4096, 1024, 256)), 14);
  }
  if (nbits == 3) {
    v = v128.load_lane<u8>(p + 2, v128.load_splat<u16>(p), 2);
    return i16x8.shr_u(i16x8.mul(v128.shuffle<u8>(v, v, 0, 1, 0, 1, 0, 1, 1, 2, 1, 2, 1, 2, 2, 2, 2, 2), i16x8(8192, 1024, 128, 4096, 512, 64, 2048, 256)), 13);
  }
  v = v128.load_zero<u32>(p);
  return i16x8.shr_u(i16x8.mul(v128.shuffle<u8>(v, v, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3), i16x8(4096, 256, 4096, 256, 4096, 256, 4096, 256)), 12);
}

// Byte b of each of 16 floats.
// @ts-ignore: decorator
@inline export function bytesOf(levels: usize, b: i32): v128 {
  const mask = i32x4.splat(255), v = b << 3;
  const low = i16x8.narrow_i32x4_u(v128.and(i32x4.shr_u(v128.load(levels), v), mask), v128.and(i32x4.shr_u(v128.load(levels, 16), v), mask));
  const high = i16x8.narrow_i32x4_u(v128.and(i32x4.shr_u(v128.load(levels, 32), v), mask), v128.and(i32x4.shr_u(v128.load(levels, 48), v), mask));
  return i8x16.narrow_i16x8_u(low, high);
}

// Floats 4q … 4q + 3 from their bytes.
// @ts-ignore: decorator
@inline export function quarter(a: v128, b: v128, c: v128, e: v128, q: i32): v128 {
  if (q < 2) {
    const ab = v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), ce = v128.shuffle<u8>(c, e, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    return q == 0 ? v128.shuffle<u16>(ab, ce, 0, 8, 1, 9, 2, 10, 3, 11) : v128.shuffle<u16>(ab, ce, 4, 12, 5, 13, 6, 14, 7, 15);
  }
  const ab = v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), ce = v128.shuffle<u8>(c, e, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  return q == 2 ? v128.shuffle<u16>(ab, ce, 0, 8, 1, 9, 2, 10, 3, 11) : v128.shuffle<u16>(ab, ce, 4, 12, 5, 13, 6, 14, 7, 15);
}
