import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent } from 'react';
import type { SearchAnswer } from '@/workers/protocol';
import { NeighbourGlyph, QueryGlyph } from '../glyphs';
import { useRatio } from '../hooks';
import type { Palette } from '../palette';
import stage from '../stage.module.css';
import { Tooltip } from '../Tooltip';
import { plural } from '../words';
import { cameraOf } from './camera';
import type { Frame, Look } from './frame';
import { LayerNames, Notes, PlaneBadge, QueryLine, Tools } from './Furniture';
import type { Scene } from './ink';
import style from './layers.module.css';
import { knownLabel, linesOf, marksOf } from './marks';
import { nodeAt, shownAt } from './pick';
import { draw } from './scene';
import { Selection } from './Selection';
import { placeIn, useOrbit } from './useOrbit';

export type Shared = { look: Look; frame: Frame; search: SearchAnswer | null; palette: Palette; pointed: number | null; onPointed: (id: number | null) => void };
export type Chosen = { selected: number | null; onSelect: (id: number | null) => void; onPick: (id: number) => void };
type Props = Shared & Chosen & { width: number; height: number };

const pad = { x: 16, y: 40 };

/** The planes: drag or arrows turn them, wheel and + − 0 zoom. */
export function Planes(props: Props) {
  const { look, frame, palette, search, pointed, width, height } = props, layers = look.levels.length;
  const [showLinks, setShowLinks] = useState(true), [told, setTold] = useState<number | null>(null), [surface, setSurface] = useState<HTMLElement | null>(null);
  const point = (id: number | null) => { if (id !== told) { setTold(id); props.onPointed(id); } };
  const orbit = useOrbit(layers, { width, height }, surface), { turn } = orbit;
  const camera = useMemo(() => cameraOf(look, { width, height }, turn, pad), [look, width, height, turn]);
  const placeOf = useMemo(() => new Map(Array.from(look.nodes.ids, (id, place) => [id, place])), [look]);
  const marks = marksOf(look, frame, camera, placeOf), query = frame.kind === 'search' ? look.levels.map((_, layer) => camera.to(look.query.x, look.query.y, layer)) : [];
  const at = pointed === null ? null : shownAt(look, camera, placeOf, pointed, frame), lines = told === null ? [] : linesOf(look, frame, told, search), label = told === null ? null : labelFor(search, told, look);
  const name = `${look.graph} of ${plural(layers, 'layer')}. Arrows turn it, plus, minus and 0 zoom, N and P go through the nodes of the list, space selects, Enter takes one as the query.`;
  return (
    <div className={style.planes} style={{ width, height }}>
      <div ref={setSurface} className={stage.surface} data-pointed={told === null ? undefined : 'dot'} role="application" tabIndex={0} aria-label={name} {...orbit.handlers} {...choosing(props, told, point, orbit.key)}
        onPointerMove={(event) => point(orbit.move(event) ? null : nodeAt(look, frame, camera, placeIn(event)))} onPointerLeave={() => point(null)} onClick={(event: MouseEvent<HTMLElement>) => choose(props, nodeAt(look, frame, camera, placeIn(event)))} onDoubleClick={(event: MouseEvent<HTMLElement>) => take(props, nodeAt(look, frame, camera, placeIn(event)))}>
        <Canvas width={width} height={height} scene={{ look, frame, camera, palette, placeOf, showLinks, moving: orbit.dragging }} />
        <svg className={stage.marks} width={width} height={height} aria-hidden="true">
          {query.length > 0 && <QueryLine points={query} />}
          <Selection look={look} camera={camera} palette={palette} />
          {marks.map((mark) => <g key={mark.id} transform={`translate(${mark.x},${mark.y})`}><NeighbourGlyph kind={mark.kind} r={mark.kind === 'found' ? 6 : 5.5} /></g>)}
          <LayerNames look={look} camera={camera} width={width} />
          {query[0] && <g transform={`translate(${query[0].x},${query[0].y})`}><QueryGlyph r={9} /></g>}
          {at && <circle className={stage.reached} cx={at.x} cy={at.y} r={8} />}
        </svg>
      </div>
      <PlaneBadge look={look} />
      <Tools turn={turn} setTurn={orbit.setTurn} look={look} width={width} height={height} showLinks={showLinks} onLinks={setShowLinks} />
      <Notes look={look} />
      {told !== null && at && <Tooltip tip={{ ...at, label, lines }} width={width} height={height} />}
      <p className={stage.announce} role="status">{[label?.text, ...lines].filter(Boolean).join('. ')}</p>
    </div>
  );
}

function labelFor(search: SearchAnswer | null, id: number, { over }: Look) {
  const label = over === 'lists' ? null : knownLabel(search, id);
  return label?.kind === 'number' ? null : label;
}

/** Lists are no base vectors: they are pointed at, not chosen. */
function choose({ look, selected, onSelect }: Props, id: number | null): void {
  if (id !== null && look.over === 'vectors') onSelect(id === selected ? null : id);
}
function take({ look, onPick }: Props, id: number | null): void {
  if (id !== null && look.over === 'vectors') onPick(id);
}

function choosing(props: Props, told: number | null, point: (id: number | null) => void, orbit: (key: string) => boolean) {
  const { look, frame } = props;
  const walk = (by: number) => {
    const ids = frame.kind === 'search' ? frame.list?.ids ?? Int32Array.of(look.entry) : look.nodes.ids.subarray(0, look.nodes.sampled);
    const from = told === null ? (by > 0 ? -1 : 0) : ids.indexOf(told);
    point(ids[(from + by + ids.length) % ids.length] ?? null);
  };
  const keys: Record<string, () => void> = { n: () => walk(1), p: () => walk(-1), Escape: () => { point(null); props.onSelect(null); }, ' ': () => choose(props, told), Enter: () => take(props, told) };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    if (!orbit(key)) { if (!keys[key]) return; keys[key](); }
    event.preventDefault();
  };
  return { onKeyDown };
}

function Canvas({ width, height, scene }: { width: number; height: number; scene: Scene }) {
  const canvas = useRef<HTMLCanvasElement>(null), ratio = useRatio(), { look, frame, camera, palette, placeOf, showLinks, moving } = scene;
  useEffect(() => {
    const surface = canvas.current, pen = surface?.getContext('2d');
    if (!surface || !pen) return;
    surface.width = Math.round(width * ratio);
    surface.height = Math.round(height * ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(pen, { look, frame, camera, palette, placeOf, showLinks, moving });
  }, [ratio, width, height, look, frame, camera, palette, placeOf, showLinks, moving]);
  return <canvas ref={canvas} className={stage.layer} data-picture />;
}
