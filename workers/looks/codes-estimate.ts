import { bitsAt, blockAt, codeAt, decodedAt } from '../../engine/measure/codes';
import { vectorFor } from '../../engine/measure/lookups';
import type { Codec } from '../../engine/types';
import type { Room } from './codes-room';
import { minus, ownVector, placeIn, plus } from './codes-room';
import { codeDistance } from './codes-scanned';

type RaBitQ = Extract<Codec, { kind: 'RaBitQ' | 'RaBitQfs' }>;
type EDEN = Extract<Codec, { kind: 'EDEN' }>;
type Place = ReturnType<typeof placeIn>;

/** Signs or levels of a vector less its centre, and the estimate of a distance that they give. */
export type EstimateLook = {
  kind: 'estimate';
  name: 'RaBitQ' | 'EDEN';
  nbits: number; d: number;
  centre: 'centroid' | 'mean' | 'none';
  vector: Float32Array;  // (d) less its centre
  decoded: Float32Array; // (d) what all bits of the code stand for
  query: Float32Array;   // (d) less the same centre; EDEN takes inner products with the query as it is
  /** The number that the bits of each component make, the lowest level being 0. */
  number: Uint16Array;   // (d)
  /** The estimate is before + Σ products + rounding, the last of a query or tables in whole steps. */
  sum: { before: number; products: Float32Array /* (d) */; rounding: number };
};

export function estimateLook(room: Room, id: number, codec: RaBitQ | EDEN): EstimateLook {
  const { stored, engine, inner, index: { metric } } = room, { nbits, d, kind } = codec, place = placeIn(room, id), eden = kind === 'EDEN', ip = metric === 'IP';
  const { centre, name } = centreOf(room, codec, place), whole = new Float32Array(engine.own.buffer, inner, d).slice(), own = ownVector(room, id, place.list);
  const vector = codec.centre ? minus(own, codec.centre) : own, query = eden && ip ? whole : codec.centre ? minus(whole, codec.centre) : vectorFor(engine.own, stored, inner, place.list);
  const { rest: decoded, number } = bitsOf(room, codec, place), products = query.map((v, j) => v * (decoded[j] ?? 0) * (ip ? 1 : -2));
  const length = eden && codec.biased ? dot(decoded, decoded) : dot(vector, vector), before = ip ? dot(whole, centre) + (eden ? 0 : dot(centre, vector)) : dot(query, query) + length;
  return {
    kind: 'estimate', name: eden ? 'EDEN' : 'RaBitQ', nbits, d, centre: name, vector, decoded, query, number,
    sum: { before, products, rounding: codeDistance(room, id) - before - products.reduce((sum, v) => sum + v, 0) },
  };
}

const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, v, j) => sum + v * (y[j] ?? 0), 0);

function centreOf({ stored: { ivf, d } }: Room, codec: RaBitQ | EDEN, { list }: Place): { centre: Float32Array; name: EstimateLook['centre'] } {
  if (codec.centre) return { centre: codec.centre, name: 'mean' };
  return ivf?.byResidual ? { centre: ivf.centroids.subarray(list * d, (list + 1) * d), name: 'centroid' } : { centre: new Float32Array(d), name: 'none' };
}

/** All bits of a code in the space of the codec. The decoder of RaBitQ reads signs alone. */
export function allBits(room: Room, codec: RaBitQ | EDEN, place: Place): Float32Array {
  const { rest } = bitsOf(room, codec, place);
  return codec.centre ? plus(rest, codec.centre) : rest;
}

function bitsOf(room: Room, codec: RaBitQ | EDEN, place: Place): { rest: Float32Array; number: Uint16Array } {
  const { engine, stored } = room, decoded = decodedAt(engine.own, stored, place), rest = codec.centre ? minus(decoded, codec.centre) : decoded;
  if (codec.kind === 'EDEN') return { rest, number: levelsIn(codec, codeAt(engine.own, stored, place), rest) };
  const signs = codeAt(engine.own, stored, place), sign = (j: number) => bitsAt(signs, j, 1);
  return codec.nbits === 1 ? { rest, number: Uint16Array.from(rest, (_, j) => sign(j)) } : gridIn(room, codec, place, sign);
}

/** Which of the levels each component has; the scale stands last in the code. */
function levelsIn({ levels, nbits, codeSize }: EDEN, code: Uint8Array, rest: Float32Array): Uint16Array {
  const scale = new DataView(code.buffer, code.byteOffset).getFloat32(codeSize - 4, true), own = levels.subarray(0, 2 ** nbits);
  const nearest = (v: number) => own.reduce((best, level, i) => (Math.abs(level * scale - v) < Math.abs((own[best] ?? 0) * scale - v) ? i : best), 0);
  return Uint16Array.from(rest, nearest);
}

/** Sign and grid together count upwards: number u stands for scale·(u + ½ − 2^(nbits − 1)). Where bytes lie: assembly/rabitq.ts. */
function gridIn({ engine, stored }: Room, { kind, d, nbits, codeSize, metric }: RaBitQ, place: Place, sign: (j: number) => number): { rest: Float32Array; number: Uint16Array } {
  const bits = nbits - 1, bytes = Math.ceil(d / 8), { address, row } = blockAt(stored, place), size = codeSize - bytes;
  const factors = kind === 'RaBitQfs' ? address + 32 * bytes + row * size : address + bytes, own = new Uint8Array(engine.own.buffer, factors, size);
  const last = new DataView(engine.own.buffer, factors).getFloat32(size - 4, true), scale = metric === 'IP' ? last : -last / 2;
  const number = Uint16Array.from({ length: d }, (_, j) => bitsAt(own, 96 + j * bits, bits) + sign(j) * 2 ** bits);
  return { number, rest: Float32Array.from(number, (u) => scale * (u + 0.5 - 2 ** bits)) };
}
