import type { Looks } from '@/workers/protocol';
import { count, measure, ordinal, percent, plural } from '../words';
import type { Product } from './product/frame';
import { tablesAdded } from './sums/arrange';
import type { Sum } from './sums/arrange';

type Look = Looks['codes'];

/** What the picture shows now, with its numbers. */
export function captionOf(look: Look, lit: number | null, iteration: number | null): string {
  const { selected, sum, metric, scanned } = look, what = metric === 'IP' ? 'inner product' : 'squared distance';
  if (iteration !== null) return trainingCaption(look, iteration);
  if (sum && lit !== null && tablesAdded(sum, lit) < sum.tables.length) return `Vector ${selected.id}: ${tablesAdded(sum, lit)} of ${sum.tables.length} look-ups added`;
  const stands = selected.rank === null ? selected.list === null ? 'not compared: the walk did not come by' : 'not compared: its list was not probed' : `${ordinal(selected.rank)} of ${count(scanned.all)} by code`;
  const family = look.family.kind === 'signs' ? `${count(selected.byCode)} of ${look.family.nbits} bits differ` : `${what} ${measure(selected.byCode)} by code, ${measure(selected.exact)} in truth`;
  return `Vector ${selected.id}, ${plural(look.codeSize, 'byte')} for ${count(look.d * 4)}: ${family}; ${stands}`;
}

function trainingCaption({ family }: Look, iteration: number): string {
  if (family.kind !== 'product') return '';
  const { training } = family, now = training[iteration];
  return now ? `Codebooks after iteration ${iteration + 1} of ${training.length}${now.points.length ? '' : '; this state was not kept, the finished ones are drawn'}` : '';
}

export function trainingSentence({ M, training }: Product, i: number): string {
  const now = training[i], before = training[i - 1];
  if (!now) return '';
  const change = before ? (now.objective - before.objective) / Math.abs(before.objective || 1) : 0, share = Math.abs(change);
  const moved = `${count(now.moved)} of ${count(now.sampled * M)} parts of sampled vectors changed their code`;
  return `Iteration ${i + 1} of ${training.length}, ${plural(M, 'codebook')} side by side: ${moved}; mean squared error ${measure(now.objective / (now.sampled || 1))}${before && share > 0 ? `, ${share < 0.01 ? `${Number((share * 100).toPrecision(2))}\u202f%` : percent(share)} ${change < 0 ? 'lower' : 'higher'}` : ''}`;
}

/** Projected or exact, said of each codebook. */
export function badgeOf({ exact, dsub, kept }: Product, part: number): string {
  if (exact) return dsub === 1 ? 'exact: one component each' : 'exact: two components each';
  return `projection: 2 of ${dsub} axes, ${percent(kept[part] ?? 0)} of the variance`;
}

export function partNote(look: Look, product: Product, part: number, row: number | null): string {
  const { rows, shown, usage, chosen, queryRow, parts } = product, at = row ?? chosen[part] ?? 0, code = shown[part * rows + at] ?? 0, used = usage[part * rows + at] ?? 0;
  const entry = look.sum?.tables[part]?.values[at];
  const who = at === chosen[part] ? ' (the vector’s)' : at === queryRow[part] ? ' (the query’s own)' : '';
  const sdc = parts.sdc ? `, SDC ${measure(parts.sdc[part] ?? 0)}` : '';
  const across = row === null ? `; this part: true ${measure(parts.exact[part] ?? 0)}, ADC ${measure(parts.adc[part] ?? 0)}${sdc}` : '';
  return `part ${part + 1}, code ${code}${who}: ${plural(used, 'vector')}${entry === undefined ? '' : `; entry ${measure(entry)}`}${across}`;
}

export function sumNote(look: Look, sum: Sum, part: number): string {
  const { rounded, tables, normed } = sum, table = tables[part];
  if (!table) return '';
  const rank = [...table.values].filter((v) => (look.metric === 'IP' ? v > (table.values[table.chosen] ?? 0) : v < (table.values[table.chosen] ?? 0))).length + 1;
  const name = normed && part === tables.length - 1 ? 'norm' : `table ${part + 1}`;
  const fast = rounded ? `; entries in steps of ${measure(rounded.step)}, unrounded the sum is ${measure(rounded.exact)}` : '';
  return `${name}: the code’s entry is the ${rank === 1 ? 'nearest' : `${ordinal(rank)} nearest`} of ${count(table.rows)}${table.values.length < table.rows ? ` (${count(table.values.length)} shown)` : ''}, ${measure(table.values[table.chosen] ?? 0)}${fast}`;
}
