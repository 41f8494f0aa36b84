import type { Answer } from '../ask';
import { K } from '../ask';
import { size } from '../frame';
import style from '../reference.module.css';
import { Found, Missed } from './marks';

const top = 24, left = 96, right = 224;

/** Ranks by code on the left, after re-ranking on the right: a slope for each that is returned, a mark for each true
 *  neighbour. */
export function Ranks({ before, after }: Extract<Answer, { kind: 'ranks' }>) {
  const step = (size.height - top - 12) / Math.max(before.hits.length, K);
  const y = (rank: number) => top + (rank + 0.5) * step;
  const rankBefore = new Map(before.hits.map(({ id }, rank) => [id, rank]));
  const truth = new Set(before.truth.slice(0, K).map(({ id }) => id));
  const returned = new Set(after.hits.map(({ id }) => id));
  return (
    <svg viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
      <text x={left} y={12} textAnchor="middle">rank by code</text>
      <text x={right} y={12} textAnchor="middle">re-ranked</text>
      {before.hits.map(({ id }, rank) => <circle key={id} className={style.rank} cx={left} cy={y(rank)} r={Math.min(2.2, step / 2.4)} />)}
      {after.hits.map(({ id }, rank) => {
        const from = rankBefore.get(id);
        return from !== undefined && <path key={id} className={truth.has(id) ? style.slope : style.faintSlope} d={`M${left + 7},${y(from)}C${left + 50},${y(from)} ${right - 50},${y(rank)} ${right - 7},${y(rank)}`} />;
      })}
      {after.hits.map(({ id }, rank) => <g key={id} transform={`translate(${right} ${y(rank)})`}>{truth.has(id) ? <Found /> : <circle className={style.rank} r={2.2} />}</g>)}
      {[...truth].map((id) => {
        const rank = rankBefore.get(id);
        return rank !== undefined && <g key={id} transform={`translate(${left} ${y(rank)})`}>{returned.has(id) ? <Found /> : <Missed />}</g>;
      })}
      <text x={left - 12} y={y(0) + 4} textAnchor="end">1</text>
      <text x={left - 12} y={y(before.hits.length - 1) + 4} textAnchor="end">{before.hits.length}</text>
      <text x={right + 12} y={y(0) + 4}>1</text>
      <text x={right + 12} y={y(after.hits.length - 1) + 4}>{after.hits.length}</text>
    </svg>
  );
}
