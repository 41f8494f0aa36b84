// Exact vectors compared level by level: what the levels to come can still change is bounded by their lengths, kept with the vector
// (Ramani et al., Panorama, arXiv 2510.00566). A code: ‖x from level l on‖ for each level l, and 0; then x (d). A level is `width`
// components, the last may have fewer.
import { lanes, madd } from './simd';
import { sink, worse } from './topk';

/** Sums of floats are at most this share off, so that no bound rules out by rounding what it must not. */
const SLACK: f32 = 1e-5;

const FAR: f32 = 3.4e38;

/** tails (⌈d/width⌉ + 1) of x. */
export function panoramaTails(x: usize, d: i32, width: i32, tails: usize): void {
  const levels = (d + width - 1) / width;
  let sum: f32 = 0;
  store<f32>(tails + (<usize>levels << 2), 0);
  for (let l = levels - 1; l >= 0; l--) {
    for (let j = l * width; j < min(d, (l + 1) * width); j++) sum += load<f32>(x + (<usize>j << 2)) * load<f32>(x + (<usize>j << 2));
    store<f32>(tails + (<usize>l << 2), Mathf.sqrt(sum));
  }
}

/** Squared distance or negated product of q and a code, or 3.4e38 as soon as it must be more than `farthest`:
 *    ‖q − x‖² ≥ Σ of the levels so far + (‖q_rest‖ − ‖x_rest‖)²,   −⟨q, x⟩ ≥ Σ so far − ‖q_rest‖·‖x_rest‖
 *  (Cauchy–Schwarz). The number at `tally` (u32) is increased by the levels computed. */
// @ts-ignore: decorator
@inline export function panoramaOne(q: usize, tails: usize, code: usize, d: i32, width: i32, ip: i32, farthest: f32, tally: usize): f32 {
  const x = code + (<usize>((d + width - 1) / width + 1) << 2), end = <usize>d << 2, step = <usize>width << 2;
  const slack = SLACK * load<f32>(tails) * load<f32>(code);
  let sums = f32x4.splat(0), rest: f32 = 0, sum: f32 = 0, l: usize = 0;
  for (let from: usize = 0; from < end; from += step) {
    l += 4;
    const to = min(end, from + step), whole = from + ((to - from) & ~15);
    let j = from;
    for (; j < whole; j += 16) {
      const a = v128.load(q + j), b = v128.load(x + j), t = f32x4.sub(a, b);
      sums = ip ? madd(a, b, sums) : madd(t, t, sums);
    }
    for (; j < to; j += 4) {
      const a = load<f32>(q + j), b = load<f32>(x + j);
      rest += ip ? a * b : (a - b) * (a - b);
    }
    sum = lanes(sums) + rest;
    if (ip) sum = -sum;
    const a = load<f32>(tails + l), b = load<f32>(code + l), least = ip ? sum - a * b : (sum + (a - b) * (a - b)) * (1 - SLACK);
    if (least - slack > farthest) { sum = FAR; break; }
  }
  store<u32>(tally, load<u32>(tally) + <u32>(l >> 2));
  return sum;
}

/** Offers n codes to the k nearest so far: those in a row, named by idOf or first + i, or where `pick` is set the codes of the ids at
 *  idOf. Each is left at the level after which it cannot be among them. tails: of the query. */
export function panoramaOffer(q: usize, tails: usize, codes: usize, size: i32, n: i32, d: i32, width: i32, ip: i32, pick: i32, idOf: usize, first: i32, dis: usize, ids: usize, k: i32, tally: usize): void {
  let farthest = load<f32>(dis);
  for (let i = 0; i < n; i++) {
    const id = idOf ? load<i32>(idOf + (<usize>i << 2)) : first + i, code = codes + <usize>(pick ? id : i) * <usize>size;
    const v = panoramaOne(q, tails, code, d, width, ip, farthest, tally);
    if (v < FAR && worse(farthest, load<i32>(ids), v, id)) { sink(dis, ids, k, v, id); farthest = load<f32>(dis); }
  }
}

/** out[i] = distance of n codes, all levels. */
export function panoramaScan(q: usize, tails: usize, codes: usize, size: i32, n: i32, d: i32, width: i32, ip: i32, tally: usize, out: usize): void {
  for (let i = 0; i < n; i++, codes += size, out += 4) store<f32>(out, panoramaOne(q, tails, codes, d, width, ip, Infinity, tally));
}
