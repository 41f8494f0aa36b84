// RaBitQ: a bit a component for its sign, and what the signs make of the length (Gao & Long, SIGMOD 2024); further bits a component
// on a grid scaled for each vector (Gao et al., SIGMOD 2025). A code of r, what a vector leaves of its centre c, in the bytes of Faiss:
//   signs ⌈d/8⌉ | ‖r‖², or ‖r‖² − ‖r + c‖² for inner products | ‖r‖²·√d / Σ|r_j|
//   and with more than one bit: bound of the error | grid, `ex` bits a component | ‖r‖² or ⟨c, r⟩ | scale of the grid
// `signs` and `factors` (what follows the signs) are given apart with the bytes from one code to the next: blocks keep them apart.
import { sink, worse } from './topk';

const TINY: f32 = 1.1920929e-7;
/** Errors beyond this many standard deviations are not waited for: ε₀ of the paper. */
const SURE: f32 = 1.9;

/** codes (n, size) of r (n, d). Centre of row i: row list[i] of `centres`, its row 0 where list = 0, or 0 where centres = 0.
 *  room: 20·d bytes. */
export function rabitqEncode(r: usize, n: i32, d: i32, ex: i32, ip: i32, centres: usize, list: usize, codes: usize, size: i32, room: usize): void {
  const row = <usize>d << 2, bytes = <usize>((d + 7) >> 3), root = Mathf.sqrt(<f32>d);
  memory.fill(codes, 0, <usize>n * size);
  for (let i = 0; i < n; i++, r += row, codes += size) {
    const centre = centres ? centres + (list ? <usize>load<i32>(list + (<usize>i << 2)) : 0) * row : 0;
    let norm: f32 = 0, sum: f32 = 0, along: f32 = 0, from: f32 = 0;
    for (let j: usize = 0; j < <usize>d; j++) {
      const v = load<f32>(r + (j << 2));
      norm += v * v; sum += abs(v);
      if (v > 0) store<u8>(codes + (j >> 3), load<u8>(codes + (j >> 3)) | <u8>((1 as u32) << (<u32>j & 7)));
      if (centre) { const c = load<f32>(centre + (j << 2)); along += c * v; from += c * c; }
    }
    const length = Mathf.sqrt(norm), share = sum / (norm < TINY ? 1 : length) / root, factors = codes + bytes;
    store<f32>(factors, ip ? -(2 * along + from) : norm);
    store<f32>(factors, share < TINY ? length : length / share, 4);
    if (!ex) continue;
    const ratio: f32 = sum * 0.5 > TINY ? norm * <f32>d / (sum * sum) : 0;
    const error: f32 = ratio > 1 ? length * SURE * Mathf.sqrt((ratio - 1) / <f32>max(1, d - 1)) : 0;
    store<f32>(factors, ip ? error : 2 * error, 8);
    if (length < 1e-10) continue;
    const product = gridCode(r, d, ex, length, factors + 12, room);
    const last = factors + 12 + <usize>((d * ex + 7) >> 3);
    store<f32>(last, ip ? along : norm);
    store<f32>(last, ip ? <f32>(<f64>length / product) : <f32>(-2 * <f64>length / product), 4);
  }
}

// Packs the grid code of r/‖r‖ and returns its inner product with what it stands for, u + ½ of |r|/‖r‖. Where r is negative the bits
// are turned, so that sign and grid together count upwards.
function gridCode(r: usize, d: i32, ex: i32, length: f32, out: usize, room: usize): f64 {
  const most = (1 << ex) - 1;
  for (let j: usize = 0; j < <usize>d; j++) store<f32>(room + (j << 2), abs(load<f32>(r + (j << 2))) / length);
  const t = bestScale(room, d, most, ex, room + (<usize>d << 2));
  let product: f64 = 0, bit = 0;
  for (let j: usize = 0; j < <usize>d; j++, bit += ex) {
    const v = load<f32>(room + (j << 2)), u = min(<i32>(<f64>(t * v) + 1e-5), most);
    product += (<f64>u + 0.5) * <f64>v;
    const at = out + <usize>(bit >> 3), shifted = <u32>(load<f32>(r + (j << 2)) < 0 ? most - u : u) << (bit & 7);
    store<u8>(at, load<u8>(at) | <u8>shifted);
    if ((bit & 7) + ex > 8) store<u8>(at, <u8>(shifted >> 8), 1);
  }
  return product;
}

// The scale t at which ⌊t·o⌋ + ½ points most nearly along o (d): all t at which a component steps up are tried in order, from a share
// of the largest on (the start that Faiss takes). room: d pairs (t of the next step, component), a heap with the least first; d levels.
function bestScale(o: usize, d: i32, most: i32, ex: i32, room: usize): f32 {
  const levels = room + (<usize>d << 3);
  let largest: f32 = 0;
  for (let j: usize = 0; j < <usize>d; j++) largest = max(largest, load<f32>(o + (j << 2)));
  const end = <f32>(most + 10) / largest, start = end * startOf(ex);
  let square: f32 = <f32>d * 0.25, product: f32 = 0;
  for (let j: usize = 0; j < <usize>d; j++) {
    const v = load<f32>(o + (j << 2)), level = <i32>(<f64>(start * v) + 1e-5);
    store<i32>(levels + (j << 2), level);
    square += <f32>(level * level + level); product += (<f32>level + 0.5) * v;
    store<f32>(room + (j << 3), stepAt(level, v, end)); store<i32>(room + (j << 3), <i32>j, 4);
  }
  for (let i = (d >> 1) - 1; i >= 0; i--) settle(room, d, i);
  let best: f32 = 0, t: f32 = 0;
  while (load<f32>(room) < end) {
    const next = load<f32>(room), j = <usize>load<i32>(room, 4);
    const level = load<i32>(levels + (j << 2)) + 1, v = load<f32>(o + (j << 2));
    store<i32>(levels + (j << 2), level);
    square += <f32>(level + level); product += v;
    const cosine = product / Mathf.sqrt(square);
    if (cosine > best) { best = cosine; t = next; }
    store<f32>(room, level < most ? stepAt(level, v, end) : f32.MAX_VALUE);
    settle(room, d, 0);
  }
  return t;
}

// @ts-ignore: decorator
@inline function stepAt(level: i32, v: f32, end: f32): f32 { const t = <f32>(level + 1) / v; return t < end ? t : f32.MAX_VALUE; }

function startOf(ex: i32): f32 {
  switch (ex) {
    case 1: return 0.15; case 2: return 0.2; case 3: return 0.52; case 4: return 0.59;
    case 5: return 0.71; case 6: return 0.75; case 7: return 0.77; default: return 0.81;
  }
}

// Lets pair i of n sink below all that come before it.
function settle(heap: usize, n: i32, i: i32): void {
  const t = load<f32>(heap + (<usize>i << 3)), j = load<i32>(heap + (<usize>i << 3), 4);
  for (let c = 2 * i + 1; c < n; c = 2 * i + 1) {
    let at = heap + (<usize>c << 3);
    if (c + 1 < n && worse(load<f32>(at), load<i32>(at, 4), load<f32>(at, 8), load<i32>(at, 12))) { c++; at += 8; }
    if (!worse(t, j, load<f32>(at), load<i32>(at, 4))) break;
    store<u64>(heap + (<usize>i << 3), load<u64>(at));
    i = c;
  }
  store<f32>(heap + (<usize>i << 3), t); store<i32>(heap + (<usize>i << 3), j, 4);
}

/** A query q (d), already less its centre, in whole steps u of 0 … 2^nbits − 1: q ≈ min + δ·u. rounded (d) u8.
 *  terms (4): 2δ/√d, 2·min/√d, (δ·Σu + d·min)/√d, ‖q‖². With s = ±1 by the bits of a code
 *    ⟨q, s⟩/√d = terms₀·Σ(u where the bit is set) + terms₁·(bits set) − terms₂ */
export function rabitqRound(q: usize, d: i32, nbits: i32, rounded: usize, terms: usize): void {
  const most: f32 = <f32>((1 << nbits) - 1), root = Mathf.sqrt(<f32>d);
  let low = load<f32>(q), high = low, norm: f32 = 0, sum = 0;
  for (let j: usize = 0; j < <usize>d; j++) {
    const v = load<f32>(q + (j << 2));
    low = min(low, v); high = max(high, v); norm += v * v;
  }
  const step = (high - low) / most;
  for (let j: usize = 0; j < <usize>d; j++) {
    const u = step > 0 ? <i32>min<f32>(most, (load<f32>(q + (j << 2)) - low) * (1 / step) + 0.5) : 0;
    store<u8>(rounded + j, <u8>u);
    sum += u;
  }
  store<f32>(terms, 2 * step / root); store<f32>(terms, 2 * low / root, 4);
  store<f32>(terms, (step * <f32>sum + <f32>d * low) / root, 8); store<f32>(terms, norm, 12);
}

/** Bit planes of rounded (d), lowest first: planes (nbits, stride), stride = ⌈d/64⌉·8 bytes. */
export function rabitqPlanes(rounded: usize, d: i32, nbits: i32, planes: usize): void {
  const stride = <usize>((d + 63) >> 6) << 3;
  memory.fill(planes, 0, stride * nbits);
  for (let j: usize = 0; j < <usize>d; j++) {
    const u = <u32>load<u8>(rounded + j), at = planes + (j >> 3);
    for (let b: usize = 0; b < <usize>nbits; b++) store<u8>(at + b * stride, load<u8>(at + b * stride) | <u8>(((u >> <u32>b) & 1) << (<u32>j & 7)));
  }
}

/** tables (⌈d/8⌉·2, 16): terms₀·Σu + terms₁·(bits set) over the four components of each part. */
export function rabitqTables(rounded: usize, d: i32, terms: usize, tables: usize): void {
  const step = load<f32>(terms), low = load<f32>(terms, 4);
  for (let j = 0; j < ((d + 7) & ~7); j += 4) {
    for (let bits = 0; bits < 16; bits++, tables += 4) {
      let v: f32 = 0;
      for (let b = 0; b < 4; b++) if ((bits >> b) & 1 && j + b < d) v += step * <f32>load<u8>(rounded + <usize>(j + b)) + low;
      store<f32>(tables, v);
    }
  }
}

/** out[i] = base + half·(factors₀ − 2·factors₁·⟨q, s⟩/√d): the distance by signs alone, half = ½ for inner products; L2 (half = 1) is
 *  kept from falling below 0. Four planes; reads eight bytes from the last byte of the signs on. */
export function rabitqEstimate(planes: usize, terms: usize, codes: usize, size: i32, n: i32, d: i32, half: f32, base: f32, out: usize): void {
  const bytes = <usize>((d + 7) >> 3), stride = <usize>((d + 63) >> 6) << 3, least: f32 = half == 1 ? 0 : -f32.MAX_VALUE;
  const step = load<f32>(terms), low = load<f32>(terms, 4), rest = load<f32>(terms, 8);
  const last: u64 = bytes & 7 ? ((1 as u64) << (<u64>(bytes & 7) << 3)) - 1 : u64.MAX_VALUE;
  for (let i = 0; i < n; i++, codes += size, out += 4) {
    let set: u64 = 0, dot: u64 = 0;
    for (let p: usize = 0; p < stride; p += 8) {
      const c = load<u64>(codes + p) & (p + 8 < stride ? u64.MAX_VALUE : last), at = planes + p;
      set += popcnt<u64>(c);
      dot += popcnt<u64>(c & load<u64>(at)) + (popcnt<u64>(c & load<u64>(at + stride)) << 1)
        + (popcnt<u64>(c & load<u64>(at + 2 * stride)) << 2) + (popcnt<u64>(c & load<u64>(at + 3 * stride)) << 3);
    }
    const product = step * <f32>dot + low * <f32>set - rest, factors = codes + bytes;
    store<f32>(out, max<f32>(least, base + half * (load<f32>(factors) - 2 * load<f32>(factors, 4) * product)));
  }
}

/** The same from the sums (n) u16 of a block: ⟨q, s⟩/√d = add + step·sum. */
export function rabitqFromSums(sums: usize, n: i32, step: f32, add: f32, factors: usize, stride: i32, half: f32, base: f32, out: usize): void {
  const least: f32 = half == 1 ? 0 : -f32.MAX_VALUE;
  for (let i = 0; i < n; i++, sums += 2, factors += stride, out += 4) {
    const product = add + step * <f32>load<u16>(sums);
    store<f32>(out, max<f32>(least, base + half * (load<f32>(factors) - 2 * load<f32>(factors, 4) * product)));
  }
}

// ⟨q, u + ½ − 2^ex⟩, u the sign above the bits of the grid; reads eight bytes from the last group of the grid on.
// @ts-ignore: decorator
@inline function gridProduct(q: usize, signs: usize, grid: usize, d: i32, ex: i32): f32 {
  const mask = ((1 as u64) << ex) - 1, middle = <f32>(1 << ex) - 0.5;
  let sum: f32 = 0;
  for (let j = 0; j < d; j += 8, signs++, grid += ex) {
    let word = load<u64>(grid), sign = <u32>load<u8>(signs);
    const to = q + (<usize>min(d, j + 8) << 2);
    for (let p = q + (<usize>j << 2); p < to; p += 4, word >>= ex, sign >>= 1) {
      sum += load<f32>(p) * (<f32>(<u32>(word & mask) | ((sign & 1) << ex)) - middle);
    }
  }
  return sum;
}

// @ts-ignore: decorator
@inline function gridDistance(q: usize, signs: usize, factors: usize, d: i32, ex: i32, ip: i32, base: f32): f32 {
  const last = factors + 12 + <usize>((d * ex + 7) >> 3), rest = load<f32>(last) + load<f32>(last, 4) * gridProduct(q, signs, factors + 12, d, ex);
  return ip ? base - rest : max<f32>(0, base + rest);
}

/** out[i] = distance by all bits: base ± (grid₀ + grid₁·⟨q, grid⟩). */
export function rabitqFull(q: usize, signs: usize, toSigns: i32, factors: usize, stride: i32, n: i32, d: i32, ex: i32, ip: i32, base: f32, out: usize): void {
  for (let i = 0; i < n; i++, signs += toSigns, factors += stride, out += 4) store<f32>(out, gridDistance(q, signs, factors, d, ex, ip, base));
}

/** Offers to the k nearest so far those of n codes whose estimate, less `length` times its error, is nearer than the farthest of them,
 *  at their distance by all bits. Returns how many those were. */
export function rabitqRefine(q: usize, estimates: usize, length: f32, signs: usize, toSigns: i32, factors: usize, stride: i32, n: i32, d: i32, ex: i32, ip: i32, base: f32, idOf: usize, first: i32, dis: usize, ids: usize, k: i32): i32 {
  let farthest = load<f32>(dis), tried = 0;
  for (let i = 0; i < n; i++, estimates += 4, signs += toSigns, factors += stride) {
    if (!(load<f32>(estimates) - length * load<f32>(factors, 8) < farthest)) continue;
    const v = gridDistance(q, signs, factors, d, ex, ip, base), id = idOf ? load<i32>(idOf + (<usize>i << 2)) : first + i;
    tried++;
    if (worse(farthest, load<i32>(ids), v, id)) { sink(dis, ids, k, v, id); farthest = load<f32>(dis); }
  }
  return tried;
}
