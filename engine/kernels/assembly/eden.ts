// EDEN: every component of a vector r by its Lloyd–Max level after r is scaled to length √d, and one scale for the whole (Vargaftik et
// al., ICML 2022). A code in the bytes of Faiss: levels, nbits ≤ 8 a component, end to end | norm term | scale.
import { levelsDecode, levelsEncode } from './levels';
import { lanes, madd } from './simd';

const TINY: f32 = 1.1920929e-7;

/** codes (n, size) of r (n, d). ŷ = scale·levels; without `biased` ⟨ŷ, r⟩ = ‖r‖², with it ŷ is the nearest to r on its line. The norm
 *  term stands for ‖ŷ‖². levels (2^nbits, at least 16), bounds (2^nbits − 1), room (d) floats. */
export function edenEncode(r: usize, n: i32, d: i32, nbits: i32, biased: i32, levels: usize, bounds: usize, codes: usize, size: i32, room: usize): void {
  const row = <usize>d << 2, root = Mathf.sqrt(<f32>d), packed = <usize>((d * nbits + 7) >> 3);
  memory.fill(codes, 0, <usize>n * size);
  for (const end = r + <usize>n * row; r < end; r += row, codes += size) {
    let norm: f32 = 0;
    for (let j: usize = 0; j < row; j += 4) norm += load<f32>(r + j) * load<f32>(r + j);
    if (norm <= TINY) continue;
    const scale = root / Mathf.sqrt(norm);
    for (let j: usize = 0; j < row; j += 4) store<f32>(room + j, load<f32>(r + j) * scale);
    levelsEncode(room, 1, d, nbits, bounds, codes, size);
    edenLevels(codes, d, nbits, levels, room);
    let square: f64 = 0, product: f64 = 0;
    for (let j: usize = 0; j < row; j += 4) {
      const level = <f64>load<f32>(room + j);
      square += level * level; product += level * <f64>load<f32>(r + j);
    }
    store<f32>(codes + packed, biased ? <f32>(product * product / square) : norm);
    store<f32>(codes + packed, <f32>(biased ? product / square : <f64>norm / product), 4);
  }
}

// The levels of one code; reads eight bytes from its last group of eight on.
// @ts-ignore: decorator
@inline function edenLevels(code: usize, d: i32, nbits: i32, levels: usize, out: usize): void {
  if (nbits <= 4) return levelsDecode(code, 1, d, nbits, levels, 0, out);
  const mask = ((1 as u64) << nbits) - 1;
  for (let j = 0; j < d; j += 8, code += nbits) {
    let word = load<u64>(code);
    const to = out + (<usize>min(8, d - j) << 2);
    for (; out < to; out += 4, word >>= nbits) store<f32>(out, load<f32>(levels + (<usize>(word & mask) << 2)));
  }
}

/** out (n, d) = scale·levels. */
export function edenDecode(codes: usize, n: i32, d: i32, nbits: i32, levels: usize, size: i32, out: usize): void {
  const packed = <usize>((d * nbits + 7) >> 3);
  for (let i = 0; i < n; i++, codes += size) {
    const scale = load<f32>(codes + packed, 4);
    edenLevels(codes, d, nbits, levels, out);
    for (const end = out + (<usize>d << 2); out < end; out += 4) store<f32>(out, scale * load<f32>(out));
  }
}

/** out[i] = base − ⟨q, ŷ⟩ (ip = 1) or base + norm term − 2⟨q, ŷ⟩. room (d) floats. */
export function edenScan(q: usize, codes: usize, size: i32, n: i32, d: i32, nbits: i32, levels: usize, ip: i32, base: f32, room: usize, out: usize): void {
  const packed = <usize>((d * nbits + 7) >> 3), row = <usize>d << 2, whole = row & ~15;
  for (let i = 0; i < n; i++, codes += size, out += 4) {
    edenLevels(codes, d, nbits, levels, room);
    let sums = f32x4.splat(0), j: usize = 0;
    for (; j < whole; j += 16) sums = madd(v128.load(q + j), v128.load(room + j), sums);
    let dot = lanes(sums);
    for (; j < row; j += 4) dot += load<f32>(q + j) * load<f32>(room + j);
    const product = dot * load<f32>(codes + packed, 4);
    store<f32>(out, ip ? base - product : base + load<f32>(codes + packed) - 2 * product);
  }
}
