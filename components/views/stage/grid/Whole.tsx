import { useLayoutEffect, useMemo, useState } from 'react';
import { useRatio } from '../hooks';
import { count } from '../words';
import style from './grid.module.css';
import { fitCells } from './layout';
import type { MatrixProps } from './Matrix';
import { paintMatrix } from './paint';

type Props = Pick<MatrixProps, 'arranged' | 'palette' | 'corner' | 'taken' | 'truths' | 'side' | 'hover'>;

/** All cells at once, too small to read, with the part that is drawn large. */
export function Whole({ arranged, palette, corner, taken, truths, side, hover }: Props) {
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null), ratio = useRatio(), { rows, columns } = arranged;
  const all = useMemo(() => ({ rows, columns }), [rows, columns]), { block, pixels } = fitCells(Math.max(rows, columns), side), scale = pixels / block;
  const [width, height] = [Math.ceil(columns / block) * pixels, Math.ceil(rows / block) * pixels];
  useLayoutEffect(() => {
    if (canvas) paintMatrix(canvas, { arranged, corner: all, palette, probed: new Set(taken), side }, ratio);
  }, [canvas, arranged, all, palette, taken, side, ratio]);
  const dot = (pair: number) => { const { row, column } = arranged.cellOf(pair); return { cx: (column + 0.5) * scale, cy: (row + 0.5) * scale }; };
  return (
    <div className={style.whole} style={{ width, height: height + 20 }}>
      <canvas ref={setCanvas} className={style.cells} aria-hidden="true" />
      <svg className={style.marks} width={width} height={height + 20} aria-hidden="true">
        <rect className={style.edge} x={0.5} y={0.5} width={width - 1} height={height - 1} />
        <rect className={style.part} x={0.5} y={0.5} width={corner.columns * scale} height={corner.rows * scale} />
        {[...truths].map(([pair, { missed }]) => <circle key={pair} className={missed ? style.missedDot : style.foundDot} {...dot(pair)} r={2.5} />)}
        {hover !== null && <circle className={style.ring} {...dot(hover)} r={5} />}
        <text className={style.axis} x={0} y={height + 15}>all {count(rows)} × {count(columns)}{block > 1 ? `, ${block} × ${block} a pixel` : ''}</text>
      </svg>
    </div>
  );
}
