import { useCallback, useMemo, type PointerEvent } from 'react';
import { QueryGlyph, SelectedGlyph } from '../../glyphs';
import { useGlide, useReducedMotion } from '../../hooks';
import type { Palette } from '../../palette';
import { plural } from '../../words';
import style from '../codes.module.css';
import { useCanvas } from '../useCanvas';
import { beyond, frameOf, gridOf } from './frame';
import type { Product } from './frame';
import { Lattice, isLattice } from './Lattice';
import { cellOf, paintCells, paintCodes, paintSample } from './paint';

export type CodebooksProps = {
  product: Product; palette: Palette;
  /** The part looked at, and of its codes the row pointed at. */
  part: number; onPart: (part: number) => void;
  row: number | null; onRow: (row: number | null) => void;
  /** Parts whose look-up has been added so far; all of them where nothing is replayed. */
  lit: number;
  iteration: number | null;
  width: number; height: number;
};

const PAUSE = 350;

/** Every codebook in small, and one of them at large beside them. */
export function Codebooks(props: CodebooksProps) {
  const { product, iteration, width, height } = props, trained = iteration === null ? null : product.training[iteration]?.points ?? null;
  const points = useGlide(trained?.length ? trained : product.points, useReducedMotion() ? 0 : PAUSE) ?? product.points;
  const finished = iteration === null, large = Math.floor(Math.min(height, width * (isLattice(product) ? 0.68 : 0.55)));
  if (product.M === 1) return <Large {...props} points={points} finished={finished} width={width} height={height} />;
  return (
    <>
      <div style={{ position: 'absolute', left: 0, top: 0, width: large, height }}>{isLattice(product) ? <Lattice {...props} points={points} finished={finished} width={large} height={height} /> : <Large {...props} points={points} finished={finished} width={large} height={height} />}</div>
      <div style={{ position: 'absolute', left: large + 8, top: 0, width: width - large - 8, height }}><Small {...props} points={points} finished={finished} width={width - large - 8} height={height} /></div>
    </>
  );
}

type Drawn = CodebooksProps & { points: Float32Array; finished: boolean };

function Small({ product, palette, part, onPart, points, finished, lit, width, height }: Drawn) {
  const { M } = product, { columns, box, tall } = gridOf(M, width, height);
  const frames = useMemo(() => Array.from({ length: M }, (_, m) => frameOf(product, m, box - 3, tall - 3, 3)), [product, M, box, tall]);
  const canvas = useCanvas(width, height, useCallback((context) => {
    frames.forEach((frame, m) => {
      context.save();
      context.translate((m % columns) * box, Math.floor(m / columns) * tall);
      context.beginPath();
      context.rect(0, 0, box - 4, tall - 4);
      context.clip();
      const painting = { product, m, points, frame, palette, radius: Math.min(2.2, box / 28), finished };
      if (finished) paintCells(context, painting, box - 4, tall - 4);
      if (!finished || product.dsub !== 2) paintCodes(context, painting);
      context.restore();
    });
  }, [frames, product, points, palette, columns, box, tall, finished]));
  return (
    <>
      <canvas {...canvas} className={style.layer} />
      <svg className={style.sense} width={width} height={height} aria-hidden="true">
        {frames.map((frame, m) => {
          const { x, y, chosen, query } = { x: (m % columns) * box, y: Math.floor(m / columns) * tall, chosen: at(product, points, frame, m, product.chosen[m] ?? -1), query: at2(product.query, frame, m) };
          return (
            <g key={m} transform={`translate(${x} ${y})`} onPointerEnter={() => onPart(m)} onPointerDown={() => onPart(m)}>
              <rect className={style.cell} data-on={m === part} x={0.5} y={0.5} width={box - 4} height={tall - 4} rx={2} fill="transparent" pointerEvents="all" />
              {finished && chosen && inBox(query, box - 4, tall - 4) && <circle className={style.queryDot} cx={query.x} cy={query.y} r={2.4} />}
              {finished && chosen && <circle className={style.code} cx={chosen.x} cy={chosen.y} r={3} opacity={m < lit ? 1 : 0.3} />}
            </g>
          );
        })}
      </svg>
    </>
  );
}

const inBox = ({ x, y }: { x: number; y: number }, w: number, h: number) => x > 0 && y > 0 && x < w && y < h;

/** One codebook with the way of the vector: where its part stands, and the code that stands for it. */
function Large({ product, palette, part, row, onRow, points, finished, width, height }: Drawn) {
  const frame = useMemo(() => frameOf(product, part, width, height, 14), [product, part, width, height]);
  const out = useMemo(() => beyond({ ...product, points }, part, frame, width, height), [product, points, part, frame, width, height]);
  const cell = useMemo(() => cellOf(product, part, product.chosen[part] ?? -1, points, frame, width, height), [product, part, points, frame, width, height]);
  const canvas = useCanvas(width, height, useCallback((context) => {
    const painting = { product, m: part, points, frame, palette, radius: 5, finished };
    paintCells(context, painting, width, height);
    paintCodes(context, painting);
    paintSample(context, { product, m: part, frame, palette });
  }, [product, part, points, frame, palette, finished, width, height]));
  const chosen = at(product, points, frame, part, product.chosen[part] ?? -1), asked = at(product, points, frame, part, product.queryRow[part] ?? -1);
  const vector = at2(product.vector, frame, part), query = clamped(at2(product.query, frame, part), width, height), pointed = row === null ? null : at(product, points, frame, part, row);
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    onRow(nearestRow(product, points, frame, part, event.clientX - box.left, event.clientY - box.top));
  };
  return (
    <>
      <canvas {...canvas} className={style.layer} />
      <svg className={style.sense} width={width} height={height} onPointerMove={point} onPointerDown={point} onPointerLeave={() => onRow(null)} aria-hidden="true">
        {finished && <path className={style.chosenCell} d={cell} />}
        <rect className={style.cell} x={0.5} y={0.5} width={width - 1} height={height - 1} rx={3} />
        {finished && chosen && <>
          <line className={style.miss} x1={vector.x} y1={vector.y} x2={chosen.x} y2={chosen.y} />
          {asked && <circle className={style.queryRing} cx={asked.x} cy={asked.y} r={6} />}
          <circle className={style.code} cx={chosen.x} cy={chosen.y} r={5} />
          <g transform={`translate(${vector.x} ${vector.y})`}><SelectedGlyph r={7} /></g>
          <g transform={`translate(${query.x} ${query.y})`}><QueryGlyph r={9} /></g>
        </>}
        {out > 0 && <text className={style.label} x={width - 5} y={height - 5} textAnchor="end">{`${plural(out, 'code')} beyond the edge`}</text>}
        {pointed && <circle className={style.pointed} cx={pointed.x} cy={pointed.y} r={8} />}
      </svg>
    </>
  );
}

type Place = { x: number; y: number };

function at({ rows, usage, dsub }: Product, points: Float32Array, frame: ReturnType<typeof frameOf>, m: number, row: number): Place | null {
  if (row < 0) return null;
  const from = (m * rows + row) * 2;
  return { x: frame.x(points[from] ?? 0), y: dsub === 1 ? frame.y(usage[m * rows + row] ?? 0) : frame.y(points[from + 1] ?? 0) };
}

const at2 = (parts: Float32Array, frame: ReturnType<typeof frameOf>, m: number): Place => ({ x: frame.x(parts[2 * m] ?? 0), y: frame.line ? frame.y(0) : frame.y(parts[2 * m + 1] ?? 0) });

/** A query far outside is drawn on the edge of the box. */
const clamped = ({ x, y }: Place, width: number, height: number): Place => ({ x: Math.min(width - 8, Math.max(8, x)), y: Math.min(height - 8, Math.max(8, y)) });

function nearestRow(product: Product, points: Float32Array, frame: ReturnType<typeof frameOf>, m: number, x: number, y: number): number | null {
  let best = Infinity, found: number | null = null;
  for (let i = 0; i < product.rows; i++) {
    const place = at(product, points, frame, m, i);
    if (!place) continue;
    const off = (place.x - x) ** 2 + (frame.line ? 0 : (place.y - y) ** 2);
    if (off < best) { best = off; found = i; }
  }
  return found;
}
