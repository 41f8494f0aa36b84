import type { SearchAnswer } from '@/workers/protocol';
import type { Step } from '../props';
import { count, measure, nthNearest, ordinal, percent, plural } from '../words';
import { distanceTo, halvesOf, listCount, pairOf, pairSymbols, rankOf, sidesOf, symbolsOf, truthsOf, waitingAt, type Arranged, type Held, type Look } from './layout';

/** What the grid says of the finished index and its search: caption, steps, and the words for one cell. */

export const emptyOf = (look: Look) => listCount(look) - look.held.sizes.length;
/** Of M symbols, where the square shows but two. */
export const listsInPair = (look: Look) => { const [rows, columns] = sidesOf(look); return listCount(look) / (rows * columns); };
const sum = (values: Uint32Array) => values.reduce((all, v) => all + v, 0);
const countOf = (held: Held | undefined) => (held ? held.found + held.missed : 0);
/** Sizes by list, put together once a look. */
const known = new WeakMap<Look, Map<number, number>>();

function sizesOf(look: Look): Map<number, number> {
  const M = look.ksub.length, listAt = (at: number) => look.ksub.reduceRight((list, K, m) => list * K + (look.held.codes[at * M + m] ?? 0), 0);
  const sizes = known.get(look) ?? new Map(Array.from(look.held.sizes, (size, at) => [listAt(at), size]));
  known.set(look, sizes);
  return sizes;
}

export function captionOf(look: Look, search: SearchAnswer | null, lit: number | null, corner: { rows: number; columns: number }): string {
  const lists = listCount(look), empty = emptyOf(look), [rows, columns] = sidesOf(look), per = listsInPair(look);
  const hollow = `${empty === lists ? 'All' : empty ? count(empty) : 'No'} ${look.ksub.length === 2 ? 'cells' : 'lists'} are empty${empty ? ` (${percent(empty / lists)})` : ''}.`;
  const stands = per > 1 ? ` A square stands for the ${plural(per, 'list')} that begin with its two ${look.by === 'parts' ? 'centroids' : 'rows'}.` : '';
  const part = corner.rows < rows || corner.columns < columns ? ` Drawn large: the nearest ${corner.rows} × ${corner.columns}.` : '';
  const own = look.by === 'codebooks' && look.ksub.length > 1 ? ' Each row has its own order: what a second row adds depends on the first.' : '';
  return `${look.walk ? probedOf(look, look.walk, search, lit) : unwalked(look)} ${hollow}${stands}${own}${part}`;
}

function probedOf(look: Look, { lists, beams }: NonNullable<Look['walk']>, search: SearchAnswer | null, lit: number | null): string {
  const nprobe = lists.length, shown = Math.min(lit ?? nprobe, nprobe), held = truthsOf(search?.truth ?? []), seen = lists.subarray(0, shown), sizes = sizesOf(look), name = look.ksub.length === 2 ? 'cell' : 'list';
  const covered = seen.reduce((all, list) => all + countOf(held.get(list)), 0), vectors = seen.reduce((all, list) => all + (sizes.get(list) ?? 0), 0);
  const probed = shown < nprobe ? `${count(shown)} of ${plural(nprobe, name)} probed so far` : `${count(nprobe)} of ${plural(listCount(look), name)} probed`;
  const order = look.by === 'parts' ? ', nearest sum first' : beams.length ? `, by a beam of ${beams.map((beam, m) => plural(beam.length, beamName(m))).join(' and ')}` : ', nearest first';
  return `${probed}${order}: ${plural(vectors, 'vector')}${search ? `; ${covered} of ${plural(search.truth.length, 'true neighbour')} in them` : ''}.`;
}

const beamName = (m: number) => ['row', 'pair', 'triple'][m] ?? `sum of ${m + 1} rows`;

/** Codes that are not searched. */
function unwalked({ ksub, held: { sizes }, n }: Look): string {
  const fullest = sizes.reduce((a, b) => Math.max(a, b), 0), each = ksub.length === 1 ? `${count(ksub[0] ?? 0)} lists` : `${ksub.map(count).join(' × ')} lists, one for ${ksub.length === 2 ? 'each pair' : 'every choice'} of centroids`;
  return `The first level of a code is one of ${each}, in the order of their distance to the query; no search goes through them. The fullest holds ${count(fullest)} of ${plural(n, 'vector')}.`;
}

/** Steps of the search that are told one by one. */
const MOST = 1024;

/** Step 0 is what was compared, step j the j-th cell taken; the value is how many true neighbours lie in the cells so far. */
export function walkSteps(look: Look, arranged: Arranged, search: SearchAnswer | null): Step[] {
  if (!look.walk) return [];
  const { lists, distance } = look.walk, held = truthsOf(search?.truth ?? []), k = search?.truth.length ?? 0, sizes = sizesOf(look);
  let covered = 0;
  const steps = Array.from(lists.subarray(0, MOST), (list, i): Step => {
    const here = countOf(held.get(list));
    covered += here;
    return { sentence: `${named(look, arranged, list)}: ${sumOf(look, list, distance[i] ?? 0)}; ${holds(sizes.get(list) ?? 0)}${search ? `, ${here} of ${plural(k, 'true neighbour')}` : ''}${waits(look, i + 1)}`, value: search ? covered : null };
  });
  return [{ sentence: opening(look, look.walk), value: search ? 0 : null }, ...steps];
}

function opening(look: Look, { lists, beams }: NonNullable<Look['walk']>): string {
  const { by, ksub } = look;
  if (by === 'parts') return `${ksub.map(count).join(' + ')} half distances put ${plural(listCount(look), 'cell')} in order; the pair of the two nearest waits first`;
  const levels = ksub.map((K, m) => {
    const from = beams[m - 1]?.length ?? 1, compared = m === 0 ? plural(K, 'row') : `${count(from)} × ${count(K)} sums`;
    return `${m === 0 ? `Codebook 1: ${compared} compared` : `codebook ${m + 1}: ${compared}`}, ${m + 1 < ksub.length ? `${count(beams[m]?.length ?? 0)} go on` : `${plural(lists.length, 'list')} kept`}`;
  });
  return levels.join('; ');
}

const named = (look: Look, { cellOf }: Arranged, list: number) => {
  const { row, column } = cellOf(pairOf(look, list)), symbols = symbolsOf(look, list);
  if (symbols.length === 1) return `Row ${row + 1}, list ${list}`;
  return `${look.by === 'parts' ? 'Halves' : 'Rows'} ${row + 1} and ${column + 1}${symbols.length > 2 ? ` and codes ${symbols.slice(2).join(', ')} after them` : ''}, list ${list}`;
};

/** Parts: what they add up to. Codebooks: what is left after each. */
function sumOf(look: Look, list: number, distance: number): string {
  const symbols = symbolsOf(look, list);
  if (look.by === 'parts') { const [first, second] = halvesOf(look, list); return `${measure(first)} + ${measure(second)} = ${measure(distance)}`; }
  const after = symbols.slice(1).map((_, m) => `${measure(distanceTo(look, symbols.slice(0, m + 1)))} after ${m === 0 ? 'the first' : m + 1}`);
  return [...after, `${measure(distance)} after ${symbols.length === 1 ? 'its row' : symbols.length === 2 ? 'both' : `all ${symbols.length}`}`].join(', ');
}

const holds = (size: number) => (size ? plural(size, 'vector') : 'empty');
const waits = (look: Look, step: number) => { const n = waitingAt(look, step).length; return n ? `; ${plural(n, 'pair waits', 'pairs wait')}` : ''; };

/** Everything about one cell, a line each. */
export function linesOf(look: Look, arranged: Arranged, search: SearchAnswer | null, pair: number): string[] {
  const { row, column } = arranged.cellOf(pair), [first, second] = halvesOf(look, pair), held = truthsOf(search?.truth ?? [], (list) => pairOf(look, list)).get(pair), symbols = pairSymbols(look, pair), per = listsInPair(look);
  const many = per > 1, single = symbols.length < 2, sums = single ? measure(first) : look.by === 'parts' ? `${measure(first)} + ${measure(second)} = ${measure(Math.fround(first + second))}` : `${measure(first)} after the first, ${measure(first + second)} after both`;
  return [
    many ? `${holds(arranged.sizes[pair] ?? 0)} in ${count(arranged.lists[pair] ?? 0)} of ${plural(per, 'list')}` : `List ${pair} · ${holds(arranged.sizes[pair] ?? 0)}`,
    single ? `${nthNearest(row + 1)} of ${plural(arranged.rows, 'list')}` : `codes ${symbols[0] ?? 0} and ${symbols[1] ?? 0}, ${nthNearest(row + 1)} and ${nthNearest(column + 1)}`,
    `${sums}${single ? '' : `, ${ordinal(rankOf(look, arranged, pair))} of ${plural(arranged.rows * arranged.columns, 'sum')}`}`,
    ...(look.walk ? [probedAs(look, look.walk, pair, many)] : []),
    ...(held ? [`${plural(countOf(held), 'true neighbour')}, ${held.found} returned`] : []),
  ];
}

function probedAs(look: Look, { lists }: NonNullable<Look['walk']>, pair: number, many: boolean): string {
  const numbers = Array.from(lists.keys()).filter((i) => pairOf(look, lists[i] ?? 0) === pair);
  if (!numbers.length) return many ? 'none of them probed' : 'not probed';
  return many ? `${count(numbers.length)} of them probed, the first as number ${(numbers[0] ?? 0) + 1}` : `probed as number ${(numbers[0] ?? 0) + 1}`;
}

/** Of a block of cells that share a pixel. */
export function linesOfBlock({ rows, columns, pairAt, sizes }: Arranged, { row, column }: { row: number; column: number }, block: number): string[] {
  const pairs: number[] = [];
  for (let r = row; r < Math.min(rows, row + block); r++) for (let c = column; c < Math.min(columns, column + block); c++) pairs.push(pairAt({ row: r, column: c }));
  const vectors = sum(Uint32Array.from(pairs, (pair) => sizes[pair] ?? 0));
  return [`${plural(pairs.length, 'cell')} in this block`, `${plural(vectors, 'vector')}, ${count(pairs.filter((pair) => !sizes[pair]).length)} cells empty`];
}
