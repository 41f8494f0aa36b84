import type { WalkSink } from './structures/walk-trace';
import type { Counts } from './types';

/** What a search leaves behind besides its results: counts always, the rest when asked. Arrays bound what is recorded. */
export type Work = Counts & {
  /** Ids whose distance was computed, in order, and how many there were in all. */
  visited: Int32Array | null;
  visitedCount: number;
  /** Lists in the order they were scanned. */
  probed: Int32Array | null;
  /** Hops of a walk over the vectors or, of an inverted file, over its centroids. */
  walk?: WalkSink | null;
  /** µs per stage, when a clock is given. */
  clock: (() => number) | null;
  us: { transform: number; coarse: number; scan: number; refine: number };
};

export const newWork = (record: Partial<Pick<Work, 'visited' | 'probed' | 'walk' | 'clock'>> = {}): Work => ({
  ndis: 0, lists: 0, codes: 0, hops: 0, visited: null, visitedCount: 0, probed: null, clock: null,
  us: { transform: 0, coarse: 0, scan: 0, refine: 0 }, ...record,
});

/** Notes n ids (at address `ids`) as visited. */
export function noteVisited(work: Work, buffer: ArrayBufferLike, ids: number, n: number): void {
  if (!work.visited) return;
  const room = Math.min(n, work.visited.length - work.visitedCount);
  if (room > 0) work.visited.set(new Int32Array(buffer, ids, room), work.visitedCount);
  work.visitedCount += n;
}

/** Runs one stage and adds its time to work.us. */
export function timed<T>(work: Work, stage: keyof Work['us'], step: () => T): T {
  if (!work.clock) return step();
  const started = work.clock();
  const result = step();
  work.us[stage] += (work.clock() - started) * 1000;
  return result;
}
