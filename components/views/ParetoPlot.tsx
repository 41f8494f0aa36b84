import { count, fraction } from '../marks';
import { rateAxis, recallAxis } from './axes';
import { Figure } from './Figure';
import { LineChart, type ChartPoint } from './LineChart';
import { frontOf, onTop, perSecond, steps } from './runs';
import type { RunView } from './runs';
import { useWidth } from './useWidth';

/** Recall against queries per second, every run of the session on the same vectors. Up and to the right is better. The line is each
 *  run's front, in steps: between two settings that were measured nothing is promised. */
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
    <Figure title="Recall against speed" caption={captionOf(runs)} table={table} height={height}>
      <div ref={ref}>
        <LineChart name={`Recall ${k}@${k} against queries per second`} width={width} height={height}
          x={recallAxis(points.map((p) => p.recall['k@k']), `recall ${k}@${k}`)}
          y={{ ...rateAxis(points.map(perSecond)), title: 'queries/s' }}
          series={shown.map((run) => {
            const own = run.points.map((p): ChartPoint => ({
              x: p.recall['k@k'], y: perSecond(p),
              hint: `${run.knob ? `${run.knob} ${p.value}: ` : ''}recall ${fraction(p.recall['k@k'])}, ${count(perSecond(p))} queries/s`,
            }));
            const front = frontOf(own);
            return { run: run.id, label: run.label, current: run.current, points: own, beaten: new Set(own.filter((point) => !front.includes(point))), curve: steps(front) };
          })} />
      </div>
    </Figure>
  );
}

/** Which way is better, and how many of the settings are worth having. */
function captionOf(runs: RunView[]): string {
  const points = runs.find((run) => run.current)?.points.map((p) => ({ x: p.recall['k@k'], y: perSecond(p) })) ?? [];
  return points.length < 2 ? 'Up and to the right is better' : `Up and right is better; ${frontOf(points).length} of ${points.length} on the front`;
}
