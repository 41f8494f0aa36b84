/** What finds the lists of an inverted file: centroids one by one, a graph or any other index over them, or codebooks that stand for
 *  them. Vectors are added to the list that a search would try first. */
import { assign, packRows, placeIn } from '../dense';
import { openArena, release, takeF32 } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import { searchInto, searchScratch } from '../search';
import type { Thread } from '../thread';
import { scratch, scratchI32 } from '../thread';
import type { CoarseIndex, Index, IvfIndex, SearchParams } from '../types';
import type { Work } from '../work';
import { newWork, unrecordedWork } from '../work';
import { DEFAULT_WIDTH, assignByGraph, graphScratch, searchGraph } from './assign';
import { flatScratch, searchFlat } from './flat';
import { assignByImi, imiScratch, searchImi } from './imi';
import { assignByRcq, rcqScratch, searchRcq } from './rcq';

/** Parameters of the index over the centroids: those called quantizer_…, without that word, at any depth. efSearch of a graph is
 *  taken with or without it, as Faiss does. */
export function quantizerParams({ efSearch, ...params }: SearchParams): SearchParams {
  const own = Object.entries(params).flatMap(([name, value]) => (name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), value]] : []));
  return { ...(efSearch === undefined ? {} : { efSearch }), ...Object.fromEntries(own) };
}
const PREFIX = 'quantizer_';

/** Nodes in view of a graph over the centroids: efSearch of HNSW; the search_L of an NSG has no name. */
const widthOf = (coarse: CoarseIndex, params: SearchParams) => (coarse.kind === 'HNSW' ? quantizerParams(params).efSearch ?? DEFAULT_WIDTH : DEFAULT_WIDTH);

/** The nprobe nearest lists, nearest first: lists (nprobe), −1 where no more are found; coarse (nprobe) distances. */
export function searchCoarse(thread: Thread, { coarse }: Pick<IvfIndex, 'coarse'>, query: number, nprobe: number, params: SearchParams, dis: number, lists: number, work: Work): void {
  // What the quantizer visits are centroids, not vectors: it keeps records of its own.
  const inner = unrecordedWork(work);
  switch (coarse.kind) {
    case 'Flat': searchFlat(thread, coarse, query, nprobe, dis, lists, inner); break;
    case 'RCQ': searchRcq(thread, thread.search, coarse, query, nprobe, dis, lists, inner); break;
    case 'IMI': searchImi(thread, thread.search, coarse, query, nprobe, dis, lists, inner); break;
    case 'HNSW': case 'NSG': searchGraph(thread, coarse, query, nprobe, widthOf(coarse, params), dis, lists, inner); break;
    default: searchInto(thread, coarse, query, nprobe, quantizerParams(params), dis, lists, inner);
  }
  work.ndisCoarse += inner.ndis - work.ndis;
  work.ndis = inner.ndis;
  work.hops = inner.hops;
}

export function coarseScratch({ coarse }: Pick<IvfIndex, 'coarse'>, nprobe: number, params: SearchParams): number {
  switch (coarse.kind) {
    case 'Flat': return flatScratch();
    case 'RCQ': return rcqScratch(coarse, nprobe);
    case 'IMI': return imiScratch(coarse);
    case 'HNSW': case 'NSG': return graphScratch(coarse, Math.max(widthOf(coarse, params), nprobe));
    default: return searchScratch(coarse, nprobe, quantizerParams(params));
  }
}

export type Vectors = { x: number; n: number };

/** best[i] = the list of row i. Flat centroids are compared all at once; the others are asked one by one, as a search asks them. */
export async function assignToLists(engine: Engine, coarse: CoarseIndex, centroids: Float32Array, { x, n }: Vectors, best: Int32Array, stage: string): Promise<void> {
  switch (coarse.kind) {
    case 'RCQ': return assignByRcq(engine, coarse, x, n, best.byteOffset, stage);
    case 'IMI': return assignByImi(engine, coarse, x, n, best, stage);
    case 'HNSW': case 'NSG': return assignByGraph(engine, coarse, x, n, best.byteOffset, stage);
    case 'Flat': return assignByAll(engine, coarse, centroids, { x, n }, best, stage);
    default:
      await run(engine, 'assignByIndex', { index: coarse, x, n, best: best.byteOffset }, Math.ceil(n / ASSIGN_ROWS), searchScratch(coarse, 1, {}) + 128, stage);
      mendMissing(engine, coarse, centroids, { x, n }, best);
  }
}

async function assignByAll(engine: Engine, { n: nlist, d, metric }: CoarseIndex, centroids: Float32Array, { x, n }: Vectors, best: Int32Array, stage: string): Promise<void> {
  const room = openArena(engine.memory);
  try {
    const value = takeF32(room, n), to = packRows(engine.own, placeIn(room), centroids.byteOffset, nlist, d, metric);
    await assign(engine, { x, stride: d, n, to, best: best.byteOffset, value: value.byteOffset }, stage);
  } finally {
    release(room);
  }
}

export type AssignByIndexArgs = { index: Index; x: number; n: number; best: number };
const ASSIGN_ROWS = 64;

export function assignByIndexBlock(thread: Thread, { index, x, n, best }: AssignByIndexArgs, block: number): void {
  // The list of a vector shapes the index: plain SIMD, whatever searches use.
  const plain = { ...thread, search: thread.build }, dis = scratch(plain, 16), work = newWork();
  for (let i = block * ASSIGN_ROWS; i < Math.min(n, (block + 1) * ASSIGN_ROWS); i++) searchInto(plain, index, x + i * index.d * 4, 1, {}, dis, best + i * 4, work);
}

/** An index over the centroids may find none, as an IVF whose one probed list is empty. Faiss then loses the vector; here it goes to
 *  its nearest centroid. */
function mendMissing(engine: Engine, coarse: CoarseIndex, centroids: Float32Array, { x }: Vectors, best: Int32Array): void {
  const thread = { ...engine.own, search: engine.own.build }, dis = scratch(thread, 16), all = allOf(coarse, centroids);
  best.forEach((list, i) => {
    const { top } = thread;
    if (list < 0) searchFlat(thread, all, x + i * all.d * 4, 1, dis, best.byteOffset + i * 4, newWork());
    thread.top = top;
  });
}

const allOf = ({ d, metric }: CoarseIndex, centroids: Float32Array) => ({ kind: 'Flat' as const, d, n: centroids.length / d, metric, vectors: centroids });

/** The list of one vector, as a search would try it first, with the kernels whose bits are the same everywhere. Scratch: nearestScratch. */
export function nearestList(thread: Thread, { coarse, centroids }: Pick<IvfIndex, 'coarse' | 'centroids'>, x: number): number {
  const plain = { ...thread, search: thread.build }, dis = scratch(plain, 64), best = scratchI32(plain, 16);
  searchCoarse(plain, { coarse }, x, 1, {}, dis, best.byteOffset, newWork());
  if ((best[0] ?? -1) < 0) searchFlat(plain, allOf(coarse, centroids), x, 1, dis, best.byteOffset, newWork());
  return best[0] ?? 0;
}
export const nearestScratch = (coarse: CoarseIndex) => 128 + coarseScratch({ coarse }, 1, {}) + flatScratch();
