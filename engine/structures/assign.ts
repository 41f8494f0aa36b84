/** The list of each vector by a graph over the centroids, as a search for the one nearest finds it. */
import type { Engine } from '../pool';
import { run } from '../pool';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { HnswIndex, NsgIndex } from '../types';
import { newWork } from '../work';
import { hnswScratch, searchHnsw } from './hnsw';
import { nsgScratch, searchNsg } from './nsg';

export type GraphIndex = HnswIndex | NsgIndex;

/** Faiss's default efSearch of HNSW and search_L of NSG: vectors are added with it. */
export const DEFAULT_WIDTH = 16;

/** A search with `width` nodes in view: efSearch of HNSW, search_L of NSG. */
export function searchGraph(thread: Thread, index: GraphIndex, query: number, k: number, width: number, dis: number, ids: number, work: Parameters<typeof searchHnsw>[7]): void {
  if (index.kind === 'HNSW') searchHnsw(thread, index, query, k, width, dis, ids, work);
  else searchNsg(thread, index, query, k, width, dis, ids, work);
}

export const graphScratch = (index: GraphIndex, ef: number) => index.kind === 'HNSW' ? hnswScratch(index, ef) : nsgScratch(index, ef);

/** x (n, d) at address x → best (n). */
export type AssignByGraphArgs = { index: GraphIndex; x: number; n: number; best: number };

const ASSIGN_ROWS = 64;

export function assignByGraphBlock(thread: Thread, { index, x, n, best }: AssignByGraphArgs, block: number): void {
  // The list of a vector shapes the index: plain SIMD, whatever searches use.
  const plain = { ...thread, search: thread.build }, dis = scratch(plain, 4), work = newWork();
  for (let i = block * ASSIGN_ROWS; i < Math.min(n, (block + 1) * ASSIGN_ROWS); i++) {
    searchGraph(plain, index, x + i * index.d * 4, 1, DEFAULT_WIDTH, dis, best + i * 4, work);
  }
}

export const assignByGraph = (engine: Engine, index: GraphIndex, x: number, n: number, best: number, stage?: string) =>
  run(engine, 'assignByGraph', { index, x, n, best }, Math.ceil(n / ASSIGN_ROWS), graphScratch(index, DEFAULT_WIDTH) + 64, stage);
