/** Why a search did not return a true neighbour: one cause each, the first in the order of the search's stages that applies, so that
 *  over a query set they add up to what is missing. Knows the index and its parameters; not which of its neighbours are true. */
import type { Engine } from '../pool';
import { run } from '../pool';
import { chainScratch, searchInto, searchScratch, transformQuery } from '../search';
import { flatScratch, searchFlat } from '../structures/flat';
import { nprobeOf } from '../structures/ivf';
import { askedOfBase } from '../structures/refine';
import type { Thread } from '../thread';
import { scratch, scratchI32 } from '../thread';
import type { HnswIndex, Index, IvfIndex, NsgIndex, RefineIndex, SearchParams } from '../types';
import { newWork } from '../work';
import { codesUntil, isScanned, probingOf, probingScratch } from './probing';
import { widening } from './widening';

/** coarse: its list was not probed, or it stands behind the last of max_codes codes. graph: the walk never came by. refine: in the order
 *  of the index it stands beyond those that are re-ranked. code: it was compared last of all, and its code puts it behind k others. */
export const causes = ['coarse', 'graph', 'code', 'refine'] as const;
export type Cause = (typeof causes)[number];

/** What keeps a list, or a part of it, from being scanned, by what would let it in. nprobe: nprobe others are nearer to the query.
 *  max_codes: the list is probed and its turn does not come. quantizer: it is near enough, and the approximate index over the
 *  centroids, which has a width of its own, did not give it. */
export const doors = ['nprobe', 'max_codes', 'quantizer'] as const;
export type Door = (typeof doors)[number];

/** The two in one: every coarse loss by its door, the others by their cause. */
export const losses = [...doors, 'graph', 'code', 'refine'] as const satisfies readonly (Door | Cause)[];
export type Loss = (typeof losses)[number];

/** The rank of ids (1 = nearest) in the order of all that a search for k compares; null where it cannot be told. */
export type Ranker = (index: Index, query: number, k: number, ids: readonly number[]) => (number | null)[];

export type Asked = {
  k: number; params: SearchParams;
  /** List of each id, where there are lists. */
  listOf: Int32Array | null; // (n)
  ranker?: Ranker;
};
/** `rank` of code: among all that were compared last; of refine: in the order of the base. `door` of coarse, null of the others. */
export type Fate = { cause: Cause; rank: number | null; door: Door | null };

/** What became of ids that a search for k does not return. Scratch: causesScratch. */
export function fatesOf(thread: Thread, index: Index, query: number, asked: Asked, missed: readonly number[]): Fate[] {
  const { top } = thread;
  try {
    switch (index.kind) {
      case 'PreTransform': return fatesOf(thread, index.index, transformQuery(thread, index.chain, query, newWork()), asked, missed);
      case 'IDMap': return fatesOf(thread, index.index, query, asked, missed);
      case 'Refine': return ofRefine(thread, index, query, asked, missed);
      case 'IVF': return ofLists(thread, index, query, asked, missed);
      case 'HNSW': case 'NSG': {
        const reached = reachedBy(thread, index, query, asked);
        return comparedOr('graph', missed.map((id) => hasBit(reached, id)), index, query, asked, missed);
      }
      default: return comparedOr('code', missed.map(() => true), index, query, asked, missed);
    }
  } finally {
    thread.top = top;
  }
}

/** `cause` where it was not compared; else its code, at the rank that this gave it. */
function comparedOr(cause: Cause, compared: boolean[], index: Index, query: number, { k, ranker }: Asked, missed: readonly number[]): Fate[] {
  const those = missed.filter((_, i) => compared[i]), ranks = those.length ? ranker?.(index, query, k, those) ?? [] : [];
  return missed.map((id, i) => compared[i] ? { cause: 'code', rank: ranks[those.indexOf(id)] ?? null, door: null } : { cause, rank: null, door: null });
}

/** What was not scanned is lost at a door. */
function ofLists(thread: Thread, index: IvfIndex, query: number, asked: Asked, missed: readonly number[]): Fate[] {
  const { params } = asked, probing = probingOf(thread, index, query, params), lists = missed.map((id) => asked.listOf?.[id] ?? -1);
  const fates = comparedOr('coarse', missed.map((id, i) => isScanned(codesUntil(probing, index, lists[i] ?? -1, id), params)), index, query, asked, missed);
  if (fates.every(({ cause }) => cause !== 'coarse')) return fates;
  const near = nearLists(thread, index, query, params);
  const doorOf = (list: number): Door => (probing.place.has(list) ? 'max_codes' : near.has(list) ? 'quantizer' : 'nprobe');
  return fates.map((fate, i) => (fate.cause === 'coarse' ? { ...fate, door: doorOf(lists[i] ?? -1) } : fate));
}

/** The nprobe lists nearest to the query by their centroids, where the index over these may give others and has a width. */
function nearLists(thread: Thread, index: IvfIndex, query: number, params: SearchParams): Set<number> {
  if (!widening(index.coarse)) return new Set();
  const { centroids, d, nlist, metric } = index, { top } = thread, nprobe = nprobeOf(index, params), lists = scratchI32(thread, nprobe);
  searchFlat(thread, { kind: 'Flat', d, n: nlist, metric, vectors: centroids }, query, nprobe, scratch(thread, nprobe * 4), lists.byteOffset, newWork());
  thread.top = top;
  return new Set(lists);
}

/** What was re-ranked fell to the second distances; of the others, what the base compared stands too far down in its order. */
function ofRefine(thread: Thread, index: RefineIndex, query: number, asked: Asked, missed: readonly number[]): Fate[] {
  const { k, params } = asked, kBase = askedOfBase(index, k, params), proposed = scratchI32(thread, kBase), dis = scratch(thread, kBase * 4);
  searchInto(thread, index.base, query, kBase, params, dis, proposed.byteOffset, newWork());
  const ranked = new Set(proposed), others = missed.filter((id) => !ranked.has(id));
  const below = others.length ? fatesOf(thread, index.base, query, { ...asked, k: kBase }, others) : [];
  const again = comparedOr('refine', missed.map((id) => ranked.has(id)), index, query, asked, missed);
  return missed.map((id, i) => {
    const fate = ranked.has(id) ? again[i] : below[others.indexOf(id)];
    if (!fate) throw new Error(`ofRefine: no fate for id ${id}`);
    return !ranked.has(id) && fate.cause === 'code' ? { ...fate, cause: 'refine' } : fate;
  });
}

/** One bit a node that the walk came by on the level that holds them all. */
export function reachedBy(thread: Thread, index: HnswIndex | NsgIndex, query: number, { k, params }: Asked): Uint8Array {
  const reached = new Uint8Array(Math.ceil(index.n / 8)), { top } = thread;
  searchInto(thread, index, query, k, params, scratch(thread, k * 4), scratch(thread, k * 4), newWork({ reached }));
  thread.top = top;
  return reached;
}

export const hasBit = (bits: Uint8Array, id: number) => (((bits[id >> 3] ?? 0) >> (id & 7)) & 1) === 1;

export function causesScratch(index: Index, k: number, params: SearchParams): number {
  switch (index.kind) {
    case 'PreTransform': return chainScratch(index.chain) + causesScratch(index.index, k, params);
    case 'IDMap': return causesScratch(index.index, k, params);
    case 'Refine': {
      const kBase = askedOfBase(index, k, params);
      return kBase * 8 + 128 + Math.max(searchScratch(index.base, kBase, params), causesScratch(index.base, kBase, params));
    }
    case 'IVF': return probingScratch(index, params) + nprobeOf(index, params) * 8 + 128 + flatScratch();
    case 'HNSW': case 'NSG': return searchScratch(index, k, params) + k * 8 + 128;
    default: return 0;
  }
}

/** ids (nq, k) as returned, truth (nq, kTrue); listOf (n) or 0 → out (nq, k) u8: of the r-th true neighbour, 0 = returned, c + 1 = losses[c]. */
export type CausesArgs = { index: string; queries: number; nq: number; d: number; k: number; params: SearchParams; ids: number; truth: number; kTrue: number; listOf: number; out: number };

const BATCH = 16;

export function causesBlock(thread: Thread, { index: name, queries, nq, d, k, params, ids, truth, kTrue, listOf, out }: CausesArgs, block: number): void {
  const index = thread.known?.get(name) as Index | undefined, { buffer } = thread;
  if (!index) throw new Error(`causesBlock: no index named ${name} was published`);
  const asked: Asked = { k, params, listOf: listOf ? new Int32Array(buffer, listOf, index.n) : null };
  for (let q = block * BATCH; q < Math.min(nq, (block + 1) * BATCH); q++) {
    const returned = new Set(new Int32Array(buffer, ids + q * k * 4, k)), all = [...new Int32Array(buffer, truth + q * kTrue * 4, Math.min(k, kTrue))];
    const missed = all.filter((id) => !returned.has(id));
    const fates = missed.length ? fatesOf(thread, index, queries + q * d * 4, asked, missed) : [], to = new Uint8Array(buffer, out + q * k, k);
    all.forEach((id, r) => { to[r] = returned.has(id) ? 0 : losses.indexOf(lossOf(fates[missed.indexOf(id)])) + 1; });
  }
}

function lossOf(fate: Fate | undefined): Loss {
  if (!fate) throw new Error('lossOf: a missed neighbour without a fate');
  if (fate.cause !== 'coarse') return fate.cause;
  return fate.door ?? 'nprobe';
}

export const findCauses = (engine: Engine, args: CausesArgs, index: Index) =>
  run(engine, 'causes', args, Math.ceil(args.nq / BATCH), causesScratch(index, args.k, args.params) + 4096);
