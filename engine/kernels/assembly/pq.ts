// Product quantizer codes: writing them, and asymmetric distances by table look-up (Jégou, Douze & Schmid 2011, §III-A).
// Codes are bit-packed little-endian, nbits each, sub-quantizer 0 in the lowest bits: M bytes at 8 bits, ⌈M/2⌉ at 4.
import { madd } from './simd';

/** Writes code m of n vectors: best (n) i32 → bits [m·nbits, (m+1)·nbits) of codes (n, codeSize). Codes start zeroed. */
export function storeCodes(best: usize, n: i32, m: i32, nbits: i32, codes: usize, codeSize: i32): void {
  const bit = m * nbits;
  for (let i = 0; i < n; i++, codes += <usize>codeSize) {
    let v = load<u32>(best + (<usize>i << 2)), at = codes + <usize>(bit >> 3), shift = bit & 7, left = nbits;
    while (left > 0) {
      store<u8>(at, load<u8>(at) | <u8>(v << shift));
      const took = 8 - shift;
      v >>= took; left -= took; shift = 0; at++;
    }
  }
}

/** out[i] = base + Σ_m table[m, code_m(i)] at 8 bits per code; table (M, 256), codes (n, M). */
export function scan8(table: usize, M: i32, codes: usize, n: i32, base: f32, out: usize): void {
  const whole = codes + <usize>(M & ~7), step = <usize>M;
  let stop = whole;
  for (let i = 0; i < n; i++, stop += step) {
    let s0: f32 = base, s1: f32 = 0, s2: f32 = 0, s3: f32 = 0, t = table;
    for (; codes < stop; codes += 8) {
      s0 += load<f32>(t + (<usize>load<u8>(codes) << 2));
      s1 += load<f32>(t + (<usize>load<u8>(codes, 1) << 2), 1024);
      s2 += load<f32>(t + (<usize>load<u8>(codes, 2) << 2), 2048);
      s3 += load<f32>(t + (<usize>load<u8>(codes, 3) << 2), 3072);
      s0 += load<f32>(t + (<usize>load<u8>(codes, 4) << 2), 4096);
      s1 += load<f32>(t + (<usize>load<u8>(codes, 5) << 2), 5120);
      s2 += load<f32>(t + (<usize>load<u8>(codes, 6) << 2), 6144);
      s3 += load<f32>(t + (<usize>load<u8>(codes, 7) << 2), 7168);
      t += 8192;
    }
    for (const end = stop + <usize>(M & 7); codes < end; codes++, t += 1024) s0 += load<f32>(t + (<usize>load<u8>(codes) << 2));
    store<f32>(out + (<usize>i << 2), (s0 + s1) + (s2 + s3));
  }
}

/** Joins the tables of two 4-bit sub-quantizers into one of a byte: out[p, b] = table[2p, b & 15] + table[2p+1, b >> 4].
 *  A byte of codes then costs one look-up (`scan8` with ⌈M/2⌉ tables). table (M, 16), out (⌈M/2⌉, 256). */
export function pairTables(table: usize, M: i32, out: usize): void {
  for (let p = 0; p < M; p += 2, table += 128, out += 1024) {
    const a = v128.load(table), b = v128.load(table, 16), c = v128.load(table, 32), e = v128.load(table, 48);
    for (let h = 0; h < 16; h++) {
      const high = p + 1 < M ? v128.load32_splat(table + 64 + (<usize>h << 2)) : f32x4.splat(0), o = out + (<usize>h << 6);
      v128.store(o, f32x4.add(a, high)); v128.store(o, f32x4.add(b, high), 16);
      v128.store(o, f32x4.add(c, high), 32); v128.store(o, f32x4.add(e, high), 48);
    }
  }
}

/** The same for any code width up to 16 bits, one look-up per code; table (M, 2^nbits). */
export function scanBits(table: usize, M: i32, nbits: i32, codes: usize, codeSize: i32, n: i32, base: f32, out: usize): void {
  const mask: u32 = (1 << nbits) - 1;
  for (let i = 0; i < n; i++, codes += <usize>codeSize) {
    let s: f32 = base, t = table, bit = 0;
    for (let m = 0; m < M; m++, bit += nbits, t += <usize>4 << nbits) {
      s += load<f32>(t + (<usize>(codeAt(codes, bit, nbits) & mask) << 2));
    }
    store<f32>(out + (<usize>i << 2), s);
  }
}

/** The same with two tables of M rows side by side, the second in two pieces: out[i] = base + Σ_m query[m, code_m] + t[m, code_m], t
 *  being `first` for m < half and `second` (from row half on) for the others. For lists too short to add the tables up. */
export function scanTwo(query: usize, first: usize, second: usize, half: i32, M: i32, nbits: i32, codes: usize, codeSize: i32, n: i32, base: f32, out: usize): void {
  const mask: u32 = (1 << nbits) - 1, row = <usize>4 << nbits;
  for (let i = 0; i < n; i++, codes += <usize>codeSize) {
    let s0: f32 = base, s1: f32 = 0, q = query, t = first, bit = 0;
    for (let m = 0; m < M; m++, bit += nbits, q += row, t += row) {
      if (m == half) t = second;
      const c = <usize>(nbits == 8 ? <u32>load<u8>(codes + <usize>m) : codeAt(codes, bit, nbits) & mask) << 2;
      s0 += load<f32>(q + c); s1 += load<f32>(t + c);
    }
    store<f32>(out + (<usize>i << 2), s0 + s1);
  }
}

// @ts-ignore: decorator
@inline function codeAt(code: usize, bit: i32, nbits: i32): u32 {
  const at = code + <usize>(bit >> 3), shift = bit & 7;
  let v = <u32>load<u8>(at) >> shift;
  if (shift + nbits > 8) v |= <u32>load<u8>(at, 1) << (8 - shift);
  if (shift + nbits > 16) v |= <u32>load<u8>(at, 2) << (16 - shift);
  return v;
}

/** out[j] = a[j] + b[j]. */
export function addRows(a: usize, b: usize, n: i32, out: usize): void {
  const fours = a + (<usize>(n & ~3) << 2), end = a + (<usize>n << 2);
  for (; a < fours; a += 16, b += 16, out += 16) v128.store(out, f32x4.add(v128.load(a), v128.load(b)));
  for (; a < end; a += 4, b += 4, out += 4) store<f32>(out, load<f32>(a) + load<f32>(b));
}

/** Decodes code i: out (n, d), sub-vector m is centroids[m, code_m]; centroids (M, 2^nbits, dsub). */
export function decodeCodes(codes: usize, n: i32, M: i32, nbits: i32, dsub: i32, codeSize: i32, centroids: usize, out: usize): void {
  const mask: u32 = (1 << nbits) - 1, bytes = <usize>dsub << 2;
  for (let i = 0; i < n; i++, codes += <usize>codeSize) {
    let book = centroids, bit = 0;
    for (let m = 0; m < M; m++, bit += nbits, book += bytes << nbits, out += bytes) {
      memory.copy(out, book + bytes * <usize>(codeAt(codes, bit, nbits) & mask), bytes);
    }
  }
}

/** table[m, k] = alpha·Σ_j x[m, j]·c[m, j, k] with codebooks c transposed to (M, dsub, ksub), so that neighbouring k share a
 *  vector. x (M·dsub), table (M, ksub). */
export function dotTables(x: usize, books: usize, M: i32, ksub: i32, dsub: i32, alpha: f32, table: usize): void {
  const row = <usize>ksub << 2, whole = <usize>(ksub & ~3) << 2, av = f32x4.splat(alpha);
  for (let m = 0; m < M; m++, x += <usize>dsub << 2, books += row * <usize>dsub, table += row) {
    let k: usize = 0;
    for (; k < whole; k += 16) {
      let s = f32x4.splat(0), c = books + k;
      for (let j = 0; j < dsub; j++, c += row) s = madd(v128.load32_splat(x + (<usize>j << 2)), v128.load(c), s);
      v128.store(table + k, f32x4.mul(av, s));
    }
    for (; k < row; k += 4) {
      let s: f32 = 0;
      for (let j = 0; j < dsub; j++) s += load<f32>(x + (<usize>j << 2)) * load<f32>(books + k + row * <usize>j);
      store<f32>(table + k, alpha * s);
    }
  }
}

/** table[m, k] = Σ_j (x[m, j] − c[m, j, k])², codebooks as in dotTables. */
export function l2Tables(x: usize, books: usize, M: i32, ksub: i32, dsub: i32, table: usize): void {
  const row = <usize>ksub << 2, whole = <usize>(ksub & ~3) << 2;
  for (let m = 0; m < M; m++, x += <usize>dsub << 2, books += row * <usize>dsub, table += row) {
    let k: usize = 0;
    for (; k < whole; k += 16) {
      let s = f32x4.splat(0), c = books + k;
      for (let j = 0; j < dsub; j++, c += row) { const t = f32x4.sub(v128.load32_splat(x + (<usize>j << 2)), v128.load(c)); s = madd(t, t, s); }
      v128.store(table + k, s);
    }
    for (; k < row; k += 4) {
      let s: f32 = 0;
      for (let j = 0; j < dsub; j++) { const t = load<f32>(x + (<usize>j << 2)) - load<f32>(books + k + row * <usize>j); s += t * t; }
      store<f32>(table + k, s);
    }
  }
}
