/** One query, looked at closely: what was returned, what is true, which lists were probed in which order, and why each
 *  missed neighbour was missed. The search itself is the one everybody runs; only its records are kept here. */
import { openArena, release, takeF32, takeI32 } from '../memory';
import type { Engine } from '../pool';
import { searchInto, searchScratch, transformQuery } from '../search';
import { searchFlat } from '../structures/flat';
import { chainOf } from '../plane';
import type { Counts, Index, SearchParams } from '../types';
import { newWork } from '../work';
import { anatomyOf, causeOf } from './recall';
import type { Anatomy, Lost } from './recall';
import { truthBlock } from './truth';

export type Neighbour = { id: number; distance: number; list: number | null };
export type TrueNeighbour = Neighbour & { found: boolean; lost: keyof Lost | null; listRank: number | null };
export type ListOrder = { list: Int32Array; distance: Float32Array; size: Uint32Array; trueNeighbours: Uint8Array };

export type Detail = {
  hits: Neighbour[];
  truth: TrueNeighbour[];
  probed: Int32Array;
  listOrder: ListOrder | null;
  scanned: Int32Array; scannedTotal: number;
  counts: Counts;
  usPerStage: { coarse: number; scan: number; refine: number; total: number };
  recall: number;
};

export type DetailArgs = { index: Index; listOf: Int32Array | null; base: { x: number; n: number; d: number }; query: Float32Array; k: number; params: SearchParams };

const MOST_SCANNED = 20_000; // ids sent to the page; the total is told beside them

export function searchInDetail(engine: Engine, { index, listOf, base, query, k, params }: DetailArgs): Detail {
  const arena = openArena(engine.memory), thread = engine.own, top = thread.top;
  try {
    const x = takeF32(arena, base.d), dis = takeF32(arena, k + 4), ids = takeI32(arena, k + 4);
    if (searchScratch(index, k, params) > thread.end - thread.top) throw new Error(`searchInDetail: ${searchScratch(index, k, params)} bytes of scratch wanted`);
    x.set(query);
    const anatomy = anatomyOf(index);
    const work = newWork({ visited: new Int32Array(MOST_SCANNED), probed: anatomy.ivf ? new Int32Array(anatomy.ivf.nlist) : null });
    searchInto(thread, index, x.byteOffset, k, params, dis.byteOffset, ids.byteOffset, work);
    const us = timeStages(thread, index, x.byteOffset, k, params, dis.byteOffset, ids.byteOffset);
    const found = ids.slice(0, k), values = dis.slice(0, k), sign = index.metric === 'IP' ? -1 : 1;
    const list = (id: number) => listOf?.[id] ?? null;
    const hits = [...found].flatMap((id, i) => (id < 0 ? [] : [{ id, distance: sign * (values[i] ?? 0), list: list(id) }]));
    truthBlock(thread, { base: base.x, n: base.n, d: base.d, metric: index.metric, queries: x.byteOffset, nq: 1, k, dis: dis.byteOffset, ids: ids.byteOffset }, 0);
    thread.top = top;
    const order = anatomy.ivf ? orderLists(engine, index, anatomy, x.byteOffset) : null;
    const probed = work.probed?.slice(0, work.lists).filter((l) => l >= 0) ?? new Int32Array(0);
    const truth = explain(anatomy, [...ids.slice(0, k)].filter((id) => id >= 0), dis, sign, new Set(found), new Set(probed), order, list);
    const trueCount = truth.filter((t) => t.found).length;
    return {
      hits, truth, probed, listOrder: order && { ...order, trueNeighbours: countPerList(order, truth) },
      scanned: work.visited?.slice(0, Math.min(work.visitedCount, MOST_SCANNED)) ?? new Int32Array(0), scannedTotal: work.visitedCount,
      counts: { ndis: work.ndis, lists: work.lists, codes: work.codes, hops: work.hops }, usPerStage: us, recall: truth.length ? trueCount / truth.length : 1,
    };
  } finally {
    thread.top = top;
    release(arena);
  }
}

const TIMED_RUNS = 16;

/** µs per stage: the mean of a few unrecorded runs, so that recording costs nothing that is reported. */
function timeStages(thread: Engine['own'], index: Index, query: number, k: number, params: SearchParams, dis: number, ids: number): Detail['usPerStage'] {
  const work = newWork({ clock: () => performance.now() }), started = performance.now();
  for (let i = 0; i < TIMED_RUNS; i++) searchInto(thread, index, query, k, params, dis, ids, work);
  const per = (us: number) => us / TIMED_RUNS;
  return { coarse: per(work.us.coarse), scan: per(work.us.scan), refine: per(work.us.refine), total: per((performance.now() - started) * 1000) };
}

/** All lists by their true distance to the query (after the transforms), nearest first. */
function orderLists(engine: Engine, index: Index, { ivf }: Anatomy, query: number): Omit<ListOrder, 'trueNeighbours'> | null {
  if (!ivf) return null;
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

function explain(anatomy: Anatomy, trueIds: number[], dis: Float32Array, sign: number, found: Set<number>, probed: Set<number>, order: Omit<ListOrder, 'trueNeighbours'> | null, list: (id: number) => number | null): TrueNeighbour[] {
  const rank = new Map(order ? [...order.list].map((l, i) => [l, i + 1] as const) : []);
  return trueIds.map((id, i) => {
    const own = list(id), isFound = found.has(id);
    return {
      id, distance: sign * (dis[i] ?? 0), list: own, found: isFound,
      lost: isFound ? null : causeOf(anatomy, own !== null && probed.has(own)),
      listRank: own === null ? null : rank.get(own) ?? null,
    };
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
