/** An inverted file searched for many queries together: they share the way to their lists; each then scans its own. */
import type { Thread } from '../thread';
import { scratchF32, scratchI32 } from '../thread';
import type { IvfIndex, SearchParams } from '../types';
import type { Work } from '../work';
import { timed } from '../work';
import { coarseScratch, searchCoarse } from './coarse';
import { flatGroupScratch, searchFlatGroup } from './flat-group';
import { ivfScratch, nprobeOf, scanLists } from './ivf';

/** queries (nq, d) → dis, ids (nq, k). The answers are those of searchIvf. Scratch: ivfGroupScratch. */
export function searchIvfGroup(thread: Thread, index: IvfIndex, queries: number, nq: number, k: number, params: SearchParams, dis: number, ids: number, work: Work): void {
  const { coarse, d } = index, { search, top } = thread, nprobe = nprobeOf(index, params);
  const near = scratchF32(thread, nq * nprobe), lists = scratchI32(thread, nq * nprobe), after = thread.top;
  timed(work, 'coarse', () => {
    if (coarse.kind === 'Flat') return searchFlatGroup(thread, coarse, queries, nq, nprobe, near.byteOffset, lists.byteOffset, work);
    for (let q = 0; q < nq; q++, thread.top = after) searchCoarse(thread, index, queries + q * d * 4, nprobe, params, near.byteOffset + q * nprobe * 4, lists.byteOffset + q * nprobe * 4, work);
  });
  for (let q = 0; q < nq; q++, thread.top = after) {
    const [from, to] = [q * nprobe, (q + 1) * nprobe], disOf = dis + q * k * 4, idsOf = ids + q * k * 4;
    search.heapClear(disOf, idsOf, k);
    timed(work, 'scan', () => scanLists(thread, index, queries + q * d * 4, k, params, near.subarray(from, to), lists.subarray(from, to), disOf, idsOf, work));
    search.heapSort(disOf, idsOf, k);
  }
  thread.top = top;
}

/** The lists of all queries, then what finds them or what scans them. */
export function ivfGroupScratch(index: IvfIndex, nq: number, params: SearchParams): number {
  const nprobe = nprobeOf(index, params);
  return nq * nprobe * 8 + 128 + (index.coarse.kind === 'Flat' ? flatGroupScratch(nq, index.d) : coarseScratch(index, nprobe, params)) + ivfScratch(index, params);
}
