// Scalar quantizer, 8 bits per component over a trained range: code = ⌊t·255⌋, t = (x − min)/range clamped to [0, 1];
// decoded min + range·(code + 0.5)/255.

/** codes (n, d) of x (n, d); min, range (d). A range of 0 gives code 0. */
export function sq8Encode(x: usize, n: i32, d: i32, min: usize, range: usize, codes: usize): void {
  for (let i = 0; i < n; i++) {
    for (let j: usize = 0; j < <usize>d; j++, x += 4, codes++) {
      const r = load<f32>(range + (j << 2));
      let t: f32 = r != 0 ? (load<f32>(x) - load<f32>(min + (j << 2))) / r : 0;
      if (t < 0) t = 0;
      if (t > 1) t = 1;
      store<u8>(codes, <u8>(t * 255));
    }
  }
}

/** out (n, d) decoded. */
export function sq8Decode(codes: usize, n: i32, d: i32, min: usize, range: usize, out: usize): void {
  for (let i = 0; i < n; i++) {
    for (let j: usize = 0; j < <usize>d; j++, out += 4, codes++) {
      store<f32>(out, load<f32>(min + (j << 2)) + load<f32>(range + (j << 2)) * ((<f32>load<u8>(codes) + 0.5) / 255));
    }
  }
}

/** L2: out[i] = base + Σ_j (x[j] − step[j]·code[i, j])², where x already has min + step/2 taken off. */
export function sq8ScanL2(x: usize, step: usize, codes: usize, n: i32, d: i32, base: f32, out: usize): void {
  const whole = d & ~7;
  for (let i = 0; i < n; i++, codes += <usize>d) {
    let s = f32x4.splat(0), r = s, t: v128;
    for (let j: usize = 0; j < <usize>whole; j += 8) {
      const c = v128.load_ext<u8>(codes + j), o = j << 2;
      t = f32x4.sub(v128.load(x + o), f32x4.mul(v128.load(step + o), f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(c)))); s = f32x4.add(s, f32x4.mul(t, t));
      t = f32x4.sub(v128.load(x + o, 16), f32x4.mul(v128.load(step + o, 16), f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(c)))); r = f32x4.add(r, f32x4.mul(t, t));
    }
    let sum = base + total(f32x4.add(s, r));
    for (let j = <usize>whole; j < <usize>d; j++) {
      const u = load<f32>(x + (j << 2)) - load<f32>(step + (j << 2)) * <f32>load<u8>(codes + j);
      sum += u * u;
    }
    store<f32>(out + (<usize>i << 2), sum);
  }
}

/** Weighted sum: out[i] = base + Σ_j w[j]·code[i, j]. */
export function sq8ScanDot(w: usize, codes: usize, n: i32, d: i32, base: f32, out: usize): void {
  const whole = d & ~7;
  for (let i = 0; i < n; i++, codes += <usize>d) {
    let s = f32x4.splat(0), r = s;
    for (let j: usize = 0; j < <usize>whole; j += 8) {
      const c = v128.load_ext<u8>(codes + j), o = j << 2;
      s = f32x4.add(s, f32x4.mul(v128.load(w + o), f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(c))));
      r = f32x4.add(r, f32x4.mul(v128.load(w + o, 16), f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(c))));
    }
    let sum = base + total(f32x4.add(s, r));
    for (let j = <usize>whole; j < <usize>d; j++) sum += load<f32>(w + (j << 2)) * <f32>load<u8>(codes + j);
    store<f32>(out + (<usize>i << 2), sum);
  }
}

// @ts-ignore: decorator
@inline function total(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}
