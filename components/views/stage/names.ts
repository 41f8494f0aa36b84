import type { Point, Size } from './viewport';

/** Words beside marks: each on the first of four sides where it covers no mark, no other word, and stays in the
 *  picture. A word without such a side is left out; pointing at its mark still tells it. */

export type Name = Point & { text: string; anchor: 'start' | 'middle' | 'end' };
export type Box = { x0: number; y0: number; x1: number; y1: number };

/** Average width of a letter and height of a line at 12 px. */
export const [letter, line] = [6.6, 14];

/** `marks` in order of importance; `taken` are boxes already spoken for. One entry per mark, null where none fits. */
export function placeNames(marks: (Point & { text: string })[], radius: number, taken: Box[], size: Size): (Name | null)[] {
  const boxes = [...taken, ...marks.map(({ x, y }) => ({ x0: x - radius, y0: y - radius, x1: x + radius, y1: y + radius }))];
  return marks.map(({ x, y, text }) => {
    if (!text) return null;
    const side = sides(x, y, radius + 3, text.length * letter).find(({ box }) => inside(box, size) && !boxes.some((other) => overlap(box, other)));
    if (!side) return null;
    boxes.push(side.box);
    return { ...side.name, text };
  });
}

/** Right, left, above, below. Words are centred on the mark's height or width. */
function sides(x: number, y: number, away: number, width: number): { name: Omit<Name, 'text'>; box: Box }[] {
  const half = line / 2;
  return [
    { name: { x: x + away, y: y + 4, anchor: 'start' }, box: { x0: x + away, y0: y - half, x1: x + away + width, y1: y + half } },
    { name: { x: x - away, y: y + 4, anchor: 'end' }, box: { x0: x - away - width, y0: y - half, x1: x - away, y1: y + half } },
    { name: { x, y: y - away - 2, anchor: 'middle' }, box: { x0: x - width / 2, y0: y - away - line, x1: x + width / 2, y1: y - away } },
    { name: { x, y: y + away + 10, anchor: 'middle' }, box: { x0: x - width / 2, y0: y + away, x1: x + width / 2, y1: y + away + line } },
  ];
}

const inside = ({ x0, y0, x1, y1 }: Box, { width, height }: Size) => x0 >= 2 && y0 >= 2 && x1 <= width - 2 && y1 <= height - 2;
const overlap = (a: Box, b: Box) => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
