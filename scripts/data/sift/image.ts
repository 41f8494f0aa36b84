/** A grey picture, row by row, 0 … 1. Pixel (x, y) stands for the point (x, y), rows run downwards. */
export type Grey = { width: number; height: number; pixels: Float32Array /* (height, width) */ };

/** Gaussian blur, σ in pixels; the border repeats. One pass along rows, one along columns. */
export function blur(image: Grey, sigma: number): Grey {
  return blurColumns(blurRows(image, sigma), gaussianTaps(sigma));
}

/** Twice the width and height, by linear interpolation. Pixel x of the result stands at (x − ½) / 2. */
export function double({ width, height, pixels }: Grey): Grey {
  const out = { width: 2 * width, height: 2 * height, pixels: new Float32Array(4 * width * height) };
  for (let y = 0, i = 0; y < out.height; y++) {
    for (let x = 0; x < out.width; x++, i++) out.pixels[i] = sample({ width, height, pixels }, (x - 0.5) / 2, (y - 0.5) / 2);
  }
  return out;
}

/** Every second pixel of every second row. */
export function halve(image: Grey): Grey {
  const [width, height] = [image.width >> 1, image.height >> 1];
  const pixels = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) pixels[i] = image.pixels[2 * y * image.width + 2 * x] ?? 0;
  }
  return { width, height, pixels };
}

/** The value between pixels, by linear interpolation; beyond the border the border repeats. */
export function sample({ width, height, pixels }: Grey, x: number, y: number): number {
  const cx = Math.min(Math.max(x, 0), width - 1);
  const cy = Math.min(Math.max(y, 0), height - 1);
  const [left, top] = [Math.floor(cx), Math.floor(cy)];
  const [dx, dy] = [cx - left, cy - top];
  const right = Math.min(left + 1, width - 1);
  const upper = top * width;
  const lower = Math.min(top + 1, height - 1) * width;
  return (1 - dy) * ((1 - dx) * (pixels[upper + left] ?? 0) + dx * (pixels[upper + right] ?? 0))
    + dy * ((1 - dx) * (pixels[lower + left] ?? 0) + dx * (pixels[lower + right] ?? 0));
}

/** The gradient's direction in radians, −π … π, within 0.0003: far finer than a bin, and about twice as fast as
 *  Math.atan2. Hastings 1955, sheet 11: an odd polynomial below π/4, mirrored to the other seven eighths. */
export function direction(gy: number, gx: number): number {
  const [ax, ay] = [Math.abs(gx), Math.abs(gy)];
  const t = Math.min(ax, ay) / (Math.max(ax, ay) + 1e-30);
  const s = t * t;
  let angle = (((-0.0464964749 * s + 0.15931422) * s - 0.327622764) * s + 1) * t;
  if (ay > ax) angle = Math.PI / 2 - angle;
  if (gx < 0) angle = Math.PI - angle;
  return gy < 0 ? -angle : angle;
}

/** Weights of a Gaussian at 0, 1, 2 … ⌈4σ⌉; both sides together add up to 1. */
function gaussianTaps(sigma: number): Float64Array {
  const taps = Float64Array.from({ length: Math.ceil(4 * sigma) + 1 }, (_, i) => Math.exp((-i * i) / (2 * sigma * sigma)));
  const total = taps.reduce((sum, tap) => sum + 2 * tap, -1);
  return taps.map((tap) => tap / total);
}

/** Gaussian blur along x alone. */
export function blurRows({ width, height, pixels }: Grey, sigma: number): Grey {
  const taps = gaussianTaps(sigma);
  const out = new Float32Array(pixels.length);
  const radius = taps.length; // one more than the taps need, as they are taken in twos
  const padded = new Float32Array(width + 2 * radius);
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray(y * width, (y + 1) * width);
    padded.fill(row[0] ?? 0, 0, radius).fill(row[width - 1] ?? 0, width + radius);
    padded.set(row, radius);
    const sum = out.subarray(y * width, (y + 1) * width);
    weigh(sum, padded, (offset) => radius + offset, taps);
  }
  return { width, height, pixels: out };
}

function blurColumns({ width, height, pixels }: Grey, taps: Float64Array): Grey {
  const out = new Float32Array(pixels.length);
  for (let y = 0; y < height; y++) {
    const sum = out.subarray(y * width, (y + 1) * width);
    weigh(sum, pixels, (offset) => Math.min(Math.max(y + offset, 0), height - 1) * width, taps);
  }
  return { width, height, pixels: out };
}

/** sum[x] += Σ taps[i] · (from[at(−i) + x] + from[at(i) + x]), the middle tap once. Two taps per pass halve the stores. */
function weigh(sum: Float32Array, from: Float32Array, at: (offset: number) => number, taps: Float64Array): void {
  for (let i = 0; i < taps.length; i += 2) {
    const weight = (taps[i] ?? 0) / (i === 0 ? 2 : 1);
    addPairs(sum, from, weight, at(-i), at(i), taps[i + 1] ?? 0, at(-i - 1), at(i + 1));
  }
}

/** Nearly all time of a scale space is spent here. */
function addPairs(
  sum: Float32Array, from: Float32Array, weightA: number, a1: number, a2: number, weightB: number, b1: number, b2: number,
): void {
  for (let x = 0; x < sum.length; x++) {
    sum[x] = (sum[x] ?? 0) + weightA * ((from[a1 + x] ?? 0) + (from[a2 + x] ?? 0)) + weightB * ((from[b1 + x] ?? 0) + (from[b2 + x] ?? 0));
  }
}
