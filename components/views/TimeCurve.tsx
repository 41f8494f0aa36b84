import { micros } from '../marks';
import { parameterAxis, timeAxis } from './axes';
import { stages } from './stages';
import { Figure } from './Figure';
import { LineChart } from './LineChart';
import { NoParameter } from './NoParameter';
import { onTop } from './runs';
import type { RunView } from './runs';
import { useWidth } from './useWidth';

type Props = {
  runs: RunView[];
  /** The main parameter, null where the index has none, and the values it is swept over. */
  knob: string | null;
  values: readonly number[];
  at: number | null;
  height: number;
};

/** Median time of one query against the main parameter. */
export function TimeCurve({ runs, knob, values, at, height }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const current = runs.find((run) => run.current);
  const shown = onTop(runs.filter((run) => run.knob === knob));
  const table = {
    columns: ['index', knob ?? '', 'median µs', 'p99 µs', 'mean µs', ...stages.map((stage) => `${stage} µs`), 'distances', 'lists', 'codes', 'hops'],
    rows: shown.flatMap((run) => run.points.map(({ value, usPerQuery, usPerStage, counts }) => [
      run.label, value, usPerQuery.p50.toFixed(1), usPerQuery.p99.toFixed(1), usPerQuery.mean.toFixed(1), ...stages.map((stage) => usPerStage[stage].toFixed(1)),
      Math.round(counts.ndis), Math.round(counts.lists), Math.round(counts.codes), Math.round(counts.hops),
    ])),
  };
  const last = current?.points.at(-1);
  const caption = !last ? 'Median of one query at a time'
    : `${knob === null ? '' : `${knob} ${last.value}: `}median ${micros(last.usPerQuery.p50)}, p99 ${micros(last.usPerQuery.p99)}`;
  return (
    <Figure title={knob ? `Time over ${knob}` : 'Time'} caption={caption} table={table} height={height}>
      <div ref={ref}>
        {knob === null ? <NoParameter value={last ? micros(last.usPerQuery.p50) : null} label={current?.label} height={height} /> : (
          <LineChart name={`Median time per query against ${knob}`} width={width} height={height} at={at}
            x={parameterAxis(knob, values)} y={timeAxis(shown.flatMap((run) => run.points.map((p) => p.usPerQuery.p50)))}
            series={shown.map((run) => ({
              run: run.id, label: run.label, current: run.current,
              points: run.points.map((p) => ({ x: p.value, y: p.usPerQuery.p50, hint: `${knob} ${p.value}: median ${micros(p.usPerQuery.p50)}, p99 ${micros(p.usPerQuery.p99)}` })),
            }))} />
        )}
      </div>
    </Figure>
  );
}
