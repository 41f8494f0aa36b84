import { scaleBand, scaleLinear } from 'd3';
import { useId } from 'react';
import type { Ref } from 'react';
import type { Loss } from '@/engine/measure/causes';
import { fraction, margin, measure, percent } from '../marks';
import { Figure } from './Figure';
import { LossPatterns, lossPaint } from './lossPaint';
import { losses, lossNames } from './reasons';
import type { RunView } from './runs';
import { useSize } from './useWidth';

/** What wins back the losses of a stage: its name, and what going there does. */
export type Way = { name: string; go: () => void };
export type Ways = Record<Loss, Way | null>;

const LEAST = 96; // of the bars, below a key of several lines

type Props = { run: RunView | null; at: number | null; ways: Ways; height: number };

/** Of the true neighbours of the whole query set, the share lost at each stage. The bars and the recall add up to 1. */
export function LostBars({ run, at, ways, height }: Props) {
  const [ref, width, room] = useSize<HTMLDivElement>(), [key, , keyHeight] = useSize<HTMLUListElement>();
  const points = run?.points ?? [], id = useId();
  const present = losses.filter((loss) => points.some((p) => p.losses[loss] > 0));
  const chosen = points.find((p) => p.value === at) ?? points.at(-1);
  const table = {
    columns: [run?.knob ?? 'setting', ...losses.map((loss) => lossNames[loss][0]), 'recall'],
    rows: points.map((p) => [p.value, ...losses.map((loss) => fraction(p.losses[loss])), fraction(p.recall['k@k'])]),
  };
  return (
    <Figure title="Where the recall went" caption={chosen ? captionOf(chosen, run?.knob ?? null) : 'Which stage loses true neighbours'} table={table} height={Math.max(height, keyHeight + LEAST)}>
      <div className="flex h-full flex-col">
        <Key ref={key} id={id} present={present} ways={ways} />
        <div ref={ref} className="min-h-0 grow overflow-hidden">
          {width > 0 && room > 0 && (
            <svg width={width} height={room} className="block" role="img" aria-label="Share of true neighbours lost, by stage">
              <LossPatterns id={id} />
              <Bars id={id} points={points} present={present} ways={ways} knob={run?.knob ?? ''} at={chosen?.value ?? null} width={width} height={room} />
            </svg>
          )}
        </div>
      </div>
    </Figure>
  );
}

function captionOf(point: RunView['points'][number], knob: string | null): string {
  const lost = losses.filter((loss) => point.losses[loss] >= 0.0005) // what rounds to nothing is left to the table
    .sort((a, b) => point.losses[b] - point.losses[a]);
  if (lost.length === 0) return `Nothing lost${knob ? ` at ${knob} ${point.value}` : ''}`;
  return `${knob ? `${knob} ${point.value}: ` : ''}${lost.map((loss) => `${percent(point.losses[loss])} ${lossNames[loss][1]}`).join(', ')}`;
}

/** Names each fill, and leads to what wins it back. */
function Key({ ref, id, present, ways }: { ref: Ref<HTMLUListElement>; id: string; present: Loss[]; ways: Ways }) {
  return (
    <ul ref={ref} className="flex min-h-4 shrink-0 flex-wrap gap-x-3 text-xs/4 text-ink-2" aria-label="Losses">
      {present.map((loss) => {
        const way = ways[loss], [name, brief] = lossNames[loss];
        return (
          <li key={loss} className="flex items-center gap-1 whitespace-nowrap" title={way ? `${name}: ${way.name} wins it back` : name}>
            <svg width={9} height={9} aria-hidden="true"><rect width={9} height={9} {...lossPaint(loss, id)} /></svg>
            {brief}
            {way && <button type="button" className="text-probed underline underline-offset-2" aria-label={`${name}: go to ${way.name}`} onClick={way.go}>{way.name}</button>}
          </li>
        );
      })}
    </ul>
  );
}

type BarsProps = { id: string; points: RunView['points']; present: Loss[]; ways: Ways; knob: string; at: number | null; width: number; height: number };

function Bars({ id, points, present, ways, knob, at, width, height }: BarsProps) {
  const bottom = height - margin.bottom;
  const tallest = points.length === 0 ? 1 : Math.max(0.1, ...points.map((p) => present.reduce((sum, loss) => sum + p.losses[loss], 0)));
  const X = scaleBand(points.map((p) => p.value), [margin.left, width - margin.right]).padding(0.25);
  const Y = scaleLinear([0, tallest], [bottom, margin.top]).nice(3);
  const every = Math.ceil(points.length / 5);
  return (
    <>
      {Y.ticks(3).map((tick) => (
        <g key={tick} transform={`translate(0,${Y(tick)})`} aria-hidden="true">
          <line x1={margin.left} x2={width - margin.right} stroke="var(--line)" />
          <text x={margin.left - 6} dy="0.32em" textAnchor="end">{percent(tick)}</text>
        </g>
      ))}
      {points.map((p, i) => {
        const x = X(p.value) ?? 0, middle = x + X.bandwidth() / 2, chosen = p.value === at, named = knob !== '' && (points.length - 1 - i) % every === 0;
        return (
          <g key={p.value} data-value={p.value}>
            {stacked(p, present).map(({ loss, from, to }) => (
              <rect key={loss} data-loss={loss} x={x} width={X.bandwidth()} y={Y(to)} height={Math.max(0, Y(from) - Y(to))} {...lossPaint(loss, id)} cursor={ways[loss] ? 'pointer' : undefined} onClick={ways[loss]?.go}>
                <title>{`${knob} ${p.value}: ${percent(p.losses[loss])} ${lossNames[loss][0]}${ways[loss] ? `, won back by ${ways[loss].name}` : ''}`}</title>
              </rect>
            ))}
            {chosen && knob && <path d={`M${middle - 4},${bottom + 6}h8l-4,-5z`} fill="var(--ink)"><title>{`${knob} is ${p.value}`}</title></path>}
            {named && <text x={middle} y={bottom + 16} textAnchor="middle" style={chosen ? { fill: 'var(--ink)', fontWeight: 600 } : undefined}>{measure(p.value)}</text>}
          </g>
        );
      })}
      <line x1={margin.left} x2={width - margin.right} y1={bottom} y2={bottom} stroke="var(--control)" />
      <text x={(margin.left + width - margin.right) / 2} y={height - 3} textAnchor="middle" aria-hidden="true">{knob}</text>
    </>
  );
}

/** From the bottom up in the order of the search's stages. */
function stacked({ losses: shares }: RunView['points'][number], present: Loss[]): { loss: Loss; from: number; to: number }[] {
  let top = 0;
  return present.map((loss) => ({ loss, from: top, to: (top += shares[loss]) }));
}
