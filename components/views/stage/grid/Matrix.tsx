import { useLayoutEffect, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { NeighbourGlyph, SelectedGlyph } from '../glyphs';
import { useRatio } from '../hooks';
import type { Palette } from '../palette';
import { Tooltip } from '../Tooltip';
import stage from '../stage.module.css';
import style from './grid.module.css';
import { fitCells, stairPath, staircase, type Arranged, type Cell, type Held } from './layout';
import { paintMatrix } from './paint';
import { linesOfBlock } from './story';

export type MatrixProps = {
  arranged: Arranged; palette: Palette;
  corner: { rows: number; columns: number };
  /** Pairs taken so far, in order, and those that wait or that a beam went on with. */
  taken: Int32Array; waiting: Int32Array;
  /** What is taken is a staircase. */
  stairs: boolean;
  truths: Map<number, Held>;
  /** Pair of the selected vector; pair whose next level is open. */
  chosen: number | null; open: number | null;
  side: number;
  hover: number | null; onHover: (pair: number | null) => void;
  onOpen?: (pair: number) => void;
  describe: (pair: number) => string[];
};

const arrows: Record<string, Cell> = { ArrowLeft: { row: 0, column: -1 }, ArrowRight: { row: 0, column: 1 }, ArrowUp: { row: -1, column: 0 }, ArrowDown: { row: 1, column: 0 } };

/** The sorted square: a canvas of cells and, above it, what the search did. By keyboard arrows walk from cell to cell, and Enter opens one. */
export function Matrix(props: MatrixProps) {
  const { arranged, palette, corner, taken, side, hover, onHover, onOpen, describe } = props;
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null), [shared, setShared] = useState<Cell | null>(null), ratio = useRatio();
  const { block, pixels } = fitCells(Math.max(corner.rows, corner.columns), side), scale = pixels / block;
  const width = Math.ceil(corner.columns / block) * pixels, height = Math.ceil(corner.rows / block) * pixels;
  useLayoutEffect(() => {
    if (canvas) paintMatrix(canvas, { arranged, corner, palette, probed: new Set(taken), side }, ratio);
  }, [canvas, arranged, corner, palette, taken, side, ratio]);
  const point = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const cell = { row: Math.floor((event.clientY - box.top) / pixels) * block, column: Math.floor((event.clientX - box.left) / pixels) * block };
    const inside = cell.row >= 0 && cell.column >= 0 && cell.row < corner.rows && cell.column < corner.columns;
    setShared(inside && block > 1 ? cell : null);
    onHover(inside && block === 1 ? arranged.pairAt(cell) : null);
  };
  const leave = () => { setShared(null); onHover(null); };
  const at = hover === null ? null : arranged.cellOf(hover), shown = at && at.row < corner.rows && at.column < corner.columns ? at : null;
  const walk = (event: KeyboardEvent<HTMLElement>) => {
    const by = arrows[event.key];
    if (event.key === 'Escape') leave();
    if (event.key === 'Enter' && hover !== null) onOpen?.(hover);
    if (!by) return;
    event.preventDefault();
    const to = shown ? { row: shown.row + by.row, column: shown.column + by.column } : { row: 0, column: 0 };
    setShared(null);
    if (to.row >= 0 && to.column >= 0 && to.row < corner.rows && to.column < corner.columns) onHover(arranged.pairAt(to));
  };
  const lines = shared ? linesOfBlock(arranged, shared, block) : shown && hover !== null ? describe(hover) : null;
  const tip = lines && { x: ((shared ?? shown)?.column ?? 0) * scale + pixels, y: ((shared ?? shown)?.row ?? 0) * scale + pixels, label: null, lines };
  return (
    <div className={style.matrix} style={{ width, height }} tabIndex={0} role="application" aria-label={`Square of lists, nearest to the query first. Arrow keys walk from cell to cell${onOpen ? ', Enter opens the next codebook' : ''}`}
      onPointerMove={point} onPointerDown={point} onPointerLeave={leave} onKeyDown={walk} onClick={() => { if (hover !== null) onOpen?.(hover); }}>
      <canvas ref={setCanvas} className={style.cells} aria-hidden="true" />
      <svg className={style.marks} width={width} height={height} aria-hidden="true"><Marks {...props} scale={scale} shown={shown} /></svg>
      {tip && <Tooltip tip={tip} width={width} height={height} />}
      <p className={stage.announce} role="status">{lines?.join(', ') ?? ''}</p>
    </div>
  );
}

/** Numbers stand in cells of at least so many pixels, in their corner from the second on. */
const [NUMBERED, LARGE] = [15, 28];

function Marks(props: MatrixProps & { scale: number; shown: Cell | null }) {
  const { arranged: { cellOf }, corner, taken, waiting, stairs, chosen, open, scale, shown } = props;
  const inCorner = ({ row, column }: Cell) => row < corner.rows && column < corner.columns, places = (pairs: Iterable<number>) => Array.from(new Set(pairs), cellOf);
  const cells = places(taken), box = { width: scale - 1, height: scale - 1 }, at = ({ row, column }: Cell) => ({ x: column * scale, y: row * scale }), last = taken.length ? cellOf(taken.at(-1) ?? 0) : null;
  const frame = (pair: number | null, className: string | undefined, side: number) => {
    const cell = pair === null ? null : cellOf(pair);
    return cell && inCorner(cell) && <rect className={className} {...at(cell)} width={side} height={side} />;
  };
  return (
    <>
      {!stairs && scale >= 4 && cells.filter(inCorner).map((cell) => <rect key={`${cell.row} ${cell.column}`} className={style.took} {...at(cell)} {...box} />)}
      {scale >= 4 && places(waiting).filter(inCorner).map((cell) => <rect key={`${cell.row} ${cell.column}`} className={style.waits} {...at(cell)} {...box} />)}
      {stairs && <path className={style.stair} d={stairPath(staircase(cells.filter(inCorner)))} transform={`scale(${scale})`} />}
      {scale >= NUMBERED && <Numbers {...props} />}
      {last && inCorner(last) && scale >= 4 && <rect className={style.last} {...at(last)} {...box} />}
      <Truths {...props} />
      {chosen !== null && inCorner(cellOf(chosen)) && <g transform={`translate(${(cellOf(chosen).column + 0.5) * scale} ${(cellOf(chosen).row + 0.5) * scale})`}><SelectedGlyph r={Math.max(5, Math.min(11, scale / 2))} /></g>}
      {frame(open, style.open, Math.max(3, scale - 1))}
      {shown && <rect className={style.hovered} {...at(shown)} width={Math.max(3, scale - 1)} height={Math.max(3, scale - 1)} />}
    </>
  );
}

type Scaled = MatrixProps & { scale: number };

/** When each pair was taken, the first time; true neighbours take the place of the number in small cells. */
function Numbers({ arranged: { cellOf }, corner, taken, truths, scale }: Scaled) {
  const first = new Map<number, number>();
  taken.forEach((pair, i) => { if (!first.has(pair)) first.set(pair, i + 1); });
  const large = scale >= LARGE;
  return [...first].map(([pair, number]) => {
    const { row, column } = cellOf(pair);
    if (row >= corner.rows || column >= corner.columns || (!large && (truths.has(pair) || number > 99))) return null;
    return large ? <text key={pair} className={style.number} x={column * scale + 4} y={row * scale + 12}>{number}</text>
      : <text key={pair} className={style.small} x={(column + 0.5) * scale - 0.5} y={(row + 0.5) * scale + 3}>{number}</text>;
  });
}

function Truths({ arranged: { cellOf }, corner, truths, scale }: Scaled) {
  return [...truths].map(([pair, held]) => {
    const { row, column } = cellOf(pair), n = held.found + held.missed, numbered = scale >= LARGE;
    if (row >= corner.rows || column >= corner.columns) return null;
    const r = Math.max(3, Math.min(6, scale / 4)), aside = numbered ? scale / 2 - r - 3 : 0; // in a corner, where the order number leaves room
    return (
      <g key={pair} transform={`translate(${(column + 0.5) * scale + aside} ${(row + 0.5) * scale + aside})`}>
        <NeighbourGlyph kind={held.missed ? 'missed' : 'found'} r={r} />
        {n > 1 && numbered && <text className={style.many} x={-r - 2} y={4}>{n}</text>}
      </g>
    );
  });
}
