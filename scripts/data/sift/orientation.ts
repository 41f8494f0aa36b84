import type { Extremum } from './extrema';
import { direction, type Grey } from './image';

const bins = 36;

/** The directions in which the neighbourhood's gradients mostly point (Lowe 2004, §5): each peak of their histogram of at
 *  least 0.8 of the highest. Radians, counter-clockwise as one sees the picture; the gradient points towards light. */
export function orientations(image: Grey, extremum: Extremum): number[] {
  const histogram = smooth(gradientHistogram(image, extremum));
  const highest = Math.max(...histogram);
  return histogram.flatMap((height, bin) => {
    const before = histogram.at(bin - 1) ?? 0;
    const after = histogram[(bin + 1) % bins] ?? 0;
    if (height <= before || height <= after || height < 0.8 * highest) return [];
    const peak = bin + (0.5 * (before - after)) / (before - 2 * height + after); // top of the parabola through three bins
    return [(peak * 2 * Math.PI) / bins];
  });
}

function gradientHistogram({ width, height, pixels }: Grey, { x, y, sigma }: Extremum): number[] {
  const histogram = Array.from({ length: bins }, () => 0);
  const [x0, y0] = [Math.round(x), Math.round(y)];
  const spread = 1.5 * sigma;
  const radius = Math.round(3 * spread);
  const weights = Float64Array.from({ length: radius + 1 }, (_, i) => Math.exp((-i * i) / (2 * spread * spread)));
  for (let py = Math.max(y0 - radius, 1); py <= Math.min(y0 + radius, height - 2); py++) {
    for (let px = Math.max(x0 - radius, 1); px <= Math.min(x0 + radius, width - 2); px++) {
      const i = py * width + px;
      const gx = (pixels[i + 1] ?? 0) - (pixels[i - 1] ?? 0);
      const gy = (pixels[i - width] ?? 0) - (pixels[i + width] ?? 0);
      const weight = (weights[Math.abs(px - x0)] ?? 0) * (weights[Math.abs(py - y0)] ?? 0);
      const bin = (Math.round((direction(gy, gx) * bins) / (2 * Math.PI)) + bins) % bins;
      histogram[bin] = (histogram[bin] ?? 0) + weight * Math.sqrt(gx * gx + gy * gy);
    }
  }
  return histogram;
}

/** Each bin mixed with its neighbours on the circle by the binomial weights 1 4 6 4 1. */
function smooth(histogram: number[]): number[] {
  const at = (bin: number) => histogram[(bin + bins) % bins] ?? 0;
  return histogram.map((height, bin) => (6 * height + 4 * (at(bin - 1) + at(bin + 1)) + at(bin - 2) + at(bin + 2)) / 16);
}
