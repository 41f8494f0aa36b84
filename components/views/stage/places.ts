import type { SliceAnswer, Window2 } from '@/workers/protocol';
import type { Point } from './viewport';

/** Where the number of a cell stands: the pixel of its visible part that is farthest from any other cell and from
 *  the edge of the view. `room` is that distance, in plane units. */
export type Place = Point & { room: number };

type Region = { column0: number; column1: number; row0: number; row1: number; units: number };

/** Places inside `view` of the lists asked for. Cells that do not show are absent. No place is nearer to `avoid`
 *  than `avoid.room`, so that a number never lies under the query. */
export function placeLabels(slice: SliceAnswer, view: Window2, lists: Iterable<number>, avoid?: Place): Map<number, Place> {
  const wanted = new Set(lists);
  const places = new Map<number, Place>();
  const region = regionOf(slice, view);
  if (!wanted.size || region.column0 >= region.column1 || region.row0 >= region.row1) return places;
  const depth = depths(slice, region);
  const { cells, width, window } = slice;
  for (let row = region.row0; row < region.row1; row++) {
    const y = window.y0 + ((row + 0.5) / slice.height) * (window.y1 - window.y0);
    for (let column = region.column0; column < region.column1; column++) {
      const list = cells[row * width + column] ?? 0;
      if (!wanted.has(list)) continue;
      const room = ((depth[row * width + column] ?? 0) / 3) * region.units;
      if (room <= (places.get(list)?.room ?? 0)) continue;
      const x = window.x0 + ((column + 0.5) / width) * (window.x1 - window.x0);
      if (!avoid || Math.hypot(x - avoid.x, y - avoid.y) >= avoid.room) places.set(list, { x, y, room });
    }
  }
  return places;
}

/** How many lists own a point of the view. */
export function countCells(slice: SliceAnswer, view: Window2): number {
  const { column0, column1, row0, row1 } = regionOf(slice, view);
  const seen = new Set<number>();
  for (let row = row0; row < row1; row++) for (let column = column0; column < column1; column++) seen.add((slice.cells[row * slice.width + column] ?? 0));
  return seen.size;
}

/** The pixels of the slice that lie in the view. */
function regionOf({ width, height, window }: SliceAnswer, view: Window2): Region {
  const column = (x: number) => ((x - window.x0) / (window.x1 - window.x0)) * width;
  const row = (y: number) => ((y - window.y0) / (window.y1 - window.y0)) * height;
  return {
    column0: Math.max(0, Math.ceil(column(view.x0))), column1: Math.min(width, Math.floor(column(view.x1))),
    row0: Math.max(0, Math.ceil(row(view.y0))), row1: Math.min(height, Math.floor(row(view.y1))),
    units: (window.x1 - window.x0) / width,
  };
}

/** Distance of each pixel to the nearest one of another list or outside the region, in thirds of a pixel: the
 *  3-4 chamfer distance, Borgefors 1986. One pass down, one pass up. */
function depths({ cells, width, height }: SliceAnswer, { column0, column1, row0, row1 }: Region): Uint16Array {
  const depth = new Uint16Array(width * height);
  const step = (i: number, from: number, cost: number) => {
    const through = cells[from] === cells[i] ? (depth[from] ?? 0) + cost : cost;
    if (through < (depth[i] ?? 0)) depth[i] = through;
  };
  const sweep = (row: number, column: number, back: number) => {
    const i = row * width + column;
    const edge = 3 * Math.min(column - column0 + 1, column1 - column, row - row0 + 1, row1 - row);
    if (back < 0) depth[i] = edge;
    const beside = column + back;
    const inside = row + back >= row0 && row + back < row1;
    if (beside >= column0 && beside < column1) step(i, i + back, 3);
    if (!inside) return;
    step(i, i + back * width, 3);
    if (column > column0) step(i, i + back * width - 1, 4);
    if (column + 1 < column1) step(i, i + back * width + 1, 4);
  };
  for (let row = row0; row < row1; row++) for (let column = column0; column < column1; column++) sweep(row, column, -1);
  for (let row = row1 - 1; row >= row0; row--) for (let column = column1 - 1; column >= column0; column--) sweep(row, column, 1);
  return depth;
}
