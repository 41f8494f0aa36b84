import { scaleLinear } from 'd3';
import { useCallback, type PointerEvent } from 'react';
import type { Looks } from '@/workers/protocol';
import { css, mix } from '../../palette';
import type { Palette } from '../../palette';
import { measure, plural } from '../../words';
import style from '../codes.module.css';
import { useCanvas } from '../useCanvas';

export type Scalar = Extract<Looks['codes']['family'], { kind: 'scalar' }>;
type Props = { scalar: Scalar; palette: Palette; part: number; onPart: (part: number) => void; width: number; height: number };

const AXIS = 16;

/** All components side by side: where their values lie, the range that the levels cover, and the vector's own. */
export function Ranges({ scalar, palette, part, onPart, width, height }: Props) {
  const { d, range, common, commonBins, levels, vector, query } = scalar, tall = height - AXIS, x = scaleLinear([0, d], [0, width]), y = scaleLinear(range, [tall, 2]).clamp(true);
  const canvas = useCanvas(width, height, useCallback((context) => {
    const wide = width / d, bin = (height - AXIS) / commonBins;
    for (let j = 0; j < d; j++) {
      const most = common.subarray(j * commonBins, (j + 1) * commonBins).reduce((a, b) => Math.max(a, b), 1);
      for (let b = 0; b < commonBins; b++) {
        const n = common[j * commonBins + b] ?? 0;
        if (n === 0) continue;
        context.fillStyle = css(mix(palette.ground, palette.probed, 0.1 + 0.75 * Math.sqrt(n / most)));
        context.fillRect(j * wide, height - AXIS - (b + 1) * bin, wide + 0.4, bin + 0.4);
      }
    }
  }, [width, height, d, common, commonBins, palette]));
  const point = (event: PointerEvent<SVGSVGElement>) => onPart(Math.min(d - 1, Math.max(0, Math.floor(x.invert(event.clientX - event.currentTarget.getBoundingClientRect().left)))));
  const edge = (at: (j: number) => number) => Array.from({ length: d }, (_, j) => `${j ? 'L' : 'M'}${x(j).toFixed(1)},${y(at(j)).toFixed(1)}H${x(j + 1).toFixed(1)}`).join('');
  return (
    <>
      <canvas {...canvas} className={style.layer} />
      <svg className={style.sense} width={width} height={height} onPointerMove={point} onPointerDown={point} role="img" aria-label={`Values of ${d} components`}>
        {levels?.kind === 'even' && <><path className={style.kth} d={edge((j) => (levels.first[j] ?? 0) - (levels.step[j] ?? 0) / 2)} /><path className={style.kth} d={edge((j) => (levels.first[j] ?? 0) + (levels.count - 0.5) * (levels.step[j] ?? 0))} /></>}
        <path className={style.queryLine} d={edge((j) => query[j] ?? 0)} />
        <path d={edge((j) => vector[j] ?? 0)} fill="none" className={style.axis} style={{ stroke: 'var(--c-ink)', shapeRendering: 'auto' }} />
        <rect className={style.pointed} x={x(part) - 1} y={0} width={Math.max(3, x(1) - x(0) + 2)} height={tall} />
        <text className={style.text} x={0} y={height - 3}>component 0</text><text className={style.text} x={width} y={height - 3} textAnchor="end">{d - 1}</text>
      </svg>
    </>
  );
}

/** One component: its values, the levels, and from the vector's value to its level; of many levels the nearest once more at large. */
export function Component({ scalar, part, width, height }: { scalar: Scalar; part: number; width: number; height: number }) {
  const { own, ownBins, ownRange, levels, vector, decoded, query } = scalar, q = query[part] ?? 0, low = ownRange[2 * part] ?? 0, high = ownRange[2 * part + 1] ?? 1, v = vector[part] ?? 0, to = decoded[part] ?? 0;
  const counts = own.subarray(part * ownBins, (part + 1) * ownBins), most = counts.reduce((a, b) => Math.max(a, b), 1);
  const listed = levelsAt(levels, part), near = nearLevels(levels, part, v), foot = height - (near ? 92 : 34), ends: [number, number] = [Math.min(low, v, to, q, ...listed), Math.max(high, v, to, q, ...listed)], x = scaleLinear(ends, [8, width - 8]), y = scaleLinear([0, most], [foot, 18]);
  const bin = (x(high) - x(low)) / ownBins;
  return (
    <svg className={style.sense} width={width} height={height} role="img" aria-label={`Component ${part}: ${measure(v)} becomes ${measure(to)}`}>
      {Array.from(counts, (n, b) => <rect key={b} className={style.barArea} x={x(low) + b * bin} y={y(n)} width={Math.max(0.5, bin - 0.5)} height={foot - y(n)} />)}
      {listed.length * 3 < width ? listed.map((level, i) => <line key={i} className={style.level} x1={x(level)} x2={x(level)} y1={foot} y2={foot + 8} />) : <rect className={style.covered} x={x(listed[0] ?? 0)} y={foot + 2} width={x(listed.at(-1) ?? 0) - x(listed[0] ?? 0)} height={5} />}
      <line className={style.axis} x1={8} x2={width - 8} y1={foot + 0.5} y2={foot + 0.5} />
      <line className={style.queryLine} x1={x(q)} x2={x(q)} y1={18} y2={foot} />
      <line className={style.kth} x1={x(to)} x2={x(to)} y1={18} y2={foot + 8} />
      <line className={style.truth} x1={x(v)} x2={x(v)} y1={18} y2={foot} />
      <text className={style.label} x={Math.min(width - 70, Math.max(70, x(v)))} y={12} textAnchor="middle">{measure(v)} → {measure(to)}</text>
      <text className={style.text} x={8} y={foot + 22}>{measure(ends[0])}</text><text className={style.text} x={width - 8} y={foot + 22} textAnchor="end">{measure(ends[1])}</text>
      {near && <Near levels={near} v={v} to={to} from={[x(near[0] ?? v), x(near.at(-1) ?? v)]} top={foot + 8} foot={height - 20} width={width} />}
    </svg>
  );
}

/** The levels around a value, with the place that they are taken from. */
function Near({ levels, v, to, from, top, foot, width }: { levels: number[]; v: number; to: number; from: [number, number]; top: number; foot: number; width: number }) {
  const x = scaleLinear([levels[0] ?? 0, levels.at(-1) ?? 1], [16, width - 16]);
  return (
    <>
      <path className={style.guide} d={`M${from[0]},${top}L16,${foot - 26}M${from[1]},${top}L${width - 16},${foot - 26}`} />
      <line className={style.axis} x1={8} x2={width - 8} y1={foot + 0.5} y2={foot + 0.5} />
      {levels.map((level, i) => <line key={i} className={style.level} x1={x(level)} x2={x(level)} y1={foot - 9} y2={foot} />)}
      <line className={style.kth} style={{ strokeWidth: 2.5 }} x1={x(to)} x2={x(to)} y1={foot - 24} y2={foot} />
      <line className={style.truth} x1={x(v)} x2={x(v)} y1={foot - 24} y2={foot} />
      <text className={style.text} x={16} y={foot + 14} textAnchor="middle">{fine(levels[0] ?? 0)}</text><text className={style.text} x={width - 16} y={foot + 14} textAnchor="end">{fine(levels.at(-1) ?? 0)}</text>
      <text className={style.text} x={width / 2} y={foot + 14} textAnchor="middle">the nearest levels</text>
    </>
  );
}

/** Neighbouring levels differ late. */
const fine = (v: number) => `${Number(v.toPrecision(4))}`;

const AROUND = 4, CROWDED = 24;

/** Levels to either side of a value, where there are too many to be seen one by one. */
function nearLevels(levels: Scalar['levels'], j: number, v: number): number[] | null {
  if (levels?.kind === 'floats') {
    const step = stepOf(levels.mantissa, v), at = Math.round(v / step);
    return Array.from({ length: 2 * AROUND + 1 }, (_, i) => (at + i - AROUND) * step);
  }
  const all = levelsAt(levels, j);
  if (all.length <= CROWDED) return null;
  const at = all.findIndex((level) => level >= v), middle = Math.min(all.length - AROUND - 1, Math.max(AROUND, at < 0 ? all.length : at));
  return all.slice(middle - AROUND, middle + AROUND + 1);
}

/** Between one short float and the next, around a value. */
const stepOf = (mantissa: number, v: number): number => 2 ** (Math.floor(Math.log2(Math.abs(v) || 2 ** -14)) - mantissa);

const levelsAt = (levels: Scalar['levels'], j: number): number[] => {
  switch (levels?.kind) {
    case 'even': return Array.from({ length: levels.count }, (_, i) => (levels.first[j] ?? 0) + i * (levels.step[j] ?? 0));
    case 'listed': case 'scaled': return [...levels.values];
    default: return [];
  }
};

export function levelsName(levels: Scalar['levels']): string {
  switch (levels?.kind) {
    case 'even': return `${levels.count} even levels each`;
    case 'listed': return `${plural(levels.values.length, 'level')} for all`;
    case 'scaled': return `${plural(levels.values.length, 'level')} at this vector’s length`;
    case 'floats': return `short floats, ${levels.mantissa + 1} significant bits`;
    default: return 'no levels shared by all vectors';
  }
}

export function scalarNote({ levels, vector, decoded, errors, query, adds }: Scalar, j: number): string {
  const off = `off by ${measure((decoded[j] ?? 0) - (vector[j] ?? 0))} (mean squared error ${measure(errors[j] ?? 0)}); query ${measure(query[j] ?? 0)}, adds ${measure(adds[j] ?? 0)} to the distance`;
  return `component ${j}${whereAmong(levels, decoded[j] ?? 0, j)}: ${off}`;
}

function whereAmong(levels: Scalar['levels'], to: number, j: number): string {
  if (levels?.kind === 'floats') return `, in steps of ${measure(stepOf(levels.mantissa, to))} here`;
  if (levels?.kind === 'scaled') return ', a level and the sign of what it leaves';
  if (levels?.kind !== 'even') return '';
  const step = levels.step[j] ?? 0, number = step ? Math.round((to - (levels.first[j] ?? 0)) / step) : 0;
  return `, number ${number} of 0 … ${levels.count - 1} in steps of ${measure(step)}`;
}
