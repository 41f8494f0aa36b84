import { decodedAt } from '../../engine/measure/codes';
import type { Codec } from '../../engine/types';
import type { AddsLook, Room } from './codes-room';
import { addsOf, ownVector, placeIn } from './codes-room';

type ZnLattice = Extract<Codec, { kind: 'ZnLattice' }>;

/** Each part of a vector: its length in even steps, its direction as an integer point of squared length r2. */
export type LatticeLook = {
  kind: 'lattice';
  M: number; dsub: number; r2: number; nbits: number; pointBits: number;
  points: number;          // integer points of that length
  ranges: Float32Array;    // (2, M) least and greatest length in training
  lengths: Float32Array;   // (M) of the vector's parts
  kept: Float32Array;      // (M) the lengths that the code keeps
  direction: Float32Array; // (M, dsub) parts of the vector, of length √r2
  point: Int32Array;       // (M, dsub) the integer points chosen
} & AddsLook;

export function latticeLook(room: Room, id: number, codec: ZnLattice): LatticeLook {
  const { d, M, r2, nbits, pointBits, counts, ranges } = codec, dsub = d / M, place = placeIn(room, id), own = ownVector(room, id, place.list), decoded = decodedAt(room.engine.own, room.stored, place);
  const lengthsOf = (x: Float32Array) => Float32Array.from({ length: M }, (_, m) => Math.hypot(...x.subarray(m * dsub, (m + 1) * dsub))), lengths = lengthsOf(own), kept = lengthsOf(decoded);
  const scaled = (x: Float32Array, by: Float32Array) => x.map((v, j) => { const length = by[Math.floor(j / dsub)] ?? 0; return length > 0 ? (v / length) * Math.sqrt(r2) : 0; });
  return {
    kind: 'lattice', M, dsub, r2, nbits, pointBits, points: Number(counts[dsub * (r2 + 1) + r2] ?? 0n), ranges: ranges.slice(), lengths, kept,
    direction: scaled(own, lengths), point: Int32Array.from(scaled(decoded, kept), Math.round), ...addsOf(room, decoded, place.list),
  };
}
