import type { Window2 } from '@/workers/protocol';

/** Where a plane's points stand in a figure of one size. Both axes have the same scale: distances are as they are. */
export const size = { width: 320, height: 264 };

export type Frame = { x: (v: number) => number; y: (v: number) => number; scale: number };

/** The window that holds all points (n, 2) with a margin, in the figure's proportions. */
export function windowOf(points: Float32Array, { width, height } = size): Window2 {
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i] ?? 0, y = points[i + 1] ?? 0;
    [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
  }
  const unit = 1.1 * Math.max((x1 - x0) / width, (y1 - y0) / height, 1e-9);
  const [mx, my] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return { x0: mx - (unit * width) / 2, x1: mx + (unit * width) / 2, y0: my - (unit * height) / 2, y1: my + (unit * height) / 2 };
}

export function frameOf({ x0, x1, y0 }: Window2, { width, height } = size): Frame {
  const scale = width / (x1 - x0);
  return { x: (v) => (v - x0) * scale, y: (v) => height - (v - y0) * scale, scale };
}

const tenth = (v: number) => Math.round(v * 10) / 10;

/** One path of dots: segments of no length, made round by their caps. points (n, 2). */
export function dots({ x, y }: Frame, points: Float32Array, which?: Iterable<number>): string {
  const ids = which ?? Array.from({ length: points.length / 2 }, (_, i) => i);
  return Array.from(ids, (i) => `M${tenth(x(points[2 * i] ?? 0))},${tenth(y(points[2 * i + 1] ?? 0))}h0`).join('');
}

/** Segments from each point of a to its partner in b. */
export function ties({ x, y }: Frame, a: Float32Array, b: Float32Array): string {
  const at = (points: Float32Array, i: number) => `${tenth(x(points[2 * i] ?? 0))},${tenth(y(points[2 * i + 1] ?? 0))}`;
  return Array.from({ length: a.length / 2 }, (_, i) => `M${at(a, i)}L${at(b, i)}`).join('');
}

export const line = ({ x, y }: Frame, x0: number, y0: number, x1: number, y1: number) => `M${tenth(x(x0))},${tenth(y(y0))}L${tenth(x(x1))},${tenth(y(y1))}`;
