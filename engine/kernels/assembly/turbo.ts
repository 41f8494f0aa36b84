// TurboQuant: every component of a unit vector by its level, and one bit a component for what the levels leave (Zandieh et al.,
// arXiv 2504.19874). The projection of the remainder is a Walsh–Hadamard transform behind random signs.
import { bytesOf, levelOf, quarter } from './levels';
import { lanes, lookUp, madd } from './simd';

/** out (padded) = H·(signs ∘ x): a Walsh–Hadamard transform, unscaled, of x (d) filled up with zeros; padded is a power of two. */
export function signedHadamard(x: usize, d: i32, signs: usize, padded: i32, out: usize): void {
  for (let j: usize = 0; j < <usize>padded; j++) {
    store<f32>(out + (j << 2), j < <usize>d ? load<f32>(x + (j << 2)) * load<f32>(signs + (j << 2)) : 0);
  }
  hadamard(out, padded);
}

function hadamard(x: usize, n: i32): void {
  for (let h: usize = 4; h < <usize>n << 2; h <<= 1) {
    for (let i: usize = 0; i < <usize>n << 2; i += h << 1) {
      for (let j = x + i; j < x + i + h; j += 4) {
        const a = load<f32>(j), b = load<f32>(j + h);
        store<f32>(j, a + b); store<f32>(j + h, a - b);
      }
    }
  }
}

/** TurboQuant codes (n, size), zeroed before. v = x/‖x‖ is coded by levels (already over √d; bounds are not), bit plane by bit plane;
 *  then one plane of the signs of H·(signs ∘ r), r what is left of v; then ‖x‖ and ‖r‖. room (d + padded) floats. */
export function turboEncode(x: usize, n: i32, d: i32, nbits: i32, levels: usize, bounds: usize, signs: usize, padded: i32, codes: usize, size: usize, room: usize): void {
  const plane = <usize>((d + 7) >> 3), turned = room + (<usize>d << 2), root = Mathf.sqrt(<f32>d);
  for (let i = 0; i < n; i++, codes += size, x += <usize>d << 2) {
    const norm = max<f32>(length(x, d), 1e-30);
    for (let j: usize = 0; j < <usize>d; j++) {
      const v = load<f32>(x + (j << 2)) / norm, level = levelOf(v * root, bounds, nbits), at = codes + (j >> 3), bit = <u32>j & 7;
      for (let p: usize = 0; p < <usize>nbits; p++) store<u8>(at + p * plane, load<u8>(at + p * plane) | <u8>(((level >> <u32>p) & 1) << bit));
      store<f32>(room + (j << 2), v - load<f32>(levels + (<usize>level << 2)));
    }
    signedHadamard(room, d, signs, padded, turned);
    const last = codes + plane * <usize>nbits;
    for (let j: usize = 0; j < <usize>d; j++) {
      if (load<f32>(turned + (j << 2)) > 0) store<u8>(last + (j >> 3), load<u8>(last + (j >> 3)) | <u8>((1 as u32) << (<u32>j & 7)));
    }
    store<f32>(last + plane, norm); store<f32>(last + plane, length(room, d), 4);
  }
}

// @ts-ignore: decorator
@inline function length(x: usize, d: i32): f32 {
  let s: f32 = 0;
  for (const end = x + (<usize>d << 2); x < end; x += 4) s += load<f32>(x) * load<f32>(x);
  return Mathf.sqrt(s);
}

// Level of component j of a code of bit planes.
// @ts-ignore: decorator
@inline function planesAt(code: usize, j: usize, nbits: i32, plane: usize): usize {
  let level: u32 = 0;
  for (let p = nbits - 1; p >= 0; p--) level = (level << 1) | ((<u32>load<u8>(code + plane * <usize>p + (j >> 3)) >> (<u32>j & 7)) & 1);
  return <usize>level;
}

/** out (n, d) = norm·(levels + share·‖r‖·signs ∘ H·s), s = ±1 by the last plane, `share` the factor that Faiss gives the remainder.
 *  room (padded). */
export function turboDecode(codes: usize, n: i32, d: i32, nbits: i32, levels: usize, signs: usize, padded: i32, share: f32, size: usize, room: usize, out: usize): void {
  const plane = <usize>((d + 7) >> 3);
  for (let i = 0; i < n; i++, codes += size) {
    const last = codes + plane * <usize>nbits, norm = load<f32>(last + plane), left = share * load<f32>(last + plane, 4);
    for (let j: usize = 0; j < <usize>padded; j++) {
      store<f32>(room + (j << 2), j < <usize>d ? ((load<u8>(last + (j >> 3)) >> <u8>(j & 7)) & 1 ? 1 : -1) : 0);
    }
    hadamard(room, padded);
    for (let j: usize = 0; j < <usize>d; j++, out += 4) {
      const level = load<f32>(levels + (planesAt(codes, j, nbits, plane) << 2));
      store<f32>(out, norm * (level + left * load<f32>(room + (j << 2)) * load<f32>(signs + (j << 2))));
    }
  }
}

/** Distances from a query q (d), turned (d) = share·H·(signs ∘ q): ⟨q, y⟩ = norm·(⟨q, levels⟩ + ‖r‖·⟨turned, s⟩), and
 *  out[i] = base − ⟨q, y⟩ (ip = 1) or base + norm² − 2⟨q, y⟩, where base already holds ‖q‖². nbits ≤ 4, levels (16). */
export function turboScan(q: usize, turned: usize, codes: usize, n: i32, d: i32, nbits: i32, levels: usize, size: usize, ip: i32, base: f32, out: usize): void {
  const plane = <usize>((d + 7) >> 3), toSigns = plane * <usize>nbits, whole = <usize>(d & ~15);
  const t0 = bytesOf(levels, 0), t1 = bytesOf(levels, 1), t2 = bytesOf(levels, 2), t3 = bytesOf(levels, 3);
  for (let i = 0; i < n; i++, codes += size, out += 4) {
    let dots = f32x4.splat(0), rest = dots, j: usize = 0;
    for (; j < whole; j += 16) {
      const x = q + (j << 2), y = turned + (j << 2);
      let at = i32x4.splat(0), p = codes + toSigns + (j >> 3);
      const signs = sixteenBits(p);
      for (let b = 0; b < nbits; b++) { p -= plane; at = i8x16.sub(i8x16.add(at, at), sixteenBits(p)); }
      const a = lookUp(t0, at), b = lookUp(t1, at), c = lookUp(t2, at), e = lookUp(t3, at);
      dots = madd(v128.load(x), quarter(a, b, c, e, 0), dots); dots = madd(v128.load(x, 16), quarter(a, b, c, e, 1), dots);
      dots = madd(v128.load(x, 32), quarter(a, b, c, e, 2), dots); dots = madd(v128.load(x, 48), quarter(a, b, c, e, 3), dots);
      const low = i16x8.extend_low_i8x16_s(signs), high = i16x8.extend_high_i8x16_s(signs);
      rest = f32x4.add(rest, signed(i32x4.extend_low_i16x8_s(low), y)); rest = f32x4.add(rest, signed(i32x4.extend_high_i16x8_s(low), y + 16));
      rest = f32x4.add(rest, signed(i32x4.extend_low_i16x8_s(high), y + 32)); rest = f32x4.add(rest, signed(i32x4.extend_high_i16x8_s(high), y + 48));
    }
    let dot = lanes(dots), left = lanes(rest);
    for (; j < <usize>d; j++) {
      const o = j << 2, t = load<f32>(turned + o);
      dot += load<f32>(q + o) * load<f32>(levels + (planesAt(codes, j, nbits, plane) << 2));
      left += (load<u8>(codes + toSigns + (j >> 3)) >> <u8>(j & 7)) & 1 ? t : -t;
    }
    const norm = load<f32>(codes + toSigns + plane), product = norm * (dot + left * load<f32>(codes + toSigns + plane, 4));
    store<f32>(out, ip ? base - product : base + norm * norm - 2 * product);
  }
}

// Sixteen bits as bytes 0 or −1.
// @ts-ignore: decorator
@inline function sixteenBits(p: usize): v128 {
  const v = v128.load_splat<u16>(p), each = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  return i8x16.eq(v128.and(v128.shuffle<u8>(v, v, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1), each), each);
}

// Four floats at p with their signs turned where the mask is 0.
// @ts-ignore: decorator
@inline function signed(mask: v128, p: usize): v128 { return v128.xor(v128.load(p), v128.andnot(i32x4.splat(0x80000000), mask)); }
