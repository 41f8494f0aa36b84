import { checkFactory, type Metric, type Problem } from '@/engine/factory';
import { catalogue, type DataSet } from '@/engine/data/catalogue';
import { SEED, type Recipe } from './figures';

/** Where in Explore an index is best met: the first of the sets of real size on which the least is wrong with it. */

const base = process.env.NEXT_PUBLIC_BASE_PATH ?? '';
const GRAVITY: readonly Problem['kind'][] = ['advice', 'data', 'unusable', 'refused'];

export type Fitting = { href: string; title: string };

export function exploreLink(index: string): Fitting | null {
  let best: { gravity: number; set: DataSet; n: number; metric: Metric } | null = null;
  for (const set of catalogue.filter((one) => !one.exact2d)) {
    for (const n of [set.defaultN, set.nMax]) {
      for (const metric of ['L2', 'IP'] as const) {
        const gravity = gravityOf(checkFactory(index, { d: set.d, metric, n }));
        if (!best || gravity < best.gravity) best = { gravity, set, n, metric };
      }
    }
  }
  if (!best || best.gravity >= GRAVITY.length) return null;
  const { set, n, metric } = best;
  return { href: hrefOf({ data: set.name, n, index, metric }), title: `${set.title}, n = ${n}, d = ${set.d}` };
}

/** The gravest problem, 0 where there is none but advice. */
const gravityOf = (problems: Problem[]) => Math.max(0, ...problems.map(({ kind }) => (kind === 'refused' ? GRAVITY.length : GRAVITY.indexOf(kind))));

/** Sliders of these names move a setting of Explore; the others are in the string. */
const SETTINGS = ['nprobe', 'efSearch', 'k_factor_rf', 'k_factor', 'k'];

export function figureLink(recipe: Recipe, value: number): string {
  const { data, n, index, query } = recipe;
  return hrefOf({ data, n, index: index(value), metric: 'L2', ...movedBy(recipe, value), query: String(query), seed: SEED });
}

/** What the slider of a figure sets beside the string. */
export const movedBy = ({ slider }: Recipe, value: number): { [name: string]: number } => (slider && SETTINGS.includes(slider.name) ? { [slider.name]: value } : {});

function hrefOf(setting: Record<string, string | number>): string {
  const parts = Object.entries(setting).map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2C', ',')}`);
  return `${base}/?${parts.join('&')}`;
}
