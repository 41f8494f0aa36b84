import type { Point, Size } from '../viewport';
import type { Look } from './frame';

/** Layers in space and on screen: parallel projection, one plane above the other, a node at the same x, y on each. */

/** Radians; tilt 0 looks along the planes, π/2 from above. */
export type Turn = { azimuth: number; tilt: number; zoom: number; x: number; y: number };
/** The more planes share the height, the flatter they lie. */
export const homeTurn = (layers: number): Turn => (layers > 1 ? { azimuth: -0.3, tilt: Math.max(0.22, 0.52 - 0.07 * layers), zoom: 1, x: 0, y: 0 } : { azimuth: 0, tilt: Math.PI / 2, zoom: 1, x: 0, y: 0 });

export type Map2 = { x0: number; ax: number; bx: number; y0: number; ay: number; by: number; lift: number };

export type Camera = {
  /** Of a place on a layer. */
  to: (x: number, y: number, layer: number) => Point;
  /** The same as numbers, for loops over many: screen x = x0 + ax·x + bx·y, screen y = y0 + ay·x + by·y − layer·lift. */
  map: Map2;
  /** Seen from above the planes lie on each other. */
  flat: boolean;
  /** The plane's outline. */
  outline: (layer: number) => Point[];
};

export function cameraOf({ window, levels, plane }: Look, { width, height }: Size, turn: Turn, pad: { x: number; y: number }): Camera {
  const layers = levels.length, [cx, cy] = [(window.x0 + window.x1) / 2, (window.y0 + window.y1) / 2], wide = (window.x1 - window.x0) / 2 || 1, deep = (window.y1 - window.y0) / 2 || 1;
  const stretch = plane.exact ? 1 : (wide / deep) * ASPECT, half = { x: wide, y: deep * stretch }, home = homeTurn(layers), reach = reachOf(half, home.azimuth), { sin: low, cos: steep } = of(home.tilt);
  const scale = Math.min((width - 2 * pad.x) / (2 * reach.x), (height - 2 * pad.y) / (2 * reach.y * low * (1 + APART * (layers - 1))));
  const rise = layers > 1 ? (height - 2 * pad.y - 2 * reach.y * low * scale) / (layers - 1) / steep : 0; // the planes share what height there is
  const { sin, cos } = of(turn.azimuth), { sin: flat, cos: up } = of(turn.tilt);
  const k = turn.zoom * scale, ax = k * cos, bx = -k * stretch * sin, ay = -k * sin * flat, by = -k * stretch * cos * flat, lift = turn.zoom * rise * up;
  const map = { x0: width / 2 + turn.x - ax * cx - bx * cy, ax, bx, y0: height / 2 + turn.y - ay * cx - by * cy + (lift * (layers - 1)) / 2, ay, by, lift };
  const to = (x: number, y: number, layer: number): Point => ({ x: map.x0 + ax * x + bx * y, y: map.y0 + ay * x + by * y - layer * lift });
  const { x0, y0, x1, y1 } = window;
  return { to, map, flat: up * rise < 12, outline: (layer) => [to(x0, y0, layer), to(x1, y0, layer), to(x1, y1, layer), to(x0, y1, layer)] };
}

/** Depth of a projected plane for its width; and how far apart planes must stand, in their own depths on screen. */
const ASPECT = 0.8, APART = 0.66;
const of = (angle: number) => ({ sin: Math.sin(angle), cos: Math.cos(angle) });

/** Half the width and depth of a turned rectangle. */
function reachOf(half: Point, azimuth: number): Point {
  const [cos, sin] = [Math.abs(Math.cos(azimuth)), Math.abs(Math.sin(azimuth))];
  return { x: half.x * cos + half.y * sin, y: half.x * sin + half.y * cos };
}

export const turned = (turn: Turn, azimuth: number, tilt: number): Turn => ({ ...turn, azimuth: turn.azimuth + azimuth, tilt: Math.min(Math.PI / 2, Math.max(0.08, turn.tilt + tilt)) });

/** Zoomed about a point of the picture, which stays where it is. */
export function zoomedAt(turn: Turn, by: number, at: Point, { width, height }: Size): Turn {
  const zoom = Math.min(24, Math.max(0.6, turn.zoom * by)), share = zoom / turn.zoom, [dx, dy] = [at.x - width / 2, at.y - height / 2];
  return { ...turn, zoom, x: dx + (turn.x - dx) * share, y: dy + (turn.y - dy) * share };
}
