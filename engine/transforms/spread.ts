/** How vectors spread over the components of a space: what transforms change. Knows rows and matrices; not pictures. */
import { accumulateGram } from '../dense';
import type { GramArgs } from '../dense';
import { imbalance } from '../kmeans';
import { openArena, release, takeF32 } from '../memory';
import type { Engine } from '../pool';
import { mapRows } from './apply';
import type { MapArgs } from './apply';
import { times, transpose } from './orthonormal';
import { centredSample } from './sample';
import { patiently } from './steps';
import type { Steps } from './steps';

/** Mean of (x − mean)·(x − mean)ᵀ over n rows (n, d) at address x, n ≤ 4096 or so: (d, d). On the coordinator's own thread, so that a
 *  picture does not wait for the measurements that the others are busy with. */
export async function covarianceOf(engine: Engine, x: number, n: number, d: number): Promise<Float64Array> {
  const room = openArena(engine.memory);
  try {
    const { rows } = await centredSample(engine, room, { x, n, d }, n, 0), out = takeF32(room, d * d, 'the covariance');
    await patiently(engine, gramSteps(engine, { x: rows.byteOffset, dx: d, y: rows.byteOffset, dy: d, n, out: out.byteOffset, slices: SLICES }));
    return Float64Array.from(out, (sum) => sum / n);
  } finally {
    release(room);
  }
}

const SLICES = 32;

function* gramSteps({ own }: Engine, args: GramArgs): Steps<void> {
  for (let slice = 0; slice < args.slices; slice++) {
    accumulateGram(own, args, slice);
    yield;
  }
}

/** out (n, dOut) of n rows x, likewise on the coordinator's own thread. */
export const mapSample = (engine: Engine, args: MapArgs): Promise<void> => patiently(engine, mapSteps(engine, args));

const STEP_ROWS = 64;

function* mapSteps({ own }: Engine, { x, n, prepared, out }: MapArgs): Steps<void> {
  const { dIn, dOut } = prepared.transform;
  for (let from = 0; from < n; from += STEP_ROWS) {
    const { top } = own;
    mapRows(own, prepared, x + from * dIn * 4, Math.min(STEP_ROWS, n - from), out + from * dOut * 4);
    own.top = top;
    yield;
  }
}

/** The covariance (dOut, dOut) after y = A·x, A (dOut, d): A·Σ·Aᵀ. */
export async function covarianceAfter(engine: Engine, covariance: Float64Array, A: Float32Array, d: number, dOut: number): Promise<Float64Array> {
  const wide = Float64Array.from(A), half = await patiently(engine, times(wide, dOut, d, covariance, d));
  return patiently(engine, times(half, dOut, d, transpose(wide, dOut, d), dOut));
}

export type Spread = {
  d: number;
  /** The diagonal. */
  variances: Float32Array; // (d)
  /** What is compared: sums of variances over as many parts, equally long and in order, or each component where it cannot be cut so. */
  parts: number;
  energies: Float32Array; // (parts)
  /** Per part of s components s·|Σ_m|^(1/s), the product of its variances along its own axes made a sum again: the least error that
   *  codes of a Gaussian part leave is in proportion to it (Ge, He, Ke & Sun, CVPR 2013, §4.2). Never above the energy. */
  bounds: Float32Array; // (parts)
  /** parts·Σ e² / (Σ e)² of the energies, and of the bounds: 1 when all are equal. */
  imbalance: number;
  boundImbalance: number;
  /** Share of the squared covariance that is between different parts. */
  between: number;
};

export function spreadOf(covariance: Float64Array, d: number, wanted: number): Spread {
  const parts = wanted > 0 && d % wanted === 0 ? wanted : d, per = d / parts;
  const variances = Float32Array.from({ length: d }, (_, j) => covariance[j * d + j] ?? 0), energies = new Float32Array(parts);
  variances.forEach((v, j) => { const m = Math.floor(j / per); energies[m] = (energies[m] ?? 0) + v; });
  let all = 0, within = 0;
  for (let i = 0; i < d; i++) {
    const part = Math.floor(i / per);
    for (let j = 0; j < d; j++) {
      const square = (covariance[i * d + j] ?? 0) ** 2;
      all += square;
      if (Math.floor(j / per) === part) within += square;
    }
  }
  const bounds = Float32Array.from({ length: parts }, (_, m) => per * Math.exp(logDeterminant(covariance, d, m * per, per) / per));
  return { d, variances, parts, energies, bounds, imbalance: imbalance(energies), boundImbalance: imbalance(bounds), between: all > 0 ? 1 - within / all : 0 };
}

/** ln |·| of the block of s rows and columns from `from`, by Cholesky; −∞ where it is not positive definite. */
function logDeterminant(a: Float64Array, d: number, from: number, s: number): number {
  const L = new Float64Array(s * s);
  let log = 0;
  for (let i = 0; i < s; i++) for (let j = 0; j <= i; j++) {
    let sum = a[(from + i) * d + from + j] ?? 0;
    for (let p = 0; p < j; p++) sum -= (L[i * s + p] ?? 0) * (L[j * s + p] ?? 0);
    if (i !== j) { L[i * s + j] = sum / (L[j * s + j] ?? 1); continue; }
    if (sum <= 0) return -Infinity;
    L[i * s + i] = Math.sqrt(sum);
    log += Math.log(sum);
  }
  return log;
}

/** A matrix small enough to look at: each of side × side values is, of a square of per × per entries, the one of largest magnitude. */
export type Squares = { side: number; per: number; values: Float32Array /* (side, side) */ };

export function squaresOf(matrix: Float64Array, d: number, most: number): Squares {
  const per = Math.ceil(d / most), side = Math.ceil(d / per), values = new Float32Array(side * side);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) {
    const at = Math.floor(i / per) * side + Math.floor(j / per), value = matrix[i * d + j] ?? 0;
    if (Math.abs(value) > Math.abs(values[at] ?? 0)) values[at] = value;
  }
  return { side, per, values };
}

/** The angle of a map between planes in radians, counter-clockwise, and whether it is a mirror image; null where it is neither a
 *  rotation nor a reflection. A (2, 2). */
export function turnOf(A: ArrayLike<number>): { angle: number; mirrored: boolean } | null {
  const [a = 0, b = 0, c = 0, e = 0] = Array.from(A), far = Math.max(Math.abs(a * a + b * b - 1), Math.abs(c * c + e * e - 1), Math.abs(a * c + b * e));
  return far < 1e-4 ? { angle: Math.atan2(c, a), mirrored: a * e - b * c < 0 } : null;
}
