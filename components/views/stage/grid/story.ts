import type { SearchAnswer } from '@/workers/protocol';
import type { Step } from '../props';
import { count, measure, nthNearest, percent, plural } from '../words';
import { halvesOf, truthsOf, waitingAt, type Arranged, type Look } from './layout';

/** What the grid says: caption, steps, and the words for one cell. */

export const emptyOf = ({ sizes }: Look) => sizes.reduce((empty, size) => empty + (size === 0 ? 1 : 0), 0);

export function captionOf(look: Look, search: SearchAnswer | null, lit: number | null, corner: { rows: number; columns: number }): string {
  const { walk: { lists }, sizes, ksub: [rows, columns], by } = look, nprobe = lists.length, shown = Math.min(lit ?? nprobe, nprobe), empty = emptyOf(look);
  const held = truthsOf(search?.truth ?? []), seen = lists.subarray(0, shown);
  const covered = seen.reduce((sum, list) => sum + countIn(held, list), 0), vectors = seen.reduce((sum, list) => sum + (sizes[list] ?? 0), 0);
  const probed = shown < nprobe ? `${count(shown)} of ${plural(nprobe, 'cell')} probed so far` : `${count(nprobe)} of ${plural(sizes.length, 'cell')} probed`;
  const truths = search ? `; ${covered} of ${plural(search.truth.length, 'true neighbour')} in them` : '';
  const part = corner.rows < rows || corner.columns < columns ? ` Drawn large: the nearest ${corner.rows} × ${corner.columns}.` : '';
  const order = by === 'IMI' ? ', nearest sum first' : `, by a beam of ${plural(look.beam.length, 'row')}`;
  return `${probed}${order}: ${plural(vectors, 'vector')}${truths}. ${count(empty)} cells are empty (${percent(empty / sizes.length)}).${part}`;
}

const countIn = (held: ReturnType<typeof truthsOf>, list: number) => { const here = held.get(list); return here ? here.found + here.missed : 0; };

/** Steps of the search that are told one by one. */
const MOST = 1024;

/** Step 0 is what was compared, step j the j-th cell taken; the value is how many true neighbours lie in the cells so far. */
export function walkSteps(look: Look, arranged: Arranged, search: SearchAnswer | null): Step[] {
  const { walk: { lists, distance } } = look, held = truthsOf(search?.truth ?? []), k = search?.truth.length ?? 0;
  let covered = 0;
  const steps = Array.from(lists.subarray(0, MOST), (list, i): Step => {
    const here = countIn(held, list);
    covered += here;
    return { sentence: `${pairOf(look, arranged, list)}: ${sumOf(look, list, distance[i] ?? 0)}; ${holds(look.sizes[list] ?? 0)}${search ? `, ${here} of ${plural(k, 'true neighbour')}` : ''}${waits(look, i + 1)}`, value: search ? covered : null };
  });
  return [{ sentence: opening(look), value: search ? 0 : null }, ...steps];
}

function opening({ by, ksub: [rows, columns], sizes, beam, ...look }: Look): string {
  if (by === 'IMI') return `${count(rows)} + ${count(columns)} half distances put ${plural(sizes.length, 'cell')} in order; the pair of the two nearest waits first`;
  return `${count(rows)} rows compared; the ${count(beam.length)} nearest go on to the ${count(columns)} of the second codebook, and ${count(look.walk.lists.length)} cells are kept`;
}

const pairOf = ({ by }: Look, { cellOf }: Arranged, list: number) => {
  const { row, column } = cellOf(list);
  return `${by === 'IMI' ? 'Halves' : 'Rows'} ${row + 1} and ${column + 1}, list ${list}`;
};

/** IMI: what the halves add up to. RCQ: left after the first codebook, then after both. */
function sumOf(look: Look, list: number, distance: number): string {
  const [first, second] = halvesOf(look, list);
  return look.by === 'IMI' ? `${measure(first)} + ${measure(second)} = ${measure(distance)}` : `${measure(first)} after the first, ${measure(distance)} after both`;
}

const holds = (size: number) => (size ? plural(size, 'vector') : 'empty');
const waits = (look: Look, step: number) => { const n = waitingAt(look, step).length; return n ? `; ${plural(n, 'pair waits', 'pairs wait')}` : ''; };

/** Everything about one cell, a line each. */
export function linesOf(look: Look, arranged: Arranged, search: SearchAnswer | null, list: number): string[] {
  const { row, column } = arranged.cellOf(list), [first, second] = halvesOf(look, list), held = truthsOf(search?.truth ?? []).get(list);
  const number = look.walk.lists.indexOf(list), rank = search?.listOrder ? search.listOrder.list.indexOf(list) + 1 : 0;
  const apart = look.by === 'IMI' ? `${measure(first)} + ${measure(second)} = ${measure(Math.fround(first + second))}` : `${measure(first)} after the first code`;
  return [
    `List ${list} · ${holds(look.sizes[list] ?? 0)}`,
    `codes ${list & (2 ** look.bits - 1)} and ${list >> look.bits}, ${nthNearest(row + 1)} and ${nthNearest(column + 1)}`,
    apart,
    [...(rank ? [`${nthNearest(rank)} list`] : []), number < 0 ? 'not probed' : `probed as number ${number + 1}`].join(', '),
    ...(held ? [`${plural(held.found + held.missed, 'true neighbour')}, ${held.found} returned`] : []),
  ];
}

/** Of a block of cells that share a pixel. */
export function linesOfBlock(look: Look, { listAt }: Arranged, { row, column }: { row: number; column: number }, block: number): string[] {
  const [rows, columns] = look.ksub, lists: number[] = [];
  for (let r = row; r < Math.min(rows, row + block); r++) for (let c = column; c < Math.min(columns, column + block); c++) lists.push(listAt({ row: r, column: c }));
  const vectors = lists.reduce((sum, list) => sum + (look.sizes[list] ?? 0), 0);
  return [`${plural(lists.length, 'list')} in this block`, `${plural(vectors, 'vector')}, ${count(lists.filter((list) => !look.sizes[list]).length)} lists empty`];
}
