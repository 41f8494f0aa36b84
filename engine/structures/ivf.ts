/** Inverted file: vectors are kept in the list of their nearest centroid, a search scans the nprobe nearest lists
 *  (Sivic & Zisserman 2003; with PQ codes of residuals, IVFADC: Jégou, Douze & Schmid 2011, §IV). */
import { aim, blockOf, offer, openProbe, probeBytes } from '../quantizers/codec';
import type { Probe } from '../quantizers/codec';
import { joinTables } from '../quantizers/pq';
import type { PQ } from '../quantizers/pq';
import { aimByLists, listFloats } from '../quantizers/tables';
import type { Thread } from '../thread';
import { scratch, scratchF32, scratchI32 } from '../thread';
import type { IvfIndex, SearchParams } from '../types';
import type { Work } from '../work';
import { noteVisited, timed } from '../work';
import { DEFAULT_WIDTH, graphScratch, searchGraph } from './assign';
import { flatScratch, searchFlat } from './flat';
import { rcqScratch, searchRcq } from './rcq';

const CHUNK = 1024; // whole blocks of any codec

export const nprobeOf = ({ nlist }: IvfIndex, { nprobe = 1 }: SearchParams) => Math.min(nlist, nprobe);

/** Nodes in view of a graph over the centroids: efSearch of HNSW, whose name Faiss takes with or without `quantizer_`; the
 *  search_L of an NSG has no name there. */
const coarseWidth = ({ kind }: IvfIndex['coarse'], { quantizer_efSearch, efSearch }: SearchParams) =>
  kind === 'HNSW' ? quantizer_efSearch ?? efSearch ?? DEFAULT_WIDTH : DEFAULT_WIDTH;

/** The nprobe nearest lists, nearest first: lists (nprobe), coarse (nprobe) distances. */
export function searchCoarse(thread: Thread, index: IvfIndex, query: number, nprobe: number, params: SearchParams, coarse: number, lists: number, work: Work): void {
  // What the quantizer visits are centroids, not vectors: it keeps records of its own.
  const inner: Work = { ...work, visited: null, probed: null, clock: null };
  if (index.coarse.kind === 'Flat') searchFlat(thread, index.coarse, query, nprobe, coarse, lists, inner);
  else if (index.coarse.kind === 'RCQ') searchRcq(thread, thread.search, index.coarse, query, nprobe, coarse, lists, inner);
  else searchGraph(thread, index.coarse, query, nprobe, coarseWidth(index.coarse, params), coarse, lists, inner);
  work.ndis = inner.ndis;
  work.hops = inner.hops;
}

/** The k nearest in the nprobe nearest lists. Scratch: ivfScratch. */
export function searchIvf(thread: Thread, index: IvfIndex, query: number, k: number, params: SearchParams, dis: number, ids: number, work: Work): void {
  const nprobe = nprobeOf(index, params), top = thread.top;
  const coarse = scratchF32(thread, nprobe), lists = scratchI32(thread, nprobe), after = thread.top;
  timed(work, 'coarse', () => searchCoarse(thread, index, query, nprobe, params, coarse.byteOffset, lists.byteOffset, work));
  thread.top = after;
  thread.search.heapClear(dis, ids, k);
  timed(work, 'scan', () => scanLists(thread, index, query, k, coarse, lists, dis, ids, work));
  thread.search.heapSort(dis, ids, k);
  thread.top = top;
}

function scanLists(thread: Thread, index: IvfIndex, query: number, k: number, coarse: Float32Array, lists: Int32Array, dis: number, ids: number, work: Work): void {
  const { offsets, blocks, codec, codes } = index, block = blockOf(codec), nearest = { dis, ids, k };
  const out = scratch(thread, CHUNK * 4);
  const probe = openProbe(thread, codec, index.metric, query);
  const toList = aimAtLists(thread, index, probe, query), addCoarse = addsCoarse(index);
  for (let p = 0; p < lists.length; p++) {
    const list = lists[p] ?? -1;
    if (list < 0) break;
    const from = offsets[list] ?? 0, to = offsets[list + 1] ?? from;
    if (work.probed) work.probed[work.lists] = list;
    work.lists++;
    work.codes += to - from;
    work.ndis += to - from;
    if (to > from) toList(list);
    for (let i = from; i < to; i += CHUNK) {
      const rows = Math.min(CHUNK, to - i), idOf = index.ids.byteOffset + i * 4;
      const at = codes.byteOffset + ((blocks[list] ?? 0) + (i - from) / block.codes) * block.bytes;
      offer(thread, probe, at, rows, addCoarse ? coarse[p] ?? 0 : 0, { at: idOf, first: 0 }, nearest, out);
      noteVisited(work, thread.buffer, idOf, rows);
    }
  }
}

/** What must be done for the query once per list. By residual, with y = y_C + y_R and L2:
 *    ‖x − y‖² = ‖x − y_C‖² + (‖y_R‖² + 2⟨y_C, y_R⟩) − 2⟨x, y_R⟩
 *  first term = coarse distance; second = `precomputed`, one table a list; third = one table a query. Without the
 *  precomputed table (or for SQ) the query's residual x − y_C is taken instead, and the coarse distance is not added.
 *  Inner product: −⟨x, y⟩ = −⟨x, y_C⟩ − ⟨x, y_R⟩, one table a query serves all lists. */
function aimAtLists(thread: Thread, index: IvfIndex, probe: Probe, query: number): (list: number) => void {
  const { codec, centroids, d, precomputed, byResidual, metric } = index;
  if (!byResidual || metric === 'IP') {
    aim(thread, probe, query);
    return () => {};
  }
  if (precomputed && codec.kind === 'PQ') {
    const { M, ksub, dsub, transposed } = codec, perQuery = scratch(thread, M * ksub * 4);
    thread.search.dotTables(query, transposed.byteOffset, M, ksub, dsub, -2, perQuery);
    return (list) => {
      thread.search.addRows(precomputed.byteOffset + list * M * ksub * 4, perQuery, M * ksub, probe.at);
      joinTables(thread, codec, probe.at);
    };
  }
  if (precomputed && codec.kind === 'AQ') return aimByLists(thread, { ...probe, codec }, query, precomputed.byteOffset);
  const residual = scratchF32(thread, d), x = new Float32Array(thread.buffer, query, d);
  return (list) => {
    for (let j = 0; j < d; j++) residual[j] = (x[j] ?? 0) - (centroids[list * d + j] ?? 0);
    aim(thread, probe, residual.byteOffset);
  };
}

/** Whether `distances` must add the coarse term for this index (see aimAtLists). */
const addsCoarse = ({ byResidual, metric, precomputed }: IvfIndex) => byResidual && (metric === 'IP' || precomputed !== undefined);

function coarseScratch(coarse: IvfIndex['coarse'], nprobe: number, params: SearchParams): number {
  switch (coarse.kind) {
    case 'HNSW': case 'NSG': return graphScratch(coarse, Math.max(coarseWidth(coarse, params), nprobe));
    case 'RCQ': return rcqScratch(coarse, nprobe);
    case 'Flat': return flatScratch();
  }
}

/** Coarse results, one chunk of distances, the probe, one more table or residual, and whichever coarse search runs first. */
export function ivfScratch(index: IvfIndex, params: SearchParams): number {
  const nprobe = nprobeOf(index, params), { codec, d } = index;
  const coarse = coarseScratch(index.coarse, nprobe, params);
  const perList = codec.kind === 'PQ' ? codec.M * codec.ksub * 4 : Math.max(d, codec.kind === 'AQ' ? listFloats(codec) : 0) * 4;
  return nprobe * 8 + 128 + coarse + CHUNK * 4 + 64 + probeBytes(codec) + perList + d * 4 + 128;
}

export type PrecomputeArgs = { pq: PQ; centroids: number; nlist: number; norms: number; out: number };
const PRECOMPUTE_LISTS = 16;

/** out[list, m, k] = ‖c_mk‖² + 2⟨y_C, c_mk⟩ for a run of lists; norms (M, ksub) holds the first term. */
export function precomputeBlock(thread: Thread, { pq, centroids, nlist, norms, out }: PrecomputeArgs, block: number): void {
  const { M, ksub, dsub, d, transposed } = pq, size = M * ksub;
  for (let list = block * PRECOMPUTE_LISTS; list < Math.min(nlist, (block + 1) * PRECOMPUTE_LISTS); list++) {
    const table = out + list * size * 4;
    thread.build.dotTables(centroids + list * d * 4, transposed.byteOffset, M, ksub, dsub, 2, table);
    thread.build.addRows(table, norms, size, table);
  }
}
export const precomputeBlocks = (nlist: number) => Math.ceil(nlist / PRECOMPUTE_LISTS);
