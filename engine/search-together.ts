/** Index × queries → the k nearest of each, for throughput: queries share what they can, and the answers are those of searchInto.
 *  Time per query is told by searchMany, which asks them one by one. */
import type { Engine } from './pool';
import { run } from './pool';
import { chainScratch, searchInto, searchScratch, transformQuery } from './search';
import { flatGroupScratch, isBytesIndex, searchFlatGroup } from './structures/flat-group';
import { ivfGroupScratch, searchIvfGroup } from './structures/ivf-group';
import { askedOfBase, rerank } from './structures/refine';
import { scoreScratch } from './structures/score';
import type { Thread } from './thread';
import { scratch, scratchI32 } from './thread';
import type { Index, PreTransformIndex, RefineIndex, SearchParams } from './types';
import type { Work } from './work';
import { newWork } from './work';

/** queries (nq, d) → dis, ids (nq, k). Scratch: groupScratch. */
export function searchGroup(thread: Thread, index: Index, queries: number, nq: number, k: number, params: SearchParams, dis: number, ids: number, work: Work): void {
  const { top } = thread;
  if (isBytesIndex(index)) searchFlatGroup(thread, index, queries, nq, k, dis, ids, work);
  else switch (index.kind) {
    case 'Flat': searchFlatGroup(thread, index, queries, nq, k, dis, ids, work); break;
    case 'IVF': searchIvfGroup(thread, index, queries, nq, k, params, dis, ids, work); break;
    case 'PreTransform': searchGroup(thread, index.index, transformed(thread, index, queries, nq, work), nq, k, params, dis, ids, work); break;
    case 'IDMap': searchGroup(thread, index.index, queries, nq, k, params, dis, ids, work); break;
    case 'Refine': searchRefineGroup(thread, index, queries, nq, k, params, dis, ids, work); break;
    default: for (let q = 0; q < nq; q++) searchInto(thread, index, queries + q * index.d * 4, k, params, dis + q * k * 4, ids + q * k * 4, work);
  }
  thread.top = top;
}

/** The queries after a chain of transforms, in scratch. */
function transformed(thread: Thread, { chain, d, index }: PreTransformIndex, queries: number, nq: number, work: Work): number {
  const out = scratch(thread, nq * index.d * 4), { top } = thread, bytes = index.d * 4;
  for (let q = 0; q < nq; q++, thread.top = top) {
    const x = transformQuery(thread, chain, queries + q * d * 4, work);
    new Uint8Array(thread.buffer, out + q * bytes, bytes).set(new Uint8Array(thread.buffer, x, bytes));
  }
  return out;
}

function searchRefineGroup(thread: Thread, index: RefineIndex, queries: number, nq: number, k: number, params: SearchParams, dis: number, ids: number, work: Work): void {
  const kBase = askedOfBase(index, k, params), baseDis = scratch(thread, nq * kBase * 4 + 16), baseIds = scratchI32(thread, nq * kBase);
  searchGroup(thread, index.base, queries, nq, kBase, params, baseDis, baseIds.byteOffset, work);
  for (let q = 0; q < nq; q++) rerank(thread, index, queries + q * index.d * 4, k, baseDis, baseIds.subarray(q * kBase, (q + 1) * kBase), dis + q * k * 4, ids + q * k * 4, work);
}

/** Bound of the scratch that searchGroup takes. */
export function groupScratch(index: Index, nq: number, k: number, params: SearchParams): number {
  if (isBytesIndex(index)) return flatGroupScratch(nq, index.d);
  switch (index.kind) {
    case 'Flat': return flatGroupScratch(nq, index.d);
    case 'IVF': return ivfGroupScratch(index, nq, params);
    case 'PreTransform': return nq * index.index.d * 4 + 64 + Math.max(chainScratch(index.chain), groupScratch(index.index, nq, k, params));
    case 'IDMap': return groupScratch(index.index, nq, k, params);
    case 'Refine': return refineGroupScratch(index, nq, askedOfBase(index, k, params), params);
    default: return searchScratch(index, k, params);
  }
}

const refineGroupScratch = ({ base, refine }: RefineIndex, nq: number, kBase: number, params: SearchParams) =>
  nq * kBase * 8 + 16 + 128 + Math.max(groupScratch(base, nq, kBase, params), scoreScratch(refine));

/** queries (nq, d); dis, ids (nq, k); `index` is the name it was published under. */
export type TogetherArgs = { index: string; queries: number; nq: number; d: number; k: number; params: SearchParams; dis: number; ids: number };

const GROUP = 64; // packed queries of 128 dimensions are 32 kB: they stay in the second-level cache

export function searchGroupBlock(thread: Thread, { index: name, queries, nq, d, k, params, dis, ids }: TogetherArgs, block: number): void {
  const index = thread.known?.get(name) as Index | undefined, from = block * GROUP;
  if (!index) throw new Error(`searchGroupBlock: no index named ${name} was published`);
  searchGroup(thread, index, queries + from * d * 4, Math.min(GROUP, nq - from), k, params, dis + from * k * 4, ids + from * k * 4, newWork());
}

export const searchTogether = (engine: Engine, args: TogetherArgs, index: Index) =>
  run(engine, 'searchTogether', args, Math.ceil(args.nq / GROUP), groupScratch(index, Math.min(GROUP, args.nq), args.k, args.params) + 4096);
