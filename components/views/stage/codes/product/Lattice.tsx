import { scaleLinear } from 'd3';
import { useCallback, useMemo } from 'react';
import { QueryGlyph, SelectedGlyph } from '../../glyphs';
import { css, mix } from '../../palette';
import type { Palette } from '../../palette';
import style from '../codes.module.css';
import { useCanvas } from '../useCanvas';
import type { Product } from './frame';

type Props = { product: Product; palette: Palette; points: Float32Array; finished: boolean; part: number; row: number | null; width: number; height: number };

/** Two parts of one component each are the two axes: the codes of both make a lattice of what can be decoded, and a vector is in the
 *  cell of its code. */
export const isLattice = ({ M, dsub }: Product): boolean => M === 2 && dsub === 1;

export function Lattice({ product, palette, points, finished, part, row, width, height }: Props) {
  const { rows, sample, sampled, vector, query, chosen } = product;
  const axes = useMemo(() => [0, 1].map((m) => [...points.subarray(m * rows * 2, (m + 1) * rows * 2)].filter((_, i) => i % 2 === 0)), [points, rows]), [across = [], up = []] = axes;
  const { x, y } = useMemo(() => scales(axes, sample, sampled, width, height), [axes, sample, sampled, width, height]);
  const canvas = useCanvas(width, height, useCallback((context) => {
    context.fillStyle = css(palette.scanned, 0.7);
    for (let i = 0; i < sampled; i++) { context.beginPath(); context.arc(x(sample[2 * i] ?? 0), y(sample[(sampled + i) * 2] ?? 0), 1.6, 0, 7); context.fill(); }
    context.fillStyle = css(mix(palette.ground, palette.ink, 0.55));
    if (rows <= 64) for (const a of across) for (const b of up) context.fillRect(x(a) - 0.75, y(b) - 0.75, 1.5, 1.5);
  }, [palette, sample, sampled, across, up, rows, x, y]));
  const code = { x: x(across[chosen[0] ?? 0] ?? 0), y: y(up[chosen[1] ?? 0] ?? 0) }, own = { x: x(vector[0] ?? 0), y: y(vector[2] ?? 0) }, value = row === null ? undefined : axes[part]?.[row];
  return (
    <>
      <canvas {...canvas} className={style.layer} />
      <svg className={style.sense} width={width} height={height} aria-hidden="true" style={{ overflow: 'hidden' }}>
        {between(across).map((v) => <line key={`a${v}`} className={style.axis} x1={x(v)} x2={x(v)} y1={0} y2={height} />)}
        {between(up).map((v) => <line key={`b${v}`} className={style.axis} x1={0} x2={width} y1={y(v)} y2={y(v)} />)}
        <rect className={style.cell} x={0.5} y={0.5} width={width - 1} height={height - 1} rx={3} />
        {value !== undefined && (part === 0 ? <line className={style.pointed} x1={x(value)} x2={x(value)} y1={0} y2={height} /> : <line className={style.pointed} x1={0} x2={width} y1={y(value)} y2={y(value)} />)}
        {finished && <>
          <line className={style.miss} x1={own.x} y1={own.y} x2={code.x} y2={code.y} />
          <circle className={style.code} cx={code.x} cy={code.y} r={4.5} />
          <g transform={`translate(${own.x} ${own.y})`}><SelectedGlyph r={7} /></g>
          <g transform={`translate(${x(query[0] ?? 0)} ${y(query[2] ?? 0)})`}><QueryGlyph r={9} /></g>
        </>}
      </svg>
    </>
  );
}

/** Where one code ends and the next begins. */
function between(values: number[]): number[] {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  return sorted.slice(1).map((v, i) => (v + (sorted[i] ?? v)) / 2);
}

/** One scale for both axes. */
function scales(axes: number[][], sample: Float32Array, sampled: number, width: number, height: number) {
  const [a, b] = axes.map((values, m) => { const all = [...values, ...Array.from({ length: sampled }, (_, i) => sample[(m * sampled + i) * 2] ?? 0)]; return [Math.min(...all), Math.max(...all)] as const; });
  const [a0, a1] = a ?? [0, 1], [b0, b1] = b ?? [0, 1], each = Math.min((width - 16) / (a1 - a0 || 1), (height - 16) / (b1 - b0 || 1)), midA = (a0 + a1) / 2, midB = (b0 + b1) / 2;
  return {
    x: scaleLinear([midA - width / 2 / each, midA + width / 2 / each], [0, width]),
    y: scaleLinear([midB - height / 2 / each, midB + height / 2 / each], [height, 0]),
  };
}
