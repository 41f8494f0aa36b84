/** Signs as codes: one bit says on which side of a threshold a component stands, after a random rotation or without; distances are
 *  counts of bits that differ (Charikar, STOC 2002). Knows thresholds and codes; not the metric of the vectors. */
import { applyRows, packLinear, placeIn, transformScratch } from '../dense';
import type { Packed } from '../dense';
import type { CodecOf as SpecOf } from '../factory/spec';
import type { Arena } from '../memory';
import { openArena, release, takeF32 } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import { shifted } from '../random';
import { refuse } from '../refusal';
import { scratch } from '../thread';
import { randomRotationSteps } from '../transforms/orthonormal';
import { patiently } from '../transforms/steps';
import type { Steps } from '../transforms/steps';
import type { CodecOf, CodecOps } from './codec';

export type LSH = CodecOf<'LSH'>;

export type LshOptions = {
  /** Training vectors (n, d) at address x. */
  x: number; n: number; d: number;
  spec: SpecOf<'LSH'>;
  seed: number; // 0: Faiss's own seed
};

export async function trainLsh(engine: Engine, arena: Arena, { x, n, d, spec, seed }: LshOptions): Promise<LSH> {
  const nbits = spec.nbits ?? d, { rotate, train } = spec;
  if (nbits < 1) refuse('LSH0 would keep no bit.');
  if (!rotate && nbits > d) refuse(`LSH${nbits} has one bit a component and vectors have ${d}. LSH${nbits}r, after a random rotation, would do.`);
  const codec: LSH = { kind: 'LSH', d, nbits, codeSize: Math.ceil(nbits / 8) };
  if (rotate) {
    codec.A = takeF32(arena, nbits * d, 'the rotation');
    codec.A.set(await patiently(engine, randomRotationSteps(d, nbits, shifted(5, seed))));
  }
  if (train) {
    codec.thresholds = takeF32(arena, nbits, 'the thresholds');
    await learnMedians(engine, codec, codec.thresholds, x, n);
  }
  return codec;
}

const MEDIAN_BITS = 32; // columns at a time: what is rotated for them is bounded

/** thresholds[j] = the median of component j over all training vectors, so that each bit halves them. */
async function learnMedians(engine: Engine, { d, nbits, A }: LSH, thresholds: Float32Array, x: number, n: number): Promise<void> {
  for (let from = 0; from < nbits; from += MEDIAN_BITS) {
    const columns = Math.min(MEDIAN_BITS, nbits - from), room = openArena(engine.memory);
    try {
      let rows = new Float32Array(engine.memory.memory.buffer, x, n * d), stride = d, first = from;
      if (A) {
        const map = packLinear(engine.own, placeIn(room), A.byteOffset + from * d * 4, undefined, d, columns);
        rows = takeF32(room, n * columns, 'the rotated sample');
        stride = columns;
        first = 0;
        await run(engine, 'transform', { x, n, map, out: rows.byteOffset }, Math.ceil(n / 256), transformScratch(256, map));
      }
      await patiently(engine, medians(rows, n, stride, first, thresholds.subarray(from, from + columns)));
    } finally {
      release(room);
    }
  }
}

function* medians(rows: Float32Array, n: number, stride: number, first: number, out: Float32Array): Steps<void> {
  const column = new Float32Array(n);
  for (let j = 0; j < out.length; j++) {
    for (let i = 0; i < n; i++) column[i] = rows[i * stride + first + j] ?? 0;
    column.sort();
    out[j] = n % 2 ? column[(n - 1) / 2] ?? 0 : ((column[n / 2 - 1] ?? 0) + (column[n / 2] ?? 0)) / 2;
    yield;
  }
}

const thresholdsAt = ({ thresholds }: LSH) => thresholds?.byteOffset ?? 0;

/** The rotation as `applyRows` takes it, kept in the form that encoders post to threads. */
const asLinear = ({ panels, add, padded, m, d }: Packed) => ({ panels, bias: add, dIn: d, dOut: m, padded });

export const lshOps: CodecOps<LSH> = {
  pack(engine, arena, { A, d, nbits }) {
    if (!A) return [];
    const { panels, bias, padded } = packLinear(engine.own, placeIn(arena), A.byteOffset, undefined, d, nbits);
    return [{ panels, add: bias, m: nbits, padded, d, alpha: 1, cross: 0 }];
  },

  encode(thread, codec, [rotation], x, n, codes) {
    const { d, nbits, codeSize } = codec;
    let rows = x, stride = d;
    if (rotation) {
      rows = scratch(thread, n * nbits * 4);
      stride = nbits;
      applyRows(thread, x, n, asLinear(rotation), rows);
    }
    thread.build.signBits(rows, stride, n, nbits, thresholdsAt(codec), codes, codeSize);
  },
  encodeScratch: ({ A, d, nbits }, n) => (A ? n * nbits * 4 + transformScratch(n, { panels: 0, bias: 0, dIn: d, dOut: nbits, padded: Math.ceil(nbits / 8) * 8 }) + 64 : 0),

  /** ±1 beside each threshold, turned back. Components without a bit are 0. */
  decode(thread, { A, d, nbits, codeSize, thresholds }, codes, n, out) {
    const bytes = new Uint8Array(thread.buffer, codes, n * codeSize), rows = new Float32Array(thread.buffer, out, n * d).fill(0);
    for (let i = 0; i < n; i++) {
      for (let b = 0; b < nbits; b++) {
        const v = (((bytes[i * codeSize + (b >> 3)] ?? 0) >> (b & 7)) & 1 ? 1 : -1) + (thresholds?.[b] ?? 0);
        if (A) for (let j = 0; j < d; j++) rows[i * d + j] = (rows[i * d + j] ?? 0) + v * (A[b * d + j] ?? 0);
        else rows[i * d + b] = v;
      }
    }
  },

  // the query's code, and what it is made of where it is rotated
  probeBytes: ({ codeSize, nbits, A }) => ((codeSize + 63) & ~63) + (A ? nbits * 4 : 0),

  aim(thread, { codec, at }, x) {
    const { A, d, nbits, codeSize } = codec, rotated = at + ((codeSize + 63) & ~63);
    if (A) thread.search.affine(x, A.byteOffset, 0, nbits, d, rotated);
    thread.search.signBits(A ? rotated : x, d, 1, nbits, thresholdsAt(codec), at, codeSize);
  },

  distances: (thread, { codec: { codeSize }, at }, codes, n, base, out) => thread.search.hammingToMany(at, codes, n, codeSize, base, out),
};
