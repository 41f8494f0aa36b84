// Codes that are compared by the bits they differ in before they are looked up: Douze, Jégou & Perronnin, Polysemous codes, ECCV 2016.
// Rows of a codebook are numbered so that near rows have numbers of few different bits, which annealing finds (§3.2).

/** `rounds` exchanges are tried: perm (n) u8, the number of each row, n a multiple of 16. The cost is Σ w_ij·(t_ij − h(perm_i, perm_j))²;
 *  weights (n, n) hold w and targets (n, n) 2·w·t, both symmetric. An exchange that does not lower the cost is made with a chance of
 *  the temperature, which falls by `decay` each round. draws: u32 of the generator; state: the temperature (f64) and how many draws
 *  were used (u32).
 *  With a and b the bits in which row i differs from the two before the exchange, it changes the cost by
 *    2·Σ_i (b − a)·((a + b)·(w_1i − w_2i) − (2·w·t_1i − 2·w·t_2i)), i being neither of the two. */
export function anneal(weights: usize, targets: usize, n: i32, perm: usize, draws: usize, state: usize, decay: f64, rounds: i32): void {
  let temperature = load<f64>(state), next = draws + (<usize>load<u32>(state, 8) << 2);
  const row = <usize>n << 2;
  for (let r = 0; r < rounds; r++, next += 8) {
    temperature *= decay;
    const i = load<u32>(next) % <u32>n;
    let j = load<u32>(next, 4) % <u32>(n - 1);
    if (j == i) j++;
    const w1 = weights + row * <usize>i, w2 = weights + row * <usize>j, t1 = targets + row * <usize>i, t2 = targets + row * <usize>j;
    const p = load<u8>(perm + <usize>i), q = load<u8>(perm + <usize>j), h = <f32>popcnt<i32>(p ^ q);
    const both = h * (h * (at(w1, i) + at(w2, j) - 2 * at(w1, j)) - (at(t1, i) + at(t2, j) - 2 * at(t1, j)));
    if (change(w1, w2, t1, t2, perm, n, p, q) - both >= 0) {
      const chance = <f32>load<u32>(next, 8) / <f32>4294967296;
      next += 4;
      if (!(<f64>chance < temperature)) continue;
    }
    store<u8>(perm + <usize>i, q);
    store<u8>(perm + <usize>j, p);
  }
  store<f64>(state, temperature);
  store<u32>(state, <u32>(next - draws) >> 2, 8);
}

// @ts-ignore: decorator
@inline function at(row: usize, k: u32): f32 { return load<f32>(row + (<usize>k << 2)); }

/** The sum above over all i. */
function change(w1: usize, w2: usize, t1: usize, t2: usize, perm: usize, n: i32, p: u8, q: u8): f32 {
  const ps = i8x16.splat(p), qs = i8x16.splat(q);
  let sums = f32x4.splat(0);
  for (let i: usize = 0; i < <usize>n; i += 16) {
    const own = v128.load(perm + i), a = i8x16.popcnt(v128.xor(own, ps)), b = i8x16.popcnt(v128.xor(own, qs)), less = i8x16.sub(b, a), sum = i8x16.add(a, b);
    const lessLow = i16x8.extend_low_i8x16_s(less), lessHigh = i16x8.extend_high_i8x16_s(less), low = i16x8.extend_low_i8x16_s(sum), high = i16x8.extend_high_i8x16_s(sum), o = i << 2;
    sums = f32x4.add(sums, four(i32x4.extend_low_i16x8_s(lessLow), i32x4.extend_low_i16x8_s(low), w1 + o, w2 + o, t1 + o, t2 + o));
    sums = f32x4.add(sums, four(i32x4.extend_high_i16x8_s(lessLow), i32x4.extend_high_i16x8_s(low), w1 + o + 16, w2 + o + 16, t1 + o + 16, t2 + o + 16));
    sums = f32x4.add(sums, four(i32x4.extend_low_i16x8_s(lessHigh), i32x4.extend_low_i16x8_s(high), w1 + o + 32, w2 + o + 32, t1 + o + 32, t2 + o + 32));
    sums = f32x4.add(sums, four(i32x4.extend_high_i16x8_s(lessHigh), i32x4.extend_high_i16x8_s(high), w1 + o + 48, w2 + o + 48, t1 + o + 48, t2 + o + 48));
  }
  return f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) + f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3);
}

// @ts-ignore: decorator
@inline function four(less: v128, sum: v128, w1: usize, w2: usize, t1: usize, t2: usize): v128 {
  const w = f32x4.sub(v128.load(w1), v128.load(w2)), t = f32x4.sub(v128.load(t1), v128.load(t2));
  return f32x4.mul(f32x4.convert_i32x4_s(less), f32x4.sub(f32x4.mul(f32x4.convert_i32x4_s(sum), w), t));
}

/** code (M) u8: the entry of each part that is least, the first of equal ones. table (M, 256). */
export function leastEntries(table: usize, M: i32, code: usize): void {
  for (let m = 0; m < M; m++, table += 1024) {
    let v = v128.load(table);
    for (let k: usize = 16; k < 1024; k += 16) v = f32x4.pmin(v, v128.load(table + k));
    v = f32x4.pmin(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
    v = f32x4.pmin(v, v128.shuffle<f32>(v, v, 1, 0, 3, 2));
    let k: usize = 0;
    while (k < 1008 && !v128.any_true(f32x4.eq(v128.load(table + k), v))) k += 16;
    const bits = i32x4.bitmask(f32x4.eq(v128.load(table + k), v));
    store<u8>(code + <usize>m, <u8>((k >> 2) + (bits ? ctz(bits) : 0)));
  }
}

/** As scan8 for codes (n, M) of bytes that differ from `code` in fewer than `ht` bits; the others are ∞ far. Returns how many are looked
 *  up. */
export function scanNear(table: usize, M: i32, codes: usize, n: i32, code: usize, ht: i32, base: f32, out: usize): i32 {
  const size = <usize>M, whole = size & ~7;
  let near = 0;
  for (let i = 0; i < n; i++, codes += size, out += 4) {
    let bits: i64 = 0, j: usize = 0;
    for (; j < whole; j += 8) bits += popcnt<i64>(load<i64>(code + j) ^ load<i64>(codes + j));
    for (; j < size; j++) bits += <i64>popcnt<i32>(<i32>(load<u8>(code + j) ^ load<u8>(codes + j)));
    let sum: f32 = Infinity;
    if (bits < <i64>ht) {
      near++;
      sum = base;
      for (let m: usize = 0, t = table; m < size; m++, t += 1024) sum += load<f32>(t + (<usize>load<u8>(codes + m) << 2));
    }
    store<f32>(out, sum);
  }
  return near;
}
