import { useMemo } from 'react';
import type { Palette } from '../../palette';
import { stepsOf, tablesAdded } from './arrange';
import type { Sum } from './arrange';
import { Heat } from './Heat';
import { Totals, totalsHeight } from './Totals';
import type { TotalRow } from './Totals';
import { Waterfall } from './Waterfall';

type Props = {
  sum: Sum; metric: 'L2' | 'IP'; palette: Palette; exact: number; byCode: number; totals: TotalRow[]; lit: number | null;
  part: number; onPart: (part: number) => void; code: number | null; onCode: (part: number, code: number | null) => void; width: number; height: number;
};

const GAP = 6;

/** The tables, the sum of the entries of one code, and what it is beside the true distance. */
export function Sums({ sum, metric, palette, exact, byCode, totals, lit, part, onPart, code, onCode, width, height }: Props) {
  const steps = useMemo(() => stepsOf(sum), [sum]), added = tablesAdded(sum, lit), below = totalsHeight(totals.length);
  const room = height - below - 2 * GAP, heat = Math.round(room * 0.55);
  return (
    <>
      <div style={{ position: 'relative', height: heat }}><Heat sum={sum} metric={metric} palette={palette} part={part} code={code} onCode={onCode} lit={added} width={width} height={heat} /></div>
      <div style={{ position: 'relative', height: room - heat, margin: `${GAP}px 0` }}><Waterfall steps={steps} total={byCode} exact={exact} added={added} part={part} onPart={onPart} width={width} height={room - heat} /></div>
      <Totals rows={totals} width={width} />
    </>
  );
}
