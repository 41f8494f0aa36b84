import { scaleLinear } from 'd3';
import { NeighbourGlyph, SelectedGlyph } from '../glyphs';
import type { NeighbourKind } from '../neighbours';
import { measure } from '../words';
import type { Frame, Look, Point } from './layout';
import style from './ranks.module.css';
import { secondName } from './story';

/** Pixels of a candidate by its two distances. */
export function scatterOf({ base, second }: Look, shown: number, { left, right, top, bottom }: Frame) {
  const reach = (values: Float32Array) => [values.subarray(0, shown).reduce((a, b) => Math.min(a, b), Infinity), values.subarray(0, shown).reduce((a, b) => Math.max(a, b), -Infinity)];
  const X = scaleLinear(reach(base), [left, right]).nice(4), Y = scaleLinear(reach(second), [bottom, top]).nice(4);
  return { X, Y, at: (i: number): Point => ({ x: X(base[i] ?? 0), y: Y(second[i] ?? 0) }) };
}

type Props = { look: Look; shown: number; done: number; box: Frame; kinds: Map<number, NeighbourKind>; selected: number | null; pointed: number | null };

/** Distance in the base against second distance. What is right of the upright line is never re-ranked; what lies under the level one would
 *  be returned. */
export function Scatter({ look, shown, done, box, kinds, selected, pointed }: Props) {
  const { X, Y, at } = scatterOf(look, shown, box), { left, right, top, bottom } = box, { ids, asked, k, base, second, after } = look;
  const all = Array.from({ length: shown }, (_, i) => i), plain = all.filter((i) => !kinds.has(ids[i] ?? -1)), dots = (some: number[]) => some.map((i) => { const { x, y } = at(i); return `M${x},${y}h0`; }).join('');
  const edge = asked < shown ? (X(base[asked - 1] ?? 0) + X(base[asked] ?? 0)) / 2 : null, kth = after.indexOf(Math.min(k, asked) - 1), level = kth < 0 ? null : Y(second[kth] ?? 0);
  const chosen = ids.subarray(0, shown).indexOf(selected ?? -1);
  return (
    <>
      {X.ticks(right - left < 320 ? 2 : 4).map((tick) => <text key={tick} className={style.tick} x={X(tick)} y={bottom + 16} textAnchor={X(tick) > right - 20 ? 'end' : 'middle'}>{measure(tick)}</text>)}
      {Y.ticks(4).map((tick) => <g key={tick}><line className={style.grid} x1={left} x2={right} y1={Y(tick)} y2={Y(tick)} /><text className={style.tick} x={left - 6} y={Y(tick) + 4} textAnchor="end">{measure(tick)}</text></g>)}
      <text className={style.title} x={right} y={bottom + 32} textAnchor="end">distance in the base</text>
      <text className={style.title} x={left} y={top - 8}>{secondName(look)} distance</text>
      {edge !== null && <><rect className={style.beyond} x={edge} width={Math.max(0, right - edge)} y={top} height={bottom - top} /><path className={style.cut} d={`M${edge},${top}V${bottom}`} /></>}
      {level !== null && <path className={style.kept} d={`M${left},${level}H${right}`} />}
      <path className={style.dots} d={dots(plain.filter((i) => i < done))} />
      <path className={style.faint} d={dots(plain.filter((i) => i >= done))} />
      {all.map((i) => { const kind = kinds.get(ids[i] ?? -1), { x, y } = at(i); return kind && <g key={i} transform={`translate(${x} ${y})`} opacity={i < done || i >= asked ? 1 : 0.45}><NeighbourGlyph kind={kind} r={5} /></g>; })}
      {chosen >= 0 && <g transform={`translate(${at(chosen).x} ${at(chosen).y})`}><SelectedGlyph r={10} /></g>}
      {pointed !== null && <circle className={style.ring} cx={at(pointed).x} cy={at(pointed).y} r={8} />}
    </>
  );
}
