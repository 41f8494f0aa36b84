import type { DotLayer } from '../renderer';
import type { Viewport } from '../viewport';

/** Dots written straight into pixels. A dot is a stamp of coverages, made once per radius for 4 × 4 positions inside
 *  a pixel, so that dots are round and move smoothly. Knows numbers only. */

export type Pixels = { data: Uint32Array /* (height, width), opaque, r lowest */; width: number; height: number };
type Stamp = { dx: Int32Array; dy: Int32Array; /** 1 … 256 */ coverage: Uint16Array };
const none: Stamp = { dx: new Int32Array(), dy: new Int32Array(), coverage: new Uint16Array() };

const phases = 4;

export function splat({ data, width, height }: Pixels, { window }: Viewport, { points, colours }: DotLayer, radius: number) {
  const stamps = makeStamps(radius);
  const reach = Math.ceil(radius + 1);
  const [kx, ky] = [width / (window.x1 - window.x0), height / (window.y1 - window.y0)];
  for (let i = 0, n = points.length / 3; i < n; i++) {
    const x = ((points[3 * i] ?? 0) - window.x0) * kx;
    const y = (window.y1 - (points[3 * i + 1] ?? 0)) * ky;
    if (!(x > -reach && y > -reach && x < width + reach && y < height + reach)) continue;
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const { dx, dy, coverage } = stamps[Math.floor((y - row) * phases) * phases + Math.floor((x - column) * phases)] ?? none;
    const [redBlue, green] = [(colours[4 * i] ?? 0) | ((colours[4 * i + 2] ?? 0) << 16), (colours[4 * i + 1] ?? 0) << 8];
    const alpha = (colours[4 * i + 3] ?? 0) + 1;
    const inside = column >= reach && row >= reach && column + reach < width && row + reach < height;
    for (let j = 0; j < coverage.length; j++) {
      const [c, r] = [column + (dx[j] ?? 0), row + (dy[j] ?? 0)];
      if (!inside && (c < 0 || r < 0 || c >= width || r >= height)) continue;
      const o = r * width + c;
      const a = ((coverage[j] ?? 0) * alpha) >> 8;
      const under = data[o] ?? 0;
      // Two channels in one product: 8 bits each, 8 bits of room above each.
      const rb = ((Math.imul(under & 0xff00ff, 256 - a) + Math.imul(redBlue, a)) >>> 8) & 0xff00ff;
      const g = ((Math.imul(under & 0x00ff00, 256 - a) + Math.imul(green, a)) >>> 8) & 0x00ff00;
      data[o] = 0xff000000 | rb | g;
    }
  }
}

/** Stamp p·4 + q is for dots ⅛ + p/4 down and ⅛ + q/4 right inside their pixel. */
function makeStamps(radius: number): Stamp[] {
  return Array.from({ length: phases * phases }, (_, phase) => {
    const y = (Math.floor(phase / phases) + 0.5) / phases;
    const x = ((phase % phases) + 0.5) / phases;
    return makeStamp(radius, x, y);
  });
}

function makeStamp(radius: number, x: number, y: number): Stamp {
  const reach = Math.ceil(radius + 1);
  const [dx, dy, coverage]: [number[], number[], number[]] = [[], [], []];
  for (let r = -reach; r <= reach; r++) {
    for (let c = -reach; c <= reach; c++) {
      const covered = Math.min(1, radius + 0.5 - Math.hypot(c + 0.5 - x, r + 0.5 - y));
      if (covered < 1 / 64) continue;
      dx.push(c);
      dy.push(r);
      coverage.push(Math.round(covered * 256));
    }
  }
  return { dx: Int32Array.from(dx), dy: Int32Array.from(dy), coverage: Uint16Array.from(coverage) };
}
