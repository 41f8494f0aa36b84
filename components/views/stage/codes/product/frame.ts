import { scaleLinear } from 'd3';
import type { Looks } from '@/workers/protocol';

type Product = Extract<Looks['codes']['family'], { kind: 'product' }>;
export type { Product };

/** Where the marks of one part fall in a box: one scale for both components, so that distances are distances. Of a part of one
 *  component the second axis is how often a code is used. */
export type Frame = { x: (a: number) => number; y: (b: number) => number; line: boolean };

export function frameOf({ rows, dsub, points, sample, sampled, usage }: Product, m: number, width: number, height: number, pad: number): Frame {
  const own = points.subarray(m * rows * 2, (m + 1) * rows * 2), data = sample.subarray(m * sampled * 2, (m + 1) * sampled * 2);
  const a = range(own, data, 0), b = range(own, data, 1);
  if (dsub === 1) {
    const most = usage.subarray(m * rows, (m + 1) * rows).reduce((x, y) => Math.max(x, y), 1);
    return { x: scaleLinear(a, [pad, width - pad]), y: scaleLinear([0, most], [height - pad, pad]), line: true };
  }
  const scale = Math.min((width - 2 * pad) / (a[1] - a[0] || 1), (height - 2 * pad) / (b[1] - b[0] || 1)), midA = (a[0] + a[1]) / 2, midB = (b[0] + b[1]) / 2;
  return { x: (v) => width / 2 + (v - midA) * scale, y: (v) => height / 2 - (v - midB) * scale, line: false };
}

function range(own: Float32Array, data: Float32Array, axis: 0 | 1): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const rows of [own, data]) for (let i = axis; i < rows.length; i += 2) { low = Math.min(low, rows[i] ?? 0); high = Math.max(high, rows[i] ?? 0); }
  return [low, high];
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
