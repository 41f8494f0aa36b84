// Whole rows at a time: less their mean, to unit length, and through the rounds of signs and Walsh–Hadamard matrices that stand in for a random
// rotation. Plain arithmetic in one order, so that both binaries give the same bits.

/** sums[j] += Σ_i x[i, j] in order of i, in double precision. x (n, d), sums (d). */
export function sumColumns(x: usize, n: i32, d: i32, sums: usize): void {
  const bytes = <usize>d << 2, whole = <usize>(d & ~1) << 2;
  for (let i = 0; i < n; i++, x += bytes) {
    let j: usize = 0;
    for (; j < whole; j += 8) {
      const at = sums + (j << 1);
      v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(v128.load64_zero(x + j))));
    }
    if (j < bytes) store<f64>(sums + (j << 1), load<f64>(sums + (j << 1)) + <f64>load<f32>(x + j));
  }
}

/** out_i = x_i − mean, the difference taken in double precision. x, out (n, d), which may be the same; mean (d) f64. */
export function lessColumns(x: usize, n: i32, d: i32, mean: usize, out: usize): void {
  const bytes = <usize>d << 2, whole = <usize>(d & ~1) << 2;
  for (let i = 0; i < n; i++, x += bytes, out += bytes) {
    let j: usize = 0;
    for (; j < whole; j += 8) {
      const v = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(x + j)), v128.load(mean + (j << 1)));
      v128.store64_lane(out + j, f32x4.demote_f64x2_zero(v), 0);
    }
    if (j < bytes) store<f32>(out + j, <f32>(<f64>load<f32>(x + j) - load<f64>(mean + (j << 1))));
  }
}

/** out_i = (x_i − mean)/‖x_i − mean‖; a row that is the mean becomes 0. x, out (n, d), which may be the same; mean (d), or none at address 0. */
export function unitRows(x: usize, mean: usize, n: i32, d: i32, out: usize): void {
  const bytes = <usize>d << 2, whole = <usize>(d & ~3) << 2;
  for (let i = 0; i < n; i++, x += bytes, out += bytes) {
    let s = f32x4.splat(0), j: usize = 0;
    for (; j < whole; j += 16) {
      const v = mean ? f32x4.sub(v128.load(x + j), v128.load(mean + j)) : v128.load(x + j);
      v128.store(out + j, v); s = f32x4.add(s, f32x4.mul(v, v));
    }
    let t = (f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1)) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
    for (; j < bytes; j += 4) {
      const v = load<f32>(x + j) - (mean ? load<f32>(mean + j) : 0);
      store<f32>(out + j, v); t += v * v;
    }
    if (t > 0) scaleRow(out, d, 1 / sqrt(t));
  }
}

// @ts-ignore: decorator
@inline function scaleRow(x: usize, d: i32, by: f32): void {
  const bytes = <usize>d << 2, whole = <usize>(d & ~3) << 2, v = f32x4.splat(by);
  let j: usize = 0;
  for (; j < whole; j += 16) v128.store(x + j, f32x4.mul(v128.load(x + j), v));
  for (; j < bytes; j += 4) store<f32>(x + j, load<f32>(x + j) * by);
}

/** out_i = H·S₃·H·S₂·H·S₁·x_i, x_i followed by zeros: x (n, d), signs (3, p) of ±1, out (n, p), p ≥ d a power of two. H is the
 *  Walsh–Hadamard matrix made orthonormal, so lengths are kept. */
export function hadamardRows(x: usize, n: i32, d: i32, signs: usize, p: i32, out: usize): void {
  const bytes = <usize>p << 2, scale: f32 = 1 / (<f32>p * sqrt(<f32>p));
  for (let i = 0; i < n; i++, x += <usize>d << 2, out += bytes) {
    for (let j: usize = 0; j < bytes; j += 4) store<f32>(out + j, j < <usize>d << 2 ? load<f32>(x + j) * load<f32>(signs + j) : 0);
    walshHadamard(out, p);
    for (let j: usize = 0; j < bytes; j += 4) store<f32>(out + j, load<f32>(out + j) * load<f32>(signs + bytes + j));
    walshHadamard(out, p);
    for (let j: usize = 0; j < bytes; j += 4) store<f32>(out + j, load<f32>(out + j) * load<f32>(signs + 2 * bytes + j));
    walshHadamard(out, p);
    scaleRow(out, p, scale);
  }
}

/** x (p) ← H·x without its factor: log₂ p passes of sums and differences. */
export function walshHadamard(x: usize, p: i32): void {
  const end = <usize>p << 2;
  for (let step: usize = 4; step < end; step <<= 1) {
    for (let i: usize = 0; i < end; i += step << 1) {
      let j = x + i;
      const stop = j + step;
      for (; j + 16 <= stop; j += 16) {
        const a = v128.load(j), b = v128.load(j + step);
        v128.store(j, f32x4.add(a, b)); v128.store(j + step, f32x4.sub(a, b));
      }
      for (; j < stop; j += 4) {
        const a = load<f32>(j), b = load<f32>(j + step);
        store<f32>(j, a + b); store<f32>(j + step, a - b);
      }
    }
  }
}
