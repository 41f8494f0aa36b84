import type { SliceAnswer, Window2 } from '@/workers/protocol';

/** From a raster of cells to the straight lines between them. The slice of a Voronoi diagram by a plane is a power
 *  diagram, so two cells meet along one straight segment: a least-squares line through the pixel sides where they
 *  meet finds it far below one pixel, and it stays sharp however the picture is stretched. */

/** The border of lists a < b, in plane coordinates. */
export type Border = { a: number; b: number; x0: number; y0: number; x1: number; y1: number };
export type Borders = {
  segments: Border[];
  /** Which lists touch which. Every list that owns a pixel has an entry. */
  neighbours: Map<number, Set<number>>;
};

/** Middles of the pixel sides between two lists, in raster coordinates: x, y, x, y, … */
type Meeting = { a: number; b: number; at: number[] };
type Line = { a: number; b: number; mx: number; my: number; ux: number; uy: number; ends: [End, End] };
type End = { x: number; y: number };
/** A pixel corner around which three or four lists meet. */
type Corner = { lists: number[]; x: number; y: number; n: number };

export function findBorders(slice: SliceAnswer): Borders {
  const { meetings, neighbours } = meet(slice);
  const lines = new Map<number, Line>();
  for (const [pair, meeting] of meetings) {
    if (meeting.at.length > 2) lines.set(pair, fitLine(meeting));
  }
  for (const corner of findCorners(slice)) joinAt(corner, lines);
  const place = toWindow(slice);
  return { segments: Array.from(lines.values(), (line) => place(line)), neighbours };
}

/** Lists are below 2^26, so that a pair is one exact number. */
const pairOf = (a: number, b: number) => (a < b ? a * 2 ** 26 + b : b * 2 ** 26 + a);

function meet({ cells, width, height }: SliceAnswer) {
  const meetings = new Map<number, Meeting>();
  const neighbours = new Map<number, Set<number>>();
  const touch = (a: number, b: number) => {
    const set = neighbours.get(a);
    if (set) set.add(b);
    else neighbours.set(a, new Set([b]));
  };
  const add = (p: number, q: number, x: number, y: number) => {
    const pair = pairOf(p, q);
    const meeting = meetings.get(pair);
    if (meeting) return void meeting.at.push(x, y);
    meetings.set(pair, { a: Math.min(p, q), b: Math.max(p, q), at: [x, y] });
    touch(p, q);
    touch(q, p);
  };
  if (cells.length) neighbours.set((cells[0] ?? 0), new Set());
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      const own = cells[i] ?? 0;
      if (column + 1 < width && (cells[i + 1] ?? 0) !== own) add(own, (cells[i + 1] ?? 0), column + 1, row + 0.5);
      if (row + 1 < height && (cells[i + width] ?? 0) !== own) add(own, (cells[i + width] ?? 0), column + 0.5, row + 1);
    }
  }
  return { meetings, neighbours };
}

/** Total least squares: through the mean, along the larger axis of the covariance. */
function fitLine({ a, b, at }: Meeting): Line {
  const n = at.length / 2;
  let [mx, my, xx, xy, yy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < at.length; i += 2) [mx, my] = [mx + (at[i] ?? 0) / n, my + (at[i + 1] ?? 0) / n];
  for (let i = 0; i < at.length; i += 2) {
    const [dx, dy] = [(at[i] ?? 0) - mx, (at[i + 1] ?? 0) - my];
    [xx, xy, yy] = [xx + dx * dx, xy + dx * dy, yy + dy * dy];
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < at.length; i += 2) {
    const t = ((at[i] ?? 0) - mx) * ux + ((at[i + 1] ?? 0) - my) * uy;
    [least, most] = [Math.min(least, t), Math.max(most, t)];
  }
  const end = (t: number) => ({ x: mx + t * ux, y: my + t * uy });
  return { a, b, mx, my, ux, uy, ends: [end(least - 0.5), end(most + 0.5)] };
}

/** Corners with the same lists around them are one vertex, at their mean. */
function findCorners({ cells, width, height }: SliceAnswer): Corner[] {
  const corners = new Map<string, Corner>();
  for (let row = 1; row < height; row++) {
    for (let column = 1; column < width; column++) {
      const i = row * width + column;
      const [p, q, r, s] = [(cells[i] ?? 0), (cells[i - 1] ?? 0), (cells[i - width] ?? 0), (cells[i - width - 1] ?? 0)];
      if ((p === q && r === s) || (p === r && q === s)) continue;
      const lists = [...new Set([p, q, r, s])].sort((m, n) => m - n);
      if (lists.length < 3) continue;
      const key = lists.join();
      const corner = corners.get(key) ?? { lists, x: 0, y: 0, n: 0 };
      corners.set(key, { lists, x: corner.x + column, y: corner.y + row, n: corner.n + 1 });
    }
  }
  return Array.from(corners.values(), ({ lists, x, y, n }) => ({ lists, x: x / n, y: y / n, n }));
}

/** Lets the borders of a corner's lists end in one point: the p that minimises Σ (distance of p to each line)² +
 *  w·‖p − corner‖². The second term, small, decides where the lines are nearly parallel. */
function joinAt(corner: Corner, lines: Map<number, Line>) {
  const around: Line[] = [];
  for (const [i, a] of corner.lists.entries()) {
    for (const b of corner.lists.slice(i + 1)) {
      const line = lines.get(pairOf(a, b));
      if (line) around.push(line);
    }
  }
  const w = 0.02;
  let [xx, xy, yy, bx, by] = [w, 0, w, 0, 0];
  for (const { mx, my, ux, uy } of around) {
    const off = -uy * (mx - corner.x) + ux * (my - corner.y); // along the normal (−uy, ux)
    [xx, xy, yy] = [xx + uy * uy, xy - ux * uy, yy + ux * ux];
    [bx, by] = [bx - uy * off, by + ux * off];
  }
  const det = xx * yy - xy * xy;
  const vertex = { x: corner.x + (bx * yy - by * xy) / det, y: corner.y + (by * xx - bx * xy) / det };
  const far = Math.hypot(vertex.x - corner.x, vertex.y - corner.y) > 2;
  for (const line of around) moveEnd(line, far ? corner : vertex);
}

/** Only an end that is already there moves: a border may pass a corner of its lists far away. */
function moveEnd({ ends }: Line, { x, y }: End) {
  const [d0, d1] = [Math.hypot(ends[0].x - x, ends[0].y - y), Math.hypot(ends[1].x - x, ends[1].y - y)];
  if (Math.min(d0, d1) <= 3) ends[d0 <= d1 ? 0 : 1] = { x, y };
}

function toWindow({ width, height, window }: { width: number; height: number; window: Window2 }) {
  const x = (c: number) => window.x0 + (c / width) * (window.x1 - window.x0);
  const y = (r: number) => window.y0 + (r / height) * (window.y1 - window.y0);
  return ({ a, b, ends: [from, to] }: Line): Border => ({ a, b, x0: x(from.x), y0: y(from.y), x1: x(to.x), y1: y(to.y) });
}
