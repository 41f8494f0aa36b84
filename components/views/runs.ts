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

type Place = { x: number; y: number };

/** The points that no other beats in both, by rising x. */
export function frontOf<P extends Place>(points: readonly P[]): P[] {
  const front: P[] = [];
  for (const point of [...points].sort((a, b) => b.x - a.x || b.y - a.y)) if (point.y > (front.at(-1)?.y ?? -Infinity)) front.push(point);
  return front.reverse();
}

/** Its line: down to the next point's height only where that point stands. */
export const steps = (front: readonly Place[]): Place[] => front.flatMap((point, i) => {
  const before = front[i - 1];
  return before ? [{ x: before.x, y: point.y }, point] : [point];
});
