import { scaleBand, scaleLinear } from 'd3';
import { fraction, margin, measure, percent } from '../marks';
import { Figure } from './Figure';
import type { RunView } from './runs';
import { useWidth } from './useWidth';

const causes = ['coarse', 'graph', 'code', 'refine'] as const;
type Cause = (typeof causes)[number];

/** What each cause is called, and its fill: hatched by stage, so that colour is not the only sign. */
const names: Record<Cause, string> = { coarse: 'list not probed', graph: 'walk never reached it', code: 'code too coarse', refine: 'not re-ranked' };
/** The same in a caption of one line. */
const briefly: Record<Cause, string> = { coarse: 'not probed', graph: 'not reached', code: 'code', refine: 'not re-ranked' };
const fills: Record<Cause, string> = { coarse: 'var(--probed)', graph: 'var(--run-0)', code: 'var(--missed)', refine: 'var(--query)' };

type Props = { run: RunView | null; at: number | null; height: number };

/** Of the true neighbours of the whole query set, the share lost at each stage. The bars and the recall add up to 1. */
export function LostBars({ run, at, height }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const points = run?.points ?? [];
  const present = causes.filter((cause) => points.some((p) => p.lost[cause] > 0));
  const chosen = points.find((p) => p.value === at) ?? points.at(-1);
  const table = {
    columns: [run?.knob ?? 'setting', ...causes.map((cause) => names[cause]), 'recall'],
    rows: points.map((p) => [p.value, ...causes.map((cause) => fraction(p.lost[cause])), fraction(p.recall['k@k'])]),
  };
  return (
    <Figure title="Where the recall went" caption={chosen ? captionOf(chosen, run?.knob ?? null) : 'Which stage loses true neighbours'} table={table} height={height}>
      <div ref={ref}>
        {width > 0 && (
          <svg width={width} height={height} role="img" aria-label="Share of true neighbours lost, by stage">
            <Bars points={points} present={present} knob={run?.knob ?? ''} width={width} height={height} />
          </svg>
        )}
      </div>
    </Figure>
  );
}

function captionOf(point: RunView['points'][number], knob: string | null): string {
  const lost = causes.filter((cause) => point.lost[cause] >= 0.0005) // what rounds to nothing is left to the table
    .sort((a, b) => point.lost[b] - point.lost[a]);
  if (lost.length === 0) return `Nothing lost${knob ? ` at ${knob} ${point.value}` : ''}`;
  return `${knob ? `${knob} ${point.value}: ` : ''}${lost.map((cause) => `${percent(point.lost[cause])} ${briefly[cause]}`).join(', ')}`;
}

type BarsProps = { points: RunView['points']; present: Cause[]; knob: string; width: number; height: number };

function Bars({ points, present, knob, width, height }: BarsProps) {
  const bottom = height - margin.bottom;
  const top = margin.top + 14; // the key stands above
  const tallest = points.length === 0 ? 1 : Math.max(0.1, ...points.map((p) => present.reduce((sum, cause) => sum + p.lost[cause], 0)));
  const X = scaleBand(points.map((p) => p.value), [margin.left, width - margin.right]).padding(0.25);
  const Y = scaleLinear([0, tallest], [bottom, top]).nice(4);
  const every = Math.ceil(points.length / 5);
  return (
    <>
      {Y.ticks(4).map((tick) => (
        <g key={tick} transform={`translate(0,${Y(tick)})`} aria-hidden="true">
          <line x1={margin.left} x2={width - margin.right} stroke="var(--line)" />
          <text x={margin.left - 6} dy="0.32em" textAnchor="end">{percent(tick)}</text>
        </g>
      ))}
      {points.map((p, i) => {
        let below = 0;
        return (
          <g key={p.value}>
            {present.map((cause) => {
              const from = below;
              below += p.lost[cause];
              return (
                <rect key={cause} x={X(p.value)} width={X.bandwidth()} y={Y(below)} height={Math.max(0, Y(from) - Y(below))} fill={fills[cause]} stroke="var(--bg)" strokeWidth={1}>
                  <title>{`${knob} ${p.value}: ${percent(p.lost[cause])} ${names[cause]}`}</title>
                </rect>
              );
            })}
            {(points.length - 1 - i) % every === 0 && <text x={(X(p.value) ?? 0) + X.bandwidth() / 2} y={bottom + 16} textAnchor="middle">{measure(p.value)}</text>}
          </g>
        );
      })}
      <line x1={margin.left} x2={width - margin.right} y1={bottom} y2={bottom} stroke="var(--control)" />
      <text x={(margin.left + width - margin.right) / 2} y={height - 3} textAnchor="middle">{knob}</text>
      <Key present={present} width={width} />
    </>
  );
}

function Key({ present, width }: { present: Cause[]; width: number }) {
  const each = (width - margin.left) / Math.max(2, present.length);
  return (
    <g aria-hidden="true">
      {present.map((cause, i) => (
        <g key={cause} transform={`translate(${margin.left + i * each},10)`}>
          <rect width={8} height={8} y={-7} fill={fills[cause]} />
          <text x={12}>{names[cause]}</text>
        </g>
      ))}
    </g>
  );
}
