import { dataSetOf, planesOf } from './fit';
import { defaults, fields, hasOpq, isParameter, rows } from './setting';
import type { Field, Setting } from './setting';

/** A value of the URL that could not be taken as it stood. */
export type Notice = { field: string; message: string };

/** The setting a query string says. Nothing in it can break the page: what cannot be taken is replaced and named. */
export function readUrl(search: string): { setting: Setting; notices: Notice[] } {
  const setting = defaults();
  const notices: Notice[] = [];
  const said = new URLSearchParams(search);
  for (const field of fields) {
    const text = said.get(field);
    if (text !== null) take(setting, field, text, notices);
  }
  // A set's own size, metric and plane stand in for those not said.
  const set = dataSetOf(setting);
  if (said.has('data') && !said.has('n')) setting.n = set.defaultN;
  if (said.has('data') && !said.has('metric')) setting.metric = set.metricDefault;
  if (!said.has('plane')) setting.plane = usualPlane(setting);
  for (const name of said.keys()) {
    if (!isField(name)) notices.push({ field: name, message: `“${name}” is not a setting; it was left out.` });
  }
  return { setting, notices };
}

function take<F extends Field>(setting: Setting, field: F, text: string, notices: Notice[]) {
  const { value, wrong } = rows[field].read(text);
  setting[field] = value;
  if (wrong) notices.push({ field, message: `${field}: ${wrong}` });
}

const isField = (name: string): name is Field => name in rows;

/** The query string of a setting, in an order a person would write it in. Of the search parameters only those that
 *  the index has are written; `view`, `plane`, `iteration` and `selected` only where they are not the usual ones. */
export function printUrl(setting: Setting, knobs: readonly string[]): string {
  const parts: string[] = [];
  for (const field of fields) if (isSaid(setting, field, knobs)) parts.push(`${field}=${readable(print(setting, field))}`);
  return `?${parts.join('&')}`;
}

const print = <F extends Field>(setting: Setting, field: F) => rows[field].print(setting[field]);

const usual: readonly Field[] = ['view', 'iteration', 'selected', 'ht'];

const usualPlane = (setting: Setting) => planesOf(dataSetOf(setting))[0] ?? rows.plane.default;

function isSaid(setting: Setting, field: Field, knobs: readonly string[]): boolean {
  if (field === 'opq') return hasOpq(setting.index);
  if (field === 'plane') return setting.plane !== usualPlane(setting);
  if (isParameter(field) && !knobs.includes(field)) return false;
  if (isParameter(field) && !usual.includes(field)) return true;
  return !usual.includes(field) || setting[field] !== rows[field].default;
}

/** Escaped only where a query string needs it: commas, colons and brackets of factory strings stay as they are. */
const readable = (text: string) => encodeURIComponent(text).replace(/%(2C|3A|40|2F)/g, decodeURIComponent).replaceAll('%20', '+');
