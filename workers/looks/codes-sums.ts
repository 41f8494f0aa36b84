import { lookupsOf } from '../../engine/measure/lookups';
import type { Lookups, TermName } from '../../engine/measure/lookups';
import type { Room } from './codes-room';
import { placeIn } from './codes-room';

/** A distance as the sum that it is: terms, then one entry of each table. Signs are those of the results. */
export type SumLook = {
  terms: { name: TermName; value: number }[];
  tables: Table[];
  /** The last table is that of the norms. */
  normed: boolean;
  /** Tables rounded to 8 bits: the step, and what the distance would be with tables as they were. */
  rounded: { step: number; exact: number } | null;
  total: number;
};
/** `shown` of all `rows`, in this order; `chosen`, a position in them, is the entry of code `code`. */
export type Table = { rows: number; shown: Int32Array; values: Float32Array; chosen: number; code: number };

/** A table of more rows is cut to the code's and those before it. */
export const MOST_ROWS = 256;

export function sumLook(room: Room, id: number): SumLook | null {
  const { stored, engine, inner, index } = room, lookups = lookupsOf(engine.own, stored, inner, placeIn(room, id), id);
  return lookups && signed(lookups, index.metric === 'IP' ? -1 : 1);
}

function signed({ terms, table, first, code, normed, rounded }: Lookups, sign: number): SumLook {
  const tables = [...code].map((row, m): Table => {
    const from = first[m] ?? 0, rows = (first[m + 1] ?? 0) - from, shown = shownRows(rows, [row]);
    return { rows, shown, values: Float32Array.from(shown, (r) => sign * (table[from + r] ?? 0)), chosen: shown.indexOf(row), code: row };
  });
  const own = terms.map(({ name, value }) => ({ name, value: sign * value }));
  const total = tables.reduce((sum, { values, chosen }) => sum + (values[chosen] ?? 0), own.reduce((sum, { value }) => sum + value, 0));
  return { terms: own, tables, normed, rounded: rounded && { step: rounded.step, exact: sign * rounded.exact }, total };
}

/** All rows, or the first MOST_ROWS of them with `must` among them. */
export function shownRows(rows: number, must: number[]): Int32Array {
  const most = Math.min(rows, MOST_ROWS), beyond = must.filter((row) => row >= most);
  return Int32Array.from([...Array.from({ length: most - beyond.length }, (_, row) => row), ...beyond]);
}
