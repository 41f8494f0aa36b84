import { css, mix, type Palette } from '../palette';
import type { Point } from '../viewport';
import type { Camera } from './camera';
import type { BuildFrame, Frame, Look, SearchFrame } from './frame';

/** The many marks of the layers, on a canvas: planes, links coloured by their true length, nodes, and where the walk went. */

export type Scene = { look: Look; frame: Frame; camera: Camera; palette: Palette; placeOf: Map<number, number>; showLinks: boolean };
type Pen = CanvasRenderingContext2D;

/** Shades of length, short to long. */
const SHADES = 6;

/** A link's colour: the longer the stronger, between the quantiles of those that stand. */
export function lengthShade({ quantiles: [low, , high] }: Look['links'], length: number): number {
  return Math.max(0, Math.min(SHADES - 1, Math.floor(((length - low) / (high - low || 1)) * SHADES)));
}
export const shadeColour = ({ ground, ink }: Palette, shade: number, alpha: number) => css(mix(ground, ink, 0.25 + (0.65 * shade) / (SHADES - 1)), alpha);
export const shades = SHADES;

export function draw(pen: Pen, scene: Scene): void {
  const { look, frame, showLinks } = scene, layers = look.levels.length;
  for (let layer = 0; layer < layers; layer++) {
    drawPlane(pen, scene, layer);
    if (showLinks) drawLinks(pen, scene, layer);
    drawNodes(pen, scene, layer);
  }
  if (frame.kind === 'search') drawDrops(pen, scene, frame);
  for (let layer = 0; layer < layers; layer++) { // what happens is never behind a plane
    if (frame.kind === 'search') drawWalk(pen, scene, frame, layer);
    else drawInserted(pen, scene, frame, layer);
  }
}

const path = (pen: Pen, points: Point[]) => { pen.beginPath(); points.forEach(({ x, y }, i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y))); };
const dot = (pen: Pen, { x, y }: Point, r: number) => { pen.moveTo(x + r, y); pen.arc(x, y, r, 0, 2 * Math.PI); };

function drawPlane(pen: Pen, { camera, palette }: Scene, layer: number): void {
  path(pen, camera.outline(layer));
  pen.closePath();
  pen.fillStyle = css(palette.ground, camera.flat ? 0 : 0.5); // what lies below shows through
  pen.fill();
  pen.strokeStyle = css(palette.line);
  pen.lineWidth = 1;
  pen.stroke();
}

const placed = ({ look: { nodes: { at } }, camera }: Scene, place: number, layer: number) => camera.to(at[2 * place] ?? 0, at[2 * place + 1] ?? 0, layer);
const stateOf = ({ frame, look }: Scene) => (frame.kind === 'build' ? frame.state : look.states.length - 1);

function drawLinks(pen: Pen, scene: Scene, layer: number): void {
  const { look: { links }, palette, frame } = scene, { rows, lengths } = links, state = stateOf(scene);
  const batches: Point[][] = Array.from({ length: SHADES }, () => []);
  for (let i = 0; i < lengths.length; i++) {
    const [from = 0, to = 0, level, first = 0, gone = -1] = rows.subarray(5 * i, 5 * i + 5);
    if (level !== layer || first > state || (gone >= 0 && gone <= state)) continue;
    batches[lengthShade(links, lengths[i] ?? 0)]?.push(placed(scene, from, layer), placed(scene, to, layer));
  }
  const many = batches.reduce((sum, { length }) => sum + length, 0) / 2, quiet = frame.kind === 'search' ? 0.4 : 1;
  pen.lineWidth = layer === 0 ? 0.6 : 0.8;
  batches.forEach((ends, shade) => {
    pen.beginPath();
    for (let i = 0; i < ends.length; i += 2) { const [a, b] = [ends[i], ends[i + 1]]; if (a && b) { pen.moveTo(a.x, a.y); pen.lineTo(b.x, b.y); } }
    pen.strokeStyle = shadeColour(palette, shade, quiet * Math.min(0.45, Math.max(0.05, 420 / many)));
    pen.stroke();
  });
}

function drawNodes(pen: Pen, scene: Scene, layer: number): void {
  const { look: { nodes }, palette } = scene, state = stateOf(scene);
  pen.beginPath();
  for (let i = 0; i < nodes.sampled; i++) if ((nodes.levels[i] ?? 0) > layer && (nodes.born[i] ?? 0) <= state) dot(pen, placed(scene, i, layer), layer === 0 ? 1.3 : 1.9);
  pen.fillStyle = css(palette.neutral, layer === 0 ? 0.75 : 1);
  pen.fill();
}

/** Nodes that came in the state shown. */
function drawInserted(pen: Pen, scene: Scene, { state }: BuildFrame, layer: number): void {
  const { look: { nodes, links: { rows }, states }, palette } = scene, whole = states[state]?.step !== 'batch' && states[state]?.step !== 'first';
  if (whole) return;
  let many = 0;
  pen.beginPath();
  for (let i = 0; i < rows.length; i += 5) {
    const from = rows[i] ?? 0, to = rows[i + 1] ?? 0;
    if (rows[i + 2] !== layer || rows[i + 3] !== state || nodes.born[from] !== state) continue;
    const [a, b] = [placed(scene, from, layer), placed(scene, to, layer)];
    pen.moveTo(a.x, a.y);
    pen.lineTo(b.x, b.y);
    many++;
  }
  pen.strokeStyle = css(palette.probed, Math.min(0.7, Math.max(0.08, 90 / many)));
  pen.lineWidth = 0.9;
  pen.stroke();
  pen.beginPath();
  for (let i = 0; i < nodes.sampled; i++) if (nodes.born[i] === state && (nodes.levels[i] ?? 0) > layer) dot(pen, placed(scene, i, layer), 2.8);
  pen.fillStyle = css(palette.probed);
  pen.fill();
}

/** Links that the walk went along are heavy, those of the current hop thin; nodes in the list are ringed until they are walked from. */
function drawWalk(pen: Pen, scene: Scene, frame: SearchFrame, layer: number): void {
  const { palette, placeOf, look } = scene, met = frame.upper[layer], { current } = frame;
  if (!met) return;
  const at = (id: number) => { const place = placeOf.get(id); return place === undefined ? null : placed(scene, place, layer); };
  const strokes = (pairs: [Point | null, Point | null][], width: number, alpha: number) => {
    pen.beginPath();
    for (const [a, b] of pairs) if (a && b) { pen.moveTo(a.x, a.y); pen.lineTo(b.x, b.y); }
    pen.strokeStyle = css(palette.probed, alpha);
    pen.lineWidth = width;
    pen.stroke();
  };
  const dots = (ids: Iterable<number>, r: number, fill: string, ring?: string) => {
    pen.beginPath();
    for (const id of ids) { const p = at(id); if (p) dot(pen, p, r); }
    pen.fillStyle = fill;
    pen.fill();
    if (!ring) return;
    pen.strokeStyle = ring;
    pen.lineWidth = 1.4;
    pen.stroke();
  };
  const walked = [...met].filter(([, { walkedAt }]) => walkedAt !== null).map(([id]) => id), here = current?.level === layer && !Number.isNaN(current.distance) ? current : null;
  if (here) strokes([...here.met.ids].map((id) => [at(here.node), at(id)]), 0.8, 0.55);
  dots([...met.keys()], 1.9, css(palette.scanned, 0.85));
  strokes(walked.map((id) => [at(met.get(id)?.from ?? -1), at(id)]), layer === 0 ? 1.6 : 2.6, 0.9);
  if (layer === 0 && frame.list && (!current || current.level === 0)) dots(frame.list.ids, 3.2, css(palette.ground), css(palette.probed));
  dots(walked, layer === 0 ? 3 : 3.6, css(palette.probed));
  if (here) dots([here.node], 5, css(palette.probed), css(palette.ink));
  if (frame.shown === 0 && layer === look.levels.length - 1) dots([look.entry], 5, css(palette.probed), css(palette.ink));
}

/** From layer to layer the descent keeps its node. */
function drawDrops(pen: Pen, scene: Scene, { shown }: SearchFrame): void {
  const { look: { walk: { hops } }, palette, placeOf } = scene;
  pen.beginPath();
  hops.slice(0, shown).forEach(({ level, list }) => {
    const node = list.ids[0] ?? -1, place = placeOf.get(node);
    const last = level > 0 && hops.findLast((hop) => hop.level === level)?.list.ids[0] === node;
    if (!last || place === undefined) return;
    const [a, b] = [placed(scene, place, level), placed(scene, place, level - 1)];
    pen.moveTo(a.x, a.y);
    pen.lineTo(b.x, b.y);
  });
  pen.setLineDash([4, 3]);
  pen.strokeStyle = css(palette.probed);
  pen.lineWidth = 1.8;
  pen.stroke();
  pen.setLineDash([]);
}
