import type { WalkSink } from './structures/walk-trace';
import type { Counts } from './types';

/** The stages of a search, in order. `tables`: what is made of the query before codes are compared with it. */
export const stages = ['transform', 'coarse', 'tables', 'scan', 'refine'] as const;
export type Stage = (typeof stages)[number];

/** What a search leaves behind besides its results: counts always, the rest when asked. Arrays bound what is recorded. */
export type Work = Counts & {
  /** Ids whose distance was computed, in order, and how many there were in all. */
  visited: Int32Array | null;
  visitedCount: number;
  /** Lists in the order they were scanned. */
  probed: Int32Array | null;
  /** One bit a node that a walk over the vectors came by on its lowest level, ⌈n/8⌉ bytes. */
  reached: Uint8Array | null;
  /** Hops of a walk over the vectors or, of an inverted file, over its centroids. */
  walk?: WalkSink | null;
  /** Called after each list of an inverted file, with its place in the order: what is nearest so far is what so many lists give. */
  afterList: ((place: number) => void) | null;
  /** µs per stage, when a clock is given; a stage within another is not counted twice. */
  clock: (() => number) | null;
  us: Record<Stage, number>;
  /** µs of stages within the one under way. */
  nested: number;
};

type Recorded = Pick<Work, 'visited' | 'probed' | 'reached' | 'afterList' | 'clock'>;
const unrecorded: Recorded = { visited: null, probed: null, reached: null, afterList: null, clock: null };

export const newWork = (record: Partial<Recorded & Pick<Work, 'walk'>> = {}): Work => ({
  ndis: 0, ndisCoarse: 0, ndisRefine: 0, lists: 0, codes: 0, hops: 0, visitedCount: 0,
  us: { transform: 0, coarse: 0, tables: 0, scan: 0, refine: 0 }, nested: 0, ...unrecorded, ...record,
});

/** The same counts, nothing recorded but hops: for a search within the search. */
export const unrecordedWork = (work: Work): Work => ({ ...work, ...unrecorded });

/** Notes n ids (at address `ids`) as visited. */
export function noteVisited(work: Work, buffer: ArrayBufferLike, ids: number, n: number): void {
  if (!work.visited) return;
  const room = Math.min(n, work.visited.length - work.visitedCount);
  if (room > 0) work.visited.set(new Int32Array(buffer, ids, room), work.visitedCount);
  work.visitedCount += n;
}

/** Runs one stage and adds its time to work.us. */
export function timed<T>(work: Work, stage: Stage, step: () => T): T {
  if (!work.clock) return step();
  const outer = work.nested, started = work.clock();
  work.nested = 0;
  const result = step(), took = (work.clock() - started) * 1000;
  work.us[stage] += took - work.nested;
  work.nested = outer + took;
  return result;
}
