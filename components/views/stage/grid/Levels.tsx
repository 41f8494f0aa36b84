import type { SearchAnswer } from '@/workers/protocol';
import { count, measure, nthNearest, plural } from '../words';
import style from './grid.module.css';
import { nextOf, sizesUnder, symbolsOf, truthsOf, type Arranged, type Held, type Look } from './layout';
import { Row } from './Row';

type Props = {
  look: Look; arranged: Arranged; search: SearchAnswer | null;
  /** Lists taken so far. */
  taken: Int32Array;
  /** Symbols that were chosen, at least as many as stand before the first row. */
  path: number[]; onPath: (path: number[]) => void;
  /** Symbols before the first row: two under a square, none where there is but one. */
  from: number;
  width: number; height: number;
};

/** The symbols that follow what was chosen, a row a level: exact, as each is under one choice of all before it. */
export function Levels({ look, arranged, search, taken, path, onPath, from, width, height }: Props) {
  const M = look.ksub.length, rows = M - from, each = Math.max(84, Math.min(from ? 190 : height, Math.floor(height / rows) - 8));
  return (
    <div className={style.levels}>
      {Array.from({ length: rows }, (_, i) => from + i).map((m) => <Level key={m} {...{ look, arranged, search, taken, path, onPath, width }} m={m} height={each} />)}
    </div>
  );
}

const words = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth'];

function Level({ look, arranged, search, taken, path, onPath, m, width, height }: Omit<Props, 'from'> & { m: number }) {
  const before = path.slice(0, m), under = new Map<number, number>(), near = nextOf(look, before), sizes = sizesUnder(look, before), M = look.ksub.length;
  const order = Int32Array.from(near.keys()).sort((a, b) => (near[a] ?? 0) - (near[b] ?? 0) || a - b);
  const symbolIn = (list: number) => { const symbols = symbolsOf(look, list); return before.every((symbol, i) => symbols[i] === symbol) ? symbols[m] ?? 0 : -1; };
  for (const list of taken) { const symbol = symbolIn(list); under.set(symbol, (under.get(symbol) ?? 0) + 1); }
  const truths: Map<number, Held> = truthsOf(search?.truth ?? [], symbolIn), own = look.selected === null ? -1 : symbolIn(look.selected);
  truths.delete(-1);
  const describe = (symbol: number, rank: number) => {
    const size = sizes[symbol] ?? 0, probed = under.get(symbol) ?? 0, list = [...before, symbol].reduceRight((all, s, i) => all * (look.ksub[i] ?? 1) + s, 0);
    return [
      `${m + 1 === M ? `List ${list}` : `code ${symbol}`} · ${size ? plural(size, 'vector') : 'empty'}`, `${nthNearest(rank + 1)} of ${count(near.length)}, ${measure(near[symbol] ?? 0)}`,
      ...(look.walk ? [m + 1 === M ? (probed ? `probed as number ${taken.indexOf(list) + 1}` : 'not probed') : probed ? `${count(probed)} of its lists probed` : 'none of its lists probed'] : []),
    ];
  };
  return (
    <Row title={titleOf(look, arranged, m, before)} sizes={sizes} near={near} order={order} probed={new Set(under.keys())} truths={truths} chosen={own < 0 ? null : own}
      open={m + 1 < M ? path[m] ?? null : null} onOpen={m + 1 < M ? (symbol) => onPath([...before, symbol]) : undefined} describe={describe} width={width} height={height} />
  );
}

function titleOf({ by, ksub }: Look, { rows, cellOf }: Arranged, m: number, before: number[]): string {
  if (ksub.length === 1) return `${plural(ksub[0] ?? 0, 'list')}, nearest to the query first`;
  const [first = 0, second = 0, ...rest] = before, { row, column } = cellOf(first + rows * second);
  return `${words[m] ?? `${m + 1}th`} ${by === 'parts' ? 'part' : 'codebook'} under ${row + 1} · ${column + 1}, codes ${[first, second, ...rest].join(', ')}`;
}
