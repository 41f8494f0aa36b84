import { useMemo } from 'react';
import { measure, plural } from '../words';
import style from './grid.module.css';
import { halvesOf, type Arranged, type Look } from './layout';

type Props = { look: Look; arranged: Arranged; waiting: Int32Array; lines: number; hoverList: number | null; onHoverList: (list: number | null) => void };

/** The pairs that wait in the heap, least sum first: the first is taken next. */
export function Heap({ look, arranged, waiting, lines, hoverList, onHoverList }: Props) {
  const pairs = useMemo(() => Array.from(waiting, (list) => {
    const [first, second] = halvesOf(look, list);
    return { list, first, second, sum: Math.fround(first + second), ...arranged.cellOf(list) };
  }).sort((a, b) => a.sum - b.sum || a.row - b.row), [look, arranged, waiting]);
  const shown = pairs.slice(0, Math.max(0, lines));
  return (
    <div className={style.heap}>
      <h4>In the heap: {plural(pairs.length, 'pair')}</h4>
      <ol aria-label="Pairs in the heap, next first">
        {shown.map(({ list, row, column, first, second, sum }, i) => (
          <li key={list} data-hovered={list === hoverList} onPointerEnter={() => onHoverList(list)} onPointerLeave={() => onHoverList(null)}>
            <span>{row + 1} · {column + 1}</span><span>{measure(first)} + {measure(second)} = <b>{measure(sum)}</b></span>{i === 0 && <em>next</em>}
          </li>
        ))}
      </ol>
      {pairs.length > shown.length && <p>and {plural(pairs.length - shown.length, 'more', 'more')}</p>}
    </div>
  );
}
