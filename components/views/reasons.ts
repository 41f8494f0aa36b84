import type { Loss } from '@/engine/measure/causes';
import type { SearchParams } from '@/engine/types';
import type { TrueNeighbour } from '@/workers/protocol';
import { ordinal } from '../marks';

/** Why a true neighbour was not returned: its one cause, with the numbers of this search. */
export function reasonFor({ lost, rank, listRank, remedy }: TrueNeighbour, params: SearchParams, k: number): string {
  const at = rank === null ? '' : ` ${ordinal(rank)}`;
  switch (lost) {
    case 'coarse': {
      if (remedy?.param === 'max_codes') return `its turn comes after max_codes ${params.max_codes ?? 0}`;
      const nprobe = params.nprobe ?? 1, ranks = listRank === null ? 'was not probed' : `ranks ${ordinal(listRank)}`;
      if (listRank === null || listRank > nprobe) return `list ${ranks}, nprobe ${nprobe}`;
      return `list ${ranks}, yet was not found${remedy ? ` at ${remedy.param} ${params[remedy.param] ?? 1}` : ''}`;
    }
    case 'graph': return `never reached, ${walkOf(params)}`;
    case 'code': return `its code ranks it${at || ` after the first ${k}`}`;
    case 'refine': return `ranks${at || ' further down'}, ${k * (params.k_factor_rf ?? params.k_factor ?? 1)} are re-ranked`;
    case null: return '';
  }
}

const walkOf = ({ efSearch, search_L }: SearchParams) => (search_L === undefined ? `efSearch is ${efSearch ?? 16}` : `search_L is ${search_L}`);

/** What a search with the parameter at that value gives. */
export function promiseOf({ param, value, wins }: NonNullable<TrueNeighbour['remedy']>): string {
  if (wins) return `A search with ${param} ${value} returns it`;
  return wins === null ? `${param} ${value} gets it past this stage` : `${param} ${value} gets it past this stage; a later one still loses it`;
}

/** What each loss is called: as a name, and in a line of many. */
export const lossNames: Record<Loss, readonly [name: string, brief: string]> = {
  nprobe: ['list not probed', 'not probed'],
  max_codes: ['beyond the last of max_codes', 'cut off'],
  quantizer: ['list near enough, not found', 'list not found'],
  graph: ['walk never reached it', 'not reached'],
  code: ['code too coarse', 'code'],
  refine: ['not re-ranked', 'not re-ranked'],
};
/** In the order of the search's stages. */
export const losses: readonly Loss[] = ['nprobe', 'max_codes', 'quantizer', 'graph', 'code', 'refine'];
