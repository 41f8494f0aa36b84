import { scaleLinear } from 'd3';
import { measure } from '../../words';
import style from '../codes.module.css';

type Props = {
  values: ArrayLike<number>;
  /** How many each of them stands for. */
  weights: ArrayLike<number>;
  bins: number; range: [number, number];
  /** Drawn as a line with its name. */
  at: { value: number; name: string; dashed?: boolean }[];
  name: string;
  width: number; height: number;
};

/** How often values fall where. */
export function Histogram({ values, weights, bins, range: [low, high], at, name, width, height }: Props) {
  const counts = new Float64Array(bins), foot = height - 20;
  for (let i = 0; i < values.length; i++) { const b = Math.floor((((values[i] ?? 0) - low) / (high - low || 1)) * bins), to = Math.min(bins - 1, Math.max(0, b)); counts[to] = (counts[to] ?? 0) + (weights[i] ?? 0); }
  const most = counts.reduce((a, b) => Math.max(a, b), 1), x = scaleLinear([low, high], [2, width - 2]), y = scaleLinear([0, most], [foot, 16 + 14 * at.length]), bin = (width - 4) / bins;
  const leftmost = Math.min(...at.map(({ value }) => value)), names = at.map((mark, i) => ({ ...mark, top: 13 + 14 * i, left: x(mark.value) > 90 && (mark.value === leftmost && at.length > 1 || width - x(mark.value) < 90) }));
  return (
    <svg className={style.sense} width={width} height={height} role="img" aria-label={`${name}: ${at.map(({ name: own, value }) => `${own} ${measure(value)}`).join(', ')}`}>
      {Array.from(counts, (n, b) => <rect key={b} className={style.barArea} x={2 + b * bin} y={y(n)} width={Math.max(0.5, bin - 1)} height={foot - y(n)} />)}
      <line className={style.axis} x1={0} x2={width} y1={foot + 0.5} y2={foot + 0.5} />
      {names.map(({ value, name: own, dashed, top, left }) => <g key={own}><line className={dashed ? style.truth : style.kth} x1={x(value)} x2={x(value)} y1={top - 9} y2={foot} /><text className={style.label} x={x(value) + (left ? -5 : 5)} y={top} textAnchor={left ? 'end' : 'start'}>{own}</text></g>)}
      <text className={style.text} x={2} y={height - 5}>{measure(low)}</text><text className={style.text} x={width / 2} y={height - 5} textAnchor="middle">{name}</text><text className={style.text} x={width - 2} y={height - 5} textAnchor="end">{measure(high)}</text>
    </svg>
  );
}
