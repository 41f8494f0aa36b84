/** At which rank a vector stands in the order that a search gives to all it compares: the same search, asked for more. */
import { openArena, release, takeF32, takeI32 } from '../memory';
import type { Engine } from '../pool';
import { searchInto } from '../search';
import { askedOfBase, rerank } from '../structures/refine';
import { scoreIds } from '../structures/score';
import type { HnswIndex, Index, NsgIndex, RefineIndex, SearchParams } from '../types';
import { newWork } from '../work';
import { hasBit, reachedBy } from './causes';
import type { Ranker } from './causes';

/** What was not returned stands behind the k that were, also where two ways to compute a distance differ in its last bit. */
export const rankerOf = (engine: Engine, params: SearchParams): Ranker => (index, query, k, ids) =>
  ranksOf(engine, index, query, k, params, ids).map((rank) => rank && Math.max(rank, k + 1));

function ranksOf(engine: Engine, index: Index, query: number, k: number, params: SearchParams, ids: readonly number[]): (number | null)[] {
  switch (index.kind) {
    case 'Refine': return inReranked(engine, index, query, k, params, ids);
    case 'HNSW': case 'NSG': return inReached(engine, index, query, k, params, ids);
    default: return inOrder(engine, index, query, k, params, ids);
  }
}

/** How much more is asked for at a time. */
const MORE = 8;

/** Lists and codes: what is compared does not depend on how many are asked for. What is passed over by its bits (ht) stands behind all
 *  that are not. */
function inOrder(engine: Engine, index: Index, query: number, k: number, params: SearchParams, ids: readonly number[]): (number | null)[] {
  if (setsAside(index)) return afterReturned(engine, index, query, k, params, ids);
  for (let most = Math.min(index.n, k * MORE); ; most = Math.min(index.n, most * MORE)) {
    const found = firstOf(engine, index, query, most, params), ranks = placesIn(found, ids);
    if (found.length < most || most === index.n) return ranks.map((rank) => rank ?? found.length + 1);
    if (!ranks.includes(null)) return ranks;
  }
}

/** Codes of which a bound on the distance sets some aside before they are compared to the last bit: with as many asked for as there are,
 *  none is. The k returned come first, then the others by their distance, of which the bound kept some from the first k. */
function afterReturned(engine: Engine, index: Index, query: number, k: number, params: SearchParams, ids: readonly number[]): (number | null)[] {
  const returned = firstOf(engine, index, query, k, params), first = new Set(returned);
  return placesIn([...returned, ...firstOf(engine, index, query, index.n, params).filter((id) => !first.has(id))], ids);
}

const setsAside = (index: Index) => (index.kind === 'IVF' || index.kind === 'Codes') && (index.codec.kind === 'RaBitQ' || index.codec.kind === 'RaBitQfs') && index.codec.nbits > 1;

/** The ids that a search for `most` finds, which may be fewer. */
function firstOf(engine: Engine, index: Index, query: number, most: number, params: SearchParams): Int32Array {
  const arena = openArena(engine.memory), dis = takeF32(arena, most), found = takeI32(arena, most);
  searchInto(engine.own, index, query, most, params, dis.byteOffset, found.byteOffset, newWork());
  const ids = found.filter((id) => id >= 0);
  release(arena);
  return ids;
}

function inReranked(engine: Engine, index: RefineIndex, query: number, k: number, params: SearchParams, ids: readonly number[]): (number | null)[] {
  const arena = openArena(engine.memory), kBase = askedOfBase(index, k, params), thread = engine.own, { top } = thread;
  try {
    const out = takeF32(arena, kBase + 4), proposed = takeI32(arena, kBase), dis = takeF32(arena, kBase), found = takeI32(arena, kBase);
    searchInto(thread, index.base, query, kBase, params, out.byteOffset, proposed.byteOffset, newWork());
    rerank(thread, index, query, kBase, out.byteOffset, proposed, dis.byteOffset, found.byteOffset, newWork());
    return placesIn(found, ids);
  } finally {
    thread.top = top;
    release(arena);
  }
}

/** Graphs: among all nodes that the walk came by. */
function inReached(engine: Engine, index: HnswIndex | NsgIndex, query: number, k: number, params: SearchParams, ids: readonly number[]): (number | null)[] {
  const arena = openArena(engine.memory), thread = engine.own;
  try {
    const bits = reachedBy(thread, index, query, { k, params, listOf: null }), all = Array.from({ length: index.n }, (_, id) => id).filter((id) => hasBit(bits, id));
    const nodes = takeI32(arena, all.length), dis = takeF32(arena, all.length + 4);
    nodes.set(all);
    scoreIds(thread, index, query, nodes, all.length, dis.byteOffset, newWork());
    const order = all.map((id, i) => ({ id, value: dis[i] ?? 0 })).sort((a, b) => a.value - b.value || a.id - b.id);
    return placesIn(Int32Array.from(order, ({ id }) => id), ids);
  } finally {
    release(arena);
  }
}

const placesIn = (found: ArrayLike<number> & { indexOf(id: number): number }, ids: readonly number[]) => ids.map((id) => { const at = found.indexOf(id); return at < 0 ? null : at + 1; });
