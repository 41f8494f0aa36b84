import { useMemo } from 'react';
import style from './grid.module.css';
import type { Look } from './layout';

type Props = { look: Look; corner: { rows: number; columns: number }; scale: number; room: number };

/** The distances that order the square, as bars along its two sides: what a cell's row and column add up to. */
export function Halves({ look, corner, scale, room }: Props) {
  const [rows, columns] = useMemo(() => {
    const sorted = (half: 0 | 1, n: number) => Array.from(look.order[half].subarray(0, n), (number) => ({ number, near: look.near[half][number] ?? 0 }));
    return [sorted(0, corner.rows), sorted(1, corner.columns)];
  }, [look, corner]);
  const most = Math.max(1e-30, ...rows.map(({ near }) => near), ...columns.map(({ near }) => near)), beam = useMemo(() => new Set(look.beam), [look]);
  const long = (near: number) => Math.max(1, (near / most) * (room - 22)), wide = Math.max(1, scale - 1), imi = look.by === 'IMI';
  return (
    <g>
      <text className={style.axis} x={0} y={-room + 14}>{imi ? 'second half' : 'second codebook'}, nearest first →</text>
      <text className={style.axis} transform={`translate(${-room + 8} 0) rotate(90)`}>{imi ? 'first half' : 'first codebook'}, nearest first →</text>
      {columns.map(({ number, near }, i) => <rect key={number} className={style.half} x={i * scale} width={wide} y={-3 - long(near)} height={long(near)} />)}
      {rows.map(({ number, near }, i) => <rect key={number} className={beam.has(number) ? style.kept : style.half} y={i * scale} height={wide} x={-3 - long(near)} width={long(near)} />)}
    </g>
  );
}
