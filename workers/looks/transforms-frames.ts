/** What vectors look like under a matrix: the finished one of a map, or one that its training passed through. */
import { openArena, release, takeF32 } from '../../engine/memory';
import type { Engine } from '../../engine/pool';
import { covarianceAfter, covarianceOf, spreadOf, squaresOf } from '../../engine/transforms/spread';
import type { Spread, Squares } from '../../engine/transforms/spread';
import type { Transform } from '../../engine/types';

/** Vectors in one frame of axes. */
export type Frame = Spread & {
  covariance: Squares;
  points: Float32Array; // (m, 2) first two components
  query: Place;
  selected: Place | null;
  near: Float32Array; // (neighbours, 2)
};
export type Place = { x: number; y: number };

/** Without what the query decides. */
export type Kept = { frame: Omit<Frame, 'query' | 'selected' | 'near'>; covariance: Float64Array /* (d, d) */ };
export type Rows = { x: number; n: number; d: number };
/** What a map is applied to: rows, those of them that are drawn, their covariance, and into how many parts its outputs are cut. */
export type Around = { rows: Rows; dots: number[]; covariance: Float64Array; M: number };

/** Entries of a matrix that are shown on a side. */
const MOST_SQUARES = 128;

export const frameOf = (covariance: Float64Array, d: number, M: number, places: Place[]): Kept['frame'] => ({
  ...spreadOf(covariance, d, M), covariance: squaresOf(covariance, d, MOST_SQUARES), points: Float32Array.from(places.flatMap(({ x, y }) => [x, y])),
});

/** The frames that matrices (dOut, d) of the same map give. */
export async function framesOf<S extends { A: Float32Array }>(engine: Engine, transform: Transform, states: S[], { rows: { x, n, d }, dots, covariance, M }: Around): Promise<(S & { frame: Kept['frame'] })[]> {
  if (states.length === 0) return [];
  const all = new Float32Array(engine.memory.memory.buffer, x, n * d), { dOut } = transform, row = (i: number) => learntFrom(transform, all.subarray(i * d, (i + 1) * d));
  const from = transform.kind === 'ITQ' ? await directionCovariance(engine, n, d, row) : covariance, frames: (S & { frame: Kept['frame'] })[] = [];
  for (const state of states) {
    const after = await covarianceAfter(engine, from, state.A, d, dOut), places = dots.map((i) => placeOf(firstTwo(state.A, row(i))));
    frames.push({ ...state, frame: frameOf(after, dOut, M, places) });
  }
  return frames;
}

async function directionCovariance(engine: Engine, n: number, d: number, row: (i: number) => Float32Array): Promise<Float64Array> {
  const room = openArena(engine.memory);
  try {
    const units = takeF32(room, n * d, 'the sample');
    for (let i = 0; i < n; i++) units.set(row(i), i * d);
    return await covarianceOf(engine, units.byteOffset, n, d);
  } finally {
    release(room);
  }
}

/** What the matrix of a map is applied to: for ITQ the direction from its mean. */
export function learntFrom(transform: Transform | undefined, x: Float32Array): Float32Array {
  if (transform?.kind !== 'ITQ') return x;
  const from = x.map((v, j) => v - (transform.mean[j] ?? 0)), length = lengthOf(from);
  return length > 0 ? from.map((v) => v / length) : from;
}

/** The first two components of A·x. */
export function firstTwo(A: Float32Array, x: ArrayLike<number>): [number, number] {
  let a = 0, b = 0;
  for (let j = 0; j < x.length; j++) {
    a += (x[j] ?? 0) * (A[j] ?? 0);
    b += (x[j] ?? 0) * (A[x.length + j] ?? 0);
  }
  return [a, b];
}

export const placeOf = (y: ArrayLike<number>): Place => ({ x: y[0] ?? 0, y: y[1] ?? 0 });
export const lengthOf = (x: Float32Array) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));
