import type { Index } from '../types';
import { hnswLinkSlots } from './hnsw';

/** Link slots above level 0 of the graph in an index: what its size depends on beside n, d and the string. */
export function graphLinks(index: Index): number | undefined {
  switch (index.kind) {
    case 'HNSW': return hnswLinkSlots(index) - 2 * index.M * index.n;
    case 'IVF': return index.coarse.kind === 'RCQ' ? undefined : graphLinks(index.coarse);
    case 'PreTransform': return graphLinks(index.index);
    case 'Refine': return graphLinks(index.base);
    default: return undefined;
  }
}
