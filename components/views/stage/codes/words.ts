import type { Looks } from '@/workers/protocol';
import { count, measure, ordinal, percent, plural } from '../words';
import type { Product } from './product/frame';
import { tableName, tablesAdded } from './sums/arrange';
import type { Sum } from './sums/arrange';
import { lookOf, standingOf } from './which';

type Look = Looks['codes'];
type Additive = Extract<Look['family'], { kind: 'additive' }>;

/** What the picture shows now, with its numbers. */
export function captionOf(look: Look, step: number | null, round: number | null): string {
  const { second, lit, iteration } = standingOf(look, step, round, null), { selected, sum, metric, scanned } = look, what = metric === 'IP' ? 'inner product' : 'squared distance';
  if (iteration !== null) return trainingCaption(lookOf(look, second), iteration);
  const now = second ? look.second?.sum ?? null : sum, added = now && lit !== null ? tablesAdded(now, lit) : null;
  if (now && added !== null && added < now.tables.length) return `Vector ${selected.id}: ${added} of ${now.tables.length} look-ups${second ? ' of the second code' : ''} added`;
  const stands = selected.rank === null ? selected.list === null ? 'not compared: the walk did not come by' : 'not compared: its list was not probed' : `${ordinal(selected.rank)} of ${count(scanned.all)} by code`;
  const again = look.second ? `, ${measure(look.second.byCode)} ${look.second.ofRest ? 'by both codes' : 'by the second'}` : '', bytes = look.second ? `${look.codeSize} + ${plural(look.second.codeSize, 'byte')}` : plural(look.codeSize, 'byte');
  const family = look.family.kind === 'signs' ? `${count(selected.byCode)} of ${look.family.nbits} bits differ${again}` : `${what} ${measure(selected.byCode)} by code${again}, ${measure(selected.exact)} in truth`;
  return `Vector ${selected.id}, ${bytes} for ${count(look.d * 4)}${look.scale ? `, ${scaleWords(look.scale)}` : ''}: ${family}; ${stands}`;
}

/** What stands before the code, from the first byte on. */
export function scaleWords({ scales, list, before }: NonNullable<Look['scale']>): string {
  const own = scales.map(({ least, range }) => `range ${measure(range)} above ${measure(least)}`).join(', then ');
  return `${before} of them before the code (${own}${list === null ? '' : `, list ${list}`})`;
}

function trainingCaption({ family }: Look, iteration: number): string {
  if (family.kind === 'additive') return additiveSentence(family, iteration);
  if (family.kind !== 'product') return '';
  const { training } = family, now = training[iteration];
  return now ? `Codebooks after iteration ${iteration + 1} of ${training.length}${now.points.length ? '' : '; this state was not kept, the finished ones are drawn'}` : '';
}

/** Of a residual quantizer a step is a codebook; of a local search it is a pass over all of them. */
export function additiveSentence({ training, family, splits }: Additive, i: number): string {
  const now = training[i], before = training[i - 1];
  if (!now) return '';
  const residual = family === 'RQ' || family === 'PRQ', lower = before && before.split === now.split && before.error > 0 ? `, ${percent(Math.abs(1 - now.error / before.error))} ${now.error <= before.error ? 'lower' : 'higher'}` : '';
  const what = residual ? `With ${now.step + 1} of ${plural(now.steps, 'codebook')}` : `After pass ${now.step + 1} of ${now.steps} over all codebooks`;
  return `${what}${splits > 1 ? ` of part ${now.split + 1} of ${splits}` : ''}: mean squared error ${measure(now.error)}${lower}, over ${count(now.sampled)} training vectors`;
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
  const table = look.sum?.tables[part], entry = table?.values[table.shown.indexOf(code)];
  const who = at === chosen[part] ? ' (the vector’s)' : at === queryRow[part] ? ' (the query’s own)' : '';
  const across = row === null ? `; this part: true ${measure(parts.exact[part] ?? 0)}, ADC ${measure(parts.adc[part] ?? 0)}, SDC ${measure(parts.sdc[part] ?? 0)}` : '';
  return `part ${part + 1}, code ${code}${who}: ${plural(used, 'vector')}${entry === undefined ? '' : `; entry ${measure(entry)}`}${across}`;
}

/** The entry of the code in one table, or that of the code pointed at. Rounded tables hold whole numbers of one step. */
export function sumNote(look: Look, sum: Sum, part: number, code: number | null): string {
  const { rounded, tables } = sum, table = tables[part];
  if (!table) return '';
  const at = code === null ? table.chosen : table.shown.indexOf(code), value = table.values[at] ?? 0, nearer = look.metric === 'IP' ? (v: number) => v > value : (v: number) => v < value;
  const rank = table.values.reduce((sum, v) => sum + Number(nearer(v)), 1), stands = rank === 1 ? 'nearest' : `${ordinal(rank)} nearest`;
  const entry = rounded ? `${Math.round(Math.abs(value) / rounded.step)} steps` : measure(value), whole = table.values.length < table.rows ? ` (${count(table.values.length)} shown)` : '';
  return `${tableName(sum, part)}: code ${table.shown[at] ?? 0}${at === table.chosen && !rounded ? ' (the vector’s)' : ''}, ${stands} of ${count(table.rows)}${whole}, ${entry}${rounded ? `. ${roundedNote(sum, rounded)}` : ''}`;
}

/** How a sum of bytes becomes a distance. */
function roundedNote({ tables }: Sum, { step, exact }: NonNullable<Sum['rounded']>): string {
  const bytes = tables.reduce((all, { values, chosen }) => all + Math.round(Math.abs(values[chosen] ?? 0) / step), 0);
  return `All: ${count(bytes)} steps of ${measure(step)}; unrounded ${measure(exact)}`;
}
