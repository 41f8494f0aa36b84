import { codeAt, decodedAt } from '../../engine/measure/codes';
import { coded } from '../../engine/measure/lookups';
import { lineOf } from '../../engine/quantizers/sq-linear';
import { bitsOf } from '../../engine/quantizers/sq-levels';
import type { Codec } from '../../engine/types';
import type { AddsLook, Room } from './codes-room';
import { addsOf, ownVector, placeIn, sampleOf } from './codes-room';

type SQ = Extract<Codec, { kind: 'SQ' }>;

/** Every component by itself: the values it takes, the levels it is rounded to. */
export type ScalarLook = {
  kind: 'scalar';
  qtype: string; d: number;
  vector: Float32Array;  // (d)
  decoded: Float32Array; // (d)
  /** Values of a sample: each component on one common range, and on its own. */
  range: [number, number];
  common: Uint16Array;   // (d, COMMON)
  own: Uint16Array;      // (d, OWN)
  ownRange: Float32Array; // (d, 2)
  commonBins: number; ownBins: number; sampled: number;
  /** Levels of each component: how many, the first and the step where they are even; all of them where one list serves every
   *  component; those of this vector's length, to each of which a sign of what it leaves adds a little; of short floats how many bits follow the
   *  leading one; null where nothing is known of them. */
  levels: { kind: 'even'; count: number; first: Float32Array; step: Float32Array } | { kind: 'listed'; values: Float32Array } | { kind: 'scaled'; values: Float32Array } | { kind: 'floats'; mantissa: number } | null;
  /** Mean squared error of each component over the sample. */
  errors: Float32Array; // (d)
  bytes: number;
} & AddsLook;

const COMMON = 32, OWN = 40;

type Shared = Pick<ScalarLook, 'range' | 'common' | 'own' | 'ownRange' | 'errors' | 'sampled'>;
const shared = new WeakMap<Codec, Shared>();

export function scalarLook(room: Room, id: number, sq: SQ): ScalarLook {
  const { engine, stored } = room, place = placeIn(room, id), { d, qtype, codeSize } = sq, vector = ownVector(room, id, place.list), decoded = decodedAt(engine.own, stored, place);
  const known = shared.get(sq) ?? histograms(room, d);
  shared.set(sq, known);
  return {
    kind: 'scalar', qtype, d, ...known, commonBins: COMMON, ownBins: OWN, levels: levelsOf(sq, Math.hypot(...vector)), bytes: codeSize ? codeAt(engine.own, stored, place).length : 0,
    vector, decoded, ...compared(room, sq, { vector, decoded }, place.list),
  };
}

/** Bytes as they come are compared with the query in bytes; SQtq knows the length of the vector, and takes that for its code's. */
function compared(room: Room, sq: SQ, { vector, decoded }: { vector: Float32Array; decoded: Float32Array }, list: number): AddsLook {
  const { query, adds, before } = addsOf(room, decoded, list), ip = room.index.metric === 'IP', { qtype, d } = sq;
  if (qtype.startsWith('SQ8_direct') && d % 16 === 0) {
    const bytes = coded(room.engine, sq, query).decoded;
    return { query: bytes, adds: bytes.map((v, j) => (ip ? v * (decoded[j] ?? 0) : (v - (decoded[j] ?? 0)) ** 2)), before };
  }
  const scaled = qtype.startsWith('SQtq') && !qtype.startsWith('SQtqmse') && !ip, square = (x: Float32Array) => x.reduce((sum, v) => sum + v * v, 0);
  return { query, adds, before: scaled ? square(vector) - square(decoded) : before };
}

function levelsOf(sq: SQ, length: number): ScalarLook['levels'] {
  const { qtype, d, tables } = sq;
  if (qtype === 'SQ0') return { kind: 'listed', values: new Float32Array(1) };
  if (qtype.startsWith('SQtqmse')) return { kind: 'listed', values: tables.slice(0, 2 ** bitsOf(sq)) };
  if (qtype.startsWith('SQtq')) return { kind: 'scaled', values: tables.slice(0, 2 ** (Number(qtype.slice('SQtq'.length)) - 1)).map((v) => v * length) };
  if (qtype === 'SQfp16' || qtype === 'SQbf16') return { kind: 'floats', mantissa: qtype === 'SQfp16' ? 10 : 7 };
  const { bits } = lineOf(qtype);
  return bits > 8 ? null : { kind: 'even', count: 2 ** bits, first: tables.slice(0, d), step: tables.slice(d, 2 * d) };
}

function histograms(room: Room, d: number): Shared {
  const { rows, decoded, n } = sampleOf(room), ownRange = new Float32Array(2 * d), errors = new Float32Array(d), common = new Uint16Array(d * COMMON), own = new Uint16Array(d * OWN);
  for (let j = 0; j < d; j++) {
    let low = Infinity, high = -Infinity;
    for (let i = 0; i < n; i++) {
      const v = rows[i * d + j] ?? 0;
      low = Math.min(low, v);
      high = Math.max(high, v);
      errors[j] = (errors[j] ?? 0) + (v - (decoded[i * d + j] ?? 0)) ** 2 / n;
    }
    ownRange.set([low, high], 2 * j);
  }
  const range: [number, number] = [ownRange.reduce((a, b) => Math.min(a, b), Infinity), ownRange.reduce((a, b) => Math.max(a, b), -Infinity)];
  const bin = (v: number, low: number, high: number, bins: number) => Math.min(bins - 1, Math.max(0, Math.floor(((v - low) / (high - low || 1)) * bins)));
  rows.forEach((v, i) => {
    const j = i % d, a = j * COMMON + bin(v, range[0], range[1], COMMON), b = j * OWN + bin(v, ownRange[2 * j] ?? 0, ownRange[2 * j + 1] ?? 0, OWN);
    common[a] = (common[a] ?? 0) + 1;
    own[b] = (own[b] ?? 0) + 1;
  });
  return { range, common, own, ownRange, errors, sampled: n };
}
