import stage from '../stage.module.css';
import type { Point } from '../viewport';
import { count, percent } from '../words';
import { homeTurn, zoomedAt, type Camera, type Turn } from './camera';
import type { Look } from './frame';
import style from './layers.module.css';

/** What stands on and around the planes besides nodes and links. */

/** One place on all layers: the query's. */
export function QueryLine({ points }: { points: Point[] }) {
  const [low, high] = [points[0], points.at(-1)];
  return <>{low && high && low !== high && <line className={style.queryLine} x1={low.x} y1={low.y} x2={high.x} y2={high.y} />}{points.slice(1).map(({ x, y }, i) => <path key={i} className={style.queryLine} d={`M${x - 4},${y}h8M${x},${y - 4}v8`} />)}</>;
}

export function LayerNames({ look, camera, width }: { look: Look; camera: Camera; width: number }) {
  if (look.levels.length < 2 || camera.flat) return null;
  return <>{look.levels.map(({ nodes }, layer) => {
    const left = camera.outline(layer).reduce((a, b) => (b.x < a.x ? b : a)), x = Math.max(8, Math.min(left.x - 8, width - 96));
    return <text key={layer} className={style.layerName} x={x} y={left.y - 8}>layer {layer} · {count(nodes)}</text>;
  })}</>;
}

export function PlaneBadge({ look: { plane, over, coded } }: { look: Look }) {
  const things = over === 'lists' ? 'centroids' : 'vectors', code = coded ? ` The walk compares ${coded} codes; nodes stand where their vectors do.` : '';
  const text = plane.exact ? `exact: the ${things} are in the plane` : `projection: 10-NN kept ${percent(plane.knn10)} · ${percent(plane.variance)} of variance`;
  const story = plane.exact ? `Every node stands where its vector is, at the same place on every layer.${code}` : `A node stands at the same place on every layer: its projection on the plane of most variance, which keeps ${percent(plane.variance)} of it and ${percent(plane.knn10)} of each vector’s 10 nearest neighbours, and whose axes are stretched to fill the picture. What looks near may be far: links are coloured by their true length, and the chart below shows true distances.${code}`;
  return <span className={`${stage.badge} ${style.badge}`} data-exact={plane.exact} title={story} tabIndex={0} aria-label={`${text}. ${story}`}>{text}</span>;
}

/** How much of the graph is drawn, never silently; and that in two dimensions every graph looks good. */
export function Notes({ look }: { look: Look }) {
  const { d, factory } = look;
  if (d !== 2) return <p className={style.note}>{drawnWords(look)}</p>;
  return <p className={style.note}>{drawnWords(look)}<br />Two dimensions flatter a graph: <a href={`?data=photo-sift&index=${encodeURIComponent(factory).replaceAll('%2C', ',')}&view=layers`}>{factory} on real vectors</a></p>;
}

function drawnWords({ n, over, nodes: { sampled, linked }, levels, links: { rows } }: Look): string {
  const things = over === 'lists' ? 'centroids' : 'vectors', all = levels.reduce((sum, { links }) => sum + links, 0), standing = rows.reduce((sum, gone, i) => sum + (i % 5 === 4 && gone === -1 ? 1 : 0), 0);
  if (linked === n) return `All ${count(n)} ${things} and ${count(all)} links are drawn`;
  const nodes = sampled === n ? `all ${count(n)} ${things}` : `${count(sampled)} of ${count(n)} ${things} and all that the walk met`;
  return `Drawn: ${nodes}; ${count(standing)} of ${count(all)} links, those among ${count(linked)} nodes`;
}

type ToolProps = { turn: Turn; setTurn: (turn: Turn) => void; look: Look; width: number; height: number; showLinks: boolean; onLinks: (shown: boolean) => void };

export function Tools({ turn, setTurn, look, width, height, showLinks, onLinks }: ToolProps) {
  const zoom = (by: number) => setTurn(zoomedAt(turn, by, { x: width / 2, y: height / 2 }, { width, height })), flat = turn.tilt > 1.5;
  const tools = [
    { name: showLinks ? 'Hide the links' : 'Show the links', pressed: showLinks, act: () => onLinks(!showLinks), d: 'M4.5 11.5 11.5 4.5M2 13a1.8 1.8 0 1 0 .01 0M14 3a1.8 1.8 0 1 0 .01 0' },
    { name: flat ? 'From the side' : 'From above', pressed: flat, act: () => setTurn(flat ? { ...homeTurn(2), zoom: turn.zoom } : { ...turn, azimuth: 0, tilt: Math.PI / 2 }), d: 'M2 5.5 8 3l6 2.5L8 8zM2 10.5 8 13l6-2.5' },
    { name: 'Zoom in (+)', act: () => zoom(1.5), d: 'M8 3v10M3 8h10' },
    { name: 'Zoom out (−)', act: () => zoom(1 / 1.5), d: 'M3 8h10' },
    { name: 'Reset the view (0)', act: () => setTurn(homeTurn(look.levels.length)), d: 'M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3' },
  ];
  return (
    <div className={stage.tools} role="toolbar" aria-label="View">
      {tools.map(({ name, pressed, act, d }) => <button key={d} type="button" className={stage.tool} aria-label={name} title={name} aria-pressed={pressed} onClick={act}><svg width={16} height={16} viewBox="0 0 16 16" aria-hidden="true"><path d={d} /></svg></button>)}
    </div>
  );
}

