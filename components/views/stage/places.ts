import type { SliceAnswer, Window2 } from '@/workers/protocol';
import type { Point } from './viewport';

/** Where the number of a cell stands: the point of its visible part that is farthest from any other cell and from
 *  the edge of the view. `room` is that distance, in plane units. */
export type Place = Point & { room: number };

/** Owners over the part of the view that the slice covers. */
type Owners = { cells: Int32Array /* (height, width) */; width: number; height: number; x0: number; y0: number; /** sides of a pixel */ dx: number; dy: number };

/** The same and, for every pixel, how deep inside its cell it lies, in thirds of a pixel. */
export type Sight = Owners & { depth: Uint16Array };

/** Enough to place a number within a few pixels, few enough to do in every frame of a pan. */
const mostPixels = 30_000;

export function seeCells(slice: SliceAnswer, view: Window2): Sight {
  const owners = ownersIn(slice, view, mostPixels);
  return { ...owners, depth: depths(owners) };
}

/** Places in sight of the lists asked for. Cells that do not show are absent. No place lies in one of the
 *  circles to avoid, so that a number is never under the query or its name. */
export function placeLabels({ cells, depth, width, x0, y0, dx, dy }: Sight, lists: Iterable<number>, avoid: Place[] = []): Map<number, Place> {
  const wanted = new Set(lists);
  const places = new Map<number, Place>();
  for (let i = 0; i < cells.length; i++) {
    const list = cells[i] ?? -1;
    if (!wanted.has(list)) continue;
    const room = ((depth[i] ?? 0) / 3) * Math.min(dx, dy);
    if (room <= (places.get(list)?.room ?? 0)) continue;
    const x = x0 + ((i % width) + 0.5) * dx;
    const y = y0 + (Math.floor(i / width) + 0.5) * dy;
    if (avoid.every((circle) => Math.hypot(x - circle.x, y - circle.y) >= circle.room)) places.set(list, { x, y, room });
  }
  return places;
}

/** The lists that own a point of the view. */
export function cellsIn(slice: SliceAnswer, view: Window2): Set<number> {
  return new Set(ownersIn(slice, view, Infinity).cells);
}

/** The slice inside the view, with at most so many pixels. */
function ownersIn(slice: SliceAnswer, view: Window2, most: number): Owners {
  const { window } = slice;
  const [x0, y0] = [Math.max(view.x0, window.x0), Math.max(view.y0, window.y0)];
  const [x1, y1] = [Math.min(view.x1, window.x1), Math.min(view.y1, window.y1)];
  const columns = Math.max(0, ((x1 - x0) / (window.x1 - window.x0)) * slice.width);
  const rows = Math.max(0, ((y1 - y0) / (window.y1 - window.y0)) * slice.height);
  const shrink = Math.max(1, Math.sqrt((columns * rows) / most));
  const [width, height] = [Math.floor(columns / shrink), Math.floor(rows / shrink)];
  const [dx, dy] = [(x1 - x0) / width, (y1 - y0) / height];
  const columnOf = Int32Array.from({ length: width }, (_, c) => ((x0 + (c + 0.5) * dx - window.x0) / (window.x1 - window.x0)) * slice.width);
  const cells = new Int32Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = Math.floor(((y0 + (row + 0.5) * dy - window.y0) / (window.y1 - window.y0)) * slice.height) * slice.width;
    for (let column = 0; column < width; column++) cells[row * width + column] = slice.cells[from + (columnOf[column] ?? 0)] ?? -1;
  }
  return { cells, width, height, x0, y0, dx, dy };
}

/** Distance of each pixel to the nearest one of another list or outside, in thirds of a pixel: the 3-4 chamfer
 *  distance, Borgefors 1986. One pass forwards, one backwards over the same neighbours turned round. */
function depths({ cells, width, height }: Owners): Uint16Array {
  const depth = new Uint16Array(width * height).fill(0xffff);
  const pass = (i: number, column: number, back: number) => {
    const own = cells[i];
    let least = depth[i] ?? 0;
    const step = (from: number, inside: boolean, cost: number) => {
      const through = inside && cells[from] === own ? (depth[from] ?? 0) + cost : cost;
      if (through < least) least = through;
    };
    const [first, last] = [column > 0, column < width - 1];
    const beyond = i + back * width;
    const inside = beyond >= 0 && beyond < cells.length;
    step(i + back, back < 0 ? first : last, 3);
    step(beyond, inside, 3);
    step(beyond - 1, inside && first, 4);
    step(beyond + 1, inside && last, 4);
    depth[i] = least;
  };
  for (let i = 0; i < cells.length; i++) pass(i, i % width, -1);
  for (let i = cells.length - 1; i >= 0; i--) pass(i, i % width, 1);
  return depth;
}
