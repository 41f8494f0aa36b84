/** Scalar quantizers: every component by itself. Four families stand behind one kind of codec: numbers on a line (`SQ8`, `SQfp16`,
 *  …), fixed levels (`SQtqmse4`), levels and a bit for the rest (`SQtq4`), and nothing at all (`SQ0`). */
import type { SqType } from '../factory/spec';
import type { Arena } from '../memory';
import { takeF32 } from '../memory';
import type { CodecOf, CodecOps } from './codec';
import { levelsOps, trainLevels } from './sq-levels';
import { linearOps, trainLinear } from './sq-linear';
import { trainTurbo, turboOps } from './sq-turbo';

export type SQ = CodecOf<'SQ'>;

/** Training vectors x (n, d). Only SQ8, SQ6 and SQ4 look at them. */
export function trainSq(arena: Arena, qtype: SqType, x: Float32Array, n: number, d: number): SQ {
  if (qtype === 'SQ0') return { kind: 'SQ', qtype, d, codeSize: 0, trained: takeF32(arena, 0), tables: takeF32(arena, 0) };
  if (qtype.startsWith('SQtqmse')) return trainLevels(arena, qtype, d);
  if (qtype.startsWith('SQtq')) return trainTurbo(arena, qtype, d);
  return trainLinear(arena, qtype, x, n, d);
}

/** Nothing is kept: every code stands for 0, which inside an inverted list is its centroid. */
const emptyOps: CodecOps<SQ> = {
  pack: () => [],
  encode: () => {},
  encodeScratch: () => 0,
  decode: (thread, { d }, _, n, out) => void new Float32Array(thread.buffer, out, n * d).fill(0),
  probeBytes: () => 0,
  aim(thread, probe, x) {
    if (probe.metric === 'IP') return;
    probe.base = new Float32Array(thread.buffer, x, probe.codec.d).reduce((sum, v) => sum + v * v, 0);
  },
  distances: (thread, _, __, n, base, out) => void new Float32Array(thread.buffer, out, n).fill(base),
};

function familyOf({ qtype }: SQ): CodecOps<SQ> {
  if (qtype === 'SQ0') return emptyOps;
  if (qtype.startsWith('SQtqmse')) return levelsOps;
  return qtype.startsWith('SQtq') ? turboOps : linearOps;
}

export const sqOps: CodecOps<SQ> = {
  pack: () => [],
  encode: (thread, sq, packed, x, n, codes) => familyOf(sq).encode(thread, sq, packed, x, n, codes),
  encodeScratch: (sq, n) => familyOf(sq).encodeScratch(sq, n),
  decode: (thread, sq, codes, n, out) => familyOf(sq).decode(thread, sq, codes, n, out),
  probeBytes: (sq) => familyOf(sq).probeBytes(sq),
  aim: (thread, probe, x) => familyOf(probe.codec).aim(thread, probe, x),
  distances: (thread, probe, codes, n, base, out) => familyOf(probe.codec).distances(thread, probe, codes, n, base, out),
};
