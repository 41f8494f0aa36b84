import { count, fraction } from '../marks';
import { rateAxis, recallAxis } from './axes';
import { Figure } from './Figure';
import { LineChart } from './LineChart';
import { onTop, perSecond } from './runs';
import type { RunView } from './runs';
import { useWidth } from './useWidth';

/** Recall against queries per second, every run of the session on the same vectors. Up and to the right is better. */
export function ParetoPlot({ runs, height }: { runs: RunView[]; height: number }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const shown = onTop(runs);
  const points = shown.flatMap((run) => run.points);
  const k = runs.find((run) => run.current)?.k ?? 10;
  const table = {
    columns: ['index', 'setting', `recall ${k}@${k}`, 'queries/s'],
    rows: shown.flatMap((run) => run.points.map((p) => [run.label, run.knob ? `${run.knob}=${p.value}` : '', fraction(p.recall['k@k']), Math.round(perSecond(p))])),
  };
  return (
    <Figure title="Recall against speed" caption="Up and to the right is better" table={table} height={height}>
      <div ref={ref}>
        <LineChart name={`Recall ${k}@${k} against queries per second`} width={width} height={height}
          x={recallAxis(points.map((p) => p.recall['k@k']), `recall ${k}@${k}`)}
          y={{ ...rateAxis(points.map(perSecond)), title: 'queries/s' }}
          series={shown.map((run) => ({
            run: run.id, label: run.label, current: run.current,
            points: run.points.map((p) => ({
              x: p.recall['k@k'], y: perSecond(p),
              hint: `${run.knob ? `${run.knob} ${p.value}: ` : ''}recall ${fraction(p.recall['k@k'])}, ${count(perSecond(p))} queries/s`,
            })),
          }))} />
      </div>
    </Figure>
  );
}
