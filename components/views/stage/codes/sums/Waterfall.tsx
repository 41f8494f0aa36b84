import { scaleLinear } from 'd3';
import { measure } from '../../words';
import style from '../codes.module.css';
import type { SumStep } from './arrange';

type Props = { steps: SumStep[]; total: number; exact: number; /** Name of the last step. */ last?: string; added: number; part: number; onPart: (part: number) => void; width: number; height: number };

const TOP = 14, BOTTOM = 14;

/** What stands before the tables: by name where there is room. */
function startName(terms: string[], last: string): string {
  const all = terms.join(' + ');
  return terms.length === 0 ? last.replace('last', 'first') : all.length > 26 ? `${terms.length} terms` : all;
}

/** The distance as it is summed: each bar goes from what was there to what is there then, and the last ends at the distance by code. */
export function Waterfall({ steps, total, exact, last = 'last table', added, part, onPart, width, height }: Props) {
  const ends = steps.flatMap(({ before, after, kind }, i) => (i === 0 && kind === 'term' ? [after] : [before, after])), low = Math.min(...ends, exact), high = Math.max(...ends, exact), pad = (high - low) * 0.08 || 1;
  const x = scaleLinear([0, steps.length], [0, width]), y = scaleLinear([low - pad, high + pad], [height - BOTTOM, TOP]), wide = Math.max(1, x(1) - x(0) - (steps.length > 60 ? 0.5 : 1.5)), floor = height - BOTTOM;
  const first = steps.findIndex(({ kind }) => kind === 'table');
  return (
    <svg width={width} height={height} className={style.sense} role="img" aria-label={`The sum ends at ${measure(total)}; the true distance is ${measure(exact)}`}>
      <line className={style.axis} x1={0} x2={width} y1={floor + 0.5} y2={floor + 0.5} />
      {steps.map(({ kind, table, before, after }, i) => {
        const shown = table === null || table < added, from = i === 0 && kind === 'term' ? floor : y(before), to = y(after);
        return (
          <g key={i} onPointerEnter={() => { if (table !== null) onPart(table); }}>
            <rect x={x(i)} y={0} width={x(1) - x(0)} height={height} fill="transparent" />
            <rect className={style.step} data-kind={kind} data-lit={shown} data-down={after < before} data-on={table === part} x={x(i)} y={Math.min(from, to)} width={wide} height={Math.max(1, Math.abs(to - from))} />
          </g>
        );
      })}
      <line className={style.truth} x1={0} x2={width} y1={y(exact)} y2={y(exact)} />
      <text className={style.text} x={0} y={height - 3}>{startName(steps.slice(0, Math.max(0, first)).map(({ name }) => name), last)}</text>
      <text className={style.text} x={width} y={height - 3} textAnchor="end">{last}</text>
      <text className={style.label} x={width} y={10} textAnchor="end">{`by code ${measure(total)} · true ${measure(exact)}`}</text>
    </svg>
  );
}
