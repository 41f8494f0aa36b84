/** Hierarchical navigable small world graph: Malkov & Yashunin, PAMI 2018. A search goes greedily down the upper levels and
 *  best-first through level 0. Knows the levels; hnsw-build.ts knows how they come to be, walker.ts what a kernel is told. */
import type { Thread } from '../thread';
import type { HnswIndex } from '../types';
import type { Work } from '../work';
import { timed } from '../work';
import type { HnswLinks } from './hnsw-build';
import type { LinksAt } from './walker';
import { bounded, nodesFor, noneFound, noteWalk, openWalker, recordOf, walkScratch } from './walker';

export { buildHnsw, linkHnsw } from './hnsw-build';
export type { HnswLinks } from './hnsw-build';

export const hnswLinksAt = ({ n, M, levels, offsets, links, entry, maxLevel }: HnswLinks): LinksAt =>
  ({ n, M, width: 2 * M, levels: levels.byteOffset, offsets: offsets.byteOffset, links: links.byteOffset, entry, top: maxLevel });

/** Bound of the scratch that searchHnsw takes with ef = max(efSearch, k), a recorded run included. */
export const hnswScratch = (index: HnswIndex, ef: number) => walkScratch(index, 2 * index.M, ef);

/** query (d) → dis (k), ids (k), ascending in (distance, id); places not filled hold 3.4e38 and −1. Inner products stand
 *  negated. Keeps ef = max(efSearch, k) nodes; stops when efSearch of them are nearer than the next to walk from. */
export function searchHnsw(thread: Thread, index: HnswIndex, query: number, k: number, efSearch: number, dis: number, ids: number, work: Work): void {
  if (index.n === 0) return noneFound(thread, k, dis, ids);
  const top = thread.top, nodes = timed(work, 'tables', () => nodesFor(thread, index, query));
  const ef = bounded(index.n, Math.max(efSearch, k)), stop = bounded(index.n, efSearch);
  const walker = openWalker(thread, hnswLinksAt(index), nodes, ef, { record: recordOf(work), trace: work.walk });
  thread.search.graphSearch(walker.at, query, k, stop, dis, ids);
  noteWalk(work, thread, walker, { ef, stop });
  thread.top = top;
}

/** Slots of all links: what the graph takes in memory and in a file, 4 bytes each. */
export const hnswLinkSlots = ({ links }: HnswIndex) => links.length;
