import type { AnatomyAnswer } from '@/workers/protocol';

/** Of decoded vectors in the plane: how many points there are, whether they stand on a lattice, how far they are off. */

export function pointsInUse(rows: Float32Array): Float32Array /* (points, 2) */ {
  const seen = new Map<string, [number, number]>();
  for (let i = 0; i < rows.length; i += 2) seen.set(`${rows[i]},${rows[i + 1]}`, [rows[i] ?? 0, rows[i + 1] ?? 0]);
  return Float32Array.from([...seen.values()].flat());
}

/** Values that component j of rows (n, 2) takes. */
export const valuesOf = (rows: Float32Array, j: 0 | 1): number[] => [...new Set(Array.from({ length: rows.length / 2 }, (_, i) => rows[2 * i + j] ?? 0))].sort((a, b) => a - b);

/** More lines than this are a grey area. */
const MOST_LINES = 40;
const BEYOND = 50;

/** A product of two codebooks decodes to a lattice: all points that share a component stand on one line, in the space of the
 *  codes and, through a rotation, in that of the vectors. Each line is drawn through the two of its points farthest apart,
 *  and on beyond the figure. */
export function latticeLines({ decoded, restored }: Pick<AnatomyAnswer, 'decoded' | 'restored'>): [number, number, number, number][] {
  if (!decoded || !restored || Math.max(...sidesOf(decoded)) > MOST_LINES) return [];
  return ([0, 1] as const).flatMap((j) => valuesOf(decoded, j).flatMap((value) => lineThrough(decoded, restored, j, value)));
}

/** How many values each component takes: the sides of the lattice. */
export const sidesOf = (decoded: Float32Array): [across: number, down: number] => [valuesOf(decoded, 0).length, valuesOf(decoded, 1).length];

function lineThrough(decoded: Float32Array, restored: Float32Array, j: 0 | 1, value: number): [number, number, number, number][] {
  let [low, high] = [-1, -1];
  for (let i = 0; i < decoded.length / 2; i++) {
    if (decoded[2 * i + j] !== value) continue;
    const along = decoded[2 * i + 1 - j] ?? 0;
    if (low < 0 || along < (decoded[2 * low + 1 - j] ?? 0)) low = i;
    if (high < 0 || along > (decoded[2 * high + 1 - j] ?? 0)) high = i;
  }
  const [x0, y0, x1, y1] = [restored[2 * low] ?? 0, restored[2 * low + 1] ?? 0, restored[2 * high] ?? 0, restored[2 * high + 1] ?? 0];
  if (x0 === x1 && y0 === y1) return [];
  const [dx, dy] = [x1 - x0, y1 - y0];
  return [[x0 - BEYOND * dx, y0 - BEYOND * dy, x1 + BEYOND * dx, y1 + BEYOND * dy]];
}

/** Mean of ‖a − b‖² over rows (n, 2). */
export function meanSquaredError(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, v, i) => sum + (v - (b[i] ?? 0)) ** 2, 0) / (a.length / 2);
}

/** Mean of ‖x − mean‖² over rows (n, 2). */
export function variance(rows: Float32Array): number {
  const n = rows.length / 2;
  const mean = [0, 1].map((j) => rows.reduce((sum, v, i) => sum + (i % 2 === j ? v : 0), 0) / n);
  return rows.reduce((sum, v, i) => sum + (v - (mean[i % 2] ?? 0)) ** 2, 0) / n;
}
