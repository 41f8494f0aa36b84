import type { SearchParams } from './types';

/** Search parameters that the engine takes, by Faiss's names. The language lists what Faiss has; whoever offers one to turn
 *  asks here first. */
export const PARAMETERS = ['nprobe', 'max_codes', 'efSearch', 'search_L', 'ht', 'k_factor_rf', 'k_factor'] as const satisfies readonly (keyof SearchParams)[];

/** With quantizer_ in front, once or more, it is set of the index over the centroids. */
export function takesParameter(name: string): boolean {
  const plain = name.replace(/^(quantizer_)+/, '');
  return PARAMETERS.some((known) => known === plain);
}
