import { count, measure, plural } from '../words';
import style from './grid.module.css';
import { distanceTo, halvesOf, pairOf, symbolsOf, type Arranged, type Look } from './layout';

type Listed = { list: number; text: string; total: number; unit?: string; note?: string };
type Props = { look: Look; arranged: Arranged; waiting: Int32Array; taken: Int32Array; lines: number; columns: number; hover: number | null; onHover: (pair: number | null) => void };

/** The order in numbers. Parts: the sums taken, last first, and the pairs that wait in the heap. Codebooks: the lists the beam kept.
 *  Where nothing is searched, the fullest lists. */
export function Sums({ look, arranged, waiting, taken, lines, columns, hover, onHover }: Props) {
  const show = { look, arranged, hover, onHover, lines };
  if (!look.walk) return <Column {...show} head="Fullest lists" name="Lists, the fullest first" rows={fullest(look)} of={look.held.sizes.length} />;
  if (look.by === 'codebooks') return <Column {...show} head={`Kept by the beam: ${plural(taken.length, 'list')}`} name="Lists, nearest first" rows={Array.from(taken, (list, i) => kept(look, list, look.walk?.distance[i] ?? 0))} />;
  const heap = Array.from(waiting, (list) => added(look, list)).sort((a, b) => a.total - b.total).map((row, i) => (i === 0 ? { ...row, note: 'next' } : row));
  const before = Array.from(taken, (list, i) => ({ ...added(look, list), note: `${i + 1}` })).reverse();
  return (
    <>
      <Column {...show} head={`In the heap: ${plural(heap.length, 'pair')}`} name="Pairs in the heap, next first" rows={heap} />
      {columns > 1 && <Column {...show} head={`Taken: ${plural(before.length, 'pair')}, last first`} name="Pairs taken, last first" rows={before} />}
    </>
  );
}

type ColumnProps = Pick<Props, 'look' | 'arranged' | 'lines' | 'hover' | 'onHover'> & { head: string; name: string; rows: Listed[]; of?: number };

function Column({ look, arranged, lines, hover, onHover, head, name, rows, of }: ColumnProps) {
  const shown = rows.slice(0, Math.max(0, lines));
  return (
    <div className={style.heap}>
      <p className={style.head}>{head}</p>
      <ol aria-label={name}>
        {shown.map(({ list, text, total, unit, note }) => {
          const pair = pairOf(look, list), { row, column } = arranged.cellOf(pair);
          return (
            <li key={list} data-hovered={pair === hover} onPointerEnter={() => onHover(pair)} onPointerLeave={() => onHover(null)}>
              <span>{look.ksub.length > 1 ? `${row + 1} · ${column + 1}` : row + 1}</span><span>{text}<b>{measure(total)}</b>{unit}</span>{note && <em>{note}</em>}
            </li>
          );
        })}
      </ol>
      {(of ?? rows.length) > shown.length && <p>and {count((of ?? rows.length) - shown.length)} more</p>}
    </div>
  );
}

function added(look: Look, list: number): Listed {
  const [first, second] = halvesOf(look, list);
  return { list, text: `${measure(first)} + ${measure(second)} = `, total: Math.fround(first + second) };
}

/** What is left after the first codebook, and how the others change it. */
function kept(look: Look, list: number, distance: number): Listed {
  const symbols = symbolsOf(look, list), first = distanceTo(look, symbols.slice(0, 1)), change = distance - first;
  return { list, text: symbols.length > 1 ? `${measure(first)} ${change < 0 ? '−' : '+'} ${measure(Math.abs(change))} = ` : '', total: distance };
}

function fullest(look: Look): Listed[] {
  const { held: { codes, sizes }, ksub } = look, M = ksub.length, order = Array.from(sizes.keys()).sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0)).slice(0, 64);
  return order.map((at) => ({ list: ksub.reduceRight((list, K, m) => list * K + (codes[at * M + m] ?? 0), 0), text: '', total: sizes[at] ?? 0, unit: sizes[at] === 1 ? ' vector' : ' vectors' }));
}
