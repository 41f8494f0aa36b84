/** Hierarchical navigable small world graph: Malkov & Yashunin, PAMI 2018. A search goes greedily down the upper levels and
 *  best-first through level 0. Knows the graph and its record for the kernels; hnsw-build.ts knows how it comes to be. */
import type { Engine } from '../pool';
import { run } from '../pool';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { HnswIndex } from '../types';
import type { Work } from '../work';
import { newWork, noteVisited } from '../work';

export { buildHnsw } from './hnsw-build';

/** What a walker must know of a graph, as addresses and sizes: may be posted to a thread. */
export type GraphAt = {
  kind: number; d: number; rows: number; n: number; M: number; levels: number; offsets: number; links: number; entry: number; top: number;
};

export function graphAt({ storage, d, n, M, metric, levels, offsets, links, entry, maxLevel }: HnswIndex): GraphAt {
  if (storage.kind !== 'Flat') throw new Error(`graphAt: a graph over ${storage.kind} is not known, Flat is`);
  return {
    kind: metric === 'IP' ? 1 : 0, d, rows: storage.vectors.byteOffset, n, M,
    levels: levels.byteOffset, offsets: offsets.byteOffset, links: links.byteOffset, entry, top: maxLevel,
  };
}

/** Fields of the record behind those of GraphAt that are read again: what a walk leaves there. */
const RECORD = 14, RECORDED = 16, NDIS = 17, HOPS = 18, FIELDS = 19;
/** A recorded search keeps at most this many ids; what it counts is not bounded. */
const MOST_RECORDED = 2 ** 15;

/** Writes the kernels' `Graph` with room for one walker that keeps `ef` nodes; field by field as in assembly/graph.ts. */
export function graphRecord(thread: Thread, graph: GraphAt, ef: number, recordMost = 0): Uint32Array {
  const { kind, d, rows, n, M, levels, offsets, links, entry, top } = graph;
  const record = new Uint32Array(thread.buffer, scratch(thread, FIELDS * 4), FIELDS);
  const seen = scratch(thread, Math.ceil(n / 64) * 8), list = scratch(thread, Math.max(ef, 2 * M + 1) * 8);
  const fresh = scratch(thread, 2 * M * 4), lanes = scratch(thread, 16);
  const ids = recordMost ? scratch(thread, recordMost * 4) : 0;
  record.set([kind, d, rows, n, M, levels, offsets, links, entry, top, seen, list, fresh, lanes, ids, recordMost, 0, 0, 0]);
  return record;
}

/** Of one record: one bit a node for "seen", ef or 2M + 1 keys of 8 bytes (a full level 0 and one more is what linking
 *  sorts), 2M ids, four floats, and at most 63 bytes of rounding for each of the six pieces. */
export function graphScratch(n: number, M: number, ef: number, recordMost = 0): number {
  return FIELDS * 4 + Math.ceil(n / 64) * 8 + Math.max(ef, 2 * M + 1) * 8 + 2 * M * 4 + 16 + recordMost * 4 + 6 * 63;
}

/** No walk keeps more nodes than there are. */
const bounded = ({ n }: HnswIndex, ef: number) => Math.max(1, Math.min(n, ef));

/** Bound of the scratch that searchHnsw takes with ef = max(efSearch, k): one record, the ids of a recorded run included. */
export const hnswScratch = (index: HnswIndex, ef: number) => graphScratch(index.n, index.M, bounded(index, ef), MOST_RECORDED);

/** query (d) → dis (k), ids (k), ascending in (distance, id); places not filled hold 3.4e38 and −1. Inner products stand
 *  negated. Keeps ef = max(efSearch, k) nodes; stops when efSearch of them are nearer than the next to walk from. */
export function searchHnsw(thread: Thread, index: HnswIndex, query: number, k: number, efSearch: number, dis: number, ids: number, work: Work): void {
  if (index.n === 0) {
    new Float32Array(thread.buffer, dis, k).fill(3.4e38);
    new Int32Array(thread.buffer, ids, k).fill(-1);
    return;
  }
  const top = thread.top, recordMost = Math.min(work.visited?.length ?? 0, MOST_RECORDED);
  const record = graphRecord(thread, graphAt(index), bounded(index, Math.max(efSearch, k)), recordMost);
  thread.search.graphSearch(record.byteOffset, query, k, bounded(index, efSearch), dis, ids);
  work.ndis += record[NDIS] ?? 0;
  work.hops += record[HOPS] ?? 0;
  if (recordMost) noteRecorded(work, thread, record, recordMost);
  thread.top = top;
}

function noteRecorded(work: Work, thread: Thread, record: Uint32Array, most: number): void {
  const all = record[RECORDED] ?? 0, kept = Math.min(all, most);
  noteVisited(work, thread.buffer, record[RECORD] ?? 0, kept);
  work.visitedCount += all - kept;
}

/** Slots of all links: what the graph takes in memory and in a file, 4 bytes each. */
export const hnswLinkSlots = ({ links }: HnswIndex) => links.length;

/** x (n, d) at address x → best (n): the id of the nearest node found, as a search with k = 1 finds it. */
export type AssignByGraphArgs = { index: HnswIndex; x: number; n: number; best: number };

const ASSIGN_ROWS = 64, EF_SEARCH = 16; // Faiss adds with the default efSearch

export function assignByGraphBlock(thread: Thread, { index, x, n, best }: AssignByGraphArgs, block: number): void {
  // The list of a vector shapes the index: plain SIMD, whatever searches use.
  const plain = { ...thread, search: thread.build }, dis = scratch(plain, 4), work = newWork();
  for (let i = block * ASSIGN_ROWS; i < Math.min(n, (block + 1) * ASSIGN_ROWS); i++) {
    searchHnsw(plain, index, x + i * index.d * 4, 1, EF_SEARCH, dis, best + i * 4, work);
  }
}

export const assignByGraph = (engine: Engine, index: HnswIndex, x: number, n: number, best: number, stage?: string) =>
  run(engine, 'assignByGraph', { index, x, n, best }, Math.ceil(n / ASSIGN_ROWS), hnswScratch(index, EF_SEARCH) + 64, stage);
