/** A row of ours held to that of Faiss. Knows figures, not how they were measured. */
import type { Figures, Row } from '../../engine/test/figures';
import { byteShare, figureNames, fromSpan, slackOf } from '../../engine/test/figures';
import { writeParams } from '../bench/strings';
import type { Ours } from './measure';

/** One setting: our figures, how far each lies from the span of Faiss's seeds, and whether that is more than it may. */
export type Judged = { params: string; ours: Figures; spans: { low: number; high: number }[]; away: number[]; out: boolean[] };

export type Verdict = { points: Judged[]; bytesAgree: boolean; codesAgree: boolean; outside: string[] };

export function judge(row: Row, { codeSize, bytes, at }: Ours, nq: number): Verdict {
  const points = row.points.flatMap(({ params, seeds }) => {
    const setting = writeParams(params), ours = at[setting]?.figures;
    return ours ? [judgePoint(setting, ours, seeds, nq)] : [];
  });
  const slack = byteShare(row.s) * bytes, bytesAgree = !row.bytes.length || fromSpan(bytes, row.bytes) <= slack, codesAgree = codeSize === row.codeSize;
  const outside = [
    ...(codesAgree ? [] : [`${codeSize} bytes a code, Faiss ${row.codeSize}`]), ...(bytesAgree ? [] : [`file of ${bytes} bytes, Faiss ${row.bytes.join(', ')}`]),
    ...points.flatMap(({ params, ours, spans, out }) => figureNames.flatMap((name, i) => (out[i] ? [`${name} ${share(ours[i])} beside ${writeSpan(spans[i])}${params && ` at ${params}`}`] : []))),
  ];
  return { points, bytesAgree, codesAgree, outside };
}

function judgePoint(params: string, ours: Figures, seeds: number[][], nq: number): Judged {
  const columns = ours.map((_, i) => seeds.map((seed) => seed[i] ?? NaN));
  const away = ours.map((value, i) => fromSpan(value, columns[i] ?? []));
  return {
    params, ours, away, out: away.map((far, i) => far > slackOf(i, ours[i] ?? 0, nq)),
    spans: columns.map((column) => ({ low: Math.min(...column), high: Math.max(...column) })),
  };
}

/** .4601 → 0.460 */
export const share = (value = NaN) => value.toFixed(3);

export const writeSpan = ({ low, high } = { low: NaN, high: NaN }) => (share(low) === share(high) ? share(low) : `${share(low)}–${share(high)}`);
