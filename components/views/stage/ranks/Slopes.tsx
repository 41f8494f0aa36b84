import { NeighbourGlyph, SelectedGlyph } from '../glyphs';
import { count, measure } from '../words';
import { spaced, type Look, type Placed } from './layout';
import style from './ranks.module.css';
import { secondName } from './story';

type Props = {
  look: Look; placed: Placed[]; left: number; right: number; bottom: number;
  /** Heights under the last that is re-ranked, and under the last that is returned. */
  cut: number; kept: number;
  /** True neighbours that the base did not find. */
  unseen: number;
  selected: number | null; pointed: number | null; hoverList: number | null;
};

/** Each candidate's place in the base's order and, joined to it, after re-ranking. True and returned ones carry their marks. */
export function Slopes({ look, placed, left, right, bottom, cut, kept, unseen, selected, pointed, hoverList }: Props) {
  const plain = placed.filter(({ kind }) => !kind), marked = placed.filter(({ kind }) => kind), chosen = placed.find(({ id }) => id === selected), under = placed.find(({ i }) => i === pointed);
  const inList = hoverList === null ? [] : placed.filter(({ i }) => look.lists[i] === hoverList);
  return (
    <>
      <text className={style.title} x={left} y={14} textAnchor="middle">base order</text>
      <text className={style.title} x={right} y={14} textAnchor="middle">re-ranked, {secondName(look)}</text>
      <rect className={style.beyond} x={left - 8} width={68} y={cut} height={Math.max(0, bottom - cut)} />
      <path className={style.cut} d={`M${left - 8},${cut} H${left + 60}`} />
      <path className={style.kept} d={`M${right - 60},${kept} H${right + 8}`} />
      <path className={style.lines} d={joined(plain)} />
      <path className={style.dots} d={plain.flatMap(({ left: a, right: b }) => (b ? [a, b] : [a])).map(({ x, y }) => `M${x},${y}h0`).join('')} />
      {inList.length > 0 && <path className={style.same} d={joined(inList)} />}
      {marked.map((one) => one.right && <path key={one.id} className={style[`${one.kind ?? 'returned'}Line`]} d={joined([one])} />)}
      {under?.right && <path className={style.under} d={joined([under])} />}
      {marked.map(({ id, kind, left: a, right: b }) => kind && [a, ...(b ? [b] : [])].map(({ x, y }) => <g key={`${id} ${x}`} transform={`translate(${x} ${y})`}><NeighbourGlyph kind={kind} r={5} /></g>))}
      <Words look={look} placed={placed} />
      <Bounds look={look} left={left} right={right} cut={cut} kept={kept} />
      {unseen > 0 && <Unseen look={look} unseen={unseen} x={left} y={bottom + 24} />}
      {[chosen, under].map((one, n) => one && [one.left, ...(one.right ? [one.right] : [])].map(({ x, y }) => (
        <g key={`${n} ${x}`} transform={`translate(${x} ${y})`}>{n === 0 ? <SelectedGlyph r={10} /> : <circle className={style.ring} r={8} />}</g>
      )))}
    </>
  );
}

const joined = (some: Placed[]) => some.map(({ left: a, right: b }) => (b ? `M${a.x},${a.y}C${(a.x + b.x) / 2},${a.y} ${(a.x + b.x) / 2},${b.y} ${b.x},${b.y}` : '')).join('');

/** What the two dashed lines are: on them where they are long enough, else beside. */
function Bounds({ look: { asked, k }, left, right, cut, kept }: Pick<Props, 'look' | 'left' | 'right' | 'cut' | 'kept'>) {
  const narrow = right - left < 240;
  if (asked <= k) return <text className={style.note} x={(left + right) / 2} y={narrow ? cut + 18 : cut + 4} textAnchor="middle">{count(asked)} re-ranked, all returned</text>;
  return (
    <>
      <text className={style.note} x={left + (narrow ? 12 : 64)} y={cut + (narrow ? 16 : 4)}>{count(asked)} re-ranked</text>
      <text className={style.note} x={right - (narrow ? 12 : 64)} y={kept + (narrow ? -6 : 4)} textAnchor="end">{k} returned</text>
    </>
  );
}

/** Below the last candidate, off the scale. */
function Unseen({ look: { ids }, unseen, x, y }: { look: Look; unseen: number; x: number; y: number }) {
  const marks = Math.min(unseen, 6);
  return (
    <g>
      {Array.from({ length: marks }, (_, i) => <g key={i} transform={`translate(${x + 14 * i} ${y})`}><NeighbourGlyph kind="missed" r={5} /></g>)}
      <text className={style.note} x={x + 14 * marks - 2} y={y + 4}>{unseen > marks ? `${count(unseen)}: ` : ''}not in the base’s {count(ids.length)}</text>
    </g>
  );
}

/** Rank and distance beside the marks, the true and the returned first, where there is room. */
function Words({ look, placed }: { look: Look; placed: Placed[] }) {
  const order = [...placed].sort((a, b) => Number(!a.kind) - Number(!b.kind) || a.i - b.i), second = order.filter(({ right }) => right);
  const lefts = spaced(order.map(({ left }) => left.y), 14), rights = spaced(second.map(({ right }) => right?.y ?? 0), 14);
  return (
    <g className={style.words}>
      {order.map(({ i, left: { x, y } }, n) => lefts[n] !== null && <text key={i} x={x - 12} y={y + 4} textAnchor="end">{measure(look.base[i] ?? 0)}<tspan className={style.rank} dx={8}>{i + 1}</tspan></text>)}
      {second.map(({ i, right, after }, n) => rights[n] !== null && right && <text key={i} x={right.x + 12} y={right.y + 4}><tspan className={style.rank}>{after + 1}</tspan><tspan dx={8}>{measure(look.second[i] ?? 0)}</tspan></text>)}
    </g>
  );
}
