import { fraction } from '../marks';
import { parameterAxis, recallAxis } from './axes';
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
  /** See LineChart. */
  mark?: number | null;
  onMark?: (x: number | null) => void;
};

/** Recall against the main parameter, for the runs that have it. */
export function RecallCurve({ runs, knob, values, at, height, mark, onMark }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const current = runs.find((run) => run.current);
  const shown = onTop(runs.filter((run) => run.knob === knob));
  const measure = `recall ${current?.k ?? 10}@${current?.k ?? 10}`;
  const table = {
    columns: ['index', knob ?? '', measure, '1@1', '1@100', 'one pass', 'ceiling'],
    rows: shown.flatMap((run) => run.points.map((p) => {
      const passed = run.curve?.find(({ value }) => value === p.value);
      return [run.label, p.value, fraction(p.recall['k@k']), fraction(p.recall['1@1']), fraction(p.recall['1@100']), passed ? fraction(passed.recall) : '', passed ? fraction(passed.ceiling) : ''];
    })),
  };
  return (
    <Figure title={knob ? `Recall over ${knob}` : 'Recall'} caption={captionOf(current, knob)} table={table} height={height}>
      <div ref={ref}>
        {knob === null ? <NoParameter value={current?.points[0] ? fraction(current.points[0].recall['k@k']) : null} label={current?.label} height={height} /> : (
          <LineChart name={`${measure} against ${knob}`} width={width} height={height} at={at} mark={mark} onMark={onMark}
            x={parameterAxis(knob, values)} y={recallAxis(shown.flatMap((run) => [...run.points.map((p) => p.recall['k@k']), ...(run.curve ?? []).map((p) => p.recall)]), '')}
            series={shown.map((run) => ({
              run: run.id, label: run.label, current: run.current,
              curve: run.curve?.map((p) => ({ x: p.value, y: p.recall })), ceiling: run.current ? run.curve?.map((p) => ({ x: p.value, y: p.ceiling })) : undefined,
              points: run.points.map((p) => ({ x: p.value, y: p.recall['k@k'], hint: `${knob} ${p.value}: ${measure} ${fraction(p.recall['k@k'])}` })),
            }))} />
        )}
      </div>
    </Figure>
  );
}

/** The line stands at once, from one pass over the queries; the marks are measured one by one after it. */
function captionOf(current: RunView | undefined, knob: string | null): string {
  const best = current?.points.at(-1), passed = current?.curve?.at(-1);
  if (!knob) return best ? `${fraction(best.recall['k@k'])} at its one setting` : 'Fills in as the query set is searched';
  if (!best) return passed ? `${fraction(passed.recall)} at ${knob} ${passed.value}, from one pass` : 'Fills in as the query set is searched';
  return `${fraction(best.recall['k@k'])} at ${knob} ${best.value}${passed ? '; dotted: its ceiling' : ''}`;
}
