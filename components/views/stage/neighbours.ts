import type { IndexInfo, Label, PlaneAnswer, SearchAnswer, TrueNeighbour } from '@/workers/protocol';
import type { Point } from './viewport';
import { measure, nthNearest, ordinal } from './words';

/** Which marks the returned and the true neighbours get. */
export type NeighbourKind =
  | 'found'    // true and returned
  | 'missed'   // true, not returned
  | 'waiting'  // true; the replay has not come to its list
  | 'returned'; // not true, but returned
export type Neighbour = Point & {
  id: number; list: number | null; kind: NeighbourKind; label: Label;
  /** For the tooltip and for screen readers. */
  sentence: string;
};

export function markNeighbours(search: SearchAnswer | null, plane: PlaneAnswer, lit: Set<number> | null, finished: boolean, metric: IndexInfo['metric']): Neighbour[] {
  if (!search) return [];
  const at = (id: number) => ({ x: plane.points[3 * id] ?? 0, y: plane.points[3 * id + 1] ?? 0 });
  const isLit = (list: number | null) => lit === null || (list !== null && lit.has(list));
  const kindOf = ({ list, found }: TrueNeighbour): NeighbourKind => {
    if (!finished && !isLit(list)) return 'waiting';
    return found ? 'found' : 'missed';
  };
  const truth = search.truth.map((t, i) => ({ ...at(t.id), id: t.id, list: t.list, label: t.label, kind: kindOf(t), sentence: truthSentence(t, i + 1, metric) }));
  const known = new Set(search.truth.map(({ id }) => id));
  const others = search.hits.flatMap((hit, i): Neighbour[] => {
    if (known.has(hit.id) || !(finished || isLit(hit.list))) return [];
    const sentence = `Returned as ${ordinal(i + 1)}, but not among the ${search.truth.length} true neighbours`;
    return [{ ...at(hit.id), id: hit.id, list: hit.list, label: hit.label, kind: 'returned', sentence }];
  });
  return [...others, ...truth];
}

const cause = (t: TrueNeighbour): string => {
  switch (t.lost) {
    case 'coarse': return t.listRank === null ? 'its list was not probed' : `its list is the ${nthNearest(t.listRank)} and was not probed`;
    case 'graph': return 'the walk did not reach it';
    case 'code': return 'it was scanned, but its code ranked it out';
    case 'refine': return 'it stood too low to be refined';
    case null: return 'not returned';
  }
};

function truthSentence(t: TrueNeighbour, rank: number, metric: IndexInfo['metric']): string {
  const which = `${rank === 1 ? 'Nearest' : `${ordinal(rank)} nearest`} neighbour, ${apart(metric)} ${measure(t.distance)}`;
  return t.found ? `${which}: returned` : `${which}: missed, ${cause(t)}`;
}

/** What the numbers called distances are: of inner products the larger is the nearer. */
export const apart = (metric: IndexInfo['metric']) => (metric === 'IP' ? 'inner product' : 'squared distance');

/** Where the query stands on the plane. A point of the plane says so itself; a base vector is its own dot. */
export function queryPoint(plane: PlaneAnswer, search: SearchAnswer | null): Point & { height: number } {
  const ref = search?.query.ref;
  if (ref?.kind === 'plane') return { x: ref.x, y: ref.y, height: 0 };
  if (ref?.kind === 'base') {
    const [x = 0, y = 0, height = 0] = plane.points.subarray(3 * ref.id, 3 * ref.id + 3);
    return { x, y, height };
  }
  return plane.query;
}

/** Radius of the neighbours' marks in pixels: as large as reads well, smaller where they would cover each other. */
export function markRadius(places: Point[]): number {
  const gaps = places.map((p, i) => Math.min(...places.map((q, j) => (i === j ? Infinity : Math.hypot(p.x - q.x, p.y - q.y))))).sort((a, b) => a - b);
  const typical = gaps[Math.floor(gaps.length / 2)] ?? Infinity;
  return Math.min(6.5, Math.max(4.5, typical * 0.55));
}

export function labelText(label: Label): string {
  return label.kind === 'image' ? label.text ?? '' : label.text;
}
