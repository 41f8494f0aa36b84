import { scaleBand, scaleLinear } from 'd3';
import type { KeyboardEvent } from 'react';
import type { Cause } from '@/engine/measure/causes';
import { fraction, margin, measure, percent } from '../marks';
import { Figure } from './Figure';
import { causeNames } from './reasons';
import type { RunView } from './runs';
import { useWidth } from './useWidth';

const causes: readonly Cause[] = ['coarse', 'graph', 'code', 'refine'];

/** In a caption of one line. */
const briefly: Record<Cause, string> = { coarse: 'not probed', graph: 'not reached', code: 'code', refine: 'not re-ranked' };
const fills: Record<Cause, string> = { coarse: 'var(--probed)', graph: 'var(--run-0)', code: 'var(--missed)', refine: 'var(--query)' };

/** What wins back the losses of a stage: its name, and what going there does. */
export type Way = { name: string; go: () => void };
type Ways = Record<Cause, Way | null>;

type Props = { run: RunView | null; at: number | null; ways: Ways; height: number };

/** Of the true neighbours of the whole query set, the share lost at each stage. The bars and the recall add up to 1. */
export function LostBars({ run, at, ways, height }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const points = run?.points ?? [];
  const present = causes.filter((cause) => points.some((p) => p.lost[cause] > 0));
  const chosen = points.find((p) => p.value === at) ?? points.at(-1);
  const table = {
    columns: [run?.knob ?? 'setting', ...causes.map((cause) => causeNames[cause]), 'recall'],
    rows: points.map((p) => [p.value, ...causes.map((cause) => fraction(p.lost[cause])), fraction(p.recall['k@k'])]),
  };
  return (
    <Figure title="Where the recall went" caption={chosen ? captionOf(chosen, run?.knob ?? null) : 'Which stage loses true neighbours'} table={table} height={height}>
      <div ref={ref}>
        {width > 0 && (
          <svg width={width} height={height} role="group" aria-label="Share of true neighbours lost, by stage">
            <Bars points={points} present={present} ways={ways} knob={run?.knob ?? ''} width={width} height={height} />
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

type BarsProps = { points: RunView['points']; present: Cause[]; ways: Ways; knob: string; width: number; height: number };
const line = 15; // of the key

function Bars({ points, present, ways, knob, width, height }: BarsProps) {
  const bottom = height - margin.bottom;
  const columns = width < 420 ? 1 : 2, top = margin.top + line * Math.ceil(present.length / columns); // the key stands above
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
          <g key={p.value} aria-hidden="true">
            {present.map((cause) => {
              const from = below, way = ways[cause];
              below += p.lost[cause];
              return (
                <rect key={cause} x={X(p.value)} width={X.bandwidth()} y={Y(below)} height={Math.max(0, Y(from) - Y(below))} fill={fills[cause]} stroke="var(--bg)" strokeWidth={1} cursor={way ? 'pointer' : undefined} onClick={way?.go}>
                  <title>{`${knob} ${p.value}: ${percent(p.lost[cause])} ${causeNames[cause]}${way ? `, won back by ${way.name}` : ''}`}</title>
                </rect>
              );
            })}
            {(points.length - 1 - i) % every === 0 && <text x={(X(p.value) ?? 0) + X.bandwidth() / 2} y={bottom + 16} textAnchor="middle">{measure(p.value)}</text>}
          </g>
        );
      })}
      <line x1={margin.left} x2={width - margin.right} y1={bottom} y2={bottom} stroke="var(--control)" />
      <text x={(margin.left + width - margin.right) / 2} y={height - 3} textAnchor="middle" aria-hidden="true">{knob}</text>
      {present.map((cause, i) => <Key key={cause} cause={cause} way={ways[cause]} x={margin.left + (i % columns) * ((width - margin.left) / 2)} y={10 + line * Math.floor(i / columns)} narrow={width < 300} />)}
    </>
  );
}

type KeyProps = { cause: Cause; way: Way | null; x: number; y: number; narrow: boolean };

/** Names a fill, and leads to what wins it back. */
function Key({ cause, way, x, y, narrow }: KeyProps) {
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    way?.go();
  };
  const link = way ? { role: 'button', tabIndex: 0, onClick: way.go, onKeyDown: press, cursor: 'pointer', 'aria-label': `${causeNames[cause]}: go to ${way.name}` } : {};
  return (
    <g transform={`translate(${x},${y})`} {...link}>
      <title>{way ? `${causeNames[cause]}: ${way.name} wins it back` : causeNames[cause]}</title>
      <rect width={8} height={8} y={-7} fill={fills[cause]} />
      <text x={12}>{narrow ? briefly[cause] : causeNames[cause]}{way && <tspan dx={4} fill="var(--probed)" textDecoration="underline">{way.name}</tspan>}</text>
    </g>
  );
}
