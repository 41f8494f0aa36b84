import type { Palette, RGB } from './palette';
import type { DotLayer } from './renderer';

/** The base vectors as dots: hue of the true list, fading with distance from the plane. With a search on screen the
 *  scanned ones are drawn again on top, in the tint of probed, and the others step back. */

/** Distance from the plane → 1 near, 0 far. */
export type Near = (height: number) => number;

type DotsAsked = {
  points: Float32Array; // (n, 3)
  lists: Int32Array;    // (n)
  near: Near;
  /** Null while the lists of an iteration are not known: neutral dots. */
  hues: Uint8Array | null;
  palette: Palette;
  /** Opacity of the nearest dot. */
  strength: number;
};

export function allDots({ points, lists, near, hues, palette, strength }: DotsAsked): DotLayer {
  const colours = new Uint8Array(lists.length * 4);
  for (const [i, list] of lists.entries()) {
    const colour = (hues && palette.lists[hues[list] ?? -1]) ?? palette.neutral;
    paint(colours, i, colour, strength * (0.25 + 0.75 * near(points[3 * i + 2] ?? 0)));
  }
  return { points, colours, scale: 1 };
}

/** Some of the dots, in one colour. */
export function someDots(points: Float32Array, ids: ArrayLike<number>, colour: RGB, opacity: (height: number) => number): DotLayer {
  const own = new Float32Array(ids.length * 3);
  const colours = new Uint8Array(ids.length * 4);
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] ?? 0;
    own.set(points.subarray(3 * id, 3 * id + 3), 3 * i);
    paint(colours, i, colour, opacity(points[3 * id + 2] ?? 0));
  }
  return { points: own, colours, scale: 1.25 };
}

function paint(colours: Uint8Array, i: number, [r, g, b]: RGB, alpha: number) {
  colours[4 * i] = r;
  colours[4 * i + 1] = g;
  colours[4 * i + 2] = b;
  colours[4 * i + 3] = Math.round(alpha * 255);
}

/** 1 for the dots nearest to the plane, 0 for the farthest. In many dimensions all distances are much alike, so the
 *  scale runs between the 5th and the 95th percentile, not from zero. All in the plane: 1 everywhere. */
export function nearness(points: Float32Array /* (n, 3) */): Near {
  const [low, high] = heightRange(points);
  return high - low < 1e-6 * (1 + high) ? () => 1 : (height) => 1 - Math.min(1, Math.max(0, (height - low) / (high - low)));
}

/** 5th and 95th percentile of the distances from the plane, over at most 4096 dots. */
function heightRange(points: Float32Array): [low: number, high: number] {
  const n = points.length / 3;
  const every = Math.max(1, Math.ceil(n / 4096));
  const heights = Float32Array.from({ length: Math.ceil(n / every) }, (_, i) => Math.abs(points[3 * i * every + 2] ?? 0)).sort();
  const at = (share: number) => heights[Math.floor(share * (heights.length - 1))] ?? 0;
  return [at(0.05), at(0.95)];
}

/** Radius of a dot in CSS pixels: dots cover about a twelfth of the picture, and grow slowly as one looks closer. */
export function dotRadius(n: number, area: number, zoom: number): number {
  const even = Math.sqrt((area * 0.08) / (Math.PI * Math.max(n, 1)));
  return Math.min(4, Math.min(2.4, Math.max(0.9, even)) * zoom ** 0.3);
}
