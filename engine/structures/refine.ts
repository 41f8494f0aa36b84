/** Re-ranking: a base index proposes k·k_factor candidates, distances from a second index, exact ones for RFlat, order them (Jégou et al., ICASSP 2011). */
import { searchInto, searchScratch } from '../search';
import type { Thread } from '../thread';
import { scratch, scratchI32 } from '../thread';
import type { RefineIndex, SearchParams } from '../types';
import type { Work } from '../work';
import { timed } from '../work';
import { scoreIds, scoreScratch } from './score';

export const candidates = (k: number, { k_factor_rf = 1 }: SearchParams) => Math.max(k, Math.floor(k * k_factor_rf));

/** Scratch: refineScratch. */
export function searchRefine(thread: Thread, index: RefineIndex, query: number, k: number, params: SearchParams, dis: number, ids: number, work: Work): void {
  const kBase = Math.min(candidates(k, params), Math.max(k, index.n));
  const baseDis = scratch(thread, kBase * 4 + 16), baseIds = scratchI32(thread, kBase);
  searchInto(thread, index.base, query, kBase, params, baseDis, baseIds.byteOffset, work);
  const { search } = thread;
  const missing = baseIds.indexOf(-1), found = missing < 0 ? kBase : missing;
  timed(work, 'refine', () => {
    search.heapClear(dis, ids, k);
    scoreIds(thread, index.refine, query, baseIds, found, baseDis, work);
    search.heapPush(baseDis, found, baseIds.byteOffset, 0, dis, ids, k);
    search.heapSort(dis, ids, k);
  });
  work.ndis += found;
}

export const refineScratch = (index: RefineIndex, k: number, params: SearchParams): number => {
  const kBase = Math.max(k, candidates(k, params));
  return kBase * 8 + 256 + Math.max(searchScratch(index.base, kBase, params), scoreScratch(index.refine));
};
