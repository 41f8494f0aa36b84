import type { Loss } from '../engine/measure/causes';
import { readFactory } from '../engine/factory/index';
import type { Spec } from '../engine/factory/spec';
import { knobsFor } from './factory';
import { isParameter } from './setting';
import type { Parameter } from './setting';

/** What wins back the true neighbours that a stage of the search loses. */

const names: Record<Loss, readonly Parameter[]> = {
  nprobe: ['nprobe'], max_codes: ['max_codes'], quantizer: ['quantizer_k_factor_rf', 'quantizer_efSearch', 'quantizer_nprobe'],
  graph: ['efSearch', 'search_L'], refine: ['k_factor_rf', 'k_factor'], code: [],
};

/** The search parameter that does; null where this index has none for it. */
export function knobOf(loss: Loss, index: string): Parameter | null {
  const has = new Set(knobsFor(index).map(({ name }) => name));
  return names[loss].find((name) => has.has(name)) ?? null;
}

/** The string with its results re-ranked by exact distances; null where it re-ranks already. */
export function rerankedBy(index: string): string | null {
  const { spec } = readFactory(index), more = `${index},RFlat`;
  return spec && !refines(spec) && readFactory(more).spec ? more : null;
}

function refines(spec: Spec): boolean {
  switch (spec.kind) {
    case 'PreTransform': case 'IDMap': case 'MinMax': return refines(spec.index);
    default: return spec.kind === 'Refine' || spec.kind === 'RefinePanorama';
  }
}

/** A parameter that the page has a control for, with that value within its bounds. */
export const offered = (index: string, param: string, value: number): param is Parameter =>
  isParameter(param) && knobsFor(index).some(({ name, max }) => name === param && value <= max);
