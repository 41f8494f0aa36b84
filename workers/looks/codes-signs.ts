import { aimedAt, bitsAt, codeAt } from '../../engine/measure/codes';
import { openArena, release, takeF32 } from '../../engine/memory';
import { scratch, scratchF32 } from '../../engine/thread';
import { transformOne } from '../../engine/transforms/apply';
import type { Codec } from '../../engine/types';
import type { Room } from './codes-room';
import { minus, ownVector, placeIn, sampleOf } from './codes-room';

type SignCodec = Extract<Codec, { kind: 'LSH' | 'SH' }>;

/** A bit says on which side of a line a vector stands. */
export type SignsLook = {
  kind: 'signs';
  nbits: number;
  /** Signed distance of vector and query from each line; of a spectral hash with a period the bit is that of its half period. */
  vector: Float32Array; // (nbits)
  query: Float32Array;  // (nbits)
  bits: Uint8Array;      // (nbits)
  queryBits: Uint8Array; // (nbits)
  /** Of a spectral hash: the bit is 1 in every other half of so long a period, counted from the line; else null. */
  period: number | null;
  /** Where a sample stands along each bit's axis, from its line: how many in each of `bins` equal steps from −reach to reach. */
  spread: Uint16Array; // (nbits, bins)
  bins: number; reach: Float32Array /* (nbits) */; sampled: number;
  /** In two dimensions the lines themselves, and a sample of the vectors with the bits they differ in from the query. */
  plane: null | { normals: Float32Array /* (nbits, 2) */; thresholds: Float32Array; points: Float32Array /* (·, 2) */; differ: Uint8Array; query: Float32Array; vector: Float32Array };
};

export function signsLook(room: Room, id: number, codec: SignCodec): SignsLook {
  const { engine, stored, inner } = room, { nbits, d } = codec, thread = engine.own, place = placeIn(room, id);
  const own = ownVector(room, id, place.list), query = new Float32Array(thread.buffer, inner, d).slice(), lines = linesOf(codec, place.list);
  const margins = (x: Float32Array) => minus(mapped(room, codec, x), lines);
  const bitsOf = (code: Uint8Array) => Uint8Array.from({ length: nbits }, (_, b) => bitsAt(code, b, 1)), queryBits = bitsOf(askedCode(room, codec, query, lines, place));
  return {
    kind: 'signs', nbits, vector: margins(own), query: margins(query), bits: bitsOf(codeAt(thread, stored, place)), queryBits,
    period: codec.kind === 'SH' && codec.period > 0 ? codec.period : null, ...spreadOf(room, codec, lines), plane: codec.kind === 'LSH' && d === 2 ? planeOf(room, codec, queryBits, query, own) : null,
  };
}

/** Each component as the codec maps it, before it is compared with anything. */
function mapped({ engine }: Room, codec: SignCodec, x: Float32Array): Float32Array {
  const { nbits, d } = codec, room = openArena(engine.memory), thread = engine.own, { top } = thread;
  try {
    const at = takeF32(room, d), out = takeF32(room, nbits);
    at.set(x);
    if (codec.kind === 'SH') transformOne(thread, codec.map, at.byteOffset, out.byteOffset);
    else if (codec.A) thread.search.affine(at.byteOffset, codec.A.byteOffset, 0, nbits, d, out.byteOffset);
    else out.set(at.subarray(0, nbits));
    return out.slice();
  } finally {
    thread.top = top;
    release(room);
  }
}

/** The query's code, as it is compared with those of the list. */
function askedCode(room: Room, codec: SignCodec, query: Float32Array, lines: Float32Array, { list }: ReturnType<typeof placeIn>): Uint8Array {
  const { engine, stored, inner } = room, thread = engine.own, { codeSize, nbits } = codec, { top } = thread;
  if (codec.kind === 'LSH') {
    const { probe } = aimedAt(thread, stored, inner, list), code = new Uint8Array(thread.buffer, probe.at, codeSize).slice();
    thread.top = top;
    return code;
  }
  const at = scratchF32(thread, nbits), limits = scratchF32(thread, nbits), out = scratch(thread, codeSize + 8);
  at.set(mapped(room, codec, query));
  limits.set(lines);
  thread.search.halfPeriods(at.byteOffset, 1, nbits, limits.byteOffset, 0, Math.fround(2 / codec.period), out, codeSize);
  const code = new Uint8Array(thread.buffer, out, codeSize).slice();
  thread.top = top;
  return code;
}

/** What components are compared with in list `list`. */
function linesOf({ kind, nbits, thresholds }: SignCodec, list: number): Float32Array {
  const from = kind === 'SH' ? Math.max(0, list) * nbits : 0;
  return Float32Array.from({ length: nbits }, (_, b) => thresholds?.[from + b] ?? 0);
}

const BINS = 48;
const sampled = new WeakMap<Codec, Float32Array>(); // (n, nbits)

/** A sample beside the lines of the list; the widest value of each axis stands at its end. */
function spreadOf(room: Room, codec: SignCodec, lines: Float32Array): Pick<SignsLook, 'spread' | 'bins' | 'reach' | 'sampled'> {
  const { rows, n } = sampleOf(room), { nbits, d } = codec, spread = new Uint16Array(nbits * BINS), reach = new Float32Array(nbits);
  const values = sampled.get(codec) ?? Float32Array.from(Array.from({ length: n }, (_, i) => [...mapped(room, codec, rows.subarray(i * d, (i + 1) * d))]).flat());
  sampled.set(codec, values);
  const off = (i: number) => (values[i] ?? 0) - (lines[i % nbits] ?? 0);
  for (let i = 0; i < values.length; i++) reach[i % nbits] = Math.max(reach[i % nbits] ?? 0, Math.abs(off(i)));
  for (let i = 0; i < values.length; i++) {
    const b = i % nbits, share = (off(i) / (reach[b] || 1) + 1) / 2, at = b * BINS + Math.min(BINS - 1, Math.max(0, Math.floor(share * BINS)));
    spread[at] = (spread[at] ?? 0) + 1;
  }
  return { spread, bins: BINS, reach, sampled: n };
}

function planeOf(room: Room, { nbits, A, thresholds }: Extract<Codec, { kind: 'LSH' }>, queryBits: Uint8Array, query: Float32Array, vector: Float32Array): SignsLook['plane'] {
  const { engine, stored } = room, { rows, ids } = sampleOf(room);
  const differ = Uint8Array.from(ids, (id) => queryBits.reduce((sum, bit, b) => sum + (bit === bitsAt(codeAt(engine.own, stored, placeIn(room, id)), b, 1) ? 0 : 1), 0));
  const normals = A?.slice() ?? Float32Array.from({ length: nbits * 2 }, (_, i) => (i >> 1 === i % 2 ? 1 : 0));
  return { normals, thresholds: thresholds?.slice() ?? new Float32Array(nbits), points: rows.slice(), differ, query, vector };
}
