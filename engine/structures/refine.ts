/** Re-ranking: a base index proposes k·k_factor candidates, distances from a second index, exact ones for RFlat, order them (Jégou et
 *  al., ICASSP 2011). */
import { aim, openProbe } from '../quantizers/codec';
import type { Nearest } from '../quantizers/codec';
import { offerLevels } from '../quantizers/panorama';
import type { FlatPanorama } from '../quantizers/panorama';
import { searchInto, searchScratch } from '../search';
import type { Thread } from '../thread';
import { scratch, scratchI32 } from '../thread';
import type { CodesIndex, RefineIndex, SearchParams } from '../types';
import type { Work } from '../work';
import { timed } from '../work';
import { scoreIds, scoreScratch } from './score';

/** How many the base is asked for: k by its own factor, and no more than there are. */
export function askedOfBase({ n, refine }: RefineIndex, k: number, { k_factor_rf = 1, k_factor = 4 }: SearchParams): number {
  const factor = refine.kind === 'RefineCodes' ? k_factor : k_factor_rf;
  return Math.max(k, Math.min(n, Math.floor(k * factor)));
}

/** Scratch: refineScratch. */
export function searchRefine(thread: Thread, index: RefineIndex, query: number, k: number, params: SearchParams, dis: number, ids: number, work: Work): void {
  const kBase = askedOfBase(index, k, params), baseDis = scratch(thread, kBase * 4 + 16), baseIds = scratchI32(thread, kBase);
  searchInto(thread, index.base, query, kBase, params, baseDis, baseIds.byteOffset, work);
  rerank(thread, index, query, k, baseDis, baseIds, dis, ids, work);
}

/** The k nearest of the base's proposals baseIds, whose distances `out` has room for (whole groups of four). */
export function rerank(thread: Thread, { refine }: RefineIndex, query: number, k: number, out: number, baseIds: Int32Array, dis: number, ids: number, work: Work): void {
  const { search } = thread, missing = baseIds.indexOf(-1), found = missing < 0 ? baseIds.length : missing;
  timed(work, 'refine', () => {
    search.heapClear(dis, ids, k);
    if (refine.kind === 'Codes' && refine.codec.kind === 'FlatPanorama') offerByLevels(thread, refine, refine.codec, query, baseIds, found, { dis, ids, k });
    else {
      scoreIds(thread, refine, query, baseIds, found, out, work);
      search.heapPush(out, found, baseIds.byteOffset, 0, dis, ids, k);
    }
    search.heapSort(dis, ids, k);
  });
  work.ndis += found;
  work.ndisRefine += found;
}

/** Candidates are left at the level after which they cannot be among the k nearest. */
function offerByLevels(thread: Thread, { codes, metric }: CodesIndex, codec: FlatPanorama, query: number, candidates: Int32Array, n: number, nearest: Nearest): void {
  const { top } = thread, probe = { ...openProbe(thread, codec, metric, query), codec };
  aim(thread, probe, query);
  offerLevels(thread, probe, codes.byteOffset, n, true, { at: candidates.byteOffset, first: 0 }, nearest);
  thread.top = top;
}

export const refineScratch = (index: RefineIndex, k: number, params: SearchParams): number => {
  const kBase = askedOfBase(index, k, params);
  return kBase * 8 + 256 + Math.max(searchScratch(index.base, kBase, params), scoreScratch(index.refine));
};
