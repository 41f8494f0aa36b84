import type { Looks } from '@/workers/protocol';
import { measure } from '../../words';

type Estimate = Extract<Looks['codes']['family'], { kind: 'estimate' }>;

export function estimateNote({ vector, decoded, query, number, nbits, sum }: Estimate, j: number): string {
  const bits = (number[j] ?? 0).toString(2).padStart(nbits, '0');
  return `component ${j}: vector ${measure(vector[j] ?? 0)} coded as ${bits}, which stands for ${measure(decoded[j] ?? 0)}; query ${measure(query[j] ?? 0)}, so it adds ${measure(sum.products[j] ?? 0)}`;
}

/** What the estimate is made of, as a sum. */
export function estimateSum({ sum: { before, products, rounding }, nbits }: Estimate, total: number, metric: 'L2' | 'IP'): string {
  const product = products.reduce((all, v) => all + v, 0), rounded = nbits === 1 ? ` ${rounding < 0 ? '−' : '+'} ${measure(Math.abs(rounding))} from rounding the query` : '';
  const start = metric === 'IP' ? `centre ${measure(before)}` : `both squared lengths ${measure(before)}`;
  return `${start} ${product < 0 ? '−' : '+'} ${measure(Math.abs(product))} of products${rounded} = ${measure(total)}`;
}
