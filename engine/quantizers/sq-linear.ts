/** Scalar codes that are numbers on a line: decoded_j = offset_j + step_j·number_j. SQ8, SQ6 and SQ4 cut the range seen in training
 *  into 2^bits − 1 steps; SQfp16 and SQbf16 are short floats, SQ8_direct and SQ8_direct_signed bytes as they come. */
import type { SqType } from '../factory/spec';
import type { Arena } from '../memory';
import { takeF32 } from '../memory';
import type { Thread } from '../thread';
import type { CodecOps } from './codec';
import type { SQ } from './sq';

/** `form` is how assembly/sq.ts reads the numbers; the constants are for the types that have no ranges. */
type Line = { form: 0 | 1 | 2 | 3 | 4; bits: number; offset: number; step: number };

const RANGES = { offset: 0, step: 0 };
const LINES: { [Q in SqType]?: Line } = {
  SQ8: { form: 0, bits: 8, ...RANGES }, SQ6: { form: 1, bits: 6, ...RANGES }, SQ4: { form: 2, bits: 4, ...RANGES },
  SQfp16: { form: 3, bits: 16, offset: 0, step: 2 ** 112 }, SQbf16: { form: 4, bits: 16, offset: 0, step: 1 },
  SQ8_direct: { form: 0, bits: 8, offset: 0, step: 1 }, SQ8_direct_signed: { form: 0, bits: 8, offset: -128, step: 1 },
};

export function lineOf(qtype: SqType): Line {
  const line = LINES[qtype];
  if (!line) throw new Error(`lineOf: ${qtype} codes are not numbers on a line`);
  return line;
}

/** Minima and ranges per component over x (n, d), no margin (Faiss's default range statistic). */
function rangesOf(x: Float32Array, n: number, d: number, trained: Float32Array): void {
  const low = trained.subarray(0, d).fill(Infinity), range = trained.subarray(d).fill(-Infinity);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      const v = x[i * d + j] ?? 0;
      if (v < (low[j] ?? 0)) low[j] = v;
      if (v > (range[j] ?? 0)) range[j] = v;
    }
  }
  for (let j = 0; j < d; j++) range[j] = (range[j] ?? 0) - (low[j] ?? 0);
}

export function trainLinear(arena: Arena, qtype: SqType, x: Float32Array, n: number, d: number): SQ {
  const { bits, offset, step } = lineOf(qtype), ranged = step === 0;
  const trained = takeF32(arena, ranged ? 2 * d : 0, 'the SQ ranges'), tables = takeF32(arena, 2 * d, 'the SQ ranges');
  if (ranged) rangesOf(x, n, d, trained);
  for (let j = 0; j < d; j++) {
    // A number stands for the middle of its step: min + step·(number + ½).
    const own = ranged ? (trained[d + j] ?? 0) / (2 ** bits - 1) : step;
    tables[j] = ranged ? (trained[j] ?? 0) + own / 2 : offset;
    tables[d + j] = own;
  }
  return { kind: 'SQ', qtype, d, codeSize: Math.ceil((bits * d) / 8), trained, tables };
}

const offsetsAt = ({ tables }: SQ) => tables.byteOffset;
export const stepsAt = ({ tables, d }: SQ) => tables.byteOffset + d * 4;

function encode({ build, buffer }: Thread, sq: SQ, x: number, n: number, codes: number): void {
  const { qtype, d, codeSize, trained } = sq, { form, bits, offset } = lineOf(qtype);
  if (form === 3) build.sqHalves(x, n * d, codes);
  else if (form === 4) build.sqUppers(x, n * d, codes);
  else if (trained.length === 0) build.sqCast(x, n * d, -offset, codes);
  else {
    new Uint8Array(buffer, codes, n * codeSize).fill(0);
    build.sqEncode(bits, x, n, d, trained.byteOffset, trained.byteOffset + d * 4, codes, codeSize);
  }
}

/** Faiss compares bytes as integers where d is a multiple of its registers: of the query, too, only the whole part counts. */
const comparesIntegers = ({ qtype, d }: SQ) => qtype.startsWith('SQ8_direct') && d % 16 === 0;

function truncated(thread: Thread, x: number, d: number, at: number): number {
  new Float32Array(thread.buffer, at, d).set(new Float32Array(thread.buffer, x, d).map(Math.trunc));
  return at;
}

export const linearOps: CodecOps<SQ> = {
  pack: () => [],
  encode: (thread, sq, _, x, n, codes) => encode(thread, sq, x, n, codes),
  encodeScratch: () => 0,
  decode: (thread, sq, codes, n, out) => thread.search.sqDecode(lineOf(sq.qtype).form, codes, sq.codeSize, n, sq.d, offsetsAt(sq), stepsAt(sq), out),
  // L2: x − offset; inner product: the weights −x·step
  probeBytes: ({ d }) => d * 4,
  aim(thread, probe, x) {
    const { codec, at, metric } = probe, { d } = codec, from = comparesIntegers(codec) ? truncated(thread, x, d, at) : x;
    if (metric === 'L2') thread.search.sqAimL2(from, offsetsAt(codec), d, at);
    else probe.base = thread.search.sqAimDot(from, offsetsAt(codec), stepsAt(codec), d, at);
  },
  distances(thread, { codec, metric, at }, codes, n, base, out) {
    const { d, codeSize, qtype } = codec, { form } = lineOf(qtype);
    if (metric === 'L2') thread.search.sqScanL2(form, at, stepsAt(codec), codes, codeSize, n, d, base, out);
    else thread.search.sqScanDot(form, at, codes, codeSize, n, d, base, out);
  },
};
