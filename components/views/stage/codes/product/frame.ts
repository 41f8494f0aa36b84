import { scaleLinear } from 'd3';
import type { Looks } from '@/workers/protocol';

type Product = Extract<Looks['codes']['family'], { kind: 'product' }>;
export type { Product };

/** Where the marks of one part fall in a box: one scale for both components, so that distances are distances. Of a part of one
 *  component the second axis is how often a code is used. */
export type Frame = { x: (a: number) => number; y: (b: number) => number; line: boolean };

export function frameOf({ rows, dsub, points, sample, sampled, usage, vector, chosen }: Product, m: number, width: number, height: number, pad: number): Frame {
  const own = points.subarray(m * rows * 2, (m + 1) * rows * 2), data = sample.subarray(m * sampled * 2, (m + 1) * sampled * 2);
  const code = chosen[m] ?? -1, must = code < 0 ? [] : [vector.subarray(2 * m, 2 * m + 2), own.subarray(2 * code, 2 * code + 2)], along = (axis: 0 | 1) => holding(range(own, data, axis), must.map((place) => place[axis] ?? 0)), a = along(0), b = along(1);
  if (dsub === 1) {
    const most = usage.subarray(m * rows, (m + 1) * rows).reduce((x, y) => Math.max(x, y), 1);
    return { x: scaleLinear(a, [pad, width - pad]), y: scaleLinear([0, most], [height - pad, pad]), line: true };
  }
  const scale = Math.min((width - 2 * pad) / (a[1] - a[0] || 1), (height - 2 * pad) / (b[1] - b[0] || 1)), midA = (a[0] + a[1]) / 2, midB = (b[0] + b[1]) / 2;
  return { x: (v) => width / 2 + (v - midA) * scale, y: (v) => height / 2 - (v - midB) * scale, line: false };
}

/** All but the outermost tenths of codes and of the sample, and as much again shared between both sides: a few codes far out must not
 *  make the others a speck. */
function range(own: Float32Array, data: Float32Array, axis: 0 | 1): [number, number] {
  const [a, b] = [middle(own, axis), middle(data, axis)], low = Math.min(a[0], b[0]), high = Math.max(a[1], b[1]), extra = own.length > 2 * FEW ? (high - low) * 0.55 : 0;
  return [low - extra, high + extra];
}

/** The vector and its code stand inside, wherever they are. */
const holding = ([low, high]: [number, number], must: number[]): [number, number] => [Math.min(low, ...must), Math.max(high, ...must)];

const FEW = 32, CUT = 0.1;

function middle(rows: Float32Array, axis: 0 | 1): [number, number] {
  const values = rows.filter((_, i) => i % 2 === axis).sort(), cut = values.length > FEW ? CUT : 0, last = values.length - 1;
  return [values[Math.ceil(cut * last)] ?? Infinity, values[Math.floor((1 - cut) * last)] ?? -Infinity];
}

/** Codes beyond the edge of the box. */
export function beyond({ rows, dsub, points }: Product, m: number, { x, y }: Frame, width: number, height: number): number {
  let out = 0;
  for (let i = 0; dsub > 1 && i < rows; i++) {
    const a = x(points[(m * rows + i) * 2] ?? 0), b = y(points[(m * rows + i) * 2 + 1] ?? 0);
    if (a < 0 || b < 0 || a > width || b > height) out++;
  }
  return out;
}

/** Columns of equal boxes that leave each as large as may be. */
export function gridOf(count: number, width: number, height: number): { columns: number; box: number; tall: number } {
  let best = { columns: 1, box: 0, tall: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const box = Math.floor(width / columns), tall = Math.floor(height / Math.ceil(count / columns));
    if (Math.min(box, tall * 1.3) > Math.min(best.box, best.tall * 1.3)) best = { columns, box, tall };
  }
  return best;
}
