/** What makes an approximate index look at more of what it holds. */
import { DEFAULT_WIDTH } from '../structures/assign';
import type { CoarseIndex } from '../types';

/** Where each of them starts. */
export const START = { efSearch: DEFAULT_WIDTH, nprobe: 1, k_factor_rf: 1 };
export type Widening = keyof typeof START;

/** The parameter of an index over centroids, without its quantizer_; null where it has none. */
export function widening(index: CoarseIndex): Widening | null {
  switch (index.kind) {
    case 'HNSW': return 'efSearch';
    case 'IVF': return 'nprobe';
    case 'Refine': return 'k_factor_rf';
    case 'PreTransform': case 'IDMap': return widening(index.index);
    default: return null;
  }
}
