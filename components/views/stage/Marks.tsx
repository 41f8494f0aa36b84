import type { ComponentProps } from 'react';
import { NeighbourGlyph, QueryGlyph, SelectedGlyph } from './glyphs';
import { labelText, markRadius, type Neighbour } from './neighbours';
import { letter, placeNames, type Box } from './names';
import type { Place } from './places';
import style from './stage.module.css';
import { scaleOf, toScreen, type Point, type Viewport } from './viewport';
import type { Label } from '@/workers/protocol';

/** The few marks that carry the story, as SVG above the canvases. */
type MarksProps = {
  viewport: Viewport;
  /** Lit lists, in probe order, and where their numbers stand. */
  lit: number[]; places: Map<number, Place>;
  neighbours: Neighbour[];
  reached: Neighbour | null;
  query: Point | null; queryLabel: Label | null;
  dragging: boolean;
  handlers: ComponentProps<'g'> | null;
  /** From the pointed cell's number to its centroid. */
  tie: { from: Point; to: Point } | null;
  /** The vector looked at closely and its true neighbours. */
  chosen: { from: Point; to: Point[] } | null;
  /** What floats above the picture: no word begins below it. */
  covers: Box[];
};

export function Marks({ viewport, lit, places, neighbours, reached, query, queryLabel, dragging, handlers, tie, chosen, covers }: MarksProps) {
  const at = ({ x, y }: Point) => toScreen(viewport, x, y);
  const move = (p: Point) => `translate(${at(p).x} ${at(p).y})`;
  const r = markRadius(neighbours.map(at));
  const name = queryLabel ? labelText(queryLabel) : '';
  const side = query ? nameSide(at(query), name, viewport) : 1;
  const numbers = lit.flatMap((list, i) => { const place = places.get(list); return place ? [boxAround(at(place), `${i + 1}`)] : []; });
  const names = placeNames(words(neighbours, at), r, [...covers, ...numbers, ...(query ? [queryBox(at(query), name, side)] : [])], viewport);
  return (
    <svg className={style.marks} width={viewport.width} height={viewport.height} aria-hidden="true">
      {tie && <line className={style.tie} x1={at(tie.from).x} y1={at(tie.from).y} x2={at(tie.to).x} y2={at(tie.to).y} />}
      {lit.map((list, i) => <Order key={list} order={i + 1} place={places.get(list)} viewport={viewport} />)}
      {chosen && <Ties from={at(chosen.from)} to={chosen.to.map(at)} />}
      {neighbours.map((n) => <g key={n.id} transform={move(n)}><NeighbourGlyph kind={n.kind} r={r} /></g>)}
      {names.map((n) => n && <text key={`${n.text} ${n.x} ${n.y}`} className={style.word} x={n.x} y={n.y} textAnchor={n.anchor}>{n.text}</text>)}
      {reached && <circle className={style.reached} r={r + 5} transform={move(reached)} />}
      {query && (
        <g transform={move(query)} className={handlers ? style.handle : undefined} data-query data-dragging={dragging} {...handlers}>
          {dragging && <path className={style.cross} d={`M-4000,0H4000M0,-4000V4000`} />}
          <circle className={style.grip} r={22} />
          <QueryGlyph />
          <text className={style.name} x={13 * side} y={4} textAnchor={side > 0 ? 'start' : 'end'}>{name}</text>
        </g>
      )}
    </svg>
  );
}

/** A dot and its true neighbours, wherever the plane put them. */
function Ties({ from, to }: { from: Point; to: Point[] }) {
  const lines = to.map(({ x, y }) => `M${from.x},${from.y}L${x},${y}`).join('');
  return (
    <g>
      <path className={style.nearUnder} d={lines} />
      <path className={style.near} d={lines} />
      <g transform={`translate(${from.x} ${from.y})`}><SelectedGlyph r={9} /></g>
    </g>
  );
}

/** True neighbours first: their words find room before those of vectors merely returned. */
function words(neighbours: Neighbour[], at: (p: Point) => Point) {
  const ranked = [...neighbours].sort((a, b) => Number(a.kind === 'returned') - Number(b.kind === 'returned'));
  return ranked.map((n) => ({ ...at(n), text: n.label.kind === 'word' ? n.label.text : '' }));
}

function queryBox({ x, y }: Point, name: string, side: 1 | -1) {
  const far = x + side * (16 + 8 * name.length);
  return { x0: Math.min(x - 12, far), x1: Math.max(x + 12, far), y0: y - 12, y1: y + 12 };
}

const boxAround = ({ x, y }: Point, text: string): Box => ({ x0: x - letter * text.length, x1: x + letter * text.length, y0: y - 10, y1: y + 10 });

/** 1: the query's name stands to the right of it, −1: to the left, where there is no room on the right. */
export const nameSide = (at: Point, name: string, { width }: Viewport): 1 | -1 => (at.x + 24 + 8 * name.length > width ? -1 : 1);

/** The number of a probed cell, where the cell has room for it. */
function Order({ order, place, viewport }: { order: number; place: Place | undefined; viewport: Viewport }) {
  const room = place ? place.room * scaleOf(viewport) : 0;
  if (!place || room < 5) return null;
  const { x, y } = toScreen(viewport, place.x, place.y);
  const size = room < 9 ? 9 : room < 26 ? 12 : 14;
  return <text className={style.order} x={x} y={y + size * 0.36} fontSize={size}>{order}</text>;
}
