import { css } from '../palette';
import { grouped } from './crowd';
import { shadeColour, type Pen, type Scene } from './ink';
import { drawDrops, drawInserted, drawWalk } from './walk';

/** The many marks of the layers, on a canvas: planes, links coloured by their true length, nodes, and where the walk went. */

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

const stateOf = ({ frame, look }: Scene) => (frame.kind === 'build' ? frame.state : look.states.length - 1);

function drawPlane(pen: Pen, { camera, palette }: Scene, layer: number): void {
  pen.beginPath();
  camera.outline(layer).forEach(({ x, y }, i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
  pen.fillStyle = css(palette.ground, camera.flat ? 0 : 0.5); // what lies below shows through
  pen.fill();
  pen.strokeStyle = css(palette.line);
  pen.lineWidth = 1;
  pen.stroke();
}

/** Links drawn of a layer while it is turned. */
const MOVING = 2000;

function drawLinks(pen: Pen, scene: Scene, layer: number): void {
  const { look: { links, nodes: { at } }, palette, frame, camera: { map }, moving } = scene, { rows } = links, state = stateOf(scene), groups = grouped(links, layer);
  const many = groups.reduce((sum, { length }) => sum + length, 0), step = moving ? Math.max(1, Math.ceil(many / MOVING)) : 1;
  const drawn = scene.frame.kind === 'search' ? many : standing(groups, rows, state), quiet = frame.kind === 'search' ? 0.4 : 1, y0 = map.y0 - layer * map.lift;
  pen.lineWidth = layer === 0 ? 0.6 : 0.8;
  groups.forEach((group, shade) => {
    pen.beginPath();
    for (let i = 0; i < group.length; i += step) {
      const row = 5 * (group[i] ?? 0), gone = rows[row + 4] ?? -1, a = 2 * (rows[row] ?? 0), b = 2 * (rows[row + 1] ?? 0);
      if ((rows[row + 3] ?? 0) > state || (gone >= 0 && gone <= state)) continue;
      const [ax, ay, bx, by] = [at[a] ?? 0, at[a + 1] ?? 0, at[b] ?? 0, at[b + 1] ?? 0];
      pen.moveTo(map.x0 + map.ax * ax + map.bx * ay, y0 + map.ay * ax + map.by * ay);
      pen.lineTo(map.x0 + map.ax * bx + map.bx * by, y0 + map.ay * bx + map.by * by);
    }
    pen.strokeStyle = shadeColour(palette, shade, quiet * Math.min(0.45, Math.max(0.05, (420 * step) / drawn)));
    pen.stroke();
  });
}

const standing = (groups: Int32Array[], rows: Int32Array, state: number) => groups.reduce((sum, group) => sum + group.reduce((n, link) => { const gone = rows[5 * link + 4] ?? -1; return n + Number((rows[5 * link + 3] ?? 0) <= state && (gone < 0 || gone > state)); }, 0), 0);

/** Discs where they are few, squares of as many pixels where they are a crowd. */
function drawNodes(pen: Pen, scene: Scene, layer: number): void {
  const { look: { nodes: { at, levels, born, sampled, linked } }, palette, camera: { map } } = scene, state = stateOf(scene), y0 = map.y0 - layer * map.lift, low = layer === 0, crowd = low && sampled > linked;
  pen.fillStyle = css(palette.neutral, low ? (crowd ? 0.6 : 0.75) : 1);
  pen.beginPath();
  for (let i = 0; i < sampled; i++) {
    if ((levels[i] ?? 0) <= layer || (born[i] ?? 0) > state) continue;
    const [a, b] = [at[2 * i] ?? 0, at[2 * i + 1] ?? 0], x = map.x0 + map.ax * a + map.bx * b, y = y0 + map.ay * a + map.by * b;
    if (crowd) pen.fillRect(x - 0.9, y - 0.9, 1.8, 1.8);
    else { pen.moveTo(x + 1.9, y); pen.arc(x, y, low ? 1.3 : 1.9, 0, 2 * Math.PI); }
  }
  if (!crowd) pen.fill();
}
