import { line, scaleLinear, scaleLog } from 'd3';
import { margin, runColour, runDash, runMarker } from '../marks';

export type ChartPoint = { x: number; y: number; hint: string };
export type Series = {
  /** Number of the run: its hue, marker and dash. */
  run: number;
  label: string;
  current: boolean;
  points: ChartPoint[];
  /** Points that another of this run beats in both: marks only, and faint. */
  beaten?: ReadonlySet<ChartPoint>;
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
  /** A value of x pointed at elsewhere, marked on the current curve; `onMark` hears what is pointed at here. */
  mark?: number | null;
  onMark?: (x: number | null) => void;
};

const scale = ({ log, domain }: Axis, range: [number, number]) => (log ? scaleLog(domain, range) : scaleLinear(domain, range)).clamp(true);
type Scale = ReturnType<typeof scale>;

/** Curves over one parameter. Runs of earlier are faint, the current one is strong; nothing moves but the points. */
export function LineChart({ name, series, x, y, width, height, at, mark = null, onMark }: Props) {
  if (width === 0) return null;
  const X = scale(x, [margin.left, width - margin.right]);
  const Y = scale(y, [height - margin.bottom, margin.top]);
  const path = line<Place>((p) => X(p.x), (p) => Y(p.y));
  return (
    <svg width={width} height={height} role="img" aria-label={name}>
      <Axes x={x} y={y} X={X} Y={Y} width={width} height={height} />
      {at !== null && at !== undefined && (
        <line x1={X(at)} x2={X(at)} y1={margin.top} y2={height - margin.bottom} stroke="var(--ink)" strokeWidth={1} strokeDasharray="3 3" />
      )}
      {series.map(({ run, current, label, points, beaten, curve = points, ceiling = [] }) => (
        <g key={run} opacity={current ? 1 : 0.55} data-run={run}>
          <path d={path(ceiling) ?? ''} fill="none" stroke="var(--ink-2)" strokeWidth={1} strokeDasharray="2 2"><title>{`${label}\nceiling`}</title></path>
          <path d={path(curve) ?? ''} fill="none" stroke={runColour(run)} strokeWidth={current ? 2 : 1.25} strokeDasharray={runDash(run)} />
          {points.map((point) => (
            <path key={`${point.x} ${point.y}`} d={runMarker(run)} transform={`translate(${X(point.x)},${Y(point.y)}) scale(${current ? 0.8 : 0.65})`}
              opacity={beaten?.has(point) ? 0.4 : undefined} fill={current && !beaten?.has(point) ? runColour(run) : 'var(--bg)'} stroke={runColour(run)} strokeWidth={1.5} className="chart-point">
              <title>{`${label}\n${point.hint}`}</title>
            </path>
          ))}
        </g>
      ))}
      {mark !== null && <Mark x={mark} series={series} X={X} Y={Y} height={height} />}
      {onMark && (
        <rect x={margin.left} y={margin.top} width={Math.max(0, width - margin.left - margin.right)} height={Math.max(0, height - margin.top - margin.bottom)} fill="transparent"
          onPointerMove={(event) => onMark(X.invert(event.clientX - (event.currentTarget.ownerSVGElement?.getBoundingClientRect().left ?? 0)))} onPointerLeave={() => onMark(null)} />
      )}
    </svg>
  );
}

/** A ring on the current curve, as it is drawn between its points, and a line down to the axis. */
function Mark({ x, series, X, Y, height }: { x: number; series: Series[]; X: Scale; Y: Scale; height: number }) {
  const own = series.find(({ current }) => current), places: Place[] = own?.curve ?? own?.points ?? [];
  const after = places.findIndex((p) => p.x >= x), [to, from] = [places[after], places[after - 1] ?? places[after]];
  if (!to || !from || x < from.x) return null;
  const share = to.x > from.x ? (X(x) - X(from.x)) / (X(to.x) - X(from.x)) : 0, y = Y(from.y) + share * (Y(to.y) - Y(from.y));
  return (
    <g data-mark={x} pointerEvents="none">
      <line x1={X(x)} x2={X(x)} y1={y} y2={height - margin.bottom} stroke="var(--ink)" />
      <circle cx={X(x)} cy={y} r={5} fill="var(--bg)" stroke="var(--ink)" strokeWidth={2} />
    </g>
  );
}

type AxesProps = { x: Axis; y: Axis; X: Scale; Y: Scale; width: number; height: number };

/** Under its tick, or against the right edge where that would cut it. */
const within = (at: number, label: string, width: number) => (at + letter * label.length / 2 > width ? { x: width - at, textAnchor: 'end' } as const : { textAnchor: 'middle' } as const);
const letter = 7; // pixels, at most

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
          <text y={16} {...within(X(tick), x.format(tick), width)}>{x.format(tick)}</text>
        </g>
      ))}
      <line x1={margin.left} x2={width - margin.right} y1={bottom} y2={bottom} stroke="var(--control)" />
      <text x={(margin.left + width - margin.right) / 2} y={height - 3} textAnchor="middle">{x.title}</text>
    </g>
  );
}
