import { openArena, release, takeF32, takeI32 } from '../../engine/memory';
import type { Engine } from '../../engine/pool';
import { refuse } from '../../engine/refusal';
import { searchInto, searchScratch, transformQuery } from '../../engine/search';
import { askedOfBase, rerank } from '../../engine/structures/refine';
import { scoreIds } from '../../engine/structures/score';
import type { Index, RefineIndex, SearchParams } from '../../engine/types';
import { newWork } from '../../engine/work';
import { queryVector } from '../picture';
import { loaded, ready } from '../session';
import type { Session } from '../session';
import type { LookAsk } from './index';

/** The order of the base and the order after re-ranking, of one query. Candidates stand in the base's order, nearest first. */
export type RanksLook = {
  k: number;
  /** The first so many are re-ranked: k · factor, or all that the base found. */
  asked: number;
  param: 'k_factor' | 'k_factor_rf'; factor: number;
  metric: 'L2' | 'IP';
  /** Second distances are exact, and not those of codes. */
  exact: boolean;
  /** What the base found, beyond the cut too: as far down as the last true neighbour, and somewhat further. */
  ids: Int32Array;      // (n)
  lists: Int32Array;    // (n), −1 where the index has none
  base: Float32Array;   // (n) distances, of inner product the product
  /** The second distance, which the search computes for the first `asked` alone. */
  second: Float32Array; // (n)
  /** Place after re-ranking, from 0; −1 beyond the cut. */
  after: Int32Array;    // (n)
};

/** Candidates told besides those that are re-ranked. */
const MOST = 1024;

export async function ranks(session: Session, { query, k, params }: LookAsk): Promise<RanksLook> {
  const set = loaded(session), { index, listOf } = ready(session), { engine } = session, thread = engine.own, { top } = thread, arena = openArena(engine.memory);
  try {
    const held = takeF32(arena, set.d);
    held.set(queryVector(session, set, query));
    const { refine, x } = refineOf(engine, index, held.byteOffset), asked = askedOfBase(refine, k, params), wanted = Math.max(asked, Math.min(set.n, MOST));
    if (searchScratch(refine.base, wanted, params) > thread.end - thread.top) refuse('The base of this index needs more room than one query has here.');
    const cut = proposed(engine, refine, x, asked, params), more = proposed(engine, refine, x, wanted, params), ids = startsWith(more.ids, cut.ids) ? more.ids : cut.ids;
    const base = ids === more.ids ? more.dis : cut.dis, found = Math.min(asked, ids.length), sign = refine.metric === 'IP' ? -1 : 1, codes = refine.refine.kind === 'RefineCodes';
    return {
      k, asked: found, param: codes ? 'k_factor' : 'k_factor_rf', factor: (codes ? params.k_factor : params.k_factor_rf) ?? (codes ? 4 : 1), metric: refine.metric, exact: refine.refine.kind === 'Flat',
      ids, lists: ids.map((id) => listOf?.[id] ?? -1), base: base.map((v) => sign * v), second: secondOf(engine, refine, x, ids).map((v) => sign * v), after: placesAfter(engine, refine, x, ids, found),
    };
  } finally {
    thread.top = top;
    release(arena);
  }
}

/** The index that re-ranks, and the query as it meets it. */
function refineOf(engine: Engine, index: Index, query: number): { refine: RefineIndex; x: number } {
  switch (index.kind) {
    case 'PreTransform': return refineOf(engine, index.index, transformQuery(engine.own, index.chain, query, newWork()));
    case 'IDMap': return refineOf(engine, index.index, query);
    case 'Refine': return { refine: index, x: query };
    default: return refuse('This index ranks once only: append ,RFlat to re-rank.');
  }
}

type Found = { ids: Int32Array; dis: Float32Array };

/** What the base returns when it is asked for so many. */
function proposed(engine: Engine, { base }: RefineIndex, query: number, most: number, params: SearchParams): Found {
  const arena = openArena(engine.memory), dis = takeF32(arena, most), ids = takeI32(arena, most);
  searchInto(engine.own, base, query, most, params, dis.byteOffset, ids.byteOffset, newWork());
  const end = ids.includes(-1) ? ids.indexOf(-1) : most, found = { ids: ids.slice(0, end), dis: dis.slice(0, end) };
  release(arena);
  return found;
}

/** A walk that is asked for more goes other ways: then only what the search itself saw is told. */
const startsWith = (all: Int32Array, first: Int32Array) => first.every((id, i) => all[i] === id);

function secondOf(engine: Engine, { refine }: RefineIndex, query: number, ids: Int32Array): Float32Array {
  const arena = openArena(engine.memory), held = takeI32(arena, ids.length + 4), out = takeF32(arena, ids.length + 4);
  held.set(ids);
  scoreIds(engine.own, refine, query, held, ids.length, out.byteOffset, newWork());
  const second = out.slice(0, ids.length);
  release(arena);
  return second;
}

/** As the search re-ranks the first `asked`, all of them kept. */
function placesAfter(engine: Engine, refine: RefineIndex, query: number, ids: Int32Array, asked: number): Int32Array {
  const arena = openArena(engine.memory), first = takeI32(arena, asked + 4).subarray(0, asked), out = takeF32(arena, asked + 4), dis = takeF32(arena, asked), order = takeI32(arena, asked);
  first.set(ids.subarray(0, asked));
  rerank(engine.own, refine, query, asked, out.byteOffset, first, dis.byteOffset, order.byteOffset, newWork());
  const places = new Map([...order].map((id, place) => [id, place]));
  const after = ids.map((id, i) => (i < asked ? places.get(id) ?? -1 : -1));
  release(arena);
  return after;
}
