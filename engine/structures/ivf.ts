/** Inverted file: vectors are kept in the list of their nearest centroid, a search scans the nprobe nearest lists
 *  (Sivic & Zisserman 2003; with PQ codes of residuals, IVFADC: Jégou, Douze & Schmid 2011, §IV). */
import { aim, blockOf, offer, opsOf, openProbe, probeBytes } from '../quantizers/codec';
import type { Probe } from '../quantizers/codec';
import { filters } from '../quantizers/polysemous';
import { joinTables } from '../quantizers/pq';
import type { PQ } from '../quantizers/pq';
import { aimByLists, listFloats } from '../quantizers/tables';
import type { Thread } from '../thread';
import { scratch, scratchF32, scratchI32 } from '../thread';
import type { IvfIndex, SearchParams } from '../types';
import type { Work } from '../work';
import { noteVisited, timed } from '../work';
import { coarseScratch, searchCoarse } from './coarse';
import { nearScratch, openNear } from './polysemous';

const CHUNK = 1024; // whole blocks of any codec

export const nprobeOf = ({ nlist }: IvfIndex, { nprobe = 1 }: SearchParams) => Math.min(nlist, nprobe);

/** The k nearest in the nprobe nearest lists. Scratch: ivfScratch. */
export function searchIvf(thread: Thread, index: IvfIndex, query: number, k: number, params: SearchParams, dis: number, ids: number, work: Work): void {
  const nprobe = nprobeOf(index, params), top = thread.top;
  const coarse = scratchF32(thread, nprobe), lists = scratchI32(thread, nprobe), after = thread.top;
  timed(work, 'coarse', () => searchCoarse(thread, index, query, nprobe, params, coarse.byteOffset, lists.byteOffset, work));
  thread.top = after;
  thread.search.heapClear(dis, ids, k);
  timed(work, 'scan', () => scanLists(thread, index, query, k, params, coarse, lists, dis, ids, work));
  thread.search.heapSort(dis, ids, k);
  thread.top = top;
}

export function scanLists(thread: Thread, index: IvfIndex, query: number, k: number, { max_codes, ht }: SearchParams, coarse: Float32Array, lists: Int32Array, dis: number, ids: number, work: Work): void {
  const { offsets, blocks, codec, codes } = index, block = blockOf(codec), nearest = { dis, ids, k };
  const out = scratch(thread, CHUNK * 4);
  const probe = openProbe(thread, codec, index.metric, query);
  const toList = timed(work, 'tables', () => aimAtLists(thread, index, probe, query)), addCoarse = addsCoarse(index);
  const near = codec.kind === 'PQ' && ht && filters(codec, ht) ? openNear(thread, index, codec, probe, query, ht) : null;
  let left = max_codes || Infinity;
  for (let p = 0; p < lists.length && left > 0; p++) {
    const list = lists[p] ?? -1;
    if (list < 0) break;
    const from = offsets[list] ?? 0, end = offsets[list + 1] ?? from, to = Math.min(end, from + left), base = addCoarse ? coarse[p] ?? 0 : 0;
    // A list that is cut short counts as not probed: what stands behind the cut was lost to the budget, not to its code.
    if (work.probed) work.probed[work.lists] = to < end ? -1 : list;
    left -= to - from;
    work.lists++;
    work.codes += to - from;
    work.ndis += to - from;
    const scan = to > from ? timed(work, 'tables', () => toList(list, near ? Infinity : to - from)) : null;
    if (near && to > from) timed(work, 'tables', () => near.aim(list));
    for (let i = from; i < to; i += CHUNK) {
      const rows = Math.min(CHUNK, to - i), idOf = index.ids.byteOffset + i * 4;
      const at = codes.byteOffset + ((blocks[list] ?? 0) + (i - from) / block.codes) * block.bytes;
      if (near) {
        work.ndis -= rows - near.scan(at, rows, base, out);
        thread.search.heapPush(out, rows, idOf, 0, dis, ids, k);
      } else if (scan) {
        scan(at, rows, base, out);
        thread.search.heapPush(out, rows, idOf, 0, dis, ids, k);
      } else offer(thread, probe, at, rows, base, { at: idOf, first: 0 }, nearest, out);
      noteVisited(work, thread.buffer, idOf, rows);
    }
    work.afterList?.(p);
  }
}

/** out[i] = base + distance of n codes, in a way of one list's own. */
type Scan = (codes: number, n: number, base: number, out: number) => void;

/** What must be done for the query once per list of `size` codes; null: the probe is aimed. By residual, with y = y_C + y_R and L2:
 *    ‖x − y‖² = ‖x − y_C‖² + (‖y_R‖² + 2⟨y_C, y_R⟩) − 2⟨x, y_R⟩
 *  first term = coarse distance; second = `precomputed`, one table a list; third = one table a query. Without the
 *  precomputed table (or for SQ) the query's residual x − y_C is taken instead, and the coarse distance is not added.
 *  Inner product: −⟨x, y⟩ = −⟨x, y_C⟩ − ⟨x, y_R⟩, one table a query serves all lists, but for codes that want ⟨x − y_C, y_R⟩. `absolute` codes know
 *  ‖y_C + y_R‖² and are compared with the query itself. */
export function aimAtLists(thread: Thread, index: IvfIndex, probe: Probe, query: number): (list: number, size: number) => Scan | null {
  const { codec, centroids, d, byResidual, metric, precomputed } = index;
  const { toList, absolute, centred } = opsOf(codec);
  if (!byResidual || absolute || (metric === 'IP' && !centred)) {
    aim(thread, probe, query);
    return (list) => {
      if (byResidual) probe.centre = centroids.byteOffset + list * d * 4;
      toList?.(thread, probe, list);
      return null;
    };
  }
  if (hasTables(index) && codec.kind === 'PQ') return aimByTables(thread, index, codec, probe, query);
  if (precomputed && codec.kind === 'AQ') {
    const toList = aimByLists(thread, { ...probe, codec }, query, precomputed.byteOffset);
    return (list) => (toList(list), null);
  }
  const residual = scratchF32(thread, d), x = new Float32Array(thread.buffer, query, d);
  return (list) => {
    for (let j = 0; j < d; j++) residual[j] = (x[j] ?? 0) - (centroids[list * d + j] ?? 0);
    probe.centre = centroids.byteOffset + list * d * 4;
    aim(thread, probe, residual.byteOffset);
    return null;
  };
}

/** Lists of fewer codes are scanned with two tables side by side: adding M·ksub entries first would cost more. */
const SHORT = 24;

function aimByTables(thread: Thread, index: IvfIndex, codec: PQ, probe: Probe, query: number): (list: number, size: number) => Scan | null {
  const { M, nbits, ksub, dsub, codeSize, transposed } = codec, { search } = thread, half = M >> 1, perQuery = scratch(thread, M * ksub * 4);
  search.dotTables(query, transposed.byteOffset, M, ksub, dsub, -2, perQuery);
  return (list, size) => {
    const [first, second] = tablesOf(index, codec, list);
    if (size < SHORT) return (codes, n, base, out) => search.scanTwo(perQuery, first, second, half, M, nbits, codes, codeSize, n, base, out);
    search.addRows(first, perQuery, half * ksub, probe.at);
    search.addRows(second, perQuery + half * ksub * 4, (M - half) * ksub, probe.at + half * ksub * 4);
    joinTables(thread, codec, probe.at);
    return null;
  };
}

const hasTables = ({ precomputed, halves }: IvfIndex) => precomputed !== undefined || halves !== undefined;

/** Addresses of the list's tables: of the first ⌊M/2⌋ sub-quantizers, and of the others. */
function tablesOf({ coarse, precomputed, halves }: IvfIndex, { M, ksub }: PQ, list: number): [number, number] {
  const half = M >> 1;
  if (halves && coarse.kind === 'IMI') {
    const { nbits } = coarse, first = list % 2 ** nbits, second = 2 ** nbits + (list >> nbits), size = half * ksub * 4;
    return [halves.byteOffset + first * size, halves.byteOffset + second * size];
  }
  const at = (precomputed?.byteOffset ?? 0) + list * M * ksub * 4;
  return [at, at + half * ksub * 4];
}

/** Whether `distances` must add the coarse term for this index (see aimAtLists). */
export const addsCoarse = (index: IvfIndex) => index.byResidual && (index.metric === 'IP' || hasTables(index));

/** Coarse results, one chunk of distances, the probe, one more table or residual, and whichever coarse search runs first. */
export function ivfScratch(index: IvfIndex, params: SearchParams): number {
  const nprobe = nprobeOf(index, params), { codec, d } = index;
  const coarse = coarseScratch(index, nprobe, params);
  const perList = codec.kind === 'PQ' ? codec.M * codec.ksub * 4 + nearScratch(codec) : Math.max(d, codec.kind === 'AQ' ? listFloats(codec) : 0) * 4;
  return nprobe * 8 + 128 + coarse + CHUNK * 4 + 64 + probeBytes(codec) + perList + d * 4 + 128;
}
