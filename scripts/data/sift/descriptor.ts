import type { Extremum } from './extrema';
import { direction, type Grey } from './image';

/** The descriptor of Lowe 2004, §6: gradients around a point, turned to its orientation, counted in 4 × 4 cells of 8
 *  directions each; 128 bytes, of which a few are zero and the squares add up to about 512². */
export const cells = 4;
export const directions = 8;
export const d = cells * cells * directions;

const cellSize = 3;        // in σ
const clip = 0.2;          // of the norm: one strong edge must not decide alone
const norm = 512;

// The histogram has one guard cell on each side and two guard directions, so that sharing out needs no tests.
const guarded = cells + 2;
const guardedDirections = directions + 2;

export function describe(image: Grey, extremum: Extremum, angle: number): Uint8Array {
  const histogram = new Float32Array(guarded * guarded * guardedDirections);
  countGradients(image, extremum, angle, histogram);
  return quantize(withoutGuards(histogram));
}

/** Every gradient of the turned window goes to the 2 × 2 × 2 nearest bins, in proportion to its nearness. */
function countGradients({ width, height, pixels }: Grey, { x, y, sigma }: Extremum, angle: number, histogram: Float32Array): void {
  const size = cellSize * sigma;
  const [cos, sin] = [Math.cos(angle) / size, Math.sin(angle) / size];
  const [x0, y0] = [Math.round(x), Math.round(y)];
  const radius = Math.round((size * Math.SQRT2 * (cells + 1)) / 2);
  // The window's Gaussian has σ of half the window. A rotation keeps dx² + dy², so the weight is a product of two.
  const weights = Float64Array.from({ length: radius + 1 }, (_, i) => Math.exp(-((i / size) ** 2) / (cells * cells / 2)));

  for (let dy = -radius; dy <= radius; dy++) {
    const py = y0 + dy;
    if (py < 1 || py > height - 2) continue;
    for (let dx = -radius; dx <= radius; dx++) {
      const px = x0 + dx;
      const column = dx * cos - dy * sin + cells / 2 - 0.5;
      const row = dx * sin + dy * cos + cells / 2 - 0.5;
      if (column <= -1 || column >= cells || row <= -1 || row >= cells || px < 1 || px > width - 2) continue;
      const i = py * width + px;
      const gx = (pixels[i + 1] ?? 0) - (pixels[i - 1] ?? 0);
      const gy = (pixels[i - width] ?? 0) - (pixels[i + width] ?? 0);
      const magnitude = Math.sqrt(gx * gx + gy * gy) * (weights[Math.abs(dx)] ?? 0) * (weights[Math.abs(dy)] ?? 0);
      const turned = ((direction(gy, gx) - angle) * directions) / (2 * Math.PI);
      shareOut(histogram, row, column, turned - directions * Math.floor(turned / directions), magnitude);
    }
  }
}

/** row and column in (−1, cells), direction in [0, directions]. */
function shareOut(histogram: Float32Array, row: number, column: number, direction: number, magnitude: number): void {
  const [r, c, o] = [Math.floor(row), Math.floor(column), Math.floor(direction)];
  const [dr, dc, dO] = [row - r, column - c, direction - o];
  let at = ((r + 1) * guarded + c + 1) * guardedDirections + o;
  const lower = magnitude * dr;
  const upper = magnitude - lower;
  const add = (i: number, share: number) => {
    const next = share * dO;
    histogram[i] = (histogram[i] ?? 0) + share - next;
    histogram[i + 1] = (histogram[i + 1] ?? 0) + next;
  };
  add(at, upper * (1 - dc));
  add(at + guardedDirections, upper * dc);
  at += guarded * guardedDirections;
  add(at, lower * (1 - dc));
  add(at + guardedDirections, lower * dc);
}

/** Directions are a circle: the two guards belong to the first two. Cells are not: what fell outside is dropped. */
function withoutGuards(histogram: Float32Array): Float32Array {
  const inner = new Float32Array(d);
  for (let i = 0; i < d; i++) {
    const [row, column, direction] = [Math.floor(i / (cells * directions)), Math.floor(i / directions) % cells, i % directions];
    const at = ((row + 1) * guarded + column + 1) * guardedDirections;
    inner[i] = (histogram[at + direction] ?? 0) + (direction < 2 ? histogram[at + directions + direction] ?? 0 : 0);
  }
  return inner;
}

/** Clips at 0.2 of the norm, scales to norm 512 and rounds to bytes. */
function quantize(counts: Float32Array): Uint8Array {
  const limit = clip * length(counts);
  const clipped = counts.map((count) => Math.min(count, limit));
  const scale = norm / Math.max(length(clipped), 1e-7);
  return Uint8Array.from(clipped, (count) => Math.min(255, Math.round(count * scale)));
}

function length(x: Float32Array): number {
  return Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
}
