/** Many vectors against many: assignment to the nearest of m rows, linear maps, X ᵀ·Y. Each is a task over
 *  blocks of rows around one kernel, and the function that starts it. Knows rows; not what they mean. */
import type { Metric } from './factory/spec';
import type { Arena } from './memory';
import { take, takeF32 } from './memory';
import type { Engine } from './pool';
import { run } from './pool';
import type { Thread } from './thread';
import { scratch } from './thread';

const up = (n: number, to: number) => Math.ceil(n / to) * to;
const FAR = 3e38; // the padding columns' addend: never the nearest

/** Rows y (m, d) ready for `nearest` and `products`. */
export type Packed = { panels: number; add: number; m: number; padded: number; d: number; alpha: number };

export const packedBytes = (m: number, d: number) => up(m, 8) * (d + 1) * 4 + 128;

/** Packs y (m, d) at address `y`, its rows `stride` floats apart. L2 compares ‖y‖² − 2⟨x, y⟩, inner product −⟨x, y⟩. */
export function packRows(thread: Thread, place: (bytes: number) => number, y: number, m: number, d: number, metric: Metric, stride = d): Packed {
  const padded = up(m, 8);
  const panels = place(padded * d * 4), add = place(padded * 4);
  thread.build.pack8(y, stride, m, d, panels);
  const addend = new Float32Array(thread.buffer, add, padded);
  addend.fill(0);
  if (metric === 'L2') thread.build.normsSqr(y, stride, m, d, add);
  addend.fill(FAR, m);
  return { panels, add, m, padded, d, alpha: metric === 'L2' ? -2 : -1 };
}

/** best[i], value[i] for n rows x at `stride` floats; value lacks ‖x_i‖² for L2. Scratch: nearestScratch(n, d). */
export function nearestRows(thread: Thread, x: number, stride: number, n: number, to: Packed, best: number, value: number): void {
  const whole = up(n, 4);
  const packed = scratch(thread, whole * to.d * 4), b = scratch(thread, whole * 4), v = scratch(thread, whole * 4);
  thread.build.pack4(x, stride, n, to.d, packed);
  thread.build.nearest(packed, whole, to.panels, to.padded, to.d, to.alpha, to.add, b, v);
  new Int32Array(thread.buffer, best, n).set(new Int32Array(thread.buffer, b, n));
  new Float32Array(thread.buffer, value, n).set(new Float32Array(thread.buffer, v, n));
}
export const nearestScratch = (n: number, d: number) => up(n, 4) * (d + 2) * 4 + 192;

const ASSIGN_ROWS = 256;

export type AssignArgs = { x: number; stride: number; n: number; to: Packed; best: number; value: number };

export function assignBlock(thread: Thread, { x, stride, n, to, best, value }: AssignArgs, block: number): void {
  const from = block * ASSIGN_ROWS, rows = Math.min(ASSIGN_ROWS, n - from);
  nearestRows(thread, x + from * stride * 4, stride, rows, to, best + from * 4, value + from * 4);
}

/** The nearest of `to` for each of n rows. */
export const assign = (engine: Engine, args: AssignArgs, stage?: string) =>
  run(engine, 'assign', args, Math.ceil(args.n / ASSIGN_ROWS), nearestScratch(ASSIGN_ROWS, args.to.d), stage);

export type ResidualArgs = { x: number; n: number; d: number; centroids: number; list: number; out: number };
const COPY_ROWS = 2048;

export function residualBlock(thread: Thread, { x, n, d, centroids, list, out }: ResidualArgs, block: number): void {
  const from = block * COPY_ROWS, rows = Math.min(COPY_ROWS, n - from);
  thread.build.subtractRows(x + from * d * 4, rows, d, centroids, list + from * 4, out + from * d * 4);
}

/** out_i = x_i − centroids[list_i]. */
export const residuals = (engine: Engine, args: ResidualArgs) => run(engine, 'residual', args, Math.ceil(args.n / COPY_ROWS));

/** y = A·x + b as `products` wants it: A (dOut, dIn) in panels, b padded to whole panels. */
export type Linear = { panels: number; bias: number; dIn: number; dOut: number; padded: number };

export function packLinear(thread: Thread, place: (bytes: number) => number, A: number, b: Float32Array | undefined, dIn: number, dOut: number): Linear {
  const padded = up(dOut, 8);
  const panels = place(padded * dIn * 4), bias = place(padded * 4);
  thread.build.pack8(A, dIn, dOut, dIn, panels);
  const addend = new Float32Array(thread.buffer, bias, padded).fill(0);
  if (b) addend.set(b);
  return { panels, bias, dIn, dOut, padded };
}

export type TransformArgs = { x: number; n: number; map: Linear; out: number };

export function transformBlock(thread: Thread, { x, n, map, out }: TransformArgs, block: number): void {
  const from = block * ASSIGN_ROWS, rows = Math.min(ASSIGN_ROWS, n - from);
  applyRows(thread, x + from * map.dIn * 4, rows, map, out + from * map.dOut * 4);
}

/** out (n, dOut) of n rows x. Scratch: transformScratch(n, map). */
export function applyRows(thread: Thread, x: number, n: number, map: Linear, out: number): void {
  const whole = up(n, 4), { dIn, dOut, padded } = map;
  const packed = scratch(thread, whole * dIn * 4), wide = scratch(thread, whole * padded * 4);
  thread.build.pack4(x, dIn, n, dIn, packed);
  thread.build.products(packed, whole, map.panels, padded, dIn, 1, map.bias, wide, padded);
  const from = new Float32Array(thread.buffer, wide, whole * padded), to = new Float32Array(thread.buffer, out, n * dOut);
  if (padded === dOut) to.set(from.subarray(0, n * dOut));
  else for (let i = 0; i < n; i++) to.set(from.subarray(i * padded, i * padded + dOut), i * dOut);
}
export const transformScratch = (n: number, { dIn, padded }: Linear) => up(n, 4) * (dIn + padded) * 4 + 128;

/** out (n, dOut) = A·x_i + b for all rows. */
export const transformRows = (engine: Engine, args: TransformArgs, stage?: string) =>
  run(engine, 'transform', args, Math.ceil(args.n / ASSIGN_ROWS), transformScratch(ASSIGN_ROWS, args.map), stage);

/** `upper`: of Xᵀ·X, entries on the diagonal and right of it; the others are not to be read. */
export type GramArgs = { x: number; dx: number; y: number; dy: number; n: number; out: number; slices: number; upper?: boolean };
const GRAM_ROWS = 128; // a stripe of both sides stays in the second-level cache

export function accumulateGram(thread: Thread, { x, dx, y, dy, n, out, slices, upper }: GramArgs, block: number): void {
  const per = up(Math.ceil(dx / slices), 4), from = block * per, to = Math.min(dx, from + per);
  if (from >= to) return;
  new Float32Array(thread.buffer, out + from * dy * 4, (to - from) * dy).fill(0);
  for (let i = 0; i < n; i += GRAM_ROWS) {
    thread.build.gram(x + i * dx * 4, Math.min(GRAM_ROWS, n - i), dx, y + i * dy * 4, dy, from, to, Number(upper ?? false), out);
  }
}

/** Xᵀ·Y of x (n, dx) and y (n, dy), each entry summed in order of the rows. Xᵀ·X is symmetric: half of it is computed. */
export async function gramMatrix(engine: Engine, arena: Arena, x: number, dx: number, y: number, dy: number, n: number): Promise<Float32Array> {
  const out = takeF32(arena, dx * dy), upper = x === y && dx === dy, slices = upper ? 16 : 8;
  await run(engine, 'gram', { x, dx, y, dy, n, out: out.byteOffset, slices, upper }, slices);
  if (upper) for (let a = 0; a < dx; a++) for (let b = 0; b < a; b++) out[a * dx + b] = out[b * dx + a] ?? 0;
  return out;
}

/** Room from an arena, for packRows and packLinear. */
export const placeIn = (arena: Arena) => (bytes: number) => take(arena, bytes);
