// Local search quantization (Martinez, Zakhmi, Hoos & Little, ECCV 2018): codes by iterated conditional modes with random
// perturbations, codebooks by least squares in double precision.

/** The objective of a code, less ‖x‖²: Σ_m unary[m, c_m] + Σ_{m' < m} cross[c_m', c_m]. `rows` holds the address of each code's row of
 *  cross. */
function objective(unary: usize, rows: usize, code: usize, M: i32, K: i32): f32 {
  let s: f32 = 0;
  for (let m = 0; m < M; m++) {
    const at = <usize>(m * K + load<i32>(code + (<usize>m << 2))) << 2;
    s += load<f32>(unary + at);
    for (let other = 0; other < m; other++) s += load<f32>(<usize>load<u32>(rows + (<usize>other << 2)) + at);
  }
  return s;
}

/** argmin_k unary[m, k] + Σ_{m' ≠ m} cross[c_m', (m, k)]; ties to the smallest k. K % 8 = 0. Only the least of each group of eight is
 *  compared with the best so far, lane by lane; the winning group is summed once more to find its column. */
function bestCode(unary: usize, rows: usize, M: i32, m: i32, K: i32): i32 {
  const width = <usize>K << 2, from = width * <usize>m, skip = rows + (<usize>m << 2), last = rows + (<usize>M << 2), one = i32x4.splat(1);
  let best = f32x4.splat(3.4e38), held = i32x4.splat(0), group = held, k = from;
  for (const whole = from + (width & ~127); k < whole; k += 128) {
    let a = v128.load(unary + k), b = v128.load(unary + k, 16), c = v128.load(unary + k, 32), d = v128.load(unary + k, 48);
    let e = v128.load(unary + k, 64), f = v128.load(unary + k, 80), g = v128.load(unary + k, 96), h = v128.load(unary + k, 112);
    for (let r = rows; r < last; r += 4) {
      if (r == skip) continue;
      const p = <usize>load<u32>(r) + k;
      a = f32x4.add(a, v128.load(p)); b = f32x4.add(b, v128.load(p, 16)); c = f32x4.add(c, v128.load(p, 32)); d = f32x4.add(d, v128.load(p, 48));
      e = f32x4.add(e, v128.load(p, 64)); f = f32x4.add(f, v128.load(p, 80)); g = f32x4.add(g, v128.load(p, 96)); h = f32x4.add(h, v128.load(p, 112));
    }
    let t = f32x4.pmin(a, b); held = i32x4.max_s(held, v128.and(group, f32x4.lt(t, best))); best = f32x4.pmin(best, t); group = i32x4.add(group, one);
    t = f32x4.pmin(c, d); held = i32x4.max_s(held, v128.and(group, f32x4.lt(t, best))); best = f32x4.pmin(best, t); group = i32x4.add(group, one);
    t = f32x4.pmin(e, f); held = i32x4.max_s(held, v128.and(group, f32x4.lt(t, best))); best = f32x4.pmin(best, t); group = i32x4.add(group, one);
    t = f32x4.pmin(g, h); held = i32x4.max_s(held, v128.and(group, f32x4.lt(t, best))); best = f32x4.pmin(best, t); group = i32x4.add(group, one);
  }
  for (; k < from + width; k += 32) {
    const t = f32x4.pmin(sumAt(unary, rows, skip, last, k), sumAt(unary, rows, skip, last, k + 16));
    held = i32x4.max_s(held, v128.and(group, f32x4.lt(t, best))); best = f32x4.pmin(best, t); group = i32x4.add(group, one);
  }
  const low = f32x4.pmin(best, v128.shuffle<f32>(best, best, 2, 3, 0, 1)), least = f32x4.pmin(low, v128.shuffle<f32>(low, low, 1, 0, 3, 2));
  const where = v128.bitselect(held, i32x4.splat(i32.MAX_VALUE), f32x4.eq(best, least)), pair = i32x4.min_s(where, v128.shuffle<i32>(where, where, 2, 3, 0, 1));
  const first = min(i32x4.extract_lane(pair, 0), i32x4.extract_lane(pair, 1)), at = from + (<usize>first << 5);
  const bits = i32x4.bitmask(f32x4.eq(sumAt(unary, rows, skip, last, at), least)) | (i32x4.bitmask(f32x4.eq(sumAt(unary, rows, skip, last, at + 16), least)) << 4);
  return (first << 3) + (bits ? ctz(bits) : 0);
}

/** Four sums of bestCode, in its order. */
function sumAt(unary: usize, rows: usize, skip: usize, last: usize, k: usize): v128 {
  let s = v128.load(unary + k);
  for (let r = rows; r < last; r += 4) if (r != skip) s = f32x4.add(s, v128.load(<usize>load<u32>(r) + k));
  return s;
}

/** Better codes for n vectors, in place. Each of `rounds` rounds sets codes named by the next `nperts` perturbations (m·2²⁰ + code;
 *  perturbations (rounds, total, nperts) u32, this block's rows first), sweeps all codes `sweeps` times, and keeps the outcome if it is
 *  strictly better. A sweep ends as soon as M codes in a row did not move: nothing would move any more, so the outcome is the same.
 *  unary (n, M·K) = ‖c‖² − 2⟨x, c⟩, cross (M·K, M·K) = 2⟨c, c'⟩, codes (n, M) i32; scratch: 2·M words. */
export function localSearch(unary: usize, n: i32, M: i32, K: i32, cross: usize, perturbations: usize, total: i32, nperts: i32, rounds: i32, sweeps: i32, codes: usize, scratch: usize): void {
  const width = <usize>(M * K) << 2, code = scratch, rows = scratch + (<usize>M << 2), size = <usize>M << 2;
  for (let i = 0; i < n; i++, unary += width, codes += size) {
    for (let m = 0; m < M; m++) store<u32>(rows + (<usize>m << 2), <u32>(cross + width * <usize>(m * K + load<i32>(codes + (<usize>m << 2)))));
    let least = objective(unary, rows, codes, M, K);
    for (let round = 0; round < rounds; round++) {
      memory.copy(code, codes, size);
      let change = perturbations + (<usize>(round * total + i) * <usize>nperts << 2);
      for (let p = 0; p < nperts; p++, change += 4) {
        const word = load<u32>(change);
        store<i32>(code + (<usize>(word >> 20) << 2), word & 0xfffff);
      }
      for (let m = 0; m < M; m++) store<u32>(rows + (<usize>m << 2), <u32>(cross + width * <usize>(m * K + load<i32>(code + (<usize>m << 2)))));
      for (let step = 0, still = 0, m = 0; step < sweeps * M && still < M; step++) {
        const at = code + (<usize>m << 2), next = bestCode(unary, rows, M, m, K);
        if (next == load<i32>(at)) still++;
        else { still = 1; store<i32>(at, next); store<u32>(rows + (<usize>m << 2), <u32>(cross + width * <usize>(m * K + next))); }
        if (++m == M) m = 0;
      }
      const found = objective(unary, rows, code, M, K);
      if (found < least) { least = found; memory.copy(codes, code, size); }
    }
  }
}

/** Rows of one codebook m in the normal equations (BᵀB)·C = BᵀX of codes (n, M) and vectors x (n, d) at `stride`: adds to the lower
 *  triangle of square (M·K, M·K) f64 and to right (M·K, ldr) f64. */
export function normalEquations(codes: usize, n: i32, M: i32, m: i32, K: i32, x: usize, stride: i32, d: i32, square: usize, right: usize, ldr: i32): void {
  const width = <usize>(M * K) << 3;
  for (let i = 0; i < n; i++, codes += <usize>M << 2, x += <usize>stride << 2) {
    const row = m * K + load<i32>(codes + (<usize>m << 2)), line = square + width * <usize>row;
    for (let other = 0; other <= m; other++) {
      const at = line + (<usize>(other * K + load<i32>(codes + (<usize>other << 2))) << 3);
      store<f64>(at, load<f64>(at) + 1);
    }
    let to = right + (<usize>row * <usize>ldr << 3), p = x, j = 0;
    for (; j + 2 <= d; j += 2, to += 16, p += 8) v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(v128.load64_zero(p))));
    if (j < d) store<f64>(to, load<f64>(to) + <f64>load<f32>(p));
  }
}

/** c[r, s] −= Σ_{j < k} a[r, j]·b[s, j] for `rows` × `cols` entries; all f64, rows ld values apart. For a matrix in which a, b and c lie
 *  this is the update of a Cholesky factorization. */
export function subtractProducts(a: usize, rows: i32, b: usize, cols: i32, k: i32, c: usize, ld: i32): void {
  const line = <usize>ld << 3;
  for (let r = 0; r < rows; r += 2) {
    const a0 = a + line * <usize>r, a1 = r + 1 < rows ? a0 + line : a0, c0 = c + line * <usize>r, c1 = c0 + line;
    for (let s = 0; s < cols; s += 2) {
      const b0 = b + line * <usize>s, b1 = s + 1 < cols ? b0 + line : b0, end = <usize>(k & ~1) << 3;
      let p = f64x2.splat(0), q = p, u = p, v = p, j: usize = 0;
      for (; j < end; j += 16) {
        const f = v128.load(a0 + j), g = v128.load(a1 + j), h = v128.load(b0 + j), w = v128.load(b1 + j);
        p = f64x2.add(p, f64x2.mul(f, h)); q = f64x2.add(q, f64x2.mul(f, w)); u = f64x2.add(u, f64x2.mul(g, h)); v = f64x2.add(v, f64x2.mul(g, w));
      }
      let p0 = sum2(p), q0 = sum2(q), u0 = sum2(u), v0 = sum2(v);
      if (k & 1) {
        const f = load<f64>(a0 + j), g = load<f64>(a1 + j), h = load<f64>(b0 + j), w = load<f64>(b1 + j);
        p0 += f * h; q0 += f * w; u0 += g * h; v0 += g * w;
      }
      const o = <usize>s << 3, two = s + 1 < cols;
      store<f64>(c0 + o, load<f64>(c0 + o) - p0);
      if (two) store<f64>(c0 + o, load<f64>(c0 + o, 8) - q0, 8);
      if (r + 1 == rows) continue;
      store<f64>(c1 + o, load<f64>(c1 + o) - u0);
      if (two) store<f64>(c1 + o, load<f64>(c1 + o, 8) - v0, 8);
    }
  }
}

// @ts-ignore: decorator
@inline function sum2(v: v128): f64 { return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1); }

/** Cholesky factor of an n × n block in place (lower triangle read and written), rows ld apart. */
export function choleskyBlock(a: usize, n: i32, ld: i32): void {
  const line = <usize>ld << 3;
  for (let i = 0; i < n; i++) {
    const row = a + line * <usize>i;
    for (let j = 0; j <= i; j++) {
      const other = a + line * <usize>j, at = row + (<usize>j << 3);
      let s = load<f64>(at);
      for (let k: usize = 0; k < <usize>j << 3; k += 8) s -= load<f64>(row + k) * load<f64>(other + k);
      store<f64>(at, i == j ? sqrt(s) : s / load<f64>(other + (<usize>j << 3)));
    }
  }
}

/** Rows below a factored block: x·Lᵀ = a for `rows` rows of a, in place; L (n, n) lower triangular. All rows ld apart. */
export function solveRows(L: usize, n: i32, a: usize, rows: i32, ld: i32): void {
  const line = <usize>ld << 3;
  for (let r = 0; r < rows; r++, a += line) {
    for (let j = 0; j < n; j++) {
      const other = L + line * <usize>j, at = a + (<usize>j << 3);
      let s = load<f64>(at);
      for (let k: usize = 0; k < <usize>j << 3; k += 8) s -= load<f64>(a + k) * load<f64>(other + k);
      store<f64>(at, s / load<f64>(other + (<usize>j << 3)));
    }
  }
}

/** L·Lᵀ·x = y in place for four right sides that lie beside each other: y (n, 4) f64, its rows `stride` values apart. */
export function solveFour(L: usize, n: i32, y: usize, stride: i32): void {
  const line = <usize>n << 3, step = <usize>stride << 3;
  for (let i = 0; i < n; i++) {
    const row = L + line * <usize>i, at = y + step * <usize>i;
    let a = v128.load(at), b = v128.load(at, 16), p = y;
    for (let j = row; j < row + (<usize>i << 3); j += 8, p += step) {
      const f = v128.load64_splat(j);
      a = f64x2.sub(a, f64x2.mul(f, v128.load(p))); b = f64x2.sub(b, f64x2.mul(f, v128.load(p, 16)));
    }
    const scale = f64x2.splat(1 / load<f64>(row + (<usize>i << 3)));
    v128.store(at, f64x2.mul(a, scale)); v128.store(at, f64x2.mul(b, scale), 16);
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = L + line * <usize>i, at = y + step * <usize>i, scale = f64x2.splat(1 / load<f64>(row + (<usize>i << 3)));
    const a = f64x2.mul(v128.load(at), scale), b = f64x2.mul(v128.load(at, 16), scale);
    v128.store(at, a); v128.store(at, b, 16);
    let p = y;
    for (let j = row; j < row + (<usize>i << 3); j += 8, p += step) {
      const f = v128.load64_splat(j);
      v128.store(p, f64x2.sub(v128.load(p), f64x2.mul(f, a))); v128.store(p, f64x2.sub(v128.load(p, 16), f64x2.mul(f, b)), 16);
    }
  }
}
