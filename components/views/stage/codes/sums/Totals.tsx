import { measure } from '../../words';
import style from '../codes.module.css';

export type TotalRow = { name: string; value: number; kind: 'exact' | 'code' | 'sym' };

const tall = 15;
const fills = { exact: style.barExact, code: style.barCode, sym: style.barSym };

/** A few values of the same thing under each other. */
export function Totals({ rows, width }: { rows: TotalRow[]; width: number }) {
  const most = Math.max(...rows.map(({ value }) => Math.abs(value)), 1e-30), left = 96, right = 58;
  return (
    <svg width={width} height={rows.length * tall} style={{ display: 'block' }} role="img" aria-label={rows.map(({ name, value }) => `${name} ${measure(value)}`).join(', ')}>
      {rows.map(({ name, value, kind }, i) => (
        <g key={name} transform={`translate(0 ${i * tall})`}>
          <text className={style.text} x={0} y={11}>{name}</text>
          <rect className={fills[kind]} x={left} y={3} width={Math.max(1, ((width - left - right) * Math.abs(value)) / most)} height={8} />
          <text className={style.text} x={width} y={11} textAnchor="end">{measure(value)}</text>
        </g>
      ))}
    </svg>
  );
}
export const totalsHeight = (rows: number) => rows * tall;
