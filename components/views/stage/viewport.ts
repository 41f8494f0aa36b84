import type { Window2 } from '@/workers/protocol';

/** Between plane and screen. The plane's y points up, the screen's down; both axes have the same scale, so a circle
 *  of the plane is a circle on screen. */

export type Size = { width: number; height: number };
export type Viewport = Size & { window: Window2 };
export type Point = { x: number; y: number };
/** d3-zoom's transform, relative to the home viewport: screen = k · home + (x, y). */
export type Zoom = { k: number; x: number; y: number };

/** CSS pixels per unit of the plane. */
export const scaleOf = ({ width, window }: Viewport) => width / (window.x1 - window.x0);

/** The least viewport of this size that shows all of `bounds`, centred. */
export function fit(bounds: Window2, { width, height }: Size): Viewport {
  const unitsPerPixel = Math.max((bounds.x1 - bounds.x0) / width, (bounds.y1 - bounds.y0) / height) || 1 / width;
  const [x, y] = [(bounds.x0 + bounds.x1) / 2, (bounds.y0 + bounds.y1) / 2];
  const [rx, ry] = [(width * unitsPerPixel) / 2, (height * unitsPerPixel) / 2];
  return { width, height, window: { x0: x - rx, y0: y - ry, x1: x + rx, y1: y + ry } };
}

export function toScreen({ width, height, window }: Viewport, x: number, y: number): Point {
  return {
    x: ((x - window.x0) / (window.x1 - window.x0)) * width,
    y: ((window.y1 - y) / (window.y1 - window.y0)) * height,
  };
}

export function toPlane({ width, height, window }: Viewport, px: number, py: number): Point {
  return {
    x: window.x0 + (px / width) * (window.x1 - window.x0),
    y: window.y1 - (py / height) * (window.y1 - window.y0),
  };
}

export function zoomed(home: Viewport, { k, x, y }: Zoom): Viewport {
  const corner = toPlane(home, -x / k, -y / k);
  const opposite = toPlane(home, (home.width - x) / k, (home.height - y) / k);
  return { ...home, window: { x0: corner.x, y0: opposite.y, x1: opposite.x, y1: corner.y } };
}

/** The window with `share` of its width and height added on every side. */
export function grown({ x0, y0, x1, y1 }: Window2, share: number): Window2 {
  const [dx, dy] = [(x1 - x0) * share, (y1 - y0) * share];
  return { x0: x0 - dx, y0: y0 - dy, x1: x1 + dx, y1: y1 + dy };
}

/** Where nearly all dots lie: the outermost `tail` on each side may fall outside. Looks at most at 8192 dots. */
export function boundsOf(points: Float32Array /* (n, 3) */, tail = 0.002): Window2 {
  const n = points.length / 3;
  const every = Math.max(1, Math.ceil(n / 8192));
  const pick = (axis: number) => Float32Array.from({ length: Math.ceil(n / every) }, (_, i) => points[3 * i * every + axis] ?? 0).sort();
  const [X, Y] = [pick(0), pick(1)];
  const cut = Math.floor(X.length * tail);
  const last = X.length - 1 - cut;
  return { x0: X[cut] ?? -1, y0: Y[cut] ?? -1, x1: X[last] ?? 1, y1: Y[last] ?? 1 };
}

/** `bounds` stretched to hold one more point. */
export function including({ x0, y0, x1, y1 }: Window2, { x, y }: Point): Window2 {
  return { x0: Math.min(x0, x), y0: Math.min(y0, y), x1: Math.max(x1, x), y1: Math.max(y1, y) };
}
