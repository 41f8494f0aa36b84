import type { SearchParams } from '@/engine/types';
import type { TrueNeighbour } from '@/workers/protocol';
import { ordinal } from '../marks';

/** Why a true neighbour was not returned: its one cause, with the numbers of this search. */
export function reasonFor(neighbour: TrueNeighbour, params: SearchParams, k: number): string {
  switch (neighbour.lost) {
    case 'coarse': {
      const rank = neighbour.listRank === null ? 'was not probed' : `ranks ${ordinal(neighbour.listRank)}`;
      return `its list ${rank}, nprobe is ${params.nprobe ?? 1}`;
    }
    case 'graph': return `the walk never reached it, efSearch is ${params.efSearch ?? 16}`;
    case 'code': return `its code ranks it after the first ${k}`;
    case 'refine': return `beyond the ${k * (params.k_factor_rf ?? 1)} candidates that are re-ranked`;
    case null: return '';
  }
}
