import { scaleLinear } from 'd3';
import { useCallback, type PointerEvent } from 'react';
import type { Looks } from '@/workers/protocol';
import { css, mix } from '../../palette';
import type { Palette } from '../../palette';
import { measure } from '../../words';
import style from '../codes.module.css';
import { useCanvas } from '../useCanvas';

export type Scalar = Extract<Looks['codes']['family'], { kind: 'scalar' }>;
type Props = { scalar: Scalar; palette: Palette; part: number; onPart: (part: number) => void; width: number; height: number };

const AXIS = 16;

/** All components side by side: where their values lie, the range that the levels cover, and the vector's own. */
export function Ranges({ scalar, palette, part, onPart, width, height }: Props) {
  const { d, range, common, commonBins, levels, vector } = scalar, tall = height - AXIS, x = scaleLinear([0, d], [0, width]), y = scaleLinear(range, [tall, 2]).clamp(true);
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
        <path d={edge((j) => vector[j] ?? 0)} fill="none" className={style.axis} style={{ stroke: 'var(--c-ink)', shapeRendering: 'auto' }} />
        <rect className={style.pointed} x={x(part) - 1} y={0} width={Math.max(3, x(1) - x(0) + 2)} height={tall} />
        <text className={style.text} x={0} y={height - 3}>component 0</text><text className={style.text} x={width} y={height - 3} textAnchor="end">{d - 1}</text>
      </svg>
    </>
  );
}

/** One component: its values, the levels, and from the vector's value to its level. */
export function Component({ scalar, part, width, height }: { scalar: Scalar; part: number; width: number; height: number }) {
  const { own, ownBins, ownRange, levels, vector, decoded } = scalar, low = ownRange[2 * part] ?? 0, high = ownRange[2 * part + 1] ?? 1, v = vector[part] ?? 0, to = decoded[part] ?? 0;
  const counts = own.subarray(part * ownBins, (part + 1) * ownBins), most = counts.reduce((a, b) => Math.max(a, b), 1), foot = height - 34;
  const listed = levelsAt(levels, part), ends: [number, number] = [Math.min(low, v, to, ...listed), Math.max(high, v, to, ...listed)], x = scaleLinear(ends, [8, width - 8]), y = scaleLinear([0, most], [foot, 18]);
  const bin = (x(high) - x(low)) / ownBins;
  return (
    <svg className={style.sense} width={width} height={height} role="img" aria-label={`Component ${part}: ${measure(v)} becomes ${measure(to)}`}>
      {Array.from(counts, (n, b) => <rect key={b} className={style.barArea} x={x(low) + b * bin} y={y(n)} width={Math.max(0.5, bin - 0.5)} height={foot - y(n)} />)}
      {listed.map((level, i) => <line key={i} className={style.level} x1={x(level)} x2={x(level)} y1={foot} y2={foot + 8} />)}
      <line className={style.axis} x1={8} x2={width - 8} y1={foot + 0.5} y2={foot + 0.5} />
      <line className={style.kth} x1={x(to)} x2={x(to)} y1={18} y2={foot + 8} />
      <line className={style.truth} x1={x(v)} x2={x(v)} y1={18} y2={foot} />
      <text className={style.label} x={Math.min(width - 110, Math.max(60, x(v)))} y={12} textAnchor="middle">{measure(v)} → {measure(to)}</text>
      <text className={style.text} x={8} y={height - 6}>{measure(ends[0])}</text><text className={style.text} x={width - 8} y={height - 6} textAnchor="end">{measure(ends[1])}</text>
    </svg>
  );
}

const levelsAt = (levels: Scalar['levels'], j: number): number[] => {
  if (levels === null) return [];
  return levels.kind === 'listed' ? [...levels.values] : Array.from({ length: levels.count }, (_, i) => (levels.first[j] ?? 0) + i * (levels.step[j] ?? 0));
};

export function scalarNote({ levels, vector, decoded, errors }: Scalar, j: number): string {
  const step = levels?.kind === 'even' ? levels.step[j] ?? 0 : null, number = step && levels?.kind === 'even' ? Math.round(((decoded[j] ?? 0) - (levels.first[j] ?? 0)) / step) : null;
  const what = number === null ? '' : `, number ${number} of 0 … ${levels?.kind === 'even' ? levels.count - 1 : 0} in steps of ${measure(step ?? 0)}`;
  return `component ${j}${what}: off by ${measure((decoded[j] ?? 0) - (vector[j] ?? 0))}; mean squared error ${measure(errors[j] ?? 0)}`;
}
