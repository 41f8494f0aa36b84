import type { CurvePoint, SweepPoint } from '@/workers/protocol';

/** A run as the charts take it. */
export type RunView = {
  id: number;
  label: string;
  current: boolean;
  /** The parameter that was swept, null where the index has none. */
  knob: string | null;
  k: number;
  points: SweepPoint[];
  /** Recall at many values of the knob from one pass, before they are measured one by one. */
  curve: CurvePoint[] | null;
};

/** Current run last, so that it is drawn on top. */
export const onTop = (runs: readonly RunView[]): RunView[] => [...runs].sort((a, b) => Number(a.current) - Number(b.current));

export const perSecond = (point: SweepPoint) => 1e6 / point.usPerQuery.mean;
