import { aimedAt, bitsAt, codeAt } from '../../engine/measure/codes';
import { openArena, release, takeF32 } from '../../engine/memory';
import { transformOne } from '../../engine/transforms/apply';
import type { Codec } from '../../engine/types';
import type { Room } from './codes-room';
import { ownVector, placeIn, sampleOf } from './codes-room';

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
  periodic: boolean;
  /** In two dimensions the lines themselves, and a sample of the vectors with the bits they differ in from the query. */
  plane: null | { normals: Float32Array /* (nbits, 2) */; thresholds: Float32Array; points: Float32Array /* (·, 2) */; differ: Uint8Array; query: Float32Array; vector: Float32Array };
};

export function signsLook(room: Room, id: number, codec: SignCodec): SignsLook {
  const { engine, stored, inner } = room, { nbits, d } = codec, thread = engine.own, place = placeIn(room, id), margins = marginsOf(room, codec, place.list);
  const own = ownVector(room, id, place.list), query = new Float32Array(thread.buffer, inner, d).slice();
  const { probe } = aimedAt(thread, stored, inner, place.list), asked = new Uint8Array(thread.buffer, probe.at, codec.codeSize).slice();
  const bitsOf = (code: Uint8Array) => Uint8Array.from({ length: nbits }, (_, b) => bitsAt(code, b, 1)), queryBits = bitsOf(asked);
  return {
    kind: 'signs', nbits, vector: margins(own), query: margins(query), bits: bitsOf(codeAt(thread, stored, place)), queryBits,
    periodic: codec.kind === 'SH' && codec.period > 0, plane: codec.kind === 'LSH' && d === 2 ? planeOf(room, codec, queryBits, query, own) : null,
  };
}

/** Each component before its bit is taken, less what it is compared with. */
function marginsOf({ engine }: Room, codec: SignCodec, list: number): (x: Float32Array) => Float32Array {
  const { nbits, d, thresholds } = codec, from = codec.kind === 'SH' ? Math.max(0, list) * nbits : 0;
  return (x) => {
    const room = openArena(engine.memory), thread = engine.own, { top } = thread;
    try {
      const at = takeF32(room, d), out = takeF32(room, nbits);
      at.set(x);
      if (codec.kind === 'SH') transformOne(thread, codec.map, at.byteOffset, out.byteOffset);
      else if (codec.A) thread.search.affine(at.byteOffset, codec.A.byteOffset, 0, nbits, d, out.byteOffset);
      else out.set(at.subarray(0, nbits));
      return out.map((v, b) => v - (thresholds?.[from + b] ?? 0)).slice();
    } finally {
      thread.top = top;
      release(room);
    }
  };
}

function planeOf(room: Room, { nbits, A, thresholds }: Extract<Codec, { kind: 'LSH' }>, queryBits: Uint8Array, query: Float32Array, vector: Float32Array): SignsLook['plane'] {
  const { engine, stored } = room, { rows, ids } = sampleOf(room);
  const differ = Uint8Array.from(ids, (id) => queryBits.reduce((sum, bit, b) => sum + (bit === bitsAt(codeAt(engine.own, stored, placeIn(room, id)), b, 1) ? 0 : 1), 0));
  const normals = A?.slice() ?? Float32Array.from({ length: nbits * 2 }, (_, i) => (i >> 1 === i % 2 ? 1 : 0));
  return { normals, thresholds: thresholds?.slice() ?? new Float32Array(nbits), points: rows.slice(), differ, query, vector };
}
