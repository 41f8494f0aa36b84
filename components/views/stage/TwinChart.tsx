import type { SweepPoint } from '@/workers/protocol';
import { fraction, runColour } from '../../marks';
import { parameterAxis, recallAxis } from '../axes';
import { LineChart } from '../LineChart';
import { useWidth } from '../useWidth';
import style from './stage.module.css';
import { count, plural } from './words';

export type TwinProps = {
  /** What is on the stage: its name, and its curve. */
  here: { title: string; points: SweepPoint[] };
  twin: { title: string; d: number; n: number; points: SweepPoint[]; wrong: string | null } | null;
  /** The parameter of the curves, null where the index has none. */
  knob: string | null;
  values: readonly number[];
  at: number | null;
  k: number;
  height: number;
};

/** The same string on real vectors: two dimensions flatter every index. */
export function TwinChart({ here, twin, knob, values, at, k, height }: TwinProps) {
  const [ref, width] = useWidth<HTMLDivElement>(), measure = `recall ${k}@${k}`;
  const line = (run: number, label: string, points: SweepPoint[], current: boolean) => ({
    run, label, current, points: points.map((p) => ({ x: p.value, y: p.recall['k@k'], hint: `${knob} ${p.value}: ${measure} ${fraction(p.recall['k@k'])}` })),
  });
  const real = twin?.points ?? [], name = twin?.title ?? '';
  return (
    <figure className={style.twin} aria-label="The same string on real vectors">
      <h2>The same string on real vectors</h2>
      <div ref={ref} style={{ height }}>
        {knob === null ? <Bars here={here.points} twin={real} height={height} /> : (
          <LineChart name={`${measure} against ${knob}, here and on real vectors`} width={width} height={height} at={at} x={parameterAxis(knob, values)}
            y={recallAxis([...here.points, ...real].map((p) => p.recall['k@k']), '')} series={[line(1, here.title, here.points, false), line(0, name, real, true)]} />
        )}
      </div>
      <figcaption className={style.twinWords}>{wordsOf(here, twin, knob, at, measure)}</figcaption>
    </figure>
  );
}

/** At the chosen value, both; where they were measured. */
function wordsOf(here: TwinProps['here'], twin: TwinProps['twin'], knob: string | null, at: number | null, measure: string): string {
  if (!twin) return 'Measured once the curve of this set is.';
  const where = `${twin.title}, ${count(twin.d)} dimensions`;
  if (twin.wrong) return `${where}: ${twin.wrong}`;
  const [mine, real] = [valueAt(here.points, knob, at), valueAt(twin.points, knob, at)];
  if (!real) return `${where}: being built and measured by the same engine.`;
  const value = knob === null ? '' : ` at ${knob} ${real.value}`;
  return `${measure}${value}: ${mine ? fraction(mine.recall['k@k']) : '–'} here (faint), ${fraction(real.recall['k@k'])} on ${where}. Measured in this tab by the same engine, on ${plural(twin.n, 'vector')} and ${plural(real.nq, 'held-out query', 'held-out queries')}.`;
}

/** The point measured nearest below the chosen value. */
function valueAt(points: SweepPoint[], knob: string | null, at: number | null): SweepPoint | undefined {
  return (knob === null || at === null ? points : points.filter(({ value }) => value <= at)).at(-1) ?? points[0];
}

/** Without a parameter, one recall each. */
function Bars({ here, twin, height }: { here: SweepPoint[]; twin: SweepPoint[]; height: number }) {
  const rows = [{ name: 'here', point: here[0], faint: true }, { name: 'real', point: twin[0], faint: false }];
  return (
    <svg width="100%" height={height} role="img" aria-label="Recall here and on real vectors">
      {rows.map(({ name, point, faint }, i) => (
        <g key={name} transform={`translate(0 ${12 + i * 44})`}>
          <text y={10} fill="var(--ink-2)" fontSize={12}>{name} {point ? fraction(point.recall['k@k']) : '…'}</text>
          <rect y={16} width="100%" height={12} fill="var(--wash)" />
          <rect y={16} width={`${100 * (point?.recall['k@k'] ?? 0)}%`} height={12} fill={runColour(faint ? 1 : 0)} opacity={faint ? 0.45 : 1} />
        </g>
      ))}
    </svg>
  );
}
