import { useLayoutEffect, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { NeighbourGlyph, SelectedGlyph } from '../glyphs';
import { useRatio } from '../hooks';
import type { Palette } from '../palette';
import { Tooltip } from '../Tooltip';
import stage from '../stage.module.css';
import style from './grid.module.css';
import { fitCells, stairPath, staircase, type Arranged, type Cell, type Held, type Look } from './layout';
import { paintMatrix } from './paint';
import { linesOfBlock } from './story';

export type MatrixProps = {
  look: Look; arranged: Arranged; palette: Palette;
  corner: { rows: number; columns: number };
  /** Lists taken so far, in order, and those that wait. */
  taken: Int32Array; waiting: Int32Array;
  truths: Map<number, Held>;
  side: number;
  hoverList: number | null; onHoverList: (list: number | null) => void;
  describe: (list: number) => string[];
};

const arrows: Record<string, Cell> = { ArrowLeft: { row: 0, column: -1 }, ArrowRight: { row: 0, column: 1 }, ArrowUp: { row: -1, column: 0 }, ArrowDown: { row: 1, column: 0 } };

/** The sorted square: a canvas of cells and, above it, what the search did. By keyboard arrows walk from cell to cell. */
export function Matrix(props: MatrixProps) {
  const { look, arranged, palette, corner, taken, side, hoverList, onHoverList, describe } = props;
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null), [shared, setShared] = useState<Cell | null>(null), ratio = useRatio();
  const { block, pixels } = fitCells(Math.max(corner.rows, corner.columns), side), scale = pixels / block;
  const width = Math.ceil(corner.columns / block) * pixels, height = Math.ceil(corner.rows / block) * pixels;
  useLayoutEffect(() => {
    if (canvas) paintMatrix(canvas, { look, arranged, corner, palette, probed: new Set(taken), side }, ratio);
  }, [canvas, look, arranged, corner, palette, taken, side, ratio]);
  const point = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const cell = { row: Math.floor((event.clientY - box.top) / pixels) * block, column: Math.floor((event.clientX - box.left) / pixels) * block };
    const inside = cell.row >= 0 && cell.column >= 0 && cell.row < corner.rows && cell.column < corner.columns;
    setShared(inside && block > 1 ? cell : null);
    onHoverList(inside && block === 1 ? arranged.listAt(cell) : null);
  };
  const leave = () => { setShared(null); onHoverList(null); };
  const at = hoverList === null ? null : arranged.cellOf(hoverList), shown = at && at.row < corner.rows && at.column < corner.columns ? at : null;
  const walk = (event: KeyboardEvent<HTMLElement>) => {
    const by = arrows[event.key];
    if (event.key === 'Escape') leave();
    if (!by) return;
    event.preventDefault();
    const to = shown ? { row: shown.row + by.row, column: shown.column + by.column } : { row: 0, column: 0 };
    if (to.row >= 0 && to.column >= 0 && to.row < corner.rows && to.column < corner.columns) onHoverList(arranged.listAt(to));
  };
  const lines = shared ? linesOfBlock(look, arranged, shared, block) : shown && hoverList !== null ? describe(hoverList) : null;
  const tip = lines && { x: ((shared ?? shown)?.column ?? 0) * scale + pixels, y: ((shared ?? shown)?.row ?? 0) * scale + pixels, label: null, lines };
  return (
    <div className={style.matrix} style={{ width, height }} tabIndex={0} role="application" aria-label="Square of lists, nearest to the query first" onPointerMove={point} onPointerDown={point} onPointerLeave={leave} onKeyDown={walk}>
      <canvas ref={setCanvas} className={style.cells} aria-hidden="true" />
      <svg className={style.marks} width={width} height={height} aria-hidden="true"><Marks {...props} scale={scale} shown={shown} /></svg>
      {tip && <Tooltip tip={tip} width={width} height={height} />}
      <p className={stage.announce} role="status">{lines?.join(', ') ?? ''}</p>
    </div>
  );
}

/** Numbers stand in cells of at least so many pixels, and glyphs in half of that. */
const ROOM = 20;

function Marks({ look, arranged: { cellOf }, corner, taken, waiting, truths, scale, shown }: MatrixProps & { scale: number; shown: Cell | null }) {
  const inCorner = ({ row, column }: Cell) => row < corner.rows && column < corner.columns;
  const cells = Array.from(taken, cellOf), box = { width: scale - 1, height: scale - 1 }, at = ({ row, column }: Cell) => ({ x: column * scale, y: row * scale }), last = cells.at(-1);
  const middle = (cell: Cell) => `translate(${(cell.column + 0.5) * scale} ${(cell.row + 0.5) * scale})`, numbered = scale >= ROOM, chosen = look.selected === null ? null : cellOf(look.selected);
  return (
    <>
      {look.by === 'RCQ' && scale >= 4 && cells.filter(inCorner).map((cell, i) => <rect key={i} className={style.took} {...at(cell)} {...box} />)}
      {scale >= 4 && Array.from(waiting, cellOf).filter(inCorner).map((cell) => <rect key={`${cell.row} ${cell.column}`} className={style.waits} {...at(cell)} {...box} />)}
      {look.by === 'IMI' && <path className={style.stair} d={stairPath(staircase(cells.filter(inCorner)))} transform={`scale(${scale})`} />}
      {numbered && cells.map((cell, i) => inCorner(cell) && <text key={i} className={style.number} x={cell.column * scale + 4} y={cell.row * scale + 12}>{i + 1}</text>)}
      {last && inCorner(last) && scale >= 4 && <rect className={style.last} {...at(last)} {...box} />}
      {[...truths].map(([list, held]) => {
        const cell = cellOf(list), n = held.found + held.missed;
        if (!inCorner(cell)) return null;
        const r = Math.max(3, Math.min(6, scale / 4)), aside = numbered ? scale / 2 - r - 3 : 0; // in a corner, where the order number leaves room
        return (
          <g key={list} transform={`${middle(cell)} translate(${aside} ${aside})`}>
            <NeighbourGlyph kind={held.missed ? 'missed' : 'found'} r={r} />
            {n > 1 && numbered && <text className={style.many} x={-r - 2} y={4}>{n}</text>}
          </g>
        );
      })}
      {chosen && inCorner(chosen) && <g transform={middle(chosen)}><SelectedGlyph r={Math.max(5, Math.min(11, scale / 2))} /></g>}
      {shown && <rect className={style.hovered} {...at(shown)} width={Math.max(3, scale - 1)} height={Math.max(3, scale - 1)} />}
    </>
  );
}
