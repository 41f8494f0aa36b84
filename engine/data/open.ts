/** A data set in hand: vectors in the engine's memory, how to show each of them, and the exact neighbours of its queries. */
import type { Metric } from '../factory/spec';
import type { Arena } from '../memory';
import { openArena, release, takeF32 } from '../memory';
import type { Truth } from '../measure/truth';
import { findTruth } from '../measure/truth';
import type { Engine } from '../pool';
import { refuse } from '../refusal';
import type { Label } from './labels';

/** Vectors before they are in the engine's memory: `write` fills rows [from, to) as float32. */
export type Source = {
  name: string; title: string; d: number; nMax: number; nq: number;
  writeBase(from: number, to: number, out: Float32Array): void;
  writeQueries(out: Float32Array): void;
  /** The same where values are bytes, as they are kept. */
  bytes?: { writeBase(from: number, to: number, out: Uint8Array): void; writeQueries(out: Uint8Array): void };
  baseLabel(id: number): Label;
  queryLabel(index: number): Label;
  queryName(index: number): string;
  licence: string; attribution: string;
};

export type OpenSet = {
  source: Source; arena: Arena; metric: Metric; n: number; d: number; nq: number;
  base: Float32Array;    // (n, d)
  queries: Float32Array; // (nq, d)
  truth: Truth;          // of the first TRUE_K neighbours, or n where there are fewer
  truthMs: number;
};

/** Neighbours kept per query: enough for k up to 100. */
export const TRUE_K = 100;

/** The first n vectors of a source and all its queries. */
export async function openSet(engine: Engine, source: Source, n: number, metric: Metric): Promise<OpenSet> {
  if (!(n >= 1 && n <= source.nMax)) refuse(`${source.title} has ${source.nMax} vectors; ${n} were asked for. Choose 1 to ${source.nMax}.`);
  const { d, nq } = source, arena = openArena(engine.memory);
  try {
    const base = takeF32(arena, n * d, `${n} vectors of ${d} dimensions`), queries = takeF32(arena, nq * d);
    source.writeBase(0, n, base);
    source.writeQueries(queries);
    const started = performance.now();
    const truth = await findTruth(engine, arena, { base: base.byteOffset, n, d, metric, queries: queries.byteOffset, nq, k: Math.min(TRUE_K, n) });
    return { source, arena, metric, n, d, nq, base, queries, truth, truthMs: performance.now() - started };
  } catch (problem) {
    release(arena);
    throw problem;
  }
}
