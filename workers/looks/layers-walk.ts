/** The search of one query over a graph, recorded, and the counts of the query set beside it. */
import { openArena, release, takeF32, takeI32 } from '../../engine/memory';
import type { Metric } from '../../engine/factory/spec';
import type { Engine } from '../../engine/pool';
import { chainScratch, searchInto, searchScratch, transformQuery } from '../../engine/search';
import { quantizerParams } from '../../engine/structures/coarse';
import { nprobeOf } from '../../engine/structures/ivf';
import type { Nodes, WalkTrace } from '../../engine/structures/walk-trace';
import { openSink } from '../../engine/structures/walk-trace';
import { truthBlock } from '../../engine/measure/truth';
import type { SearchParams } from '../../engine/types';
import { newWork } from '../../engine/work';
import { transformed } from '../picture';
import { loaded, ready } from '../session';
import type { Session } from '../session';
import type { Ground } from './layers-ground';

export type Walk = WalkTrace & {
  /** What the walk was for: the vectors returned, or the lists probed; nearest first. */
  given: Int32Array;
  /** As many nodes that are truly the nearest of all vectors or lists, and how far each is as the graph compares: after the transforms,
   *  before it was coded; inner products negated. */
  truth: Nodes;
  /** Distances that the walk computed. */
  ndis: number;
};

/** Words of the record, and nodes of the list that are kept of each hop. */
const WORDS = 2 ** 19, LONGEST = 256;

export function walkOf(session: Session, ground: Ground, query: Float32Array, k: number, params: SearchParams): Walk {
  const { engine } = session, { graph, cells, passed, distance, chain } = ground, arena = openArena(engine.memory), thread = engine.own, { top } = thread;
  try {
    const asked = askedOf(session, ground, k, params), x = takeF32(arena, query.length), dis = takeF32(arena, asked.k + 4), ids = takeI32(arena, asked.k + 4), walk = openSink(arena, WORDS, LONGEST);
    const scratch = searchScratch(asked.index, asked.k, asked.params) + chainScratch(asked.chain);
    if (scratch > thread.end - thread.top) throw new Error(`walkOf: ${scratch} bytes of scratch wanted`);
    x.set(query);
    const work = newWork({ walk, probed: cells ? new Int32Array(cells.nlist).fill(-1) : null });
    searchInto(thread, asked.index, transformQuery(thread, asked.chain, x.byteOffset, newWork()), asked.k, asked.params, dis.byteOffset, ids.byteOffset, work);
    thread.top = top;
    const given = cells ? (work.probed ?? new Int32Array(0)).slice(0, work.lists).filter((list) => list >= 0) : ids.slice(0, k).filter((id) => id >= 0);
    const ndis = walk.trace.hops.length === walk.trace.hopCount + (graph.kind === 'NSG' ? 1 : 0) ? comparedIn(walk.trace, graph.kind === 'HNSW') : cells ? work.ndisCoarse : work.ndis - work.ndisRefine;
    const last = passed.at(-1), truth = last ? nearestOf(engine, last.ivf.metric, last.ivf.centroids, transformed(engine, last.chain, query), given.length) : nearestOf(engine, ready(session).index.metric, loaded(session).base, query, k);
    const met = transformed(engine, chain, query);
    return { ...walk.trace, given, ndis, truth: { ids: truth, dis: Float32Array.from(truth, (id) => distance(met, id)) } };
  } finally {
    thread.top = top;
    release(arena);
  }
}

/** The search that walks the graph: the whole index, or what an inverted file is asked for when its lists are found by another. */
function askedOf(session: Session, { passed }: Ground, k: number, params: SearchParams) {
  const outer = passed.slice(0, -1), last = outer.at(-1), within = (depth: number) => Array.from({ length: depth }).reduce<SearchParams>((own) => quantizerParams(own), params);
  if (!last || last.ivf.coarse.kind === 'RCQ' || last.ivf.coarse.kind === 'IMI') return { index: ready(session).index, chain: [], k, params };
  return { index: last.ivf.coarse, chain: last.chain, k: nprobeOf(last.ivf, within(outer.length - 1)), params: within(outer.length) };
}

/** Ids of the nearest rows (n, d), nearest first, by comparing all. */
function nearestOf({ memory, own }: Engine, metric: Metric, base: Float32Array, query: Float32Array, many: number): Int32Array {
  const arena = openArena(memory), { top } = own, d = query.length, dis = takeF32(arena, many + 4), ids = takeI32(arena, many + 4), x = takeF32(arena, d);
  x.set(query);
  truthBlock(own, { base: base.byteOffset, n: base.length / d, d, metric, queries: x.byteOffset, nq: 1, k: many, dis: dis.byteOffset, ids: ids.byteOffset }, 0);
  const nearest = ids.slice(0, many).filter((id) => id >= 0);
  own.top = top;
  release(arena);
  return nearest;
}

/** The entry of an HNSW is compared before the first hop. */
const comparedIn = ({ hops }: WalkTrace, entry: boolean) => hops.reduce((sum, { met }) => sum + met.ids.length, entry ? 1 : 0);

/** Hops of held-out queries at the parameters of the walk: one number a query. */
export type HopCounts = Uint32Array;

type Counted = { key: string; hops: HopCounts };
const counted = new WeakMap<NonNullable<Session['built']>, Counted>();

/** Wide walks are counted over fewer queries, so that asking stays quick. */
const QUERIES = 128, WALKED = 8192;

export function hopCounts(session: Session, k: number, params: SearchParams, ef: number): HopCounts {
  const built = ready(session), key = JSON.stringify([k, params]), last = counted.get(built);
  if (last?.key === key) return last.hops;
  const { engine } = session, { queries, nq, d } = loaded(session), many = Math.min(nq, Math.max(16, Math.min(QUERIES, Math.floor(WALKED / Math.max(1, ef)))));
  const arena = openArena(engine.memory), thread = engine.own, { top } = thread, hops = new Uint32Array(many);
  try {
    const dis = takeF32(arena, k + 4), ids = takeI32(arena, k + 4);
    for (let i = 0; i < many; i++) {
      const work = newWork();
      searchInto(thread, built.index, queries.byteOffset + Math.floor((i * nq) / many) * d * 4, k, params, dis.byteOffset, ids.byteOffset, work);
      thread.top = top;
      hops[i] = work.hops;
    }
  } finally {
    thread.top = top;
    release(arena);
  }
  counted.set(built, { key, hops });
  return hops;
}
