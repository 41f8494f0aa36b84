import type { Looks } from '@/workers/protocol';

/** The square of lists as numbers: which list stands where, which part is large enough to read, what the search took so far. */

export type Look = Looks['grid'];
/** A place in the sorted square: ranks of the two halves, nearest 0. */
export type Cell = { row: number; column: number };

/** Rank of every centroid of a half. */
export function ranksOf(order: Int32Array): Int32Array {
  const ranks = new Int32Array(order.length);
  order.forEach((number, rank) => { ranks[number] = rank; });
  return ranks;
}

export type Arranged = { cellOf: (list: number) => Cell; listAt: (cell: Cell) => number };

export function arrange({ order, bits }: Pick<Look, 'order' | 'bits'>): Arranged {
  const [rows, columns] = [ranksOf(order[0]), ranksOf(order[1])], mask = 2 ** bits - 1;
  return {
    cellOf: (list) => ({ row: rows[list & mask] ?? 0, column: columns[list >> bits] ?? 0 }),
    listAt: ({ row, column }) => (order[0][row] ?? 0) | ((order[1][column] ?? 0) << bits),
  };
}

/** Half distances of a list: of its row and of its column. */
export const halvesOf = ({ near, bits }: Look, list: number): [number, number] => [near[0][list & (2 ** bits - 1)] ?? 0, near[1][list >> bits] ?? 0];

const [whole, least, most] = [32, 16, 48];

/** How much of the square is drawn large: all of it where it is small or most of it was walked; else the corner nearest to the query
 *  that holds the walk. */
export function cornerOf({ ksub: [rows, columns], walk }: Look, { cellOf }: Arranged): { rows: number; columns: number } {
  const reach = Array.from(walk.lists.subarray(0, 4096), cellOf).reduce((far, { row, column }) => Math.max(far, row, column), 0) + 3;
  const side = Math.max(least, reach);
  const all = Math.max(rows, columns) <= whole || side > most;
  return all ? { rows, columns } : { rows: Math.min(rows, side), columns: Math.min(columns, side) };
}

/** How a square of so many cells fits into so many pixels: blocks of `block` × `block` cells, each `pixels` wide. */
export function fitCells(cells: number, side: number): { block: number; pixels: number } {
  const block = Math.max(1, Math.ceil(cells / side));
  return { block, pixels: Math.max(1, Math.floor(side / Math.ceil(cells / block))) };
}

/** Mean list size of each block of the corner: (rows/block, columns/block), and the largest. */
export function densities(look: Look, { listAt }: Arranged, corner: { rows: number; columns: number }, block: number): { values: Float32Array; width: number; height: number; most: number } {
  const width = Math.ceil(corner.columns / block), height = Math.ceil(corner.rows / block), values = new Float32Array(width * height), cells = new Uint32Array(width * height);
  for (let row = 0; row < corner.rows; row++) {
    for (let column = 0; column < corner.columns; column++) {
      const at = Math.floor(row / block) * width + Math.floor(column / block);
      values[at] = (values[at] ?? 0) + (look.sizes[listAt({ row, column })] ?? 0);
      cells[at] = (cells[at] ?? 0) + 1;
    }
  }
  let largest = 0;
  values.forEach((sum, at) => { values[at] = sum / (cells[at] ?? 1); largest = Math.max(largest, values[at] ?? 0); });
  return { values, width, height, most: largest };
}

/** How many columns of each row were taken, for rows that were: in a multi-index always the first ones, so this is a staircase. */
export function staircase(taken: Cell[]): number[] {
  const counts: number[] = [];
  for (const { row, column } of taken) counts[row] = Math.max(counts[row] ?? 0, column + 1);
  return counts;
}

/** The edge of the staircase, from its top right down to its bottom left, in cells. */
export function stairPath(counts: number[]): string {
  const [first] = counts;
  if (!first) return '';
  const steps = counts.map((count, row) => `H${count}V${row + 1}`);
  return `M${first},0${steps.join('')}H0`;
}

/** Lists waiting in the heap after `step` lists were taken. */
export function waitingAt({ waiting: { from, lists } }: Look, step: number): Int32Array {
  return step + 1 < from.length ? lists.subarray(from[step], from[step + 1]) : new Int32Array(0);
}

export type Held = { found: number; missed: number };

/** True neighbours per list. */
export function truthsOf(truth: { list: number | null; found: boolean }[]): Map<number, Held> {
  const held = new Map<number, Held>();
  for (const { list, found } of truth) {
    if (list === null) continue;
    const now = held.get(list) ?? { found: 0, missed: 0 };
    held.set(list, found ? { ...now, found: now.found + 1 } : { ...now, missed: now.missed + 1 });
  }
  return held;
}
