/** A query set at one setting: recall, time per query and per stage, work, and where the missed neighbours were lost. */
import type { Arena } from '../memory';
import { openArena, release, take, takeF32, takeI32, takeU8 } from '../memory';
import type { Engine } from '../pool';
import type { SearchArgs } from '../search';
import { counted, searchMany } from '../search';
import { searchTogether } from '../search-together';
import type { Counts, Index, SearchParams } from '../types';
import type { Stage } from '../work';
import { stages } from '../work';
import type { Cause, Loss } from './causes';
import { doors, findCauses, losses } from './causes';
import type { Recall } from './recall';
import { hitsAtK, oneRecallAtR } from './recall';
import type { Truth } from './truth';

/** Per cause: shares of nq·k, or how many. */
export type Lost = Record<Cause, number>;

export type Measured = {
  recall: Recall;
  /** Per query on one thread, in µs. */
  usPerQuery: { mean: number; p50: number; p99: number };
  /** Mean of some of the queries, of which the clock takes a part. */
  usPerStage: Record<Stage, number>;
  /** Distances per query. */
  ndis: number;
  /** All counts per query. */
  counts: Counts;
  /** The single cause of each missed true neighbour, as shares; with the recall k@k they add up to 1. */
  lost: Lost;
  /** The same in whole numbers: true neighbours returned, and missed by cause, of nq·k. */
  hits: number;
  missed: Lost;
  /** The coarse losses split by what would let the lists in; shares that add up to `lost` and to whole numbers of nq·k. */
  losses: Record<Loss, number>;
  nq: number;
  /** Queries per second of all threads, given all at once (searchTogether). */
  qps: number;
};

export type MeasureArgs = { index: Index; published: string; listOf: Int32Array | null; queries: number; nq: number; d: number; k: number; params: SearchParams; truth: Truth; clockMs: number };

const LONG = 100; // R of 1-recall@100, found by a search of its own (a graph's beam is as wide as k)
const STAGED = 256; // queries that are timed stage by stage

/** Searches k (timed, twice: the first run warms the code up) and then 100 neighbours of every query; then k of all together. */
export async function measure(engine: Engine, m: MeasureArgs): Promise<Measured> {
  const { index, nq, k, d, truth } = m, arena = openArena(engine.memory);
  try {
    const ms = takeF64(arena, nq), counts = takeF64(arena, nq * counted.length), far = Math.max(k, Math.min(LONG, index.n));
    const dis = takeF32(arena, nq * far), ids = takeI32(arena, nq * far);
    const args = { index: m.published, queries: m.queries, d, params: m.params, dis: dis.byteOffset, ids: ids.byteOffset, ms: ms.byteOffset, counts: counts.byteOffset, us: 0 };
    const warm = Math.min(nq, 64);
    await searchMany(engine, { ...args, nq: warm, k, repeat: 1 }, index);
    const repeat = repeats(mean(ms.subarray(0, warm)), m.clockMs);
    await searchMany(engine, { ...args, nq, k, repeat }, index);
    const found = ids.slice(0, nq * k), sorted = Float64Array.from(ms).sort(), hits = hitsAtK(found, truth, nq, k);
    const byLoss = await missedByLoss(engine, arena, m, ids), missed = perCause((cause) => (cause === 'coarse' ? doors : [cause]).reduce((sum, loss) => sum + byLoss[loss], 0));
    const times = { mean: mean(ms) * 1000, p50: quantile(sorted, 0.5) * 1000, p99: quantile(sorted, 0.99) * 1000 }, perQuery = countsOf(counts, nq);
    const usPerStage = await timeStages(engine, arena, { ...args, nq: Math.min(nq, STAGED), k, repeat }, index);
    await searchTogether(engine, { ...args, nq, k: far }, index);
    const recall = { 'k@k': hits / (nq * k), '1@1': oneRecallAtR(found, truth, nq, k, 1), '1@100': oneRecallAtR(ids, truth, nq, far, LONG) };
    const started = performance.now();
    await searchTogether(engine, { ...args, nq, k }, index);
    const qps = (nq * 1000) / (performance.now() - started);
    return { recall, usPerQuery: times, usPerStage, ndis: perQuery.ndis, counts: perQuery, lost: perCause((cause) => missed[cause] / (nq * k)), hits, missed, losses: perLoss((loss) => byLoss[loss] / (nq * k)), nq, qps };
  } finally {
    release(arena);
  }
}

const perCause = (value: (cause: Cause) => number): Lost => ({ coarse: value('coarse'), graph: value('graph'), code: value('code'), refine: value('refine') });

const perLoss = (value: (loss: Loss) => number): Record<Loss, number> =>
  ({ nprobe: value('nprobe'), max_codes: value('max_codes'), quantizer: value('quantizer'), graph: value('graph'), code: value('code'), refine: value('refine') });

/** ids (nq, k) as the last search left them. */
async function missedByLoss(engine: Engine, arena: Arena, { index, published, listOf, queries, nq, d, k, params, truth }: MeasureArgs, ids: Int32Array): Promise<Record<Loss, number>> {
  const out = takeU8(arena, nq * k).fill(0), lists = listOf && takeI32(arena, listOf.length);
  lists?.set(listOf ?? []);
  const args = { index: published, queries, nq, d, k, params, ids: ids.byteOffset, truth: truth.ids.byteOffset, kTrue: truth.k, listOf: lists?.byteOffset ?? 0, out: out.byteOffset };
  await findCauses(engine, args, index);
  return perLoss((loss) => out.reduce((sum, code) => sum + Number(code === losses.indexOf(loss) + 1), 0));
}

async function timeStages(engine: Engine, arena: Arena, args: SearchArgs, index: Index): Promise<Record<Stage, number>> {
  const us = takeF64(arena, args.nq * stages.length);
  await searchMany(engine, { ...args, ms: 0, counts: 0, us: us.byteOffset }, index);
  const of = (stage: Stage) => column(us, stages.length, stages.indexOf(stage), args.nq);
  return { transform: of('transform'), coarse: of('coarse'), tables: of('tables'), scan: of('scan'), refine: of('refine') };
}

function countsOf(counts: Float64Array, nq: number): Counts {
  const of = (name: keyof Counts) => column(counts, counted.length, counted.indexOf(name), nq);
  return { ndis: of('ndis'), ndisCoarse: of('ndisCoarse'), ndisRefine: of('ndisRefine'), lists: of('lists'), codes: of('codes'), hops: of('hops') };
}

/** Mean of one column of rows of `width`. */
const column = (values: Float64Array, width: number, at: number, n: number) => values.reduce((sum, v, i) => (i % width === at ? sum + v : sum), 0) / n;

const takeF64 = (arena: Arena, n: number) => new Float64Array(arena.memory.memory.buffer, take(arena, n * 8), n);

/** How often a query is run in a row so that the clock's step is at most a twentieth of what is timed. */
export const repeats = (msPerQuery: number, clockMs: number) => Math.min(32, Math.max(1, Math.ceil((20 * clockMs) / Math.max(msPerQuery, clockMs / 20))));

/** The smallest step this clock makes, in ms. */
export function clockStep(): number {
  let least = Infinity;
  for (let i = 0, last = performance.now(); i < 4; ) {
    const now = performance.now();
    if (now > last) { least = Math.min(least, now - last); last = now; i++; }
  }
  return least;
}

const mean = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
const quantile = (sorted: Float64Array, p: number) => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? 0;
