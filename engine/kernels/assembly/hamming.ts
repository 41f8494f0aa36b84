// Signs of components as bits, bits as signs, and how many bits two codes differ in.

/** x (n) ← −1 where it is negative, else 1. */
export function signsOf(x: usize, n: i32): void {
  const end = x + (<usize>n << 2);
  for (; x < end; x += 4) store<f32>(x, load<f32>(x) < 0 ? -1 : 1);
}

/** Bit j of code i says whether x[i, j] ≥ thresholds[j] (or 0, at address 0), bit j in byte j/8 from the lowest. x (n, ·) at
 *  `stride` floats, codes (n, codeSize) with codeSize = ⌈nbits/8⌉. */
export function signBits(x: usize, stride: i32, n: i32, nbits: i32, thresholds: usize, codes: usize, codeSize: i32): void {
  for (let i = 0; i < n; i++, x += <usize>stride << 2, codes += <usize>codeSize) {
    for (let byte = 0; byte < codeSize; byte++) {
      const from = byte << 3, to = min(nbits, from + 8);
      let bits = 0;
      for (let j = from; j < to; j++) {
        const limit: f32 = thresholds ? load<f32>(thresholds + (<usize>j << 2)) : 0;
        bits |= <i32>(load<f32>(x + (<usize>j << 2)) >= limit) << (j - from);
      }
      store<u8>(codes + <usize>byte, <u8>bits);
    }
  }
}

/** Bit j of code i says whether x[i, j] − thresholds[list[i], j] lies in an odd half period: the parity of ⌊(x − t)·frequency⌋.
 *  x (n, nbits), codes (n, codeSize); row 0 of thresholds where list = 0, t = 0 where thresholds = 0. */
export function halfPeriods(x: usize, n: i32, nbits: i32, thresholds: usize, list: usize, frequency: f32, codes: usize, codeSize: i32): void {
  const row = <usize>nbits << 2;
  memory.fill(codes, 0, <usize>n * codeSize);
  for (let i = 0; i < n; i++, x += row, codes += codeSize) {
    const limits = thresholds ? thresholds + (list ? <usize>load<i32>(list + (<usize>i << 2)) : 0) * row : 0;
    for (let j: usize = 0; j < <usize>nbits; j++) {
      const limit: f32 = limits ? load<f32>(limits + (j << 2)) : 0, half = floor<f32>((load<f32>(x + (j << 2)) - limit) * frequency);
      if (half != 2 * floor<f32>(half * 0.5)) store<u8>(codes + (j >> 3), load<u8>(codes + (j >> 3)) | <u8>((1 as u32) << (<u32>j & 7)));
    }
  }
}

// @ts-ignore: decorator
@inline function differing(a: usize, b: usize, whole: usize, size: usize): i64 {
  let bits: i64 = 0, j: usize = 0;
  for (; j < whole; j += 8) bits += popcnt<i64>(load<i64>(a + j) ^ load<i64>(b + j));
  for (; j < size; j++) bits += <i64>popcnt<i32>(<i32>(load<u8>(a + j) ^ load<u8>(b + j)));
  return bits;
}

/** out[i] = base + the bits in which code (codeSize) and codes_i differ; codes (n, codeSize), out (n) f32. */
export function hammingToMany(code: usize, codes: usize, n: i32, codeSize: i32, base: f32, out: usize): void {
  const whole = <usize>(codeSize & ~7), size = <usize>codeSize;
  if (size == 8) return words1(code, codes, n, base, out);
  if (size == 16) return words2(code, codes, n, base, out);
  for (let i = 0; i < n; i++, codes += size, out += 4) store<f32>(out, base + <f32>differing(code, codes, whole, size));
}

// Codes of 64 bits, and of 128: the query's stays in registers.
function words1(code: usize, codes: usize, n: i32, base: f32, out: usize): void {
  const a = load<i64>(code), end = codes + (<usize>n << 3);
  for (; codes < end; codes += 8, out += 4) store<f32>(out, base + <f32><i32>popcnt<i64>(a ^ load<i64>(codes)));
}

function words2(code: usize, codes: usize, n: i32, base: f32, out: usize): void {
  const a = load<i64>(code), b = load<i64>(code, 8), end = codes + (<usize>n << 4);
  for (; codes < end; codes += 16, out += 4) store<f32>(out, base + <f32><i32>(popcnt<i64>(a ^ load<i64>(codes)) + popcnt<i64>(b ^ load<i64>(codes, 8))));
}

/** out[i] = the bits in which code (codeSize) and code ids[i] of all differ; codes (·, codeSize), ids (n) i32, out (n) f32. */
export function hammingToIds(code: usize, codes: usize, ids: usize, n: i32, codeSize: i32, out: usize): void {
  const whole = <usize>(codeSize & ~7), size = <usize>codeSize;
  for (let i = 0; i < n; i++, ids += 4, out += 4) store<f32>(out, <f32>differing(code, codes + <usize>load<i32>(ids) * size, whole, size));
}

/** Four rows of d words of 32 bits against x. */
export function hammingx4(x: usize, a: usize, b: usize, c: usize, e: usize, d: i32): v128 {
  const size = <usize>d << 2, whole = size & ~7;
  return f32x4(<f32>differing(x, a, whole, size), <f32>differing(x, b, whole, size), <f32>differing(x, c, whole, size), <f32>differing(x, e, whole, size));
}

/** Bits as components: out[i, j] = 1 where bit j of code i is set, else −1. codes (n, codeSize), out (n, 8·codeSize) f32. */
export function bitSigns(codes: usize, n: i32, codeSize: i32, out: usize): void {
  const end = codes + <usize>n * <usize>codeSize;
  for (; codes < end; codes++, out += 32) {
    const byte = <i32>load<u8>(codes);
    for (let j = 0; j < 8; j++) store<f32>(out + (<usize>j << 2), <f32>(((byte >> j) & 1) * 2 - 1));
  }
}
