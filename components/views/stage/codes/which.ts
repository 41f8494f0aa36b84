import type { Looks } from '@/workers/protocol';
import { startSteps } from './sums/arrange';

type Look = Looks['codes'];

/** Which of the codes of an index that re-ranks by codes is looked at, and where its own track stands. */
export type Standing = { second: boolean; lit: number | null; iteration: number | null };

/** Of the first code: steps of its search, of its training. Those of the second follow. */
export const searchSteps = ({ sum }: Pick<Look, 'sum'>): number => (sum ? startSteps(sum) + sum.tables.length : 0);
export const trainingSteps = ({ family }: Pick<Look, 'family'>): number => (family.kind === 'product' || family.kind === 'additive' ? family.training.length : 0);

export function standingOf(look: Look, lit: number | null, iteration: number | null, asked: boolean | null): Standing {
  const trained = trainingSteps(look), searched = searchSteps(look);
  if (iteration !== null) return iteration < trained || !look.second ? { second: false, lit, iteration } : { second: true, lit, iteration: iteration - trained };
  const at = lit === null ? null : lit < searched || !look.second ? { second: false, lit } : { second: true, lit: lit - searched }, second = look.second !== null && (asked ?? at?.second ?? false);
  return { second, lit: at?.second === second ? at.lit : null, iteration };
}

/** The look as if the second code were the only one. */
export function lookOf(look: Look, second: boolean): Look {
  if (!second || !look.second) return look;
  const { family, sum, codec, byCode, restored, error } = look.second;
  return { ...look, family, sum, codec, selected: { ...look.selected, byCode, restored, error } };
}
