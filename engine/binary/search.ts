/** Binary index × query code → the k nearest by Hamming distance, ascending in (distance, id), with the work it took. */
import type { Engine } from '../pool';
import { run } from '../pool';
import { hnswLinksAt } from '../structures/hnsw';
import { bitRowsAt, bounded, noneFound, noteWalk, openWalker, recordOf, walkerScratch } from '../structures/walker';
import type { Thread } from '../thread';
import { scratch, scratchF32, scratchI32 } from '../thread';
import type { Work } from '../work';
import { newWork, timed } from '../work';
import { bucketsNear, runOf } from './hash';
import type { BinaryFlat, BinaryHash, BinaryHnsw, BinaryIndex, BinaryIvf, BinaryParams } from './types';

const CHUNK = 1024; // distances at a time: the chunk stays in cache between computing and ranking
const DEFAULT_WIDTH = 16; // Faiss's efSearch

/** query (codeSize bytes) → dis (k), ids (k); places not filled hold 3.4e38 and −1. Scratch: binaryScratch. */
export function searchBinaryInto(thread: Thread, index: BinaryIndex, query: number, k: number, params: BinaryParams, dis: number, ids: number, work: Work): void {
  const { top } = thread;
  switch (index.kind) {
    case 'BFlat': searchFlatBits(thread, index, query, k, dis, ids, work); break;
    case 'BIVF': searchIvfBits(thread, index, query, k, params, dis, ids, work); break;
    case 'BHNSW': timed(work, 'scan', () => searchHnswBits(thread, index, query, k, params, dis, ids, work)); break;
    case 'BHash': timed(work, 'scan', () => searchHash(thread, index, query, k, params, dis, ids, work)); break;
    case 'BIDMap': searchBinaryInto(thread, index.index, query, k, params, dis, ids, work); break;
  }
  thread.top = top;
}

function searchFlatBits(thread: Thread, { codes, n, codeSize }: BinaryFlat, query: number, k: number, dis: number, ids: number, work: Work): void {
  thread.search.heapClear(dis, ids, k);
  timed(work, 'scan', () => scan(thread, query, codes.byteOffset, codeSize, n, { at: 0, k, dis, ids }));
  thread.search.heapSort(dis, ids, k);
  work.ndis += n;
}

/** Where n codes in a row go: their ids (i32) at an address, or 0, 1, … where that is 0; and the heap of the k nearest. */
type To = { at: number; k: number; dis: number; ids: number };

function scan(thread: Thread, query: number, codes: number, codeSize: number, n: number, { at, k, dis, ids }: To): void {
  const { search } = thread, out = scratch(thread, CHUNK * 4);
  for (let i = 0; i < n; i += CHUNK) {
    const rows = Math.min(CHUNK, n - i);
    search.hammingToMany(query, codes + i * codeSize, rows, codeSize, 0, out);
    search.heapPush(out, rows, at ? at + i * 4 : 0, i, dis, ids, k);
  }
}

export const listsProbed = ({ nlist }: BinaryIvf, { nprobe = 1 }: BinaryParams) => Math.min(nlist, nprobe);

/** efSearch of a graph over the centroids, with `quantizer_` before it or without. */
const coarseParams = ({ efSearch, quantizer_efSearch = efSearch }: BinaryParams): BinaryParams => ({ efSearch: quantizer_efSearch });

function searchIvfBits(thread: Thread, index: BinaryIvf, query: number, k: number, params: BinaryParams, dis: number, ids: number, work: Work): void {
  const { coarse, offsets, codes, codeSize } = index, nprobe = listsProbed(index, params), { search } = thread;
  const near = scratchF32(thread, nprobe), lists = scratchI32(thread, nprobe), { top } = thread;
  const inner = newWork(); // what the quantizer compares are centroids: only how many is told
  timed(work, 'coarse', () => searchBinaryInto(thread, coarse, query, nprobe, coarseParams(params), near.byteOffset, lists.byteOffset, inner));
  work.ndis += inner.ndis;
  work.ndisCoarse += inner.ndis;
  work.hops += inner.hops;
  search.heapClear(dis, ids, k);
  timed(work, 'scan', () => {
    let left = params.max_codes || Infinity;
    for (const list of lists) {
      if (list < 0 || left <= 0) break;
      const from = offsets[list] ?? 0, rows = Math.min(left, (offsets[list + 1] ?? from) - from);
      if (work.probed) work.probed[work.lists] = list;
      scan(thread, query, codes.byteOffset + from * codeSize, codeSize, rows, { at: index.ids.byteOffset + from * 4, k, dis, ids });
      thread.top = top;
      left -= rows;
      work.lists++;
      work.codes += rows;
      work.ndis += rows;
    }
  });
  search.heapSort(dis, ids, k);
}

function searchHnswBits(thread: Thread, index: BinaryHnsw, query: number, k: number, { efSearch = DEFAULT_WIDTH }: BinaryParams, dis: number, ids: number, work: Work): void {
  const { n, rows, words, codeSize } = index;
  if (n === 0) return noneFound(thread, k, dis, ids);
  const x = new Uint8Array(thread.buffer, scratch(thread, 4 * words), 4 * words).fill(0);
  x.set(new Uint8Array(thread.buffer, query, codeSize));
  const walker = openWalker(thread, hnswLinksAt(index), bitRowsAt(rows.byteOffset, words), bounded(n, Math.max(efSearch, k)), { record: recordOf(work) });
  thread.search.graphSearch(walker.at, x.byteOffset, k, bounded(n, efSearch), dis, ids);
  noteWalk(work, thread, walker);
}

function searchHash(thread: Thread, index: BinaryHash, query: number, k: number, { nflip = 0 }: BinaryParams, dis: number, ids: number, work: Work): void {
  const { tables, nbits, multi, codes, codeSize } = index, { search } = thread, code = new Uint8Array(thread.buffer, query, codeSize);
  const seen = multi ? new Uint8Array(thread.buffer, scratch(thread, Math.ceil(index.n / 8)), Math.ceil(index.n / 8)).fill(0) : null, { top } = thread;
  search.heapClear(dis, ids, k);
  for (const table of tables) bucketsNear(table, runOf(code, table.from, nbits), nbits, nflip, (bucket) => {
    const from = table.offsets[bucket] ?? 0, size = (table.offsets[bucket + 1] ?? from) - from, at = table.ids.byteOffset + from * 4;
    const compared = seen ? scanIds(thread, index, query, table.ids.subarray(from, from + size), seen, { at: 0, k, dis, ids }) : size;
    if (!seen) scan(thread, query, codes.byteOffset + from * codeSize, codeSize, size, { at, k, dis, ids });
    thread.top = top;
    work.lists++;
    work.codes += size;
    work.ndis += compared;
  });
  search.heapSort(dis, ids, k);
}

/** Compares those not met in another table before; returns how many. */
function scanIds(thread: Thread, { codes, codeSize }: BinaryHash, query: number, bucket: Int32Array, seen: Uint8Array, { k, dis, ids }: To): number {
  const { search } = thread, fresh = scratchI32(thread, CHUNK), out = scratch(thread, CHUNK * 4);
  let held = 0, all = 0;
  const flush = () => {
    search.hammingToIds(query, codes.byteOffset, fresh.byteOffset, held, codeSize, out);
    search.heapPush(out, held, fresh.byteOffset, 0, dis, ids, k);
    all += held;
    held = 0;
  };
  for (const id of bucket) {
    const byte = seen[id >> 3] ?? 0, bit = 1 << (id & 7);
    if (byte & bit) continue;
    seen[id >> 3] = byte | bit;
    fresh[held++] = id;
    if (held === CHUNK) flush();
  }
  flush();
  return all;
}

/** Bound of the scratch that searchBinaryInto takes. */
export function binaryScratch(index: BinaryIndex, k: number, params: BinaryParams): number {
  switch (index.kind) {
    case 'BFlat': return CHUNK * 4 + 64;
    case 'BIVF': {
      const nprobe = listsProbed(index, params);
      return nprobe * 8 + 128 + CHUNK * 4 + 64 + binaryScratch(index.coarse, nprobe, coarseParams(params));
    }
    case 'BHNSW': return 4 * index.words + 64 + walkerScratch(index.n, 2 * index.M, bounded(index.n, Math.max(params.efSearch ?? DEFAULT_WIDTH, k)));
    case 'BHash': return Math.ceil(index.n / 8) + CHUNK * 8 + 192;
    case 'BIDMap': return binaryScratch(index.index, k, params);
  }
}

/** queries (nq, codeSize); dis, ids (nq, k); ms (nq, f64) and counts (nq, 4: ndis lists codes hops), or 0 for those not asked. */
export type BinarySearchArgs = { index: BinaryIndex; queries: number; nq: number; k: number; params: BinaryParams; dis: number; ids: number; ms: number; counts: number; repeat: number };

const BATCH = 4;

export function searchBinaryBlock(thread: Thread, { index, queries, nq, k, params, dis, ids, ms, counts, repeat }: BinarySearchArgs, block: number): void {
  for (let q = block * BATCH; q < Math.min(nq, (block + 1) * BATCH); q++) {
    const started = performance.now();
    let work = newWork();
    for (let r = 0; r < repeat; r++) {
      work = newWork();
      searchBinaryInto(thread, index, queries + q * index.codeSize, k, params, dis + q * k * 4, ids + q * k * 4, work);
    }
    if (ms) new Float64Array(thread.buffer, ms, nq)[q] = (performance.now() - started) / repeat;
    if (counts) new Float64Array(thread.buffer, counts + q * 32, 4).set([work.ndis, work.lists, work.codes, work.hops]);
  }
}

export const searchBinary = (engine: Engine, args: BinarySearchArgs) =>
  run(engine, 'searchBinary', args, Math.ceil(args.nq / BATCH), binaryScratch(args.index, args.k, args.params) + 256);

/** codes (n, codeSize) at address x → the nearest of `index`: best (n). */
export type AssignBinaryArgs = { index: BinaryFlat | BinaryHnsw; x: number; n: number; best: number };
const ASSIGN_ROWS = 256;

export function assignBinaryBlock(thread: Thread, { index, x, n, best }: AssignBinaryArgs, block: number): void {
  // Counts of bits are whole numbers: any binary gives the same lists.
  const dis = scratch(thread, 16), work = newWork();
  for (let i = block * ASSIGN_ROWS; i < Math.min(n, (block + 1) * ASSIGN_ROWS); i++) searchBinaryInto(thread, index, x + i * index.codeSize, 1, {}, dis, best + i * 4, work);
}

export const assignBinary = (engine: Engine, args: AssignBinaryArgs, stage: string) =>
  run(engine, 'assignBinary', args, Math.ceil(args.n / ASSIGN_ROWS), binaryScratch(args.index, 1, {}) + 128, stage);
