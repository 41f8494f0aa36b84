// Additive quantizer codes: a vector is a sum of one row of each of M codebooks (Babenko & Lempitsky, CVPR 2014). Codes are
// bit-packed little-endian in order of the codebooks, widths may differ. Where each codebook lies is told by `layout`
// (M, 4) i32: first bit of its code, width in bits, first row among all codebook rows, first component it adds to (the
// splits of a product form).
import { heapClear, heapPush, heapSort } from './topk';

/** The code of `nbits` ≤ 31 bits that begins at `bit`. Reads only the bytes it lies in. */
// @ts-ignore: decorator
@inline function bitsAt(code: usize, bit: i32, nbits: i32): u32 {
  let at = code + <usize>(bit >> 3), v = <u64>load<u8>(at), got = 8;
  const shift = bit & 7;
  for (; got < shift + nbits; got += 8) { at++; v |= <u64>load<u8>(at) << <u64>got; }
  return <u32>(v >> <u64>shift) & ((<u32>1 << nbits) - 1);
}

/** Writes code m of n vectors: codes (n, ·) i32 at `stride` → bits [bit, bit + nbits) of packed (n, codeSize), zeroed before. */
export function packBits(codes: usize, stride: i32, n: i32, bit: i32, nbits: i32, packed: usize, codeSize: i32): void {
  for (let i = 0; i < n; i++, packed += <usize>codeSize, codes += <usize>stride << 2) {
    let at = packed + <usize>(bit >> 3), v = <u64>load<u32>(codes) << <u64>(bit & 7);
    for (let left = (bit & 7) + nbits; left > 0; left -= 8, at++, v >>= 8) store<u8>(at, load<u8>(at) | <u8>v);
  }
}

/** out (n, d): each vector is the sum of its codebook rows; codebooks (rows, dsub). `rows` has room for M addresses. */
export function decodeSums(codes: usize, n: i32, codeSize: i32, layout: usize, M: i32, codebooks: usize, d: i32, dsub: i32, rows: usize, out: usize): void {
  const row = <usize>dsub << 2, last = rows + (<usize>M << 2), perSplit = <usize>(M / (d / dsub)) << 2;
  for (let i = 0; i < n; i++, codes += <usize>codeSize) {
    for (let at = rows, field = layout; at < last; at += 4, field += 16) {
      store<u32>(at, <u32>(codebooks + row * <usize>(load<u32>(field, 8) + bitsAt(codes, load<i32>(field), load<i32>(field, 4)))));
    }
    for (let split = rows; split < last; split += perSplit, out += row) sumRows(split, split + perSplit, row, out);
  }
}

/** out = Σ of the rows whose addresses stand in [from, to), `bytes` long each. */
function sumRows(from: usize, to: usize, bytes: usize, out: usize): void {
  let j: usize = 0;
  for (; j + 64 <= bytes; j += 64) {
    let a = f32x4.splat(0), b = a, c = a, e = a;
    for (let at = from; at < to; at += 4) {
      const p = <usize>load<u32>(at) + j;
      a = f32x4.add(a, v128.load(p)); b = f32x4.add(b, v128.load(p, 16)); c = f32x4.add(c, v128.load(p, 32)); e = f32x4.add(e, v128.load(p, 48));
    }
    v128.store(out + j, a); v128.store(out + j, b, 16); v128.store(out + j, c, 32); v128.store(out + j, e, 48);
  }
  for (; j < bytes; j += 4) {
    let s: f32 = 0;
    for (let at = from; at < to; at += 4) s += load<f32>(<usize>load<u32>(at) + j);
    store<f32>(out + j, s);
  }
}

/** out[i] = base + Σ_m table[row_m + code_m(i)] over the first `fields` codes of the layout (the last may be a norm with a table of
 *  its own), and the float at bit `floatBit` if that is not negative. */
export function scanSums(table: usize, layout: usize, fields: i32, codes: usize, n: i32, codeSize: i32, floatBit: i32, base: f32, out: usize): void {
  const last = layout + (<usize>fields << 4);
  for (let i = 0; i < n; i++, codes += <usize>codeSize) {
    let s = base;
    for (let field = layout; field < last; field += 16) {
      s += load<f32>(table + (<usize>(load<u32>(field, 8) + bitsAt(codes, load<i32>(field), load<i32>(field, 4))) << 2));
    }
    if (floatBit >= 0) s += reinterpret<f32>(bitsAt(codes, floatBit, 16) | (bitsAt(codes, floatBit + 16, 16) << 16));
    store<f32>(out + (<usize>i << 2), s);
  }
}

/** Residuals of beam candidates: out_r = x_i − Σ_{m < books} codebooks[first[m] + codes[i, b, m]] with i·beam + b = ids[r] (or
 *  from + r, ids = 0), for r in [0, n). x rows are `stride` floats apart, codes (·, beams, M) i32, first (M) u32. */
export function beamResiduals(x: usize, stride: i32, d: i32, ids: usize, from: i32, n: i32, beam: i32, beams: i32, codes: usize, M: i32, books: i32, first: usize, codebooks: usize, out: usize): void {
  const bytes = <usize>d << 2;
  for (let r = 0; r < n; r++, out += bytes) {
    const id = ids ? load<i32>(ids + (<usize>r << 2)) : from + r, i = id / beam, b = id % beam;
    memory.copy(out, x + (<usize>i * <usize>stride << 2), bytes);
    let code = codes + (<usize>(i * beams + b) * <usize>M << 2);
    for (let m = 0; m < books; m++, code += 4) {
      const row = codebooks + bytes * <usize>(load<u32>(first + (<usize>m << 2)) + load<u32>(code));
      let j: usize = 0;
      for (; j + 16 <= bytes; j += 16) v128.store(out + j, f32x4.sub(v128.load(out + j), v128.load(row + j)));
      for (; j < bytes; j += 4) store<f32>(out + j, load<f32>(out + j) - load<f32>(row + j));
    }
  }
}

/** One step of beam search: every candidate of a row is extended by each of K centroids, the `keep` best stay, ascending.
 *    ‖r_b − c_k‖² = ‖r_b‖² + (‖c_k‖² − 2⟨x, c_k⟩) + Σ_{m' < m} 2⟨c_{m'}, c_k⟩
 *  dist[i, b] holds the first term; terms the second: one row of K per vector; cross the third: one row of K per row of the codebooks
 *  before. With cross = 0, terms are of the residuals themselves, one row of K per candidate. K is padded to whole groups of
 *  eight with terms of 3e38. dist (n, beams), codes (n, beams, M); scratch: room for K·beam + 2·keep + keep·M words. */
export function beamStep(terms: usize, K: i32, n: i32, beam: i32, keep: i32, beams: i32, dist: usize, codes: usize, M: i32, m: i32, first: usize, cross: usize, scratch: usize): void {
  const width = <usize>K << 2, kept = scratch + width * <usize>beam, ids = kept + (<usize>keep << 2), moved = ids + (<usize>keep << 2);
  const own = <usize>M << 2, head = <usize>m << 2;
  for (let i = 0; i < n; i++, dist += <usize>beams << 2, codes += own * <usize>beams) {
    let to = scratch;
    for (let b = 0; b < beam; b++, to += width) {
      scoreAll(terms, K, load<f32>(dist + (<usize>b << 2)), codes + own * <usize>b, cross ? m : 0, first, cross, to);
      if (!cross || b == beam - 1) terms += width;
    }
    heapClear(kept, ids, keep);
    heapPush(scratch, beam * K, 0, 0, kept, ids, keep);
    heapSort(kept, ids, keep);
    for (let b = 0; b < keep; b++) {
      const id = load<i32>(ids + (<usize>b << 2)), code = moved + own * <usize>b;
      memory.copy(code, codes + own * <usize>(id / K), head);
      store<i32>(code + head, id % K);
    }
    memory.copy(dist, kept, <usize>keep << 2);
    memory.copy(codes, moved, own * <usize>keep);
  }
}

/** to[k] = start + terms[k] + Σ_m cross[first[m] + code[m], k]. */
function scoreAll(terms: usize, K: i32, start: f32, code: usize, books: i32, first: usize, cross: usize, to: usize): void {
  const width = <usize>K << 2, s = f32x4.splat(start), last = <usize>books << 2;
  for (let k: usize = 0; k < width; k += 32) {
    let a = f32x4.add(s, v128.load(terms + k)), b = f32x4.add(s, v128.load(terms + k, 16));
    for (let m: usize = 0; m < last; m += 4) {
      const p = cross + width * <usize>(load<u32>(first + m) + load<u32>(code + m)) + k;
      a = f32x4.add(a, v128.load(p)); b = f32x4.add(b, v128.load(p, 16));
    }
    v128.store(to + k, a); v128.store(to + k, b, 16);
  }
}
