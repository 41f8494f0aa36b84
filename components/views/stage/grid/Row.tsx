import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { NeighbourGlyph, SelectedGlyph } from '../glyphs';
import { Tooltip } from '../Tooltip';
import stage from '../stage.module.css';
import { measure } from '../words';
import style from './grid.module.css';
import type { Held } from './layout';

export type RowProps = {
  title: string;
  /** By symbol: vectors, and distance to the query. */
  sizes: Uint32Array; near: Float64Array;
  /** Symbols by distance. */
  order: Int32Array;
  probed: Set<number>; truths: Map<number, Held>;
  chosen: number | null; open: number | null; onOpen?: (symbol: number) => void;
  describe: (symbol: number, rank: number) => string[];
  width: number; height: number;
};

const HEAD = 20, FOOT = 16;

/** Lists side by side, nearest first: how many vectors each holds above the line, how far it is below. Arrows walk along it. */
export function Row({ title, sizes, near, order, probed, truths, chosen, open, onOpen, describe, width, height }: RowProps) {
  const [at, setAt] = useState<number | null>(null), K = order.length, step = width / K, gap = step > 4 ? 1 : 0, rank = at === null ? null : Math.min(at, K - 1);
  const room = height - HEAD - FOOT, up = Math.round(room * 0.68), down = room - up, line = HEAD + up;
  const most = sizes.reduce((a, b) => Math.max(a, b), 1), far = near.reduce((a, b) => Math.max(a, b), Number.MIN_VALUE);
  const point = (event: PointerEvent<SVGElement>) => { const box = event.currentTarget.getBoundingClientRect(); setAt(Math.min(K - 1, Math.max(0, Math.floor((event.clientX - box.left) / step)))); };
  const walk = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Escape') setAt(null);
    if (event.key === 'Enter' && rank !== null) onOpen?.(order[rank] ?? 0);
    if (!by) return;
    event.preventDefault();
    setAt(rank === null ? 0 : Math.min(K - 1, Math.max(0, rank + by)));
  };
  const lines = rank === null ? null : describe(order[rank] ?? 0, rank);
  const middle = (symbol: number, y: number) => `translate(${(order.indexOf(symbol) + 0.5) * step} ${y})`;
  return (
    <div className={style.row} style={{ width, height }}>
      <p className={style.head}>{title}</p>
      <svg width={width} height={height} tabIndex={0} role="application" aria-label={`${title}. Arrow keys walk along it${onOpen ? ', Enter opens what follows' : ''}`} onPointerMove={point} onPointerLeave={() => setAt(null)} onKeyDown={walk} onClick={() => { if (rank !== null) onOpen?.(order[rank] ?? 0); }}>
        {Array.from(order, (symbol, i) => {
          const size = sizes[symbol] ?? 0, tall = size ? Math.max(1, (size / most) * (up - 14)) : 0, bar = { x: i * step, width: Math.max(0.5, step - gap) };
          return (
            <g key={symbol}>
              <rect className={probed.has(symbol) ? style.kept : style.full} {...bar} y={line - tall} height={tall} />
              <rect className={style.half} {...bar} y={line + 2} height={Math.max(1, ((near[symbol] ?? 0) / far) * (down - 2))} />
            </g>
          );
        })}
        <line className={style.edge} x2={width} y1={line + 0.5} y2={line + 0.5} />
        {[...truths].map(([symbol, { missed }]) => <g key={symbol} transform={middle(symbol, HEAD + 6)}><NeighbourGlyph kind={missed ? 'missed' : 'found'} r={5} /></g>)}
        {chosen !== null && <g transform={middle(chosen, line - 8)}><SelectedGlyph r={7} /></g>}
        {open !== null && <rect className={style.open} x={order.indexOf(open) * step} width={Math.max(3, step - gap)} y={HEAD + 1} height={room - 1} />}
        {rank !== null && <rect className={style.hovered} x={rank * step} width={Math.max(3, step - gap)} y={HEAD + 1} height={room - 1} />}
        <text className={style.axis} y={height - 3}>nearest: {measure(near[order[0] ?? 0] ?? 0)}</text>
        <text className={style.axis} x={width} y={height - 3} textAnchor="end">{measure(near[order.at(-1) ?? 0] ?? 0)}</text>
      </svg>
      {lines && rank !== null && <Tooltip tip={{ x: (rank + 1) * step, y: line, label: null, lines }} width={width} height={height} />}
      <p className={stage.announce} role="status">{lines?.join(', ') ?? ''}</p>
    </div>
  );
}
