import { Delaunay } from 'd3';
import type { Voronoi } from 'd3';
import { css, mix } from '../../palette';
import type { Palette } from '../../palette';
import type { Frame, Product } from './frame';

export type Painting = {
  product: Product; m: number;
  /** Of the codes: their final places, or those of an iteration. */
  points: Float32Array; // (M, rows, 2)
  frame: Frame;
  palette: Palette;
  /** Radius of the code used most. */
  radius: number;
  /** Usage belongs to the finished index only. */
  finished: boolean;
};

/** The codes of one part: as large as they are used often, hollow where none uses them; in filled cells points. */
export function paintCodes(context: CanvasRenderingContext2D, { product, m, points, frame, palette, radius, finished }: Painting): void {
  const { rows, usage, dsub } = product, own = usage.subarray(m * rows, (m + 1) * rows), most = often(own);
  const full = css(mix(palette.ground, palette.probed, 0.8), 0.62), faint = css(palette.line);
  for (let i = 0; i < rows; i++) {
    const at = (m * rows + i) * 2, x = frame.x(points[at] ?? 0), used = own[i] ?? 0;
    if (dsub === 1) {
      context.fillStyle = full;
      context.fillRect(x - 0.5, frame.y(finished ? used : most / 3), 1, frame.y(0) - frame.y(finished ? used : most / 3));
      continue;
    }
    const y = frame.y(points[at + 1] ?? 0);
    if (finished && dsub === 2) {
      context.fillStyle = css(palette.ink, 0.45);
      context.fillRect(x - radius / 6, y - radius / 6, radius / 3, radius / 3);
      continue;
    }
    const r = finished ? Math.max(0.6, radius * Math.sqrt(Math.min(2, used / most))) : radius * 0.5;
    context.beginPath();
    context.arc(x, y, finished && used === 0 ? 1 : r, 0, 2 * Math.PI);
    if (finished && used === 0) { context.strokeStyle = faint; context.stroke(); } else { context.fillStyle = full; context.fill(); }
  }
}

/** So often that only one code in fifty is used more: one that stands for a third of all would make the others vanish. */
const often = (usage: Uint32Array) => Math.max(1, usage.slice().sort()[Math.floor(usage.length * 0.98)] ?? 1);

/** A sample of what is coded. */
export function paintSample(context: CanvasRenderingContext2D, { product: { sample, sampled }, m, frame, palette }: Pick<Painting, 'product' | 'm' | 'frame' | 'palette'>): void {
  context.fillStyle = css(palette.ink, 0.28);
  for (let i = 0; i < sampled; i++) {
    const at = (m * sampled + i) * 2;
    context.fillRect(frame.x(sample[at] ?? 0) - 0.75, frame.line ? frame.y(0) + 2 : frame.y(sample[at + 1] ?? 0) - 0.75, 1.5, frame.line ? 3 : 1.5);
  }
}

/** Which code owns which place: true only where a part has no more than the two components drawn. */
function cellsOf({ rows, dsub }: Product, m: number, points: Float32Array, frame: Frame, width: number, height: number): Voronoi<Float64Array> | null {
  if (dsub !== 2 || rows < 3) return null;
  const places = Float64Array.from({ length: 2 * rows }, (_, i) => (i % 2 ? frame.y : frame.x)(points[m * rows * 2 + i] ?? 0));
  return new Delaunay(places).voronoi([0, 0, width, height]);
}

/** The cells of a part of two components: the fuller the more vectors have the code, empty where none has. */
export function paintCells(context: CanvasRenderingContext2D, { product, m, points, frame, palette, radius, finished }: Painting, width: number, height: number): void {
  const cells = cellsOf(product, m, points, frame, width, height), { rows, usage } = product, own = usage.subarray(m * rows, (m + 1) * rows), most = often(own);
  if (!cells) return;
  for (let i = 0; finished && i < rows; i++) {
    const used = own[i] ?? 0;
    if (used === 0) continue;
    context.fillStyle = css(mix(palette.ground, palette.probed, 0.08 + 0.62 * Math.sqrt(Math.min(1, used / most))));
    context.beginPath();
    cells.renderCell(i, context);
    context.fill();
  }
  context.strokeStyle = css(finished ? palette.ground : palette.line);
  context.lineWidth = radius < 3 ? 0.4 : 1; // in small, lines of full width would hide the smallest cells
  context.beginPath();
  cells.render(context);
  context.stroke();
}

/** The cell of one code, as a path. */
export function cellOf(product: Product, m: number, row: number, points: Float32Array, frame: Frame, width: number, height: number): string {
  return row < 0 ? '' : cellsOf(product, m, points, frame, width, height)?.renderCell(row) ?? '';
}
