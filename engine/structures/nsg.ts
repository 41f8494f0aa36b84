/** Navigating spreading-out graph: Fu, Xiang, Wang & Cai, VLDB 2019. One level of at most R links a node; a search begins at
 *  one central node. Knows the graph; nsg-build.ts knows how it comes to be, walker.ts what a kernel is told. */
import type { Thread } from '../thread';
import type { NsgIndex } from '../types';
import type { Work } from '../work';
import { timed } from '../work';
import type { LinksAt } from './walker';
import { bounded, nodesFor, noneFound, noteWalk, openWalker, recordOf, walkScratch } from './walker';

export { buildNsg } from './nsg-build';

export const nsgLinksAt = ({ n, R, links, entry, starts }: Pick<NsgIndex, 'n' | 'R' | 'links' | 'entry' | 'starts'>): LinksAt =>
  ({ n, width: R, links: links.byteOffset, entry, starts: starts.byteOffset, startsMost: starts.length });

/** Bound of the scratch that searchNsg takes with L = max(search_L, k), a recorded run included. */
export const nsgScratch = (index: NsgIndex, L: number) => walkScratch(index, index.R, L);

/** query (d) → dis (k), ids (k), ascending in (distance, id); places not filled hold 3.4e38 and −1. Inner products stand
 *  negated. Keeps L = max(search_L, k) nodes, and walks from each of them. */
export function searchNsg(thread: Thread, index: NsgIndex, query: number, k: number, searchL: number, dis: number, ids: number, work: Work): void {
  if (index.n === 0) return noneFound(thread, k, dis, ids);
  const top = thread.top, nodes = timed(work, 'tables', () => nodesFor(thread, index, query)), L = bounded(index.n, Math.max(searchL, k));
  const walker = openWalker(thread, nsgLinksAt(index), nodes, L, { record: recordOf(work), trace: work.walk });
  thread.search.nsgSearch(walker.at, query, k, L, dis, ids);
  noteWalk(work, thread, walker, { ef: L, stop: L });
  thread.top = top;
}

/** Links in use: with a −1 for each node what a file holds, 4 bytes each. */
export const nsgLinksUsed = ({ links }: NsgIndex) => links.reduce((used, id) => used + (id < 0 ? 0 : 1), 0);
