import type { Looks, SearchAnswer } from '@/workers/protocol';
import type { NeighbourKind } from '../neighbours';

/** Where candidates stand: places by order are numbers, places on the picture pixels. */

export type Look = Looks['ranks'];

/** What is known of a candidate besides its places; null for one that is neither true nor returned. */
export function kindsOf(search: SearchAnswer | null): Map<number, NeighbourKind> {
  const kinds = new Map<number, NeighbourKind>();
  for (const { id } of search?.hits ?? []) kinds.set(id, 'returned');
  for (const { id, found } of search?.truth ?? []) kinds.set(id, found ? 'found' : 'missed');
  return kinds;
}

/** True neighbours that are not among all that the base found. */
export const unseenOf = ({ ids }: Look, search: SearchAnswer | null): number => search?.truth.filter(({ id }) => !ids.includes(id)).length ?? 0;

/** How many candidates are shown: those that are re-ranked, and on to the last true neighbour of the others. */
export function shownOf({ ids, asked }: Look, kinds: Map<number, NeighbourKind>): number {
  const last = ids.findLastIndex((id) => kinds.get(id) === 'missed');
  return Math.min(ids.length, Math.max(asked + Math.ceil(asked / 4), last + 3));
}

/** Places among the first `done` by second distance, ties by id; −1 for those not re-ranked yet. (n) */
export function placesAt({ ids, second, metric, after, asked }: Look, done: number): Int32Array {
  if (done >= asked) return after;
  const sign = metric === 'IP' ? -1 : 1, of = (i: number) => sign * (second[i] ?? 0);
  const order = Array.from({ length: done }, (_, i) => i).sort((a, b) => of(a) - of(b) || (ids[a] ?? 0) - (ids[b] ?? 0));
  const places = new Int32Array(ids.length).fill(-1);
  order.forEach((i, place) => { places[i] = place; });
  return places;
}

/** From place to height: even steps while a mark has room in each, else doublings are alike, as the first matter most. */
export function heightOf(shown: number, top: number, bottom: number): (place: number) => number {
  const room = (bottom - top) / Math.max(1, shown - 1);
  if (room >= 7) return (place) => top + place * Math.min(room, 26);
  return (place) => top + ((bottom - top) * Math.log(place + 1)) / Math.log(shown);
}

/** Heights at least `apart` from one another, most important first; null where a word has no room. */
export function spaced(heights: readonly number[], apart: number): (number | null)[] {
  const taken: number[] = [];
  return heights.map((y) => {
    if (taken.some((other) => Math.abs(other - y) < apart)) return null;
    taken.push(y);
    return y;
  });
}

export type Point = { x: number; y: number };
/** A candidate on both sides; `after` and `right` once it is re-ranked. */
export type Placed = { i: number; id: number; kind: NeighbourKind | undefined; after: number; left: Point; right: Point | null };
export type Frame = { left: number; right: number; top: number; bottom: number };

/** All that are shown, when so many have been re-ranked. */
export function placeAll(look: Look, kinds: Map<number, NeighbourKind>, done: number, { left, right, top, bottom }: Frame): { placed: Placed[]; cut: number; kept: number } {
  const shown = shownOf(look, kinds), Y = heightOf(shown, top, bottom), places = placesAt(look, done), between = (n: number) => (Y(n - 1) + Y(n)) / 2;
  const placed = Array.from({ length: shown }, (_, i): Placed => {
    const id = look.ids[i] ?? -1, after = places[i] ?? -1;
    return { i, id, kind: kinds.get(id), after, left: { x: left, y: Y(i) }, right: after < 0 ? null : { x: right, y: Y(after) } };
  });
  return { placed, cut: between(look.asked), kept: between(Math.min(look.k, look.asked)) };
}

/** The one within reach of the pointer. */
export const nearestTo = (points: readonly (Point & { i: number })[], { x, y }: Point): number | null =>
  points.reduce<{ i: number | null; d: number }>((best, p) => { const d = Math.hypot(p.x - x, p.y - y); return d < best.d ? { i: p.i, d } : best; }, { i: null, d: 24 }).i;
