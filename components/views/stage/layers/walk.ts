import { css } from '../palette';
import type { Point } from '../viewport';
import type { BuildFrame, SearchFrame } from './frame';
import { dot, placed, type Pen, type Scene } from './ink';

/** What happens at the step shown, over the graph that stands still: nodes inserted, or where the walk went. */

/** Nodes that came in the state shown, with their links. */
export function drawInserted(pen: Pen, scene: Scene, { state }: BuildFrame, layer: number): void {
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
  for (let i = 0; i < nodes.sampled; i++) if (nodes.born[i] === state && (nodes.levels[i] ?? 0) > layer) dot(pen, placed(scene, i, layer), i < nodes.linked ? 2.8 : 1.6);
  pen.fillStyle = css(palette.probed);
  pen.fill();
}

/** Links that the walk went along are heavy, those of the current hop thin; nodes in the list are ringed until they are walked from. */
export function drawWalk(pen: Pen, scene: Scene, frame: SearchFrame, layer: number): void {
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
export function drawDrops(pen: Pen, scene: Scene, { shown }: SearchFrame): void {
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
