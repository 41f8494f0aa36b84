// 4-bit codes laid out so that a register holds a look-up table: André, Kermarrec & Le Scouarnec, VLDB 2015, in the blocks of
// Faiss. A block is 32 codes of M2 parts (M rounded up to even), 16 bytes a part: byte j holds the part of vector P[j] in its low
// nibble and of vector P[j] + 16 in its high one, P = 0, 8, 1, 9 … 7, 15. Even bytes are then vectors 0–7 and odd bytes 8–15, so
// that 16-bit sums come out in order. The last block of a list is filled up with code 0.
import { lookUp } from './simd';
import { sink, worse } from './topk';

const BLOCK = 32;

/** Codes (n, codeSize), two parts a byte, lower first → ⌈n/32⌉ blocks of 16·M2 bytes. */
export function packBlocks(codes: usize, n: i32, codeSize: i32, M2: i32, blocks: usize): void {
  memory.fill(blocks, 0, <usize>((n + 31) >> 5) * (<usize>M2 << 4));
  for (let i = 0; i < n; i++, codes += <usize>codeSize) {
    const at = place(blocks, i, M2), shift = <u8>((i & 16) >> 2);
    for (let p: usize = 0; p < <usize>codeSize; p++) {
      const byte = load<u8>(codes + p), o = at + (p << 5);
      store<u8>(o, load<u8>(o) | <u8>((byte & 15) << shift));
      store<u8>(o, load<u8>(o, 16) | <u8>((byte >> 4) << shift), 16);
    }
  }
}

/** The codes again, from vector `first` on. */
export function unpackBlocks(blocks: usize, first: i32, n: i32, codeSize: i32, M2: i32, codes: usize): void {
  for (let i = first; i < first + n; i++, codes += <usize>codeSize) {
    const at = place(blocks, i, M2), shift = <u8>((i & 16) >> 2);
    for (let p: usize = 0; p < <usize>codeSize; p++) {
      const o = at + (p << 5);
      store<u8>(codes + p, ((load<u8>(o) >> shift) & 15) | (((load<u8>(o, 16) >> shift) & 15) << 4));
    }
  }
}

// The byte of part 0 of vector i.
// @ts-ignore: decorator
@inline function place(blocks: usize, i: i32, M2: i32): usize {
  const r = i & 15;
  return blocks + <usize>(i >> 5) * (<usize>M2 << 4) + <usize>(r < 8 ? r << 1 : ((r - 8) << 1) + 1);
}

/** Tables (M, 16) in 8 bits with one scale: out[m, k] = ⌊(table[m, k] − min_m)·a + ½⌋, a = min(255/widest span, 65535/sum of spans),
 *  so that a sum of M entries stays below 2¹⁶ (rounding adds at most M/2, which is held back). scale (2): 1/a and Σ min_m.
 *  out (M2, 16); the part that makes M even is 0. */
export function roundTables(tables: usize, M: i32, out: usize, scale: usize): void {
  let widest: f32 = 0, sum: f32 = 0, base: f32 = 0;
  const end = tables + (<usize>M << 6);
  for (let t = tables; t < end; t += 64) {
    const least = lowest(t), span = -lowestOf(f32x4.neg(v128.load(t)), f32x4.neg(v128.load(t, 16)), f32x4.neg(v128.load(t, 32)), f32x4.neg(v128.load(t, 48))) - least;
    widest = max(widest, span); sum += span; base += least;
  }
  const a: f32 = sum > 0 ? min<f32>(255 / widest, (65535 - <f32>(M >> 1)) / sum) : 1;
  store<f32>(scale, 1 / a); store<f32>(scale, base, 4);
  for (let t = tables; t < end; t += 64, out += 16) {
    const least = f32x4.splat(lowest(t));
    const low = i16x8.narrow_i32x4_s(rounded(v128.load(t), least, a), rounded(v128.load(t, 16), least, a));
    const high = i16x8.narrow_i32x4_s(rounded(v128.load(t, 32), least, a), rounded(v128.load(t, 48), least, a));
    v128.store(out, i8x16.narrow_i16x8_u(low, high));
  }
  if (M & 1) v128.store(out, i32x4.splat(0));
}

// @ts-ignore: decorator
@inline function rounded(t: v128, least: v128, a: f32): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.mul(f32x4.sub(t, least), f32x4.splat(a)), f32x4.splat(0.5)));
}

// @ts-ignore: decorator
@inline function lowest(t: usize): f32 { return lowestOf(v128.load(t), v128.load(t, 16), v128.load(t, 32), v128.load(t, 48)); }

// @ts-ignore: decorator
@inline function lowestOf(a: v128, b: v128, c: v128, e: v128): f32 {
  const v = f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(c, e)), w = f32x4.pmin(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return min(f32x4.extract_lane(w, 0), f32x4.extract_lane(w, 1));
}

/** Sums of one block: sums (32) u16, exact. Odd bytes are summed by themselves; the low halves of whole lanes hold even sums plus 256
 *  times the odd ones, which are taken off at the end, modulo 2¹⁶. */
// @ts-ignore: decorator
@inline function sumBlock(tables: usize, M2: i32, block: usize, sums: usize): void {
  const nibble = i8x16.splat(15);
  let a0 = i16x8.splat(0), a1 = a0, b0 = a0, b1 = a0, t = tables;
  for (const end = block + (<usize>M2 << 4); block < end; block += 32, t += 32) {
    let c = v128.load(block), table = v128.load(t), r = lookUp(table, v128.and(c, nibble)), s = lookUp(table, v128.and(i16x8.shr_u(c, 4), nibble));
    a0 = i16x8.add(a0, r); a1 = i16x8.add(a1, i16x8.shr_u(r, 8));
    b0 = i16x8.add(b0, s); b1 = i16x8.add(b1, i16x8.shr_u(s, 8));
    c = v128.load(block, 16); table = v128.load(t, 16); r = lookUp(table, v128.and(c, nibble)); s = lookUp(table, v128.and(i16x8.shr_u(c, 4), nibble));
    a0 = i16x8.add(a0, r); a1 = i16x8.add(a1, i16x8.shr_u(r, 8));
    b0 = i16x8.add(b0, s); b1 = i16x8.add(b1, i16x8.shr_u(s, 8));
  }
  v128.store(sums, i16x8.sub(a0, i16x8.shl(a1, 8))); v128.store(sums, a1, 16);
  v128.store(sums, i16x8.sub(b0, i16x8.shl(b1, 8)), 32); v128.store(sums, b1, 48);
}

/** sums (⌈n/32⌉·32) u16 of n codes in blocks. */
export function blockSums(tables: usize, M2: i32, blocks: usize, n: i32, sums: usize): void {
  for (let i = 0; i < n; i += BLOCK, blocks += <usize>M2 << 4, sums += 64) sumBlock(tables, M2, blocks, sums);
}

/** out (n) = base + sum·step. Sums and out have room for whole groups of four. */
export function sumsToDistances(sums: usize, n: i32, step: f32, base: f32, out: usize): void {
  const s = f32x4.splat(step), b = f32x4.splat(base);
  for (let i = 0; i < n; i += 4, sums += 8, out += 16) v128.store(out, f32x4.add(b, f32x4.mul(s, f32x4.convert_i32x4_u(v128.load_ext<u16>(sums)))));
}

/** The same sums, offered at once to the k nearest so far (see topk). What is no nearer than the farthest of them is passed over as it
 *  stands, in 16 bits, 32 at a time. `sums` has room for one block. */
export function blocksToHeap(tables: usize, M2: i32, blocks: usize, n: i32, step: f32, base: f32, idOf: usize, first: i32, sums: usize, dis: usize, ids: usize, k: i32): void {
  let farthest = load<f32>(dis), limit = limitOf(farthest, step, base);
  for (let i = 0; i < n && limit >= 0; i += BLOCK, blocks += <usize>M2 << 4) {
    sumBlock(tables, M2, blocks, sums);
    const most = i16x8.splat(<i16>limit);
    let bits = <u32>i8x16.bitmask(i8x16.narrow_i16x8_s(i16x8.le_u(v128.load(sums), most), i16x8.le_u(v128.load(sums, 16), most)));
    bits |= <u32>i8x16.bitmask(i8x16.narrow_i16x8_s(i16x8.le_u(v128.load(sums, 32), most), i16x8.le_u(v128.load(sums, 48), most))) << 16;
    if (i + BLOCK > n) bits &= (<u32>1 << (n - i)) - 1;
    while (bits) {
      const b = ctz(bits); bits &= bits - 1;
      const v = base + step * <f32>load<u16>(sums + (<usize>b << 1)), id = idOf ? load<i32>(idOf + (<usize>(i + <i32>b) << 2)) : first + i + <i32>b;
      if (worse(farthest, load<i32>(ids), v, id)) { sink(dis, ids, k, v, id); farthest = load<f32>(dis); limit = limitOf(farthest, step, base); }
    }
  }
}

// The largest sum whose distance may still be as near as the farthest; −1 where none can. One is added for the rounding.
// @ts-ignore: decorator
@inline function limitOf(farthest: f32, step: f32, base: f32): i32 {
  const least = (farthest - base) / step;
  return least < -1 ? -1 : <i32>min<f32>(65535, least + 1);
}
