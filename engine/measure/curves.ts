/** Recall at every value of one parameter from a single pass over the queries: what is nearest after the p nearest lists is what a search
 *  with nprobe = p returns, and the first k·k_factor of the base's order are what a search with that factor re-ranks. */
import type { Arena } from '../memory';
import { openArena, release, take, takeI32 } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import { chainScratch, searchInto, searchScratch, transformQuery } from '../search';
import { DEFAULT_WIDTH } from '../structures/assign';
import { quantizerParams } from '../structures/coarse';
import { ivfScratch, searchIvf } from '../structures/ivf';
import { askedOfBase } from '../structures/refine';
import { scoreIds, scoreScratch } from '../structures/score';
import type { Thread } from '../thread';
import { scratch, scratchI32 } from '../thread';
import type { CoarseIndex, Index, IvfIndex, RefineIndex, SearchParams } from '../types';
import { newWork } from '../work';
import { codesUntil, isScanned, probingOf, probingScratch } from './probing';
import { anatomyOf } from './recall';
import type { Truth } from './truth';

export const curveParams = ['nprobe', 'k_factor_rf', 'k_factor'] as const;
export type CurveParam = (typeof curveParams)[number];

/** Shares of nq·k at each value: found, and at most to be found there by exact distances (of all that is scanned, or re-ranked). */
export type CurvePoint = { value: number; recall: number; ceiling: number };

/** What an answer must have in common with that of fewer: the same lists first, the same order of codes. */
export function isCurved(index: Index, param: CurveParam, params: SearchParams, k: number, most: number): boolean {
  const { ivf } = anatomyOf(index), refine = refineOf(index), { efSearch = DEFAULT_WIDTH } = params;
  if (param === 'nprobe') return ivf !== null && (!refine || oneRefine(refine)) && isPrefix(ivf.coarse, most <= (quantizerParams(params).efSearch ?? DEFAULT_WIDTH));
  return refine !== null && oneRefine(refine) && (refine.refine.kind === 'RefineCodes') === (param === 'k_factor') && steady(refine.base, Math.floor(k * most) <= efSearch);
}

/** The index that re-ranks, under transforms. */
function refineOf(index: Index): RefineIndex | null {
  switch (index.kind) {
    case 'PreTransform': case 'IDMap': return refineOf(index.index);
    default: return index.kind === 'Refine' ? index : null;
  }
}
const oneRefine = ({ base }: RefineIndex) => refineOf(base) === null;

/** Does it give n lists as the first of more? A beam that is asked for more goes other ways, and so does a walk that is asked for more
 *  than it has in view; `wide`: it is not. */
function isPrefix(index: CoarseIndex, wide: boolean): boolean {
  switch (index.kind) {
    case 'IMI': return true;
    case 'RCQ': return false;
    default: return steady(index, wide);
  }
}

/** Does it order what it compares in the same way however many are asked for? RaBitQ codes of several bits are set aside by a bound that
 *  the k-th nearest so far gives. */
function steady(index: Index, wide: boolean): boolean {
  switch (index.kind) {
    case 'PreTransform': case 'IDMap': return steady(index.index, wide);
    case 'HNSW': case 'NSG': return wide && index.kind === 'HNSW';
    case 'Refine': return false;
    case 'IVF': case 'Codes': return !((index.codec.kind === 'RaBitQ' || index.codec.kind === 'RaBitQfs') && index.codec.nbits > 1);
    case 'Flat': return true;
  }
}

/** truth (nq, kTrue); listOf (n) or 0; values (V) ascending → out (blocks, V, 2) u32: true neighbours found, and scanned or re-ranked. */
export type CurveArgs = { index: string; queries: number; nq: number; d: number; k: number; params: SearchParams; param: CurveParam; values: number[]; truth: number; kTrue: number; listOf: number; out: number };

const BATCH = 16;

type Pass = { thread: Thread; k: number; params: SearchParams; values: number[]; truth: Int32Array; listOf: Int32Array | null; note: Note };
/** At the i-th value these ids are found (a heap, −1 or more than all ids where it is not full), and so many could be. */
type Note = (i: number, ids: Int32Array, possible: number) => void;

export function curveBlock(thread: Thread, args: CurveArgs, block: number): void {
  const { queries, nq, d, k, params, param, values, truth, kTrue, listOf, out } = args, { buffer } = thread;
  const index = thread.known?.get(args.index) as Index | undefined, counts = new Uint32Array(buffer, out + block * values.length * 8, values.length * 2).fill(0);
  if (!index) throw new Error(`curveBlock: no index named ${args.index} was published`);
  const lists = listOf ? new Int32Array(buffer, listOf, index.n) : null;
  for (let q = block * BATCH; q < Math.min(nq, (block + 1) * BATCH); q++) {
    const { top } = thread, nearest = new Int32Array(buffer, truth + q * kTrue * 4, Math.min(k, kTrue)), isTrue = new Set(nearest);
    const note: Note = (i, ids, possible) => {
      counts[i * 2] = (counts[i * 2] ?? 0) + ids.reduce((sum, id) => sum + Number(isTrue.has(id)), 0);
      counts[i * 2 + 1] = (counts[i * 2 + 1] ?? 0) + possible;
    };
    const pass = { thread, k, params, values, truth: nearest, listOf: lists, note };
    if (param === 'nprobe') overLists(pass, index, queries + q * d * 4);
    else overFactors(pass, index, queries + q * d * 4, param);
    thread.top = top;
  }
}

/** One search of the most lists; after each value's worth of them, what stands in the heap. */
function overLists(pass: Pass, index: Index, query: number): void {
  const { thread } = pass;
  switch (index.kind) {
    case 'PreTransform': return overLists(pass, index.index, transformQuery(thread, index.chain, query, newWork()));
    case 'IDMap': return overLists(pass, index.index, query);
    case 'Refine': return overLists(rerankedPass(pass, index, query), index.base, query);
    case 'IVF': return overListsOf(pass, index, query);
    default: throw new Error(`overLists: ${index.kind} has no lists`);
  }
}

function overListsOf({ thread, k, values, listOf, truth, note, ...pass }: Pass, index: IvfIndex, query: number): void {
  const params = { ...pass.params, nprobe: values.at(-1) ?? 1 }, probing = probingOf(thread, index, query, params);
  const places = [...truth].map((id) => {
    const list = listOf?.[id] ?? -1, scanned = isScanned(codesUntil(probing, index, list, id), params);
    return scanned ? (probing.place.get(list) ?? Infinity) + 1 : Infinity;
  });
  const dis = scratch(thread, k * 4), ids = scratchI32(thread, k), possible = (value: number) => places.filter((place) => place <= value).length;
  let next = 0;
  const afterList = (place: number) => {
    for (; next < values.length && (values[next] ?? 0) === place + 1; next++) note(next, ids, possible(place + 1));
  };
  searchIvf(thread, index, query, k, params, dis, ids.byteOffset, newWork({ afterList }));
  for (; next < values.length; next++) note(next, ids, possible(values[next] ?? 0));
}

/** The base keeps k·k_factor; of these the k nearest by the second distances are noted. */
function rerankedPass(pass: Pass, refine: RefineIndex, query: number): Pass {
  const { thread, k, params } = pass, kBase = askedOfBase(refine, k, params);
  const some = scratchI32(thread, kBase + 4), out = scratch(thread, kBase * 4 + 16), dis = scratch(thread, k * 4), ids = scratchI32(thread, k);
  const note: Note = (i, heap, possible) => {
    const there = heap.filter((id) => id >= 0 && id < refine.n);
    some.set(there);
    scoreIds(thread, refine.refine, query, some, there.length, out, newWork());
    nearestOf(thread, out, some, there.length, k, dis, ids);
    pass.note(i, ids, possible);
  };
  return { ...pass, k: kBase, note };
}

/** ids ← the k nearest of the first n of `all`, in any order. */
function nearestOf({ search }: Thread, values: number, all: Int32Array, n: number, k: number, dis: number, ids: Int32Array): void {
  search.heapClear(dis, ids.byteOffset, k);
  search.heapPush(values, n, all.byteOffset, 0, dis, ids.byteOffset, k);
}

/** One search of the base for the most candidates, scored once; of each value's worth of them, the k nearest. */
function overFactors(pass: Pass, index: Index, query: number, param: CurveParam): void {
  const { thread, k, params, values, truth, note } = pass;
  if (index.kind === 'IDMap') return overFactors(pass, index.index, query, param);
  if (index.kind === 'PreTransform') return overFactors(pass, index.index, transformQuery(thread, index.chain, query, newWork()), param);
  if (index.kind !== 'Refine') throw new Error(`overFactors: ${index.kind} does not re-rank`);
  const most = askedOfBase(index, k, { ...params, [param]: values.at(-1) }), all = scratchI32(thread, most), out = scratch(thread, most * 4 + 16), dis = scratch(thread, k * 4), ids = scratchI32(thread, k);
  searchInto(thread, index.base, query, most, params, out, all.byteOffset, newWork());
  const found = all.includes(-1) ? all.indexOf(-1) : most, places = [...truth].map((id) => all.indexOf(id)).filter((place) => place >= 0);
  scoreIds(thread, index.refine, query, all, found, out, newWork());
  values.forEach((value, i) => {
    const asked = askedOfBase(index, k, { ...params, [param]: value });
    nearestOf(thread, out, all, Math.min(asked, found), k, dis, ids);
    note(i, ids, places.filter((place) => place < asked).length);
  });
}

function curveScratch(index: Index, k: number, params: SearchParams): number {
  const { ivf } = anatomyOf(index), refine = refineOf(index), kBase = refine ? askedOfBase(refine, k, params) : k;
  const room = (kBase + 8) * 16 + k * 16 + 1024, search = Math.max(searchScratch(index, k, params), ivf ? ivfScratch(ivf, params) + probingScratch(ivf, params) : 0);
  return room + search + chainsOf(index) + (refine ? scoreScratch(refine.refine) : 0);
}

/** Scratch of all transforms on the way. */
function chainsOf(index: Index): number {
  switch (index.kind) {
    case 'PreTransform': return chainScratch(index.chain) + chainsOf(index.index);
    case 'IDMap': return chainsOf(index.index);
    case 'Refine': return chainsOf(index.base);
    default: return 0;
  }
}

export type CurveOf = { index: Index; published: string; listOf: Int32Array | null; queries: number; nq: number; d: number; k: number; params: SearchParams; param: CurveParam; values: number[]; truth: Truth };

/** Null where one pass cannot tell: see isCurved. */
export async function curveOf(engine: Engine, { index, published, listOf, queries, nq, d, k, params, param, values, truth }: CurveOf): Promise<CurvePoint[] | null> {
  const most = values.at(-1);
  if (most === undefined || !isCurved(index, param, params, k, most)) return null;
  const arena = openArena(engine.memory), blocks = Math.ceil(nq / BATCH), V = values.length;
  try {
    const counts = new Uint32Array(engine.memory.memory.buffer, take(arena, blocks * V * 8), blocks * V * 2);
    const args = { index: published, queries, nq, d, k, params, param, values, truth: truth.ids.byteOffset, kTrue: truth.k, listOf: listOf ? shared(arena, listOf) : 0, out: counts.byteOffset };
    await run(engine, 'curve', args, blocks, curveScratch(index, k, { ...params, [param]: most }) + 4096);
    const sum = (column: number) => counts.reduce((all, count, i) => (i % (V * 2) === column ? all + count : all), 0) / (nq * k);
    return values.map((value, i) => ({ value, recall: sum(i * 2), ceiling: sum(i * 2 + 1) }));
  } finally {
    release(arena);
  }
}

function shared(arena: Arena, listOf: Int32Array): number {
  const lists = takeI32(arena, listOf.length);
  lists.set(listOf);
  return lists.byteOffset;
}
