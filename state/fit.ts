import { catalogue, findDataSet } from '../engine/data/catalogue';
import type { DataSet } from '../engine/data/catalogue';
import { clamp } from './rows';
import { isParameter } from './setting';
import type { Setting } from './setting';
import type { Notice } from './url';

export { catalogue };

/** A search parameter as far as fitting needs it. */
export type Bounds = { name: string; min: number; max: number; default: number };

export function dataSetOf(setting: Setting): DataSet {
  const set = findDataSet(setting.data);
  if (!set) throw new Error(`no data set “${setting.data}” in the catalogue`);
  return set;
}

/** What the data set and the index allow beyond the bounds of each field: the nearest allowed value, and what was changed. */
export function fit(setting: Setting, knobs: readonly Bounds[]): { setting: Setting; notices: Notice[] } {
  const set = dataSetOf(setting);
  const fitted = { ...setting };
  const notices: Notice[] = [];
  if (setting.n > set.nMax) {
    fitted.n = set.nMax;
    notices.push({ field: 'n', message: `n: ${set.title} has ${set.nMax} vectors, not ${setting.n}; all of them are used.` });
  }
  if (setting.k > fitted.n) {
    fitted.k = fitted.n;
    notices.push({ field: 'k', message: `k: there are ${fitted.n} vectors, not ${setting.k}; all of them are asked for.` });
  }
  for (const { name, min, max, default: usual } of knobs) {
    // what is off at its top is off above it too, for longer codes as well
    if (!isParameter(name) || (usual === max && setting[name] > max)) continue;
    const value = clamp(setting[name], [min, max]);
    if (value === setting[name]) continue;
    fitted[name] = value;
    notices.push({ field: name, message: `${name}: ${setting[name]} is outside ${min} to ${max} for ${setting.index}; ${value} is used.` });
  }
  const planes = planesOf(set);
  if (!planes.includes(setting.plane)) fitted.plane = planes[0] ?? 'query';
  return { setting: fitted, notices };
}

/** In two dimensions the data's own plane is all there is; elsewhere it does not exist. */
export const planesOf = (set: DataSet): Setting['plane'][] => (set.exact2d ? ['data'] : ['query', 'pca', 'umap']);
