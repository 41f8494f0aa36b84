import type { Looks } from '@/workers/protocol';

/** The square of lists as numbers: which pair of symbols stands where, which part is large enough to read, what the search took so far.
 *  A pair is a list of two symbols, or the lists that begin with these two: pair = first + second · ksub₀. */

export type Look = Looks['grid'];
/** A place in the sorted square: ranks of the two symbols, nearest 0. */
export type Cell = { row: number; column: number };

/** Rank of every number of an order. */
export function ranksOf(order: Int32Array): Int32Array {
  const ranks = new Int32Array(order.length);
  order.forEach((number, rank) => { ranks[number] = rank; });
  return ranks;
}

export type Arranged = {
  rows: number; columns: number;
  cellOf: (pair: number) => Cell;
  pairAt: (cell: Cell) => number;
  /** Columns of a row by their distance; where rows differ, each row has an order of its own. */
  columnsOf: (row: number) => Int32Array;
  /** Vectors in the lists of each pair, and how many of these lists hold some: (rows·columns). */
  sizes: Uint32Array; lists: Uint32Array;
};

type Sorted = { order: Int32Array; ranks: Int32Array };
const sorted = (near: ArrayLike<number>): Sorted => {
  const order = Int32Array.from({ length: near.length }, (_, i) => i).sort((a, b) => (near[a] ?? 0) - (near[b] ?? 0) || a - b);
  return { order, ranks: ranksOf(order) };
};

export function arrange(look: Look): Arranged {
  const [rows, columns] = sidesOf(look), first = sorted(nextOf(look, [])), own = new Map<number, Sorted>();
  const inRow = (i: number): Sorted => {
    const key = look.by === 'parts' ? 0 : i, known = own.get(key);
    if (known) return known;
    const made = look.ksub.length > 1 ? sorted(nextOf(look, [key])) : sorted([0]);
    own.set(key, made);
    return made;
  };
  const columnsOf = (row: number) => inRow(first.order[row] ?? 0).order;
  return {
    rows, columns, columnsOf, ...filled(look),
    cellOf: (pair) => { const i = pair % rows; return { row: first.ranks[i] ?? 0, column: inRow(i).ranks[Math.floor(pair / rows)] ?? 0 }; },
    pairAt: ({ row, column }) => (first.order[row] ?? 0) + rows * (columnsOf(row)[column] ?? 0),
  };
}

export const sidesOf = ({ ksub: [rows = 1, columns = 1] }: Pick<Look, 'ksub'>): [rows: number, columns: number] => [rows, columns];
/** The pair that a list begins with. */
export const pairOf = (look: Pick<Look, 'ksub'>, list: number) => { const [rows, columns] = sidesOf(look); return list % (rows * columns); };
export const pairSymbols = (look: Pick<Look, 'ksub'>, pair: number): number[] => symbolsOf({ ksub: look.ksub.slice(0, 2) }, pair);
/** The symbols of a list, the first lowest. */
export const symbolsOf = ({ ksub }: Pick<Look, 'ksub'>, list: number): number[] => ksub.map((K, m) => Math.floor(list / ksub.slice(0, m).reduce((all, k) => all * k, 1)) % K);
export const listCount = ({ ksub }: Pick<Look, 'ksub'>) => ksub.reduce((all, K) => all * K, 1);

export function filled(look: Look): Pick<Arranged, 'sizes' | 'lists'> {
  const [rows, columns] = sidesOf(look), { held: { codes, sizes: held } } = look, M = look.ksub.length, sizes = new Uint32Array(rows * columns), lists = new Uint32Array(rows * columns);
  held.forEach((size, at) => {
    const pair = (codes[at * M] ?? 0) + rows * (M > 1 ? codes[at * M + 1] ?? 0 : 0);
    sizes[pair] = (sizes[pair] ?? 0) + size;
    lists[pair] = (lists[pair] ?? 0) + 1;
  });
  return { sizes, lists };
}

/** Vectors in each list that begins with these symbols, by the symbol that comes next. */
export function sizesUnder({ held: { codes, sizes }, ksub }: Look, symbols: number[]): Uint32Array {
  const M = ksub.length, next = symbols.length, under = new Uint32Array(ksub[next] ?? 1);
  sizes.forEach((size, at) => {
    if (!symbols.every((symbol, m) => codes[at * M + m] === symbol)) return;
    const symbol = codes[at * M + next] ?? 0;
    under[symbol] = (under[symbol] ?? 0) + size;
  });
  return under;
}

/** Squared distance of the query to what these first symbols stand for. */
export const distanceTo = (look: Look, symbols: number[]): number => symbols.reduce((sum, symbol, m) => sum + addedBy(look, symbols.slice(0, m), symbol), look.start);

/** The same with each symbol that may come next. */
export function nextOf(look: Look, symbols: number[]): Float64Array {
  const before = distanceTo(look, symbols);
  return Float64Array.from({ length: look.ksub[symbols.length] ?? 0 }, (_, symbol) => before + addedBy(look, symbols, symbol));
}

function addedBy({ near, cross, ksub }: Look, before: number[], symbol: number): number {
  const m = before.length, K = ksub[m] ?? 0, crossed = cross[m];
  let sum = near[m]?.[symbol] ?? 0, from = 0;
  if (crossed?.length) before.forEach((other, level) => { sum += crossed[(from + other) * K + symbol] ?? 0; from += ksub[level] ?? 0; });
  return sum;
}

/** What a pair's distance is made of. Parts: of the first and of the second. Codebooks: what the first leaves, and what the second changes. */
export function halvesOf(look: Look, pair: number): [number, number] {
  const [i = 0, j = 0] = pairSymbols(look, pair), first = distanceTo(look, [i]);
  return [first, look.ksub.length > 1 ? addedBy(look, [i], j) : 0];
}

const [whole, least, most] = [32, 12, 48];

/** How much of the square is drawn large: all of it where it is small, is not walked or most of it was walked; else the corner nearest
 *  to the query that holds the walk. */
export function cornerOf(look: Look, { rows, columns, cellOf }: Pick<Arranged, 'rows' | 'columns' | 'cellOf'>): { rows: number; columns: number } {
  if (!look.walk) return { rows, columns };
  const reach = Array.from(look.walk.lists.subarray(0, 4096), (list) => cellOf(pairOf(look, list))).reduce((far, { row, column }) => Math.max(far, row, column), 0) + 3;
  const side = Math.max(least, reach);
  const all = Math.max(rows, columns) <= whole || side > most;
  return all ? { rows, columns } : { rows: Math.min(rows, side), columns: Math.min(columns, side) };
}

/** How a square of so many cells fits into so many pixels: blocks of `block` × `block` cells, each `pixels` wide. */
export function fitCells(cells: number, side: number): { block: number; pixels: number } {
  const block = Math.max(1, Math.ceil(cells / side));
  return { block, pixels: Math.max(1, Math.floor(side / Math.ceil(cells / block))) };
}

/** Mean size of each block of the corner: (rows/block, columns/block), and the largest. */
export function densities({ sizes, pairAt }: Pick<Arranged, 'sizes' | 'pairAt'>, corner: { rows: number; columns: number }, block: number): { values: Float32Array; width: number; height: number; most: number } {
  const width = Math.ceil(corner.columns / block), height = Math.ceil(corner.rows / block), values = new Float32Array(width * height), cells = new Uint32Array(width * height);
  for (let row = 0; row < corner.rows; row++) {
    for (let column = 0; column < corner.columns; column++) {
      const at = Math.floor(row / block) * width + Math.floor(column / block);
      values[at] = (values[at] ?? 0) + (sizes[pairAt({ row, column })] ?? 0);
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
export function waitingAt({ walk }: Pick<Look, 'walk'>, step: number): Int32Array {
  if (!walk || step + 1 >= walk.waiting.from.length) return new Int32Array(0);
  return walk.waiting.lists.subarray(walk.waiting.from[step], walk.waiting.from[step + 1]);
}

/** How many pairs are nearer to the query, and one. */
export function rankOf(look: Look, { rows, columnsOf }: Pick<Arranged, 'rows' | 'columnsOf'>, pair: number): number {
  const own = Math.fround(distanceTo(look, pairSymbols(look, pair)));
  let nearer = 0;
  for (let i = 0; i < rows; i++) {
    const row = nextOf(look, [i]), order = look.by === 'parts' ? columnsOf(0) : null;
    if (order) nearer += firstNot(order, (j) => Math.fround(row[j] ?? 0) < own);
    else row.forEach((distance) => { if (Math.fround(distance) < own) nearer++; });
  }
  return nearer + 1;
}

/** How many at the start of an order do. */
function firstNot(order: Int32Array, does: (number: number) => boolean): number {
  let low = 0, high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (does(order[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export type Held = { found: number; missed: number };

/** True neighbours per list. */
export function truthsOf(truth: { list: number | null; found: boolean }[], place: (list: number) => number = (list) => list): Map<number, Held> {
  const held = new Map<number, Held>();
  for (const { list, found } of truth) {
    if (list === null) continue;
    const at = place(list), now = held.get(at) ?? { found: 0, missed: 0 };
    held.set(at, found ? { ...now, found: now.found + 1 } : { ...now, missed: now.missed + 1 });
  }
  return held;
}
