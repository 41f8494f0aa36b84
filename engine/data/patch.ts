import type { Place } from './places';

/** A grey picture as bytes, row by row. */
export type GreyBytes = { width: number; height: number; pixels: Uint8Array /* (height, width) */ };

export const patchSide = 32;

/** What a SIFT descriptor saw: 4 cells of 3σ each way, turned upright. */
const windowInSigmas = 12;

/** A patch's pixel that covers several of the photo's is the mean of up to 8 × 8 samples, or it would flicker. */
const finest = 8;

/** The patch around a place, (patchSide, patchSide), upright: the place's angle points right. Its darkest hundredth becomes
 *  black and its brightest white, since the descriptor does not see contrast either. */
export function cutPatch(photo: GreyBytes, { x, y, scale, angle }: Omit<Place, 'photo'>): Uint8Array {
  const side = (windowInSigmas * scale) / patchSide; // of a patch's pixel, in pixels of the photo
  const fine = Math.min(Math.ceil(side), finest);
  const step = side / fine;
  const [cos, sin] = [step * Math.cos(angle), step * Math.sin(angle)];
  const middle = (patchSide * fine - 1) / 2;
  const sums = new Float32Array(patchSide * patchSide);
  for (let row = 0; row < patchSide * fine; row++) {
    for (let column = 0; column < patchSide * fine; column++) {
      const [u, v] = [column - middle, row - middle];
      const at = Math.floor(row / fine) * patchSide + Math.floor(column / fine);
      sums[at] = (sums[at] ?? 0) + bilinear(photo, x + u * cos + v * sin, y - u * sin + v * cos);
    }
  }
  return stretch(sums.map((sum) => sum / (fine * fine)));
}

/** The value between pixels; beyond the border the border repeats. */
function bilinear({ width, height, pixels }: GreyBytes, x: number, y: number): number {
  const cx = Math.min(Math.max(x, 0), width - 1);
  const cy = Math.min(Math.max(y, 0), height - 1);
  const [left, top] = [Math.floor(cx), Math.floor(cy)];
  const [right, bottom] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)];
  const at = (px: number, py: number) => pixels[py * width + px] ?? 0;
  const upper = at(left, top) + (cx - left) * (at(right, top) - at(left, top));
  const lower = at(left, bottom) + (cx - left) * (at(right, bottom) - at(left, bottom));
  return upper + (cy - top) * (lower - upper);
}

function stretch(samples: Float32Array): Uint8Array {
  const sorted = samples.slice().sort();
  const hundredth = Math.floor(sorted.length / 100);
  const black = sorted[hundredth] ?? 0;
  const white = sorted[sorted.length - 1 - hundredth] ?? 255;
  const gain = 255 / Math.max(white - black, 1);
  return Uint8Array.from(samples, (value) => Math.min(Math.max(Math.round(gain * (value - black)), 0), 255));
}
