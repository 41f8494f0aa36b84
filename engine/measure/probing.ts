/** Which codes of an inverted file a search scans: the lists in the order its coarse index gives them, the last of them cut where
 *  max_codes are used up. Nothing is scanned here. */
import { coarseScratch, searchCoarse } from '../structures/coarse';
import { nprobeOf } from '../structures/ivf';
import type { Thread } from '../thread';
import { scratchF32, scratchI32 } from '../thread';
import type { IvfIndex, SearchParams } from '../types';
import { newWork } from '../work';

export type Probing = {
  /** Place of each list in the order, from 0. */
  place: Map<number, number>;
  /** Codes that come before it. */
  before: number[]; // (lists)
};

/** The nprobe lists that a search of `query` goes through. Scratch: probingScratch. */
export function probingOf(thread: Thread, index: IvfIndex, query: number, params: SearchParams): Probing {
  const nprobe = nprobeOf(index, params), { top } = thread, { offsets } = index;
  const coarse = scratchF32(thread, nprobe), lists = scratchI32(thread, nprobe);
  searchCoarse(thread, index, query, nprobe, params, coarse.byteOffset, lists.byteOffset, newWork());
  thread.top = top;
  const place = new Map<number, number>(), before: number[] = [];
  let codes = 0;
  for (const list of lists) {
    if (list < 0) break;
    place.set(list, before.length);
    before.push(codes);
    codes += (offsets[list + 1] ?? 0) - (offsets[list] ?? 0);
  }
  return { place, before };
}

export const probingScratch = (index: IvfIndex, params: SearchParams) => nprobeOf(index, params) * 8 + 128 + coarseScratch(index, nprobeOf(index, params), params);

/** How many codes are scanned up to and with that of `id`, which stands in `list`; null where the list is not among them. */
export function codesUntil({ place, before }: Probing, { ids, offsets }: IvfIndex, list: number, id: number): number | null {
  const at = place.get(list), from = offsets[list] ?? 0;
  return at === undefined ? null : (before[at] ?? 0) + ids.subarray(from, offsets[list + 1]).indexOf(id) + 1;
}

/** Is it scanned, when max_codes bounds how many are? */
export const isScanned = (until: number | null, { max_codes }: SearchParams) => until !== null && until <= (max_codes || Infinity);
