/** A uniform grid over the dots of a plane, for finding the one under the pointer. Knows positions; not pixels. */
export type Grid = {
  points: Float32Array; // (n, 3), x and y used
  x0: number; y0: number;
  /** Side of a square of the grid, in plane units. */
  side: number;
  columns: number; rows: number;
  /** Dots of square s are ids[starts[s]] … ids[starts[s + 1] − 1]. */
  starts: Uint32Array; // (columns·rows + 1)
  ids: Uint32Array;    // (n)
};

/** About four dots in a square; never more than 2^18 squares, however thin the set is. */
export function makeGrid(points: Float32Array): Grid {
  const n = points.length / 3;
  const { x0, y0, x1, y1 } = extent(points);
  const [width, height] = [x1 - x0 || 1, y1 - y0 || 1];
  const side = Math.max(Math.sqrt((width * height * 4) / Math.max(n, 1)), Math.max(width, height) / 512);
  const columns = Math.floor(width / side) + 1;
  const rows = Math.floor(height / side) + 1;
  const starts = new Uint32Array(columns * rows + 1);
  const square = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const s = Math.floor(((points[3 * i + 1] ?? 0) - y0) / side) * columns + Math.floor(((points[3 * i] ?? 0) - x0) / side);
    square[i] = s;
    bump(starts, s + 1, 1);
  }
  for (let s = 0; s < columns * rows; s++) bump(starts, s + 1, starts[s] ?? 0);
  const next = starts.slice();
  const ids = new Uint32Array(n);
  for (let i = 0; i < n; i++) ids[bump(next, square[i] ?? 0, 1)] = i;
  return { points, x0, y0, side, columns, rows, starts, ids };
}

/** Adds to one entry; returns what stood there before. */
function bump(counts: Uint32Array, at: number, by: number): number {
  const before = counts[at] ?? 0;
  counts[at] = before + by;
  return before;
}

/** The dot nearest to (x, y) and not farther than `within`, −1 if there is none. The lower id wins a tie. */
export function nearest({ points, x0, y0, side, columns, rows, starts, ids }: Grid, x: number, y: number, within: number): number {
  const clampTo = (v: number, last: number) => Math.min(Math.max(Math.floor(v), 0), last);
  const [fromColumn, toColumn] = [clampTo((x - within - x0) / side, columns - 1), clampTo((x + within - x0) / side, columns - 1)];
  const [fromRow, toRow] = [clampTo((y - within - y0) / side, rows - 1), clampTo((y + within - y0) / side, rows - 1)];
  let best = -1;
  let least = within * within;
  for (let row = fromRow; row <= toRow; row++) {
    const end = starts[row * columns + toColumn + 1] ?? 0;
    for (let e = starts[row * columns + fromColumn] ?? 0; e < end; e++) {
      const id = ids[e] ?? 0;
      const distance = ((points[3 * id] ?? 0) - x) ** 2 + ((points[3 * id + 1] ?? 0) - y) ** 2;
      if (distance < least || (distance === least && (best < 0 || id < best))) [best, least] = [id, distance];
    }
  }
  return best;
}

function extent(points: Float32Array) {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 3) {
    const [x, y] = [(points[i] ?? 0), (points[i + 1] ?? 0)];
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
  }
  return points.length ? { x0, y0, x1, y1 } : { x0: 0, y0: 0, x1: 1, y1: 1 };
}
