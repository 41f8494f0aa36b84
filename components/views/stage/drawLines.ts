import type { Border, Borders } from './borders';
import { css, mix, type Palette } from './palette';
import { toScreen, type Point, type Viewport } from './viewport';

/** Borders of cells and marks of centroids, as sharp lines over fills and dots. */
export type LinesAsked = {
  viewport: Viewport; ratio: number; palette: Palette;
  borders: Borders | null;
  /** Borders of the picture before, while it fades; `fade` is how much of the new one is there. */
  before: Borders | null; fade: number;
  lit: Set<number>;
  hoverList: number | null;
  centroids: Float32Array | null; // (nlist, 3)
  near: (height: number) => number;
  /** Recorded states to trace behind each centroid, oldest first. */
  trail: Float32Array[];
};

export function drawLines(context: CanvasRenderingContext2D, asked: LinesAsked) {
  const { viewport, ratio, borders, before, fade } = asked;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, viewport.width, viewport.height);
  context.lineCap = context.lineJoin = 'round';
  if (before) drawBorders(context, before, asked, 1 - fade);
  if (borders) drawBorders(context, borders, asked, fade);
  if (asked.centroids) {
    drawTrails(context, asked);
    drawCentroids(context, asked, asked.centroids);
  }
}

function drawBorders(context: CanvasRenderingContext2D, { segments }: Borders, { viewport, palette, lit, hoverList }: LinesAsked, alpha: number) {
  const isLit = ({ a, b }: Border) => lit.has(a) || lit.has(b);
  const isHovered = ({ a, b }: Border) => a === hoverList || b === hoverList;
  const stroke = (chosen: Border[], colour: string, width: number) => {
    context.beginPath();
    for (const { x0, y0, x1, y1 } of chosen) {
      const [from, to] = [toScreen(viewport, x0, y0), toScreen(viewport, x1, y1)];
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
    }
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  };
  stroke(segments.filter((s) => !isLit(s)), css(mix(palette.ground, palette.ink, 0.26), alpha), 1);
  stroke(segments.filter(isLit), css(palette.probed, alpha), 1.5);
  if (hoverList !== null) stroke(segments.filter(isHovered), css(palette.ink, alpha), 2);
}

/** Of hundreds only the last steps, and faint: the dots below must stay to be seen. */
function drawTrails(context: CanvasRenderingContext2D, { viewport, palette, trail, centroids }: LinesAsked) {
  const crowded = isCrowded(centroids), states = centroids ? [...trail.slice(crowded ? -2 : 0), centroids] : [];
  if (states.length < 2) return;
  context.beginPath();
  for (let c = 0; c < (centroids?.length ?? 0); c += 3) {
    for (const [i, state] of states.entries()) {
      const { x, y } = toScreen(viewport, (state[c] ?? 0), (state[c + 1] ?? 0));
      if (i) context.lineTo(x, y);
      else context.moveTo(x, y);
    }
  }
  context.strokeStyle = css(palette.ink, crowded ? 0.2 : 0.35);
  context.lineWidth = 1;
  context.stroke();
}

const isCrowded = (centroids: Float32Array | null) => (centroids?.length ?? 0) / 3 > 128;

/** A plus, fainter when far off the plane; four shades, so that thousands are four strokes. */
function drawCentroids(context: CanvasRenderingContext2D, { viewport, palette, near, lit, hoverList, trail }: LinesAsked, centroids: Float32Array) {
  const shades = 4;
  const crowded = isCrowded(centroids);
  const arm = crowded ? 2.5 : trail.length ? 4.5 : 3.5;
  const groups = Array.from({ length: 2 * shades }, () => new Path2D());
  for (let list = 0; list < centroids.length / 3; list++) {
    const { x, y } = toScreen(viewport, (centroids[3 * list] ?? 0), (centroids[3 * list + 1] ?? 0));
    const shade = list === hoverList ? shades - 1 : Math.min(shades - 1, Math.floor(near(Math.abs((centroids[3 * list + 2] ?? 0))) * shades));
    const path = groups[(lit.has(list) ? shades : 0) + shade];
    path?.moveTo(x - arm, y);
    path?.lineTo(x + arm, y);
    path?.moveTo(x, y - arm);
    path?.lineTo(x, y + arm);
  }
  for (const [i, path] of groups.entries()) {
    const alpha = (i < shades && crowded ? 0.6 : 1) * (0.2 + (0.8 * (i % shades)) / (shades - 1));
    context.strokeStyle = css(palette.ground, alpha);
    context.lineWidth = crowded ? 2.5 : 4;
    context.stroke(path);
    context.strokeStyle = css(i < shades ? palette.ink : palette.probed, alpha);
    context.lineWidth = crowded ? 1.2 : 1.6;
    context.stroke(path);
  }
  if (hoverList !== null) drawRing(context, toScreen(viewport, centroids[3 * hoverList] ?? NaN, centroids[3 * hoverList + 1] ?? NaN), css(palette.ink));
}

/** Around the centroid of the list pointed at, whose cell may not be in the picture. */
function drawRing(context: CanvasRenderingContext2D, { x, y }: Point, colour: string) {
  context.beginPath();
  context.arc(x, y, 8, 0, 2 * Math.PI);
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.stroke();
}
