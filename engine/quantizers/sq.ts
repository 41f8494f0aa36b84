/** Scalar quantizer: every component by itself, 8 bits over the range seen in training. Knows ranges and codes. */
import type { Arena } from '../memory';
import { takeF32 } from '../memory';
import type { CodecOf, CodecOps } from './codec';

export type SQ = CodecOf<'SQ'>;

/** Minima and ranges per component over x (n, d), no margin (Faiss's default range statistic). */
export function trainSq(arena: Arena, x: Float32Array, n: number, d: number): SQ {
  const trained = takeF32(arena, 2 * d, 'the SQ ranges');
  const low = trained.subarray(0, d).fill(Infinity), range = trained.subarray(d).fill(-Infinity);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      const v = x[i * d + j] ?? 0;
      if (v < (low[j] ?? 0)) low[j] = v;
      if (v > (range[j] ?? 0)) range[j] = v;
    }
  }
  for (let j = 0; j < d; j++) range[j] = (range[j] ?? 0) - (low[j] ?? 0);
  return { kind: 'SQ', qtype: 'SQ8', d, codeSize: d, trained };
}

/** L2: decoded_j = min_j + step_j/2 + step_j·code with step = range/255, so the query gives up min + step/2 once and the scan
 *  is Σ (x'_j − step_j·code)². Writes x' (d) and step (d). */
function prepareSqL2(sq: SQ, x: Float32Array, shifted: Float32Array, step: Float32Array): void {
  for (let j = 0; j < sq.d; j++) {
    const s = (sq.trained[sq.d + j] ?? 0) / 255;
    step[j] = s;
    shifted[j] = (x[j] ?? 0) - (sq.trained[j] ?? 0) - s / 2;
  }
}

/** Inner product, negated: −⟨x, decoded⟩ = base + Σ weight_j·code. Writes weights (d), returns base. */
function prepareSqIp(sq: SQ, x: Float32Array, weights: Float32Array): number {
  let base = 0;
  for (let j = 0; j < sq.d; j++) {
    const s = (sq.trained[sq.d + j] ?? 0) / 255, v = x[j] ?? 0;
    weights[j] = -v * s;
    base -= v * ((sq.trained[j] ?? 0) + s / 2);
  }
  return base;
}

const low = ({ trained }: SQ) => trained.byteOffset;
const range = ({ trained, d }: SQ) => trained.byteOffset + d * 4;

export const sqOps: CodecOps<SQ> = {
  pack: () => [],
  encode: (thread, sq, _, x, n, codes) => thread.build.sq8Encode(x, n, sq.d, low(sq), range(sq), codes),
  encodeScratch: () => 0,
  decode: (thread, sq, codes, n, out) => thread.search.sq8Decode(codes, n, sq.d, low(sq), range(sq), out),
  // L2: the shifted query and the steps; inner product: the weights
  probeBytes: ({ d }) => d * 8,
  aim(thread, probe, x) {
    const { codec, at, metric } = probe, { d } = codec, vector = new Float32Array(thread.buffer, x, d), first = new Float32Array(thread.buffer, at, d);
    if (metric === 'L2') prepareSqL2(codec, vector, first, new Float32Array(thread.buffer, at + d * 4, d));
    else probe.base = prepareSqIp(codec, vector, first);
  },
  distances(thread, { codec: { d }, metric, at }, codes, n, base, out) {
    if (metric === 'L2') thread.search.sq8ScanL2(at, at + d * 4, codes, n, d, base, out);
    else thread.search.sq8ScanDot(at, codes, n, d, base, out);
  },
};
