import { line, scaleLinear, scaleLog } from 'd3';
import { margin, runColour, runDash, runMarker } from '../marks';

export type ChartPoint = { x: number; y: number; hint: string };
export type Series = {
  /** Number of the run: its hue, marker and dash. */
  run: number;
  label: string;
  current: boolean;
  points: ChartPoint[];
  /** Drawn instead of straight lines between the points. */
  curve?: Place[];
  /** Above it, what could be reached at most. */
  ceiling?: Place[];
};
type Place = { x: number; y: number };
export type Axis = { title: string; log: boolean; domain: [number, number]; ticks: number[]; format: (value: number) => string };
type Props = {
  name: string;
  series: Series[];
  x: Axis;
  y: Axis;
  width: number;
  height: number;
  /** Where the chosen value of x stands. */
  at?: number | null;
};

const scale = ({ log, domain }: Axis, range: [number, number]) => (log ? scaleLog(domain, range) : scaleLinear(domain, range)).clamp(true);

/** Curves over one parameter. Runs of earlier are faint, the current one is strong; nothing moves but the points. */
export function LineChart({ name, series, x, y, width, height, at }: Props) {
  if (width === 0) return null;
  const X = scale(x, [margin.left, width - margin.right]);
  const Y = scale(y, [height - margin.bottom, margin.top]);
  const path = line<Place>((p) => X(p.x), (p) => Y(p.y));
  return (
    <svg width={width} height={height} role="img" aria-label={name}>
      <Axes x={x} y={y} X={X} Y={Y} width={width} height={height} />
      {at !== null && at !== undefined && (
        <line x1={X(at)} x2={X(at)} y1={margin.top} y2={height - margin.bottom} stroke="var(--query)" strokeWidth={1.5} strokeDasharray="3 3" />
      )}
      {series.map(({ run, current, label, points, curve = points, ceiling = [] }) => (
        <g key={run} opacity={current ? 1 : 0.55} data-run={run}>
          <path d={path(ceiling) ?? ''} fill="none" stroke="var(--ink-2)" strokeWidth={1} strokeDasharray="2 2"><title>{`${label}\nceiling`}</title></path>
          <path d={path(curve) ?? ''} fill="none" stroke={runColour(run)} strokeWidth={current ? 2 : 1.25} strokeDasharray={runDash(run)} />
          {points.map((point) => (
            <path key={`${point.x} ${point.y}`} d={runMarker(run)} transform={`translate(${X(point.x)},${Y(point.y)}) scale(${current ? 0.8 : 0.65})`}
              fill={current ? runColour(run) : 'var(--bg)'} stroke={runColour(run)} strokeWidth={1.5} className="chart-point">
              <title>{`${label}\n${point.hint}`}</title>
            </path>
          ))}
        </g>
      ))}
    </svg>
  );
}

type Scale = (value: number) => number;
type AxesProps = { x: Axis; y: Axis; X: Scale; Y: Scale; width: number; height: number };

function Axes({ x, y, X, Y, width, height }: AxesProps) {
  const bottom = height - margin.bottom;
  return (
    <g aria-hidden="true">
      {y.ticks.map((tick) => (
        <g key={tick} transform={`translate(0,${Y(tick)})`}>
          <line x1={margin.left} x2={width - margin.right} stroke="var(--line)" />
          <text x={margin.left - 6} dy="0.32em" textAnchor="end">{y.format(tick)}</text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <g key={tick} transform={`translate(${X(tick)},${bottom})`}>
          <line y2={4} stroke="var(--control)" />
          <text y={16} textAnchor="middle">{x.format(tick)}</text>
        </g>
      ))}
      <line x1={margin.left} x2={width - margin.right} y1={bottom} y2={bottom} stroke="var(--control)" />
      <text x={(margin.left + width - margin.right) / 2} y={height - 3} textAnchor="middle">{x.title}</text>
    </g>
  );
}
