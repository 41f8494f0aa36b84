import type { Looks } from '@/workers/protocol';

export type Sum = NonNullable<Looks['codes']['sum']>;
export type SumStep = { kind: 'term' | 'table'; name: string; table: number | null; value: number; before: number; after: number };

/** What a term is called. A distance less its centroid's part may start above where it ends. */
export const termNames: Record<Sum['terms'][number]['name'], string> = {
  centroid: 'query to centroid', query: '‖query‖²', least: 'least entries', first: 'query to the first code', code: 'code, without the query', norm: '‖code‖²',
};

/** The sum in the order it is taken: terms, then tables. */
export function stepsOf({ terms, tables, normed }: Sum): SumStep[] {
  let total = 0;
  const step = (kind: SumStep['kind'], name: string, table: number | null, value: number): SumStep => {
    const before = total;
    total += value;
    return { kind, name, table, value, before, after: total };
  };
  return [
    ...terms.map(({ name, value }) => step('term', termNames[name], null, value)),
    ...tables.map(({ values, chosen }, m) => step('table', normed && m === tables.length - 1 ? 'norm' : `table ${m + 1}`, m, values[chosen] ?? 0)),
  ];
}

/** Entries of a table from the nearest to the farthest, as positions in `shown`. */
export function nearestFirst(values: Float32Array, metric: 'L2' | 'IP'): Uint16Array {
  const order = Uint16Array.from(values, (_, i) => i);
  return order.sort((a, b) => (metric === 'IP' ? -1 : 1) * ((values[a] ?? 0) - (values[b] ?? 0)));
}

/** How many tables are added when the search stands at a step of its track. */
export const tablesAdded = (sum: Sum, lit: number | null): number => (lit === null ? sum.tables.length : Math.max(0, Math.min(sum.tables.length, lit - Math.max(1, sum.terms.length) + 1)));
