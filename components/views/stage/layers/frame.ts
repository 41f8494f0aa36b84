import type { Looks } from '@/workers/protocol';

/** What of a build or of a walk is shown at one step. Nothing is computed but where in the engine's record one is. */

export type Look = Looks['layers'];
export type Hop = Look['walk']['hops'][number];

/** A node that the walk came by, up to the step shown. */
export type Met = { distance: number; /** distances computed before it */ nth: number; hop: number; level: number; /** node walked from when it was met, −1 for the first */ from: number; walkedAt: number | null };

export type SearchFrame = {
  kind: 'search';
  /** Hops shown; the last of them is the current one. */
  shown: number;
  current: Hop | null;
  ended: boolean;
  /** By node, on the lowest level or, while it descends, on the levels above. */
  met: Map<number, Met>;
  upper: Map<number, Met>[]; // by level
  list: Hop['list'] | null;
  size: number;
};
export type BuildFrame = { kind: 'build'; state: number };
export type Frame = SearchFrame | BuildFrame;

/** Every walk on an HNSW begins with the entry alone: a step before the first hop. An NSG begins with its first list. */
const before = ({ graph }: Look) => (graph === 'HNSW' ? 1 : 0);
export const searchSteps = (look: Look) => look.walk.hops.length + before(look) + 1;
/** The step that ends with a hop; −1 is the entry. */
export const stepOfHop = (look: Look, hop: number) => Math.max(0, hop + before(look));

/** Which of how many steps is shown. */
export type Place = { step: number; last: number };
export function placeIn(look: Look, lit: number | null, iteration: number | null): Place {
  const last = (iteration === null ? searchSteps(look) : look.states.length) - 1;
  return { step: Math.min(iteration ?? lit ?? last, last), last };
}

export function frameAt(look: Look, lit: number | null, iteration: number | null): Frame {
  if (iteration !== null) return { kind: 'build', state: Math.min(iteration, look.states.length - 1) };
  const { hops } = look.walk, last = searchSteps(look) - 1, step = Math.min(lit ?? last, last), shown = Math.min(hops.length, step + 1 - before(look));
  return { kind: 'search', shown, current: step === last ? null : hops[shown - 1] ?? null, ended: step === last, ...metUntil(look, shown), ...listAfter(look, shown) };
}

function listAfter({ walk: { hops } }: Look, shown: number): Pick<SearchFrame, 'list' | 'size'> {
  const last = hops[shown - 1];
  return { list: last?.list ?? null, size: last?.size ?? 0 };
}

function metUntil(look: Look, shown: number): Pick<SearchFrame, 'met' | 'upper'> {
  const { entry, graph, levels, walk: { hops } } = look, byLevel = levels.map(() => new Map<number, Met>()), top = levels.length - 1;
  let nth = 0;
  const meet = (level: number, id: number, distance: number, hop: number, from: number) => {
    const met = byLevel[level];
    if (met && !met.has(id)) met.set(id, { distance, nth, hop, level, from, walkedAt: null });
    nth++;
  };
  if (graph === 'HNSW') meet(top, entry, hops[0]?.distance ?? NaN, 0, -1);
  hops.slice(0, shown).forEach(({ level, node, distance, met }, hop) => {
    const own = byLevel[level];
    if (own && !own.has(node) && !Number.isNaN(distance)) own.set(node, { distance, nth, hop, level, from: -1, walkedAt: null }); // carried down from the level above
    const walked = own?.get(node);
    if (walked) walked.walkedAt = hop;
    met.ids.forEach((id, i) => meet(level, id, met.dis[i] ?? 0, hop, Number.isNaN(distance) ? -1 : node));
  });
  return { met: byLevel[0] ?? new Map(), upper: byLevel };
}

/** Distances computed when so many hops were done. */
export const comparedAfter = (look: Look, shown: number): number => look.walk.hops.slice(0, shown).reduce((sum, { met }) => sum + met.ids.length, before(look));

/** Of the true neighbours, those that the walk gives or, on its way, those that stand among as many in its list. */
export function foundAt(look: Look, frame: SearchFrame): Set<number> {
  const { given, truth } = look.walk;
  if (frame.ended) return new Set(given);
  const nearest = frame.current?.level === 0 ? frame.list?.ids.subarray(0, truth.ids.length) ?? [] : [];
  return new Set(nearest);
}
