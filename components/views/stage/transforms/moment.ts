import type { Looks } from '@/workers/protocol';

/** Which states the picture can show, and which one the two timelines point at. */

export type Look = Looks['transforms'];
export type Space = Look['spaces'][number];
export type MapLook = Look['maps'][number];
export type Frame = Pick<Space, 'd' | 'variances' | 'parts' | 'energies' | 'bounds' | 'imbalance' | 'boundImbalance' | 'between' | 'covariance' | 'points' | 'query' | 'selected' | 'near'>;

/** Steps in which the way from one frame to the next is drawn. */
export const WAY = 10;

export type Moment = {
  /** Number of the map among those of the chain. */
  at: number;
  map: MapLook;
  before: Space;
  after: Space;
  /** What stands on the right: `after`, or the frame of a rotation on the way to it. */
  shown: Frame;
  /** How far the dots have come from `before` to `shown`, 0 … 1. */
  t: number;
  /** The round of training that is over, −1 before the first; null where the finished map is shown. */
  round: number | null;
  /** The round whose rotation is drawn: kept rotations are of evenly spread rounds. */
  drawn: number | null;
};

export type TrainingStep = { at: number; map: MapLook; training: NonNullable<MapLook['training']>; round: number };

/** The rounds of all maps that are learnt in rounds, each after its start. */
export function trainingSteps({ maps }: Look): TrainingStep[] {
  return maps.flatMap((map, at) => {
    const { training } = map;
    return training ? Array.from({ length: training.losses.length + 1 }, (_, i) => ({ at, map, training, round: i - 1 })) : [];
  });
}

export function momentOf(look: Look, lit: number | null, iteration: number | null): Moment | null {
  const steps = trainingSteps(look), step = iteration === null ? undefined : steps[Math.min(iteration, steps.length - 1)];
  const last = look.maps.length * WAY, way = Math.min(Math.max(lit ?? last, 0), last), at = step?.at ?? Math.max(0, Math.ceil(way / WAY) - 1);
  const map = look.maps[at], before = look.spaces[at], after = look.spaces[at + 1];
  if (!map || !before || !after) return null;
  if (!step) return { at, map, before, after, shown: after, t: (way - at * WAY) / WAY, round: null, drawn: null };
  const frame = step.training.frames.findLast(({ round }) => round <= step.round) ?? step.training.frames[0];
  return { at, map, before, after, shown: frame ?? after, t: 1, round: step.round, drawn: frame?.round ?? null };
}

/** Lengths mean the same before and after: the two frames may be drawn to one scale. */
export const keepsUnits = ({ kind, whitens }: MapLook) => kind !== 'L2norm' && kind !== 'ITQ' && !whitens;

export const sum = (values: Float32Array) => values.reduce((all, v) => all + v, 0);
export const total = ({ variances }: Frame) => sum(variances);

/** Share of the squared covariance, and what it is between. */
export const betweenName = ({ parts, d }: Frame) => (parts < d ? 'parts' : 'components');
