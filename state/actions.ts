import { findDataSet } from '../engine/data/catalogue';
import type { DataSetName } from '../engine/data/catalogue';
import { planesOf } from './fit';
import { writeQuery } from './query';
import { clamp } from './rows';
import { bounds, defaults } from './setting';
import type { Setting } from './setting';

/** Everything a person can do to the experiment: (setting, …) → setting. A button, a key and a link use the same one. */

export const writeIndex = (setting: Setting, index: string): Setting => ({ ...setting, index });

/** Another data set comes at its own size and metric; the string stays, right or wrong for it. */
export function chooseData(setting: Setting, data: DataSetName): Setting {
  const set = findDataSet(data);
  if (!set || data === setting.data) return setting;
  const plane = planesOf(set)[0] ?? 'query';
  return { ...setting, data, n: set.defaultN, metric: set.metricDefault, query: defaults().query, plane, iteration: null };
}

export function choose<F extends keyof Setting>(setting: Setting, field: F, value: Setting[F]): Setting {
  return { ...setting, [field]: value };
}

/** A number typed by hand: the nearest one in bounds. */
export function chooseNumber(setting: Setting, field: keyof typeof bounds, value: number): Setting {
  return Number.isNaN(value) ? setting : { ...setting, [field]: clamp(Math.round(value), bounds[field]) };
}

export const chooseQuery = (setting: Setting, index: number, names: string[]): Setting =>
  ({ ...setting, query: writeQuery({ kind: 'heldOut', index }, names) });

export const chooseBaseVector = (setting: Setting, id: number): Setting => ({ ...setting, query: `id:${id}` });

/** A held-out query other than this one, the next in a fixed walk over all of them: the golden ratio's steps never
 *  return before every query was met, so "new query" is new and yet the same on every machine. */
export function nextQuery(setting: Setting, current: number, names: string[]): Setting {
  const nq = names.length;
  if (nq < 2) return setting;
  let step = Math.max(1, Math.round(nq * 0.618));
  while (divisor(step, nq) > 1) step++;
  return chooseQuery(setting, (current + step) % nq, names);
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** The query is let go at a point of its plane. `index` is the held-out query that spans the plane. */
export const dragQuery = (setting: Setting, index: number, x: number, y: number, names: string[]): Setting =>
  ({ ...setting, query: writeQuery({ kind: 'plane', index, x, y }, names) });
