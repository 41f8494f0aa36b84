/** Which search parameter wins a missed neighbour back, and from which value on: told from the order of the lists or of the base, and
 *  tried. Knows what the search did; not what the value costs. */
import { openArena, release, takeF32, takeI32 } from '../memory';
import type { Engine } from '../pool';
import { chainOf } from '../plane';
import { searchInto, transformQuery } from '../search';
import { DEFAULT_WIDTH } from '../structures/assign';
import { nprobeOf } from '../structures/ivf';
import type { CoarseIndex, Index, IvfIndex, SearchParams } from '../types';
import { newWork } from '../work';
import type { Fate } from './causes';
import { codesUntil, probingOf } from './probing';
import { anatomyOf } from './recall';
import { START, widening } from './widening';

/** `wins`: whether a search with that value returns it; it may get past one stage and fall at the next. null: not tried. */
export type Remedy = { param: keyof SearchParams; value: number; wins: boolean | null };

/** `listRank`: of its list among all, by distance to the query. */
export type Missed = { id: number; list: number | null; listRank: number | null; fate: Fate };
type Search = { engine: Engine; index: Index; query: number; k: number; params: SearchParams };

const TRIES = 24; // searches that one question may cost

/** One a missed neighbour; null where no parameter helps: its code is too coarse, or its index has none. */
export function remediesOf(search: Search, missed: readonly Missed[]): (Remedy | null)[] {
  const tried = new Map<string, Set<number>>();
  const returned = (param: keyof SearchParams, value: number): Set<number> | null => {
    const key = `${param} ${value}`;
    if (!tried.has(key) && tried.size < TRIES) tried.set(key, idsWith({ ...search, params: { ...search.params, [param]: value } }));
    return tried.get(key) ?? null;
  };
  const checked = (id: number, remedy: Omit<Remedy, 'wins'> | null): Remedy | null =>
    remedy && { ...remedy, wins: returned(remedy.param, remedy.value)?.has(id) ?? null };
  return missed.map((one) => {
    const { id, fate } = one;
    switch (fate.cause) {
      case 'coarse': return checked(id, ofList(search, one));
      case 'graph': return ofWalk(search, id, returned);
      case 'refine': return checked(id, fate.rank === null ? null : { param: factorOf(search.index), value: Math.ceil(fate.rank / search.k) });
      case 'code': return null;
    }
  });
}

function idsWith({ engine, index, query, k, params }: Search): Set<number> {
  const arena = openArena(engine.memory), dis = takeF32(arena, k + 4), ids = takeI32(arena, k);
  searchInto(engine.own, index, query, k, params, dis.byteOffset, ids.byteOffset, newWork());
  const found = new Set(ids);
  release(arena);
  return found;
}

/** By the door that it was lost at; the index is asked until the value found lets it in. */
function ofList({ engine, index, query, params }: Search, { id, list, listRank, fate }: Missed): Omit<Remedy, 'wins'> | null {
  const { ivf } = anatomyOf(index), thread = engine.own, { top } = thread;
  if (!ivf || list === null) return null;
  try {
    const inner = transformQuery(thread, chainOf(index), query, newWork()), probe = (more: SearchParams) => probingOf(thread, ivf, inner, { ...params, ...more });
    switch (fate.door) {
      case 'max_codes': return { param: 'max_codes', value: codesUntil(probe({}), ivf, list, id) ?? 0 };
      case 'quantizer': return ofCoarse(ivf, params, (param, value) => probe({ [param]: value }).place.has(list));
      default: return ofNprobe(ivf, params, list, listRank, (nprobe) => probe({ nprobe }).place);
    }
  } finally {
    thread.top = top;
  }
}

/** Its rank among all lists: in the order of an index that gives the same lists first whatever is asked for; else by distance, and
 *  doubled until it is given. */
function ofNprobe(ivf: IvfIndex, params: SearchParams, list: number, listRank: number | null, placesAt: (nprobe: number) => Map<number, number>): Omit<Remedy, 'wins'> | null {
  if (!changesWays(ivf.coarse)) return { param: 'nprobe', value: (placesAt(ivf.nlist).get(list) ?? 0) + 1 };
  for (let value = Math.max(listRank ?? 0, nprobeOf(ivf, params) + 1); value < 2 * ivf.nlist; value *= 2) {
    const nprobe = Math.min(value, ivf.nlist);
    if (placesAt(nprobe).has(list)) return { param: 'nprobe', value: nprobe };
  }
  return null;
}

/** Asked for more lists, a walk over the centroids goes other ways; what has a width may not give a list at all. */
function changesWays(index: CoarseIndex): boolean {
  switch (index.kind) {
    case 'PreTransform': case 'IDMap': return changesWays(index.index);
    default: return index.kind === 'NSG' || widening(index) !== null;
  }
}

/** The list is near enough, yet the coarse index did not give it: its own parameter, doubled until it does. */
function ofCoarse({ coarse, nlist }: IvfIndex, params: SearchParams, probed: (param: keyof SearchParams, value: number) => boolean): Omit<Remedy, 'wins'> | null {
  const own = widening(coarse), param: keyof SearchParams | null = own && `quantizer_${own}`;
  if (!own || !param) return null;
  const now = params[param] ?? (own === 'efSearch' ? params.efSearch : undefined) ?? START[own];
  for (let value = 2 * now; value < 2 * nlist; value *= 2) if (probed(param, value)) return { param, value };
  return null;
}

/** The width of the walk, doubled until it returns it. */
function ofWalk({ index, k, params }: Search, id: number, returned: (param: keyof SearchParams, value: number) => Set<number> | null): Remedy | null {
  const param = widthOf(index);
  if (!param) return null;
  for (let value = 2 * Math.max(params[param] ?? DEFAULT_WIDTH, k); value < 2 * index.n; value *= 2) if (returned(param, value)?.has(id)) return { param, value, wins: true };
  return null;
}

function widthOf(index: Index): 'efSearch' | 'search_L' | null {
  switch (index.kind) {
    case 'PreTransform': case 'IDMap': return widthOf(index.index);
    case 'Refine': return widthOf(index.base);
    case 'HNSW': return 'efSearch';
    case 'NSG': return 'search_L';
    default: return null;
  }
}

/** How many candidates are re-ranked is asked by another name where the second codes are those of PQa+b. */
function factorOf(index: Index): 'k_factor' | 'k_factor_rf' {
  switch (index.kind) {
    case 'PreTransform': case 'IDMap': return factorOf(index.index);
    default: return index.kind === 'Refine' && index.refine.kind === 'RefineCodes' ? 'k_factor' : 'k_factor_rf';
  }
}
