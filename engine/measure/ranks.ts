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

/** A rank within the first k contradicts that it was not returned: where codes are set aside by a bound before they are compared
 *  (RaBitQ), or where two ways to compute a distance differ in its last bit, it is not told. */
export const rankerOf = (engine: Engine, params: SearchParams): Ranker => (index, query, k, ids) =>
  ranksOf(engine, index, query, k, params, ids).map((rank) => (rank !== null && rank > k ? rank : null));

function ranksOf(engine: Engine, index: Index, query: number, k: number, params: SearchParams, ids: readonly number[]): (number | null)[] {
  switch (index.kind) {
    case 'Refine': return inReranked(engine, index, query, k, params, ids);
    case 'HNSW': case 'NSG': return inReached(engine, index, query, k, params, ids);
    default: return inOrder(engine, index, query, k, params, ids);
  }
}

/** How much more is asked for at a time. */
const MORE = 8;

/** Lists and codes: what is compared does not depend on how many are asked for. */
function inOrder(engine: Engine, index: Index, query: number, k: number, params: SearchParams, ids: readonly number[]): (number | null)[] {
  const thread = engine.own;
  for (let most = Math.min(index.n, k * MORE); ; most = Math.min(index.n, most * MORE)) {
    const arena = openArena(engine.memory), dis = takeF32(arena, most), found = takeI32(arena, most);
    searchInto(thread, index, query, most, params, dis.byteOffset, found.byteOffset, newWork());
    const ranks = placesIn(found, ids), all = most === index.n || found.includes(-1);
    release(arena);
    if (all || !ranks.includes(null)) return ranks;
  }
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

const placesIn = (found: Int32Array, ids: readonly number[]) => ids.map((id) => { const at = found.indexOf(id); return at < 0 ? null : at + 1; });
