import type { Looks } from '@/workers/protocol';

export type Sum = NonNullable<Looks['codes']['sum']>;
export type SumStep = { kind: 'term' | 'table'; name: string; table: number | null; value: number; before: number; after: number };

/** What a term is called. A distance less its centroid's part may start above where it ends. */
export const termNames: Record<Sum['terms'][number]['name'], string> = {
  centroid: 'query to centroid', query: '‖query‖²', least: 'least entries', first: 'query to the first code', code: 'code, without the query', norm: '‖code‖²', product: '−2⟨query, centroid⟩',
};

/** The sum in the order it is taken: terms, then tables. */
export function stepsOf(sum: Sum): SumStep[] {
  const { terms, tables } = sum;
  let total = 0;
  const step = (kind: SumStep['kind'], name: string, table: number | null, value: number): SumStep => {
    const before = total;
    total += value;
    return { kind, name, table, value, before, after: total };
  };
  return [
    ...terms.map(({ name, value }) => step('term', termNames[name], null, value)),
    ...tables.map(({ values, chosen }, m) => step('table', tableName(sum, m), m, values[chosen] ?? 0)),
  ];
}

/** The last tables are of the norm, one or two. */
export function tableName({ tables, norms }: Sum, m: number): string {
  const norm = m - (tables.length - norms);
  return norm < 0 ? `table ${m + 1}` : norms === 1 ? 'norm' : `norm, part ${norm + 1}`;
}

/** The code one entry farther or nearer than this one, or than the vector's own. */
export function nextEntry({ tables }: Sum, metric: 'L2' | 'IP', m: number, code: number | null, by: number): number | null {
  const table = tables[m];
  if (!table) return null;
  const order = nearestFirst(table.values, metric), at = order.indexOf(code === null ? table.chosen : table.shown.indexOf(code));
  return table.shown[order[Math.min(order.length - 1, Math.max(0, at + by))] ?? 0] ?? null;
}

/** Entries of a table from the nearest to the farthest, as positions in `shown`. */
export function nearestFirst(values: Float32Array, metric: 'L2' | 'IP'): Uint16Array {
  const order = Uint16Array.from(values, (_, i) => i);
  return order.sort((a, b) => (metric === 'IP' ? -1 : 1) * ((values[a] ?? 0) - (values[b] ?? 0)));
}

/** Steps before the first table is added: one a term, and one where nothing stands before the tables. */
export const startSteps = ({ terms }: Sum): number => Math.max(1, terms.length);

/** How many tables are added when the search stands at a step of its track. */
export const tablesAdded = (sum: Sum, lit: number | null): number => (lit === null ? sum.tables.length : Math.max(0, Math.min(sum.tables.length, lit - startSteps(sum) + 1)));
