import { bitsAt, codeAt, usageOf } from '../../engine/measure/codes';
import { vectorFor } from '../../engine/measure/lookups';
import type { AdditiveTrace } from '../../engine/quantizers/rq';
import type { Codec } from '../../engine/types';
import type { Room } from './codes-room';
import { ownVector, placeIn, restored, sampleOf, squaredDistance } from './codes-room';

type AQ = Extract<Codec, { kind: 'AQ' }>;

/** Levels that add up: what the code stands for after none, one, … all of its rows. */
export type AdditiveLook = {
  kind: 'additive';
  family: string;
  M: number;      // levels of all splits
  splits: number; // of the components; levels of one split work on its components alone
  /** After m levels, in the data's space: the first is the centroid, or nothing. */
  steps: Float32Array; // (M + 1, d)
  /** Squared error after m levels, in the space of the codes: of the selected vector, and on average over a sample. */
  errors: Float32Array;     // (M + 1)
  meanErrors: Float32Array; // (M + 1)
  sampled: number;
  /** Squared distance of the query to what the code stands for after m levels; the last is the distance by code. */
  distances: Float32Array; // (M + 1)
  rows: Int32Array;  // (M) rows of each codebook
  codes: Int32Array; // (M)
  /** Share of all vectors that have the same row, and rows that none has. */
  shares: Float32Array; // (M)
  unused: Int32Array;   // (M)
  /** Square of the length of what the code stands for; what its own code says of it, null where none is kept. */
  norm: { exact: number; kept: number | null; name: string };
  /** Mean ‖x − x̂‖² over training vectors, of one split: with each codebook of a residual quantizer, after each iteration of a local
   *  search. */
  training: { split: number; step: number; steps: number; error: number; sampled: number }[];
};

/** Of a code in blocks, the sum that it keeps. */
export const sumsOf = (codec: Codec): AQ | null => (codec.kind === 'AQ' ? codec : codec.kind === 'AQfs' ? codec.aq : null);

const usages = new WeakMap<Codec, Uint32Array[]>();

export function additiveLook(room: Room, id: number, aq: AQ, traces: AdditiveTrace[] = []): AdditiveLook {
  const { stored, engine, set } = room, place = placeIn(room, id), code = codeAt(engine.own, stored, place), M = aq.layout.length / 4 - 1;
  const partial = partialSums(aq, code), own = ownVector(room, id, place.list), asked = vectorFor(engine.own, stored, room.inner, place.list), usage = usageIn(room, aq);
  const steps = new Float32Array((M + 1) * set.d);
  partial.forEach((sum, m) => steps.set(restored(room, sum, place.list, id), m * set.d));
  const codes = Int32Array.from({ length: M }, (_, m) => codeIn(aq, code, m)), sample = sampleOf(room);
  return {
    kind: 'additive', family: aq.family, M, splits: aq.splits, steps, errors: Float32Array.from(partial, (sum) => squaredDistance(own, sum)),
    meanErrors: meanErrors(room, aq), distances: Float32Array.from(partial, (sum) => squaredDistance(asked, sum)), sampled: sample.n, codes, rows: Int32Array.from(usage, (counts) => counts.length),
    shares: Float32Array.from(usage, (counts, m) => (counts[codes[m] ?? 0] ?? 0) / stored.n), unused: Int32Array.from(usage, (counts) => counts.filter((n) => n === 0).length),
    norm: { exact: (partial[M] ?? own).reduce((sum, v) => sum + v * v, 0), kept: keptNorm(aq, code), name: aq.norm ?? 'not kept' },
    training: traces.flatMap(({ errors, sampled }, split) => errors.map((error, step) => ({ split, step, steps: errors.length, error, sampled }))),
  };
}

const codeIn = ({ layout }: AQ, code: Uint8Array, m: number) => bitsAt(code, layout[m * 4] ?? 0, layout[m * 4 + 1] ?? 0);

/** Σ of the first 0 … M rows of the codebooks, each on the components of its split. */
function partialSums(aq: AQ, code: Uint8Array): Float32Array[] {
  const { d, splits, layout, codebooks } = aq, dsub = d / splits, sums = [new Float32Array(d)];
  for (let m = 0; m < layout.length / 4 - 1; m++) {
    const next = (sums[m] ?? new Float32Array(d)).slice(), row = ((layout[m * 4 + 2] ?? 0) + codeIn(aq, code, m)) * dsub, to = layout[m * 4 + 3] ?? 0;
    for (let j = 0; j < dsub; j++) next[to + j] = (next[to + j] ?? 0) + (codebooks[row + j] ?? 0);
    sums.push(next);
  }
  return sums;
}

const means = new WeakMap<Codec, Float32Array>();

function meanErrors(room: Room, aq: AQ): Float32Array {
  const known = means.get(aq);
  if (known) return known;
  const { stored, engine } = room, { rows, n, ids } = sampleOf(room), { d } = aq, sums = new Float32Array(aq.layout.length / 4);
  ids.forEach((id, i) => partialSums(aq, codeAt(engine.own, stored, placeIn(room, id))).forEach((sum, m) => { sums[m] = (sums[m] ?? 0) + squaredDistance(rows.subarray(i * d, (i + 1) * d), sum) / n; }));
  means.set(aq, sums);
  return sums;
}

function usageIn({ engine, stored }: Room, aq: AQ): Uint32Array[] {
  const M = aq.layout.length / 4 - 1, at = (field: number) => Array.from({ length: M }, (_, m) => aq.layout[m * 4 + field] ?? 0);
  const found = usages.get(aq) ?? usageOf(engine.own, stored, at(0), at(1));
  usages.set(aq, found);
  return found;
}

/** Behind the rows of a code, what of its norm is kept. */
function keptNorm({ layout, norm, norms }: AQ, code: Uint8Array): number | null {
  const at = layout.length - 4, bit = layout[at] ?? 0;
  if (norm === 'float') return new Float32Array(Uint32Array.of(bitsAt(code, bit, 32)).buffer)[0] ?? 0;
  return norms.values.length ? norms.values[bitsAt(code, bit, Math.log2(norms.values.length))] ?? null : null;
}
