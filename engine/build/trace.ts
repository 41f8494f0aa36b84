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
  /** The codebooks whose sums are the cells, of a residual coarse quantizer. */
  rcq?: AdditiveTrace;
  /** The index over the centroids, where it is neither flat nor a graph by name. */
  over?: BuildTrace;
  /** The transforms, in order; null where a map is drawn or computed at once. */
  transforms?: (TransformTrace | null)[];
  /** The parts of a product code, side by side. */
  pq?: KMeansTrace;
  /** The second code of PQa+b: the parts of what the first leaves. */
  second?: KMeansTrace;
  /** A code of two levels: the centroids of the first (one part, or its parts side by side), the parts of the second. */
  levels?: { first: KMeansTrace; second: KMeansTrace };
  /** Of a sum of codebook rows: one a split. */
  additive?: AdditiveTrace[];
  /** How a graph grew, over the vectors or over the centroids. */
  graph?: GraphTrace;
  /** The index that re-ranks. */
  refine?: BuildTrace;
};
export type TransformTrace = { kind: 'OPQ'; opq: OpqTrace } | { kind: 'ITQ'; itq: ItqTrace };

/** Floats of centroids that the trace of a product code, of a multi-index or of a level may hold. */
export const CODEBOOK_FLOATS = 2 ** 20;
/** Floats of matrices that the trace of one transform may hold. */
export const MATRIX_FLOATS = 2 ** 21;

/** Where the k-means of a few parts is recorded. */
export const openKmeans = (): KMeansTrace => ({ iterations: [], sampled: 0, most: CODEBOOK_FLOATS });

/** Whether the state of step i of so many is kept: evenly spread, the last one always, when each takes so many floats. */
export const keepsStep = (i: number, steps: number, floats: number, most: number): boolean =>
  floats <= most && (steps - 1 - i) % Math.max(1, Math.ceil((steps * floats) / most)) === 0;

/** Bytes of the states that a trace holds, and whether some were left out. */
export function sizeOf({ over, refine, ...own }: BuildTrace): { bytes: number; sampled: boolean } {
  const parts = [over, refine].flatMap((part) => (part ? [sizeOf(part)] : [])), states = statesOf(own);
  const books = own.transforms?.reduce((sum, trace) => sum + (trace?.kind === 'OPQ' ? trace.opq.codebooks?.length ?? 0 : 0), 0) ?? 0;
  const bytes = 4 * states.reduce((sum, floats) => sum + floats, books);
  return { bytes: parts.reduce((sum, part) => sum + part.bytes, bytes), sampled: states.includes(0) || parts.some(({ sampled }) => sampled) };
}

/** Floats of each state, 0 where it was left out. */
function statesOf({ kmeans, halves, pq, second, levels, transforms = [] }: BuildTrace): number[] {
  return [
    ...[kmeans, halves, pq, second, levels?.first, levels?.second].flatMap((trace) => trace?.iterations.map(({ centroids }) => centroids.length) ?? []),
    ...transforms.flatMap((trace) => matrices(trace).map((matrix) => matrix?.length ?? 0)),
  ];
}

function matrices(trace: TransformTrace | null): (Float32Array | undefined)[] {
  if (!trace) return [];
  const { start, rounds } = trace.kind === 'OPQ' ? trace.opq : trace.itq;
  return [start, ...rounds.map(({ A }) => A)];
}
