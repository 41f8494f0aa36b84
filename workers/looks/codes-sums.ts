import { lookupsOf } from '../../engine/measure/lookups';
import type { Lookups, TermName } from '../../engine/measure/lookups';
import type { FastLookups } from './codes-fast';
import { fastLookups } from './codes-fast';
import type { Room } from './codes-room';
import { placeIn } from './codes-room';

/** A distance as the sum that it is: terms, then one entry of each table. Signs are those of the results. */
export type SumLook = {
  terms: { name: TermName | 'product'; value: number }[];
  tables: Table[];
  /** The last tables, so many, are of the norm. */
  norms: number;
  /** Tables rounded to 8 bits: the step, and what the distance would be with tables as they were. */
  rounded: { step: number; exact: number } | null;
  total: number;
};
/** `shown` of all `rows`, in this order; `chosen`, a position in them, is the entry of code `code`. */
export type Table = { rows: number; shown: Int32Array; values: Float32Array; chosen: number; code: number };

/** Rows shown of each of so many tables: all of the usual ones; of more the first, with the code's among them. */
const ALL_TABLES = 2 ** 16, ONE_TABLE = 4096;
export const mostRows = (tables: number): number => Math.max(256, Math.min(ONE_TABLE, Math.floor(ALL_TABLES / tables)));

export function sumLook(room: Room, id: number): SumLook | null {
  const { stored, engine, inner, index } = room, place = placeIn(room, id), { codec } = stored;
  const lookups = codec.kind === 'AQfs' ? fastLookups(room, place, codec) : lookupsOf(engine.own, stored, inner, place, id);
  return lookups && signed(lookups, index.metric === 'IP' ? -1 : 1);
}

function signed({ terms, table, first, code, normed, rounded }: Lookups | FastLookups, sign: number): SumLook {
  const tables = [...code].map((row, m): Table => {
    const from = first[m] ?? 0, rows = (first[m + 1] ?? 0) - from, shown = shownRows(rows, [row], mostRows(code.length));
    return { rows, shown, values: Float32Array.from(shown, (r) => sign * (table[from + r] ?? 0)), chosen: shown.indexOf(row), code: row };
  });
  const own = terms.map(({ name, value }) => ({ name, value: sign * value }));
  const total = tables.reduce((sum, { values, chosen }) => sum + (values[chosen] ?? 0), own.reduce((sum, { value }) => sum + value, 0));
  return { terms: own, tables, norms: normed ? (rounded ? 2 : 1) : 0, rounded: rounded && { step: rounded.step, exact: sign * rounded.exact }, total };
}

/** All rows, or the first so many of them with `must` among them. */
export function shownRows(rows: number, must: number[], limit: number): Int32Array {
  const most = Math.min(rows, limit), beyond = [...new Set(must.filter((row) => row >= most))];
  return Int32Array.from([...Array.from({ length: most - beyond.length }, (_, row) => row), ...beyond]);
}
