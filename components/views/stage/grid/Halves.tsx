import { useMemo } from 'react';
import style from './grid.module.css';
import { nextOf, type Arranged, type Look } from './layout';

type Props = {
  look: Look; arranged: Arranged; corner: { rows: number; columns: number }; scale: number; room: number;
  /** Codebooks: the row whose columns the bars above are of. */
  row: number;
};

/** The distances that order the square, as bars along its two sides: of parts what a cell's row and column add up to, of codebooks what
 *  is left after the first, and, above, after the second in one row. */
export function Halves({ look, arranged, corner, scale, room, row }: Props) {
  const parts = look.by === 'parts', { pairAt } = arranged;
  const [rows, columns] = useMemo(() => {
    const first = pairAt({ row, column: 0 }) % arranged.rows, after = nextOf(look, []), next = parts ? look.near[1] : nextOf(look, [first]);
    return [
      Array.from({ length: corner.rows }, (_, r) => { const number = pairAt({ row: r, column: 0 }) % arranged.rows; return { number, near: after[number] ?? 0 }; }),
      Array.from(arranged.columnsOf(row).subarray(0, corner.columns), (number) => ({ number, near: next?.[number] ?? 0 })),
    ];
  }, [look, arranged, corner, row, parts, pairAt]);
  const most = Math.max(1e-30, ...rows.map(({ near }) => near), ...columns.map(({ near }) => near)), beam = useMemo(() => new Set(look.walk?.beams[0]), [look]);
  const long = (near: number) => Math.max(1, (near / most) * (room - 22)), wide = Math.max(1, scale - 1);
  return (
    <g>
      <text className={style.axis} x={0} y={-room + 14}>{above(look, row)}</text>
      <text className={style.axis} transform={`translate(${-room + 8} 0) rotate(90)`}>{beside(look)}, nearest first →</text>
      {columns.map(({ number, near }, i) => <rect key={number} className={style.half} x={i * scale} width={wide} y={-3 - long(near)} height={long(near)} />)}
      {rows.map(({ number, near }, i) => <rect key={number} className={beam.has(number) ? style.kept : style.half} y={i * scale} height={wide} x={-3 - long(near)} width={long(near)} />)}
    </g>
  );
}

const halves = ({ by, ksub }: Look) => by === 'parts' && ksub.length === 2;
const beside = (look: Look) => (halves(look) ? 'first half' : look.by === 'parts' ? 'first part' : 'first codebook');
const above = (look: Look, row: number) => (halves(look) ? 'second half, nearest first →' : look.by === 'parts' ? 'second part, nearest first →' : `second codebook after row ${row + 1} →`);
