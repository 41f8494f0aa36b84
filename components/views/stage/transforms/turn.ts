import { glideOf } from './glide';
import { keepsUnits, WAY } from './moment';
import type { Frame, MapLook, Moment } from './moment';

/** Where dots stand on the way from one frame to the next. The ends are the engine's; the way between is drawn by us. Where a map keeps
 *  lengths, the plane that is seen turns: in two dimensions by the angle of the turn, after the second axis is turned over where it
 *  mirrors too, in more through the others (glide.ts). Else every dot goes straight. */

type Place = Frame['query'];
/** Of a panel: its middle and half its side, in the units of a frame. */
export type View = { x: number; y: number; half: number };

export type Turn = {
  view: View;
  /** From where a point stands before and after to where it stands now, in units of `view`. */
  place: (before: Place, after: Place) => Place;
  /** Where the axes of the frame before point now; null where the map does more than turn a plane. */
  axes: { x: Place; y: Place } | null;
};

export function turnOf({ map, before, shown, t, round }: Moment): Turn {
  const from = viewOf(before), to = viewOf(shown);
  if (keepsUnits(map)) {
    if (round !== null) return { view: around([from, to]), place: (a, b) => mix(a, b, t), axes: null };
    if (map.turn) return { view: circled([before, shown]), ...byAngle(map.turn, t) };
    if (map.glide) return gliding(map.glide, before, shown, t);
    return { view: around([from, to]), place: (a, b) => mix(a, b, t), axes: null };
  }
  // each frame to its own scale, so that both fill the panel
  const place = (a: Place, b: Place) => mix(within(from, a), within(to, b), t);
  return { view: { x: 0, y: 0, half: 1 }, place, axes: null };
}

function byAngle({ angle, mirrored, shift }: NonNullable<MapLook['turn']>, t: number): Pick<Turn, 'place' | 'axes'> {
  const flip = mirrored ? 1 - 2 * Math.min(1, 2 * t) : 1, turned = angle * (mirrored ? Math.max(0, 2 * t - 1) : t), cos = Math.cos(turned), sin = Math.sin(turned);
  return {
    place: ({ x, y }) => ({ x: cos * x - sin * flip * y + t * shift.x, y: sin * x + cos * flip * y + t * shift.y }),
    axes: { x: { x: cos, y: sin }, y: { x: -sin * flip, y: cos * flip } },
  };
}

/** In a square that holds every dot all the way. */
function gliding(glide: NonNullable<MapLook['glide']>, before: Frame, shown: Frame, t: number): Turn {
  const { place } = glideOf(glide), [from, to] = [placesOf(before), placesOf(shown)];
  const all = Array.from({ length: WAY + 1 }, (_, step) => from.map((at, i) => place(at, to[i] ?? at, step / WAY)));
  return { view: around(all.map(viewOfPlaces)), place: (a, b) => place(a, b, t), axes: null };
}

const mix = (a: Place, b: Place, t: number): Place => ({ x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) });
const within = ({ x, y, half }: View, at: Place): Place => ({ x: (at.x - x) / half, y: (at.y - y) / half });

const placesOf = ({ points, near, query, selected }: Frame): Place[] =>
  [query, ...(selected ? [selected] : []), ...[points, near].flatMap((places) => Array.from({ length: places.length / 2 }, (_, i) => dotAt(places, i)))];

/** The square that holds all of them however they are turned about the origin. */
const circled = (frames: Frame[]): View => ({ x: 0, y: 0, half: Math.max(Number.MIN_VALUE, ...frames.flatMap(placesOf).map(({ x, y }) => Math.hypot(x, y))) });

/** The square that holds all dots, the query, its neighbours and the vector looked at. */
export const viewOf = (frame: Frame): View => viewOfPlaces(placesOf(frame));

function viewOfPlaces(all: Place[]): View {
  const [left, right, low, high] = [Math.min(...all.map(({ x }) => x)), Math.max(...all.map(({ x }) => x)), Math.min(...all.map(({ y }) => y)), Math.max(...all.map(({ y }) => y))];
  return { x: (left + right) / 2, y: (low + high) / 2, half: Math.max(right - left, high - low, Number.MIN_VALUE) / 2 };
}

function around(views: View[]): View {
  const edge = (sign: 1 | -1, of: 'x' | 'y') => sign * Math.max(...views.map((view) => sign * view[of] + view.half));
  const [left, right, low, high] = [edge(-1, 'x'), edge(1, 'x'), edge(-1, 'y'), edge(1, 'y')];
  return { x: (left + right) / 2, y: (low + high) / 2, half: Math.max(right - left, high - low) / 2 };
}

export const dotAt = (points: Float32Array, i: number): Place => ({ x: points[2 * i] ?? 0, y: points[2 * i + 1] ?? 0 });

/** Root mean square distance of the dots from their middle, where the panel's half side is 1; to five digits, so that a turn keeps it. */
export function spreadOfDots(moment: Moment): number {
  const { view, place } = turnOf(moment), n = moment.before.points.length / 2;
  const dots = Array.from({ length: n }, (_, i) => within(view, place(dotAt(moment.before.points, i), dotAt(moment.shown.points, i))));
  const [x, y] = [dots.reduce((sum, dot) => sum + dot.x, 0) / n, dots.reduce((sum, dot) => sum + dot.y, 0) / n];
  return Number(Math.sqrt(dots.reduce((sum, dot) => sum + (dot.x - x) ** 2 + (dot.y - y) ** 2, 0) / n).toPrecision(5));
}
