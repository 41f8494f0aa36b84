import { decodedAt } from '../../engine/measure/codes';
import { vectorFor } from '../../engine/measure/lookups';
import type { Codec } from '../../engine/types';
import type { Room } from './codes-room';
import { ownVector, placeIn } from './codes-room';

type Estimator = Extract<Codec, { kind: 'RaBitQ' | 'RaBitQfs' | 'EDEN' }>;

/** Signs or levels of a vector less its centre, and the estimate of a distance that they give. */
export type EstimateLook = {
  kind: 'estimate';
  name: 'RaBitQ' | 'EDEN';
  nbits: number; d: number;
  centre: 'centroid' | 'mean';
  vector: Float32Array;  // (d) less its centre
  decoded: Float32Array; // (d) what the code stands for; of RaBitQ the signs alone
  query: Float32Array;   // (d) less the same centre
};

export function estimateLook(room: Room, id: number, codec: Estimator): EstimateLook {
  const { engine, stored, inner } = room, { centre, d, nbits, kind } = codec, place = placeIn(room, id), thread = engine.own;
  const less = (x: Float32Array) => (centre ? x.map((v, j) => v - (centre[j] ?? 0)) : x);
  return {
    kind: 'estimate', name: kind === 'EDEN' ? 'EDEN' : 'RaBitQ', nbits, d, centre: centre ? 'mean' : 'centroid',
    vector: less(ownVector(room, id, place.list)), decoded: less(decodedAt(thread, stored, place)), query: less(vectorFor(thread, stored, inner, place.list)),
  };
}
