import { useMemo } from 'react';
import { measure, plural } from '../words';
import style from './grid.module.css';
import { halvesOf, type Arranged, type Look } from './layout';

type Props = { look: Look; arranged: Arranged; waiting: Int32Array; taken: Int32Array; lines: number; hoverList: number | null; onHoverList: (list: number | null) => void };
type Row = { list: number; first: number; second: number; sum: number };

/** IMI: the pairs that wait in the heap, least sum first, of which the first is taken next. RCQ: the cells the beam kept, nearest first. */
export function Heap({ look, arranged, waiting, taken, lines, hoverList, onHoverList }: Props) {
  const heap = look.by === 'IMI';
  const rows = useMemo(() => (heap ? pairsOf(look, waiting) : keptOf(look, taken)), [heap, look, waiting, taken]), shown = rows.slice(0, Math.max(0, lines));
  return (
    <div className={style.heap}>
      <p className={style.head}>{heap ? `In the heap: ${plural(rows.length, 'pair')}` : `Kept by the beam: ${plural(rows.length, 'cell')}`}</p>
      <ol aria-label={heap ? 'Pairs in the heap, next first' : 'Cells, nearest first'}>
        {shown.map(({ list, first, second, sum }, i) => {
          const { row, column } = arranged.cellOf(list);
          return (
            <li key={list} data-hovered={list === hoverList} onPointerEnter={() => onHoverList(list)} onPointerLeave={() => onHoverList(null)}>
              <span>{row + 1} · {column + 1}</span><span>{measure(first)} {heap ? '+' : '−'} {measure(Math.abs(second))} = <b>{measure(sum)}</b></span>{heap && i === 0 && <em>next</em>}
            </li>
          );
        })}
      </ol>
      {rows.length > shown.length && <p>and {plural(rows.length - shown.length, 'more', 'more')}</p>}
    </div>
  );
}

function pairsOf(look: Look, waiting: Int32Array): Row[] {
  const rows = Array.from(waiting, (list): Row => { const [first, second] = halvesOf(look, list); return { list, first, second, sum: Math.fround(first + second) }; });
  return rows.sort((a, b) => a.sum - b.sum);
}

/** What is left after the first codebook, and how the second changes it. */
const keptOf = (look: Look, taken: Int32Array): Row[] => Array.from(taken, (list, i) => {
  const [first] = halvesOf(look, list), sum = look.walk.distance[i] ?? 0;
  return { list, first, second: sum - first, sum };
});
