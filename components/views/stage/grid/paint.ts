import { css, mix, type Palette, type RGB } from '../palette';
import type { Arranged } from './layout';
import { densities, fitCells } from './layout';

/** The square as an image: the darker the fuller, nothing where a list is empty, tinted where it was probed. */

/** `probed` are pairs. */
export type Painting = { arranged: Arranged; corner: { rows: number; columns: number }; palette: Palette; probed: Set<number>; side: number };

/** Cells from this many pixels on have a gap between them, and empty ones an edge of their own. */
const GAP = 6;

export function paintMatrix(canvas: HTMLCanvasElement, { arranged, corner, palette, probed, side }: Painting, ratio: number): void {
  const { block, pixels } = fitCells(Math.max(corner.rows, corner.columns), side), { values, width, height, most } = kept(arranged, corner, block), lit = blocksOf(arranged, probed, corner, block, width);
  const context = canvas.getContext('2d');
  [canvas.width, canvas.height] = [Math.round(width * pixels * ratio), Math.round(height * pixels * ratio)];
  if (!context) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const gap = pixels >= GAP ? 1 : 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column, value = values[at] ?? 0, [x, y, s] = [column * pixels, row * pixels, pixels - gap];
      const seen = lit.has(at);
      if (value === 0 && !seen) {
        if (gap) { context.strokeStyle = css(palette.line); context.lineWidth = 1; context.strokeRect(x + 0.5, y + 0.5, s - 1, s - 1); }
        continue;
      }
      context.fillStyle = css(shade(palette, value / Math.max(most, 1e-9), seen));
      context.fillRect(x, y, s, s);
    }
  }
}

/** A million cells are summed once, not at every step. */
const sums = new WeakMap<Arranged, Map<string, ReturnType<typeof densities>>>();

function kept(arranged: Arranged, corner: { rows: number; columns: number }, block: number) {
  const own = sums.get(arranged) ?? new Map<string, ReturnType<typeof densities>>(), key = `${corner.rows} ${corner.columns} ${block}`;
  const found = own.get(key) ?? densities(arranged, corner, block);
  sums.set(arranged, own.set(key, found));
  return found;
}

/** Blocks of the corner that hold a probed list. */
function blocksOf({ cellOf }: Arranged, probed: Set<number>, corner: { rows: number; columns: number }, block: number, width: number): Set<number> {
  const lit = new Set<number>();
  for (const list of probed) {
    const { row, column } = cellOf(list);
    if (row < corner.rows && column < corner.columns) lit.add(Math.floor(row / block) * width + Math.floor(column / block));
  }
  return lit;
}

/** Square roots, so that short lists are told from empty ones; probed cells in the hue of probed. */
export function shade({ ground, ink, probed }: Palette, share: number, seen: boolean): RGB {
  return mix(ground, seen ? probed : ink, seen ? 0.18 + 0.62 * Math.sqrt(share) : share > 0 ? 0.06 + 0.5 * Math.sqrt(share) : 0);
}
