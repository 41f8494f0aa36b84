/** What a build records of its training when asked. Numbers of every step are kept; states, such as centroids and rotations, are kept
 *  of evenly spread steps within the bounds below, and a step whose state was left out has none. */
import type { KMeansTrace } from '../kmeans';
import type { AdditiveTrace } from '../quantizers/rq';
import type { GraphTrace } from '../structures/growth';
import type { ItqTrace } from '../transforms/itq';
import type { OpqTrace } from '../transforms/opq';

export type BuildTrace = {
  /** The cells of an IVF. */
  kmeans?: KMeansTrace;
  /** The two halves of a multi-index, side by side. */
  halves?: KMeansTrace;
  /** The transforms, in order; null where a map is drawn or computed at once. */
  transforms?: (TransformTrace | null)[];
  /** The parts of a product code, side by side. */
  pq?: KMeansTrace;
  /** Of a sum of codebook rows: one a split. */
  additive?: AdditiveTrace[];
  /** How a graph grew, over the vectors or over the centroids. */
  graph?: GraphTrace;
};
export type TransformTrace = { kind: 'OPQ'; opq: OpqTrace } | { kind: 'ITQ'; itq: ItqTrace };

/** Floats of centroids that the trace of a product code or of a multi-index may hold. */
export const CODEBOOK_FLOATS = 2 ** 20;
/** Floats of matrices that the trace of one transform may hold. */
export const MATRIX_FLOATS = 2 ** 21;

/** Whether the state of step i of so many is kept: evenly spread, the last one always, when each takes so many floats. */
export const keepsStep = (i: number, steps: number, floats: number, most: number): boolean =>
  floats <= most && (steps - 1 - i) % Math.max(1, Math.ceil((steps * floats) / most)) === 0;

/** Bytes of the states that a trace holds, and whether some were left out. */
export function sizeOf({ kmeans, halves, pq, transforms = [] }: BuildTrace): { bytes: number; sampled: boolean } {
  const states = [
    ...[kmeans, halves, pq].flatMap((trace) => trace?.iterations.map(({ centroids }) => centroids.length) ?? []),
    ...transforms.flatMap((trace) => matrices(trace).map((matrix) => matrix?.length ?? 0)),
  ];
  const books = transforms.reduce((sum, trace) => sum + (trace?.kind === 'OPQ' ? trace.opq.codebooks?.length ?? 0 : 0), 0);
  return { bytes: 4 * states.reduce((sum, floats) => sum + floats, books), sampled: states.includes(0) };
}

function matrices(trace: TransformTrace | null): (Float32Array | undefined)[] {
  if (!trace) return [];
  const { start, rounds } = trace.kind === 'OPQ' ? trace.opq : trace.itq;
  return [start, ...rounds.map(({ A }) => A)];
}
