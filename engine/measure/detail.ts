/** One query, looked at closely: what was returned, what is true, which lists were probed in which order, and why each
 *  missed neighbour was missed. The search itself is the one everybody runs; only its records are kept here. */
import { openArena, release, takeF32, takeI32 } from '../memory';
import type { Engine } from '../pool';
import { searchInto, searchScratch, transformQuery } from '../search';
import { searchFlat } from '../structures/flat';
import { chainOf } from '../plane';
import type { Counts, Index, IvfIndex, SearchParams } from '../types';
import { newWork } from '../work';
import type { Stage } from '../work';
import { causesScratch, fatesOf } from './causes';
import type { Cause } from './causes';
import { rankerOf } from './ranks';
import { anatomyOf } from './recall';
import { remediesOf } from './remedies';
import type { Remedy } from './remedies';
import { truthBlock } from './truth';

export type Neighbour = { id: number; distance: number; list: number | null };
/** `lost`: the one cause it was missed for, `rank` as in causes.ts; listRank (1-based) among all lists by distance to the query. */
export type TrueNeighbour = Neighbour & { found: boolean; lost: Cause | null; rank: number | null; listRank: number | null; remedy: Remedy | null };
export type ListOrder = { list: Int32Array; distance: Float32Array; size: Uint32Array; trueNeighbours: Uint8Array };

export type Detail = {
  hits: Neighbour[];
  truth: TrueNeighbour[];
  probed: Int32Array;
  listOrder: ListOrder | null;
  scanned: Int32Array; scannedTotal: number;
  counts: Counts;
  usPerStage: Record<Stage | 'total', number>;
  recall: number;
};

export type DetailArgs = { index: Index; listOf: Int32Array | null; base: { x: number; n: number; d: number }; query: Float32Array; k: number; params: SearchParams };

const MOST_SCANNED = 20_000; // ids sent to the page; the total is told beside them

export function searchInDetail(engine: Engine, { index, listOf, base, query, k, params }: DetailArgs): Detail {
  const arena = openArena(engine.memory), thread = engine.own, top = thread.top, room = thread.end - thread.top, { ivf } = anatomyOf(index);
  const wanted = Math.max(searchScratch(index, k, params), causesScratch(index, k, params));
  try {
    if (wanted > room) throw new Error(`searchInDetail: ${wanted} bytes of scratch wanted, ${room} there`);
    const x = takeF32(arena, base.d), dis = takeF32(arena, k + 4), ids = takeI32(arena, k + 4), sign = index.metric === 'IP' ? -1 : 1;
    x.set(query);
    const search = { index, query: x.byteOffset, k, params }, to = [dis.byteOffset, ids.byteOffset] as const;
    const work = newWork({ visited: new Int32Array(MOST_SCANNED), probed: ivf ? new Int32Array(ivf.nlist) : null });
    searchInto(thread, index, search.query, k, params, ...to, work);
    const usPerStage = timeStages(thread, search, ...to);
    const pairs = () => [...ids.subarray(0, k)].flatMap((id, i) => (id < 0 ? [] : [{ id, distance: sign * (dis[i] ?? 0), list: listOf?.[id] ?? null }]));
    const hits = pairs();
    truthBlock(thread, { base: base.x, n: base.n, d: base.d, metric: index.metric, queries: search.query, nq: 1, k, dis: to[0], ids: to[1] }, 0);
    thread.top = top;
    const order = ivf && orderLists(engine, index, ivf, search.query), truth = explain(engine, search, listOf, order, hits, pairs());
    return {
      hits, truth, probed: work.probed?.slice(0, work.lists).filter((l) => l >= 0) ?? new Int32Array(0), listOrder: order && { ...order, trueNeighbours: countPerList(order, truth) },
      scanned: work.visited?.slice(0, Math.min(work.visitedCount, MOST_SCANNED)) ?? new Int32Array(0), scannedTotal: work.visitedCount,
      counts: countsOf(work), usPerStage, recall: truth.length ? truth.filter((t) => t.found).length / truth.length : 1,
    };
  } finally {
    thread.top = top;
    release(arena);
  }
}

type Search = { index: Index; query: number; k: number; params: SearchParams };

const TIMED_RUNS = 16;

/** µs per stage: the mean of a few unrecorded runs, so that recording costs nothing that is reported. */
function timeStages(thread: Engine['own'], { index, query, k, params }: Search, dis: number, ids: number): Detail['usPerStage'] {
  const work = newWork({ clock: () => performance.now() }), started = performance.now();
  for (let i = 0; i < TIMED_RUNS; i++) searchInto(thread, index, query, k, params, dis, ids, work);
  const per = (us: number) => us / TIMED_RUNS;
  const total = per((performance.now() - started) * 1000), { transform, coarse, tables, scan, refine } = work.us;
  return { transform: per(transform), coarse: per(coarse), tables: per(tables), scan: per(scan), refine: per(refine), total };
}

const countsOf = ({ ndis, ndisCoarse, ndisRefine, lists, codes, hops }: Counts): Counts => ({ ndis, ndisCoarse, ndisRefine, lists, codes, hops });

/** All lists by their true distance to the query (after the transforms), nearest first. */
function orderLists(engine: Engine, index: Index, ivf: IvfIndex, query: number): Omit<ListOrder, 'trueNeighbours'> {
  const arena = openArena(engine.memory), thread = engine.own, top = thread.top;
  const { nlist, d, metric, centroids, offsets } = ivf, work = newWork();
  const dis = takeF32(arena, nlist), ids = takeI32(arena, nlist);
  const inner = transformQuery(thread, chainOf(index), query, work);
  searchFlat(thread, { kind: 'Flat', d, n: nlist, metric, vectors: centroids }, inner, nlist, dis.byteOffset, ids.byteOffset, work);
  thread.top = top;
  const list = ids.slice(), distance = dis.map((v) => (metric === 'IP' ? -v : v)).slice();
  release(arena);
  return { list, distance, size: Uint32Array.from(list, (l) => (offsets[l + 1] ?? 0) - (offsets[l] ?? 0)) };
}

/** The true neighbours, and of those not among the hits why, and what would win them back. */
function explain(engine: Engine, { index, query, k, params }: Search, listOf: Int32Array | null, order: Omit<ListOrder, 'trueNeighbours'> | null, hits: Neighbour[], truth: Neighbour[]): TrueNeighbour[] {
  const returned = new Set(hits.map(({ id }) => id)), rankOfList = new Map(order ? [...order.list].map((l, i) => [l, i + 1] as const) : []);
  const ranked = truth.map((neighbour) => ({ ...neighbour, listRank: neighbour.list === null ? null : rankOfList.get(neighbour.list) ?? null }));
  const missed = ranked.filter(({ id }) => !returned.has(id));
  const fates = fatesOf(engine.own, index, query, { k, params, listOf, ranker: rankerOf(engine, params) }, missed.map(({ id }) => id));
  const known = missed.flatMap((neighbour, i) => { const fate = fates[i]; return fate ? [{ ...neighbour, fate }] : []; });
  const remedies = remediesOf({ engine, index, query, k, params }, known);
  return ranked.map((neighbour) => {
    const i = known.findIndex(({ id }) => id === neighbour.id), fate = known[i]?.fate;
    return { ...neighbour, found: i < 0, lost: fate?.cause ?? null, rank: fate?.rank ?? null, remedy: remedies[i] ?? null };
  });
}

function countPerList(order: Omit<ListOrder, 'trueNeighbours'>, truth: TrueNeighbour[]): Uint8Array {
  const counts = new Uint8Array(order.list.length), at = new Map([...order.list].map((l, i) => [l, i] as const));
  for (const { list } of truth) {
    const i = list === null ? undefined : at.get(list);
    if (i !== undefined) counts[i] = (counts[i] ?? 0) + 1;
  }
  return counts;
}
