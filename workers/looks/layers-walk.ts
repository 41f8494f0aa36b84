/** The search of one query over a graph, recorded, and the counts of the query set beside it. */
import { openArena, release, takeF32, takeI32 } from '../../engine/memory';
import { searchInto, searchScratch } from '../../engine/search';
import { searchFlat } from '../../engine/structures/flat';
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
  /** As many nodes that are truly the nearest, with their distances; inner products negated. */
  truth: Nodes;
  /** Distances that the walk computed. */
  ndis: number;
};

/** Words of the record, and nodes of the list that are kept of each hop. */
const WORDS = 2 ** 19, LONGEST = 256;

export function walkOf(session: Session, { graph, cells, chain }: Ground, query: Float32Array, k: number, params: SearchParams): Walk {
  const { engine } = session, set = loaded(session), { index } = ready(session), arena = openArena(engine.memory), thread = engine.own, { top } = thread;
  try {
    const x = takeF32(arena, query.length), dis = takeF32(arena, k + 4), ids = takeI32(arena, k + 4), walk = openSink(arena, WORDS, LONGEST);
    if (searchScratch(index, k, params) > thread.end - thread.top) throw new Error(`walkOf: ${searchScratch(index, k, params)} bytes of scratch wanted`);
    x.set(query);
    const work = newWork({ walk, probed: cells ? new Int32Array(cells.nlist).fill(-1) : null });
    searchInto(thread, index, x.byteOffset, k, params, dis.byteOffset, ids.byteOffset, work);
    thread.top = top;
    const given = cells ? (work.probed ?? new Int32Array(0)).slice(0, work.lists).filter((list) => list >= 0) : ids.slice(0, k).filter((id) => id >= 0);
    const ndis = walk.trace.hops.length === walk.trace.hopCount + (graph.kind === 'NSG' ? 1 : 0) ? comparedIn(walk.trace, graph.kind === 'HNSW') : cells ? work.ndisCoarse : work.ndis - work.ndisRefine;
    if (!cells) {
      truthBlock(thread, { base: set.base.byteOffset, n: set.n, d: set.d, metric: index.metric, queries: x.byteOffset, nq: 1, k, dis: dis.byteOffset, ids: ids.byteOffset }, 0);
      return { ...walk.trace, given, ndis, truth: nodes(ids, dis, k) };
    }
    const inner = takeF32(arena, cells.d), many = Math.min(cells.nlist, given.length), near = takeF32(arena, many + 4), lists = takeI32(arena, many + 4);
    inner.set(transformed(engine, chain, query));
    searchFlat(thread, { kind: 'Flat', d: cells.d, n: cells.nlist, metric: cells.metric, vectors: cells.centroids }, inner.byteOffset, many, near.byteOffset, lists.byteOffset, newWork());
    return { ...walk.trace, given, ndis, truth: nodes(lists, near, many) };
  } finally {
    thread.top = top;
    release(arena);
  }
}

/** The entry of an HNSW is compared before the first hop. */
const comparedIn = ({ hops }: WalkTrace, entry: boolean) => hops.reduce((sum, { met }) => sum + met.ids.length, entry ? 1 : 0);

function nodes(ids: Int32Array, dis: Float32Array, k: number): Nodes {
  const found = ids.slice(0, k).findIndex((id) => id < 0), many = found < 0 ? k : found;
  return { ids: ids.slice(0, many), dis: dis.slice(0, many) };
}

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
