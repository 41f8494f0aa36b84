import { askedOfBase } from '../../engine/structures/refine';
import { distanceAt, scannedBy } from '../../engine/measure/codes';
import { openArena, release, takeF32, takeI32 } from '../../engine/memory';
import { searchInto, unsearchable } from '../../engine/search';
import { truthBlock } from '../../engine/measure/truth';
import type { Index, RefineIndex, SearchParams } from '../../engine/types';
import { newWork } from '../../engine/work';
import type { Room } from './codes-room';
import { placeIn } from './codes-room';

/** What a search compared by code, nearest first, beside its true distances. A sample where it is much: the nearest, and evenly from
 *  the rest. Distances are as results tell them: an inner product is not negated. */
export type ScannedLook = {
  ids: Int32Array;
  rank: Int32Array;      // 1-based, among all that was compared
  byCode: Float32Array;
  exact: Float32Array;
  /** How many were compared. */
  all: number;
  /** Distance by code of the k-th, and of the last that is re-ranked. */
  kth: number | null;
  cut: { distance: number; candidates: number } | null;
  /** True neighbours that the search did not compare, with the distances that their codes would have. */
  missed: { id: number; byCode: number; exact: number }[];
  /** False of a codec, which nothing is returned by and nothing is missed. */
  searched: boolean;
  hits: Int32Array; // (≤ k) ids returned
  truth: Int32Array; // (≤ k) ids of the true neighbours
};

const DRAWN = 1200, NEAREST = 300;

/** Ranks of what was returned, of what is true and of the vector asked for, where the search came by. */
export type RankedScan = { look: ScannedLook; rankOf: Map<number, { rank: number; distance: number }> };

export function scannedLook(room: Room, k: number, params: SearchParams, selected: number | null): RankedScan {
  const { index, engine, query } = room, sign = index.metric === 'IP' ? -1 : 1;
  const { ids, distances, all } = scannedBy(engine, index, query, params), { hits, truth } = returned(room, k, params);
  const wanted = new Set([...hits, ...truth, ...(selected === null ? [] : [selected])]), rankOf: RankedScan['rankOf'] = new Map();
  ids.forEach((id, i) => { if (wanted.has(id)) rankOf.set(id, { rank: i + 1, distance: sign * (distances[i] ?? 0) }); });
  const drawn = [...new Set([...spread(ids.length), ...[...rankOf.values()].map(({ rank }) => rank)])].sort((a, b) => a - b);
  const refine = refineOf(index), candidates = refine && Math.min(askedOfBase(refine, k, params), ids.length);
  const at = (rank: number) => sign * (distances[rank - 1] ?? 0), shown = Int32Array.from(drawn, (rank) => ids[rank - 1] ?? 0);
  const unseen = Int32Array.from(truth.filter((id) => !rankOf.has(id))), unseenExact = exactDistances(room, unseen);
  return {
    rankOf,
    look: {
      ids: shown, rank: Int32Array.from(drawn), byCode: Float32Array.from(drawn, at), exact: exactDistances(room, shown), all,
      kth: ids.length >= k ? at(k) : null, cut: candidates ? { distance: at(candidates), candidates } : null, searched: unsearchable(index) === null, hits, truth,
      missed: [...unseen].map((id, i) => ({ id, byCode: codeDistance(room, id), exact: unseenExact[i] ?? 0 })),
    },
  };
}

/** Ranks: the nearest, then evenly to the last. */
function spread(n: number): number[] {
  const near = Math.min(n, NEAREST), rest = Math.min(n - near, DRAWN - NEAREST);
  return [...Array.from({ length: near }, (_, i) => i + 1), ...Array.from({ length: rest }, (_, i) => near + 1 + Math.floor((i * (n - near)) / rest))];
}

function refineOf(index: Index): RefineIndex | null {
  if (index.kind === 'Refine') return index;
  return index.kind === 'PreTransform' || index.kind === 'IDMap' ? refineOf(index.index) : null;
}

/** As a search would take it that came by. */
export function codeDistance(room: Room, id: number): number {
  const { stored, engine, inner, index } = room;
  return (index.metric === 'IP' ? -1 : 1) * distanceAt(engine.own, stored, inner, placeIn(room, id));
}

/** True distances of base vectors. */
export function exactDistances({ engine, set, query, index }: Room, ids: Int32Array): Float32Array {
  const arena = openArena(engine.memory), { d, base } = set, ip = index.metric === 'IP';
  try {
    const x = takeF32(arena, d), names = takeI32(arena, ids.length), out = takeF32(arena, ids.length + 4);
    x.set(query);
    names.set(ids);
    if (ids.length) engine.own.search.toIds(x.byteOffset, base.byteOffset, names.byteOffset, ids.length, d, ip ? 1 : 0, out.byteOffset);
    return out.slice(0, ids.length).map((v) => (ip ? -v : v));
  } finally {
    release(arena);
  }
}

/** What the search returns, and what is true. */
function returned({ engine, set, index, query }: Room, k: number, params: SearchParams): { hits: Int32Array; truth: Int32Array } {
  const arena = openArena(engine.memory), thread = engine.own, { top } = thread, { d, n, base } = set;
  try {
    const x = takeF32(arena, d), dis = takeF32(arena, k + 4), ids = takeI32(arena, k + 4);
    x.set(query);
    ids.fill(-1);
    if (!unsearchable(index)) searchInto(thread, index, x.byteOffset, k, params, dis.byteOffset, ids.byteOffset, newWork());
    const hits = ids.slice(0, k).filter((id) => id >= 0);
    truthBlock(thread, { base: base.byteOffset, n, d, metric: index.metric, queries: x.byteOffset, nq: 1, k, dis: dis.byteOffset, ids: ids.byteOffset }, 0);
    return { hits, truth: ids.slice(0, k).filter((id) => id >= 0) };
  } finally {
    thread.top = top;
    release(arena);
  }
}
