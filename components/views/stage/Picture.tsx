import { useDeferredValue, useId, useMemo, useState } from 'react';
import { useAsk } from './ask';
import { Badge } from './Badge';
import { captionOf } from './caption';
import { Chosen, tiesOf } from './Chosen';
import { dotRadius, nearness } from './dots';
import { useReducedMotion } from './hooks';
import { glideMs, Layers } from './Layers';
import { Legend } from './Legend';
import { Marks, nameSide } from './Marks';
import { labelText, markNeighbours, queryPoint, type Neighbour } from './neighbours';
import type { Palette } from './palette';
import { bandOf, coversOf, isNarrow } from './overlay';
import { cellsIn, placeLabels, seeCells } from './places';
import type { StageProps } from './props';
import style from './stage.module.css';
import { neighbourTip, tipOf } from './tips';
import { Tools } from './Tools';
import { Tooltip } from './Tooltip';
import { useKeys } from './useKeys';
import { litLists, useCells, useDots, useGrid, useHome, usePainted } from './usePicture';
import { usePointer, type Pointed } from './usePointer';
import { useQueryMove } from './useQueryMove';
import { useZoom } from './useZoom';
import { scaleOf, toScreen, type Point, type Viewport } from './viewport';

export type PictureProps = StageProps & { plane: NonNullable<StageProps['plane']>; palette: Palette; width: number; height: number };

/** The picture, what can be done with it, and the words below it. */
export function Picture(props: PictureProps) {
  const { plane, width, height, search, iteration, view } = props;
  const [surface, setSurface] = useState<HTMLDivElement | null>(null);
  const caption = useId();
  const home = useHome(plane, search, width, height);
  const { viewport, zoom, actions } = useZoom(surface, home, plane.points, useReducedMotion());
  useAsk(props, viewport);
  const lit = useMemo(() => litLists({ search, lit: props.lit, iteration }), [search, props.lit, iteration]);
  const query = useQueryMove(props, viewport);
  const at = iteration === null ? query.place ?? queryPoint(plane, search) : null;
  const neighbours = useNeighbours(props, lit);
  const { pointed, ...pointer } = usePointer(props, useGrid(plane), viewport);
  const keys = useKeys({ viewport, actions, neighbours, query: at, move: props.onQueryMove && query.move, onPick: props.onPick, onSelect: props.onSelect });
  const labels = useLabels(props, viewport, lit, at, neighbours);
  const covers = useMemo(() => coversOf({ width, height }, plane.badge), [width, height, plane.badge]);
  const tip = tipNow(props, viewport, neighbours, keys.reached, query.dragging ? null : pointed);
  const settled = useDeferredValue(viewport); // counting every pixel may lag behind a pan
  const cells = useMemo(() => (props.slice && view === 'cells' ? cellsIn(props.slice, settled.window) : null), [props.slice, view, settled]);
  return (
    <>
      <div className={style.picture} style={{ height }} data-picture data-narrow={isNarrow({ width, height })}>
        <div
          ref={setSurface} className={style.surface} tabIndex={0} role="application" data-pointed={pointed?.hover.kind} aria-label={view === 'cells' ? 'Cells on a plane' : 'Map of the vectors'}
          aria-describedby={caption} onKeyDown={keys.onKeyDown} onKeyUp={keys.onKeyUp} {...pointer}
        >
          <Canvases {...props} viewport={viewport} zoom={zoom.k} order={lit} />
          <Marks
            viewport={viewport} lit={view === 'cells' ? lit : []} places={labels.places} neighbours={neighbours} reached={keys.reached} tie={labels.tie} chosen={tiesOf(props)}
            query={at} queryLabel={search?.query.label ?? null} covers={covers} dragging={query.dragging} handlers={props.onQueryMove ? query.handlers : null}
          />
          {tip && <Tooltip tip={tip} width={width} height={height} />}
        </div>
        <Badge badge={plane.badge} host={surface?.parentElement ?? null} />
        <Tools actions={actions} moving={keys.moving} onMoving={props.onQueryMove && iteration === null ? keys.setMoving : undefined} />
        <Chosen {...props} />
        <p className={style.announce} role="status">{keys.reached?.sentence ?? (keys.moving ? 'Arrow keys move the query' : '')}</p>
      </div>
      <figcaption className={style.caption} id={caption}>{props.caption ?? captionOf(props, cells, coveredBy(at, neighbours, settled))}</figcaption>
      <Legend {...props} />
    </>
  );
}

/** Everything on canvases, as it follows from the props. */
function Canvases(props: PictureProps & { viewport: Viewport; zoom: number; order: number[] }) {
  const { plane, palette, iteration, width, height, viewport, zoom, hoverList } = props;
  const lit = useMemo(() => new Set(props.order), [props.order]);
  const { borders, hues } = useCells(props);
  const painted = usePainted(props, borders, hues, lit, palette);
  const dots = useDots(props, lit, hues, palette);
  const near = useMemo(() => nearness(plane.centroids), [plane]);
  const centroids = props.view === 'map' ? null : iteration === null ? plane.centroids : plane.history[iteration] ?? null;
  const trail = useMemo(() => (iteration === null ? [] : plane.history.slice(0, iteration)), [plane, iteration]);
  const radius = dotRadius(plane.lists.length, width * height, zoom);
  return <Layers {...{ viewport, palette, painted, dots, radius, centroids, trail, near, lit, hoverList }} fadeMs={iteration === null ? 180 : glideMs} />;
}

function useNeighbours({ search, plane, index, iteration, lit }: PictureProps, litNow: number[]) {
  return useMemo(() => {
    const finished = lit === null || lit >= (search?.probed.length ?? 0);
    return iteration === null ? markNeighbours(search, plane, index?.ivf ? new Set(litNow) : null, finished, index?.metric ?? 'L2') : [];
  }, [search, plane, index, iteration, lit, litNow]);
}

/** How many neighbours' marks the query's covers nearly whole. */
function coveredBy(query: Point | null, neighbours: Neighbour[], viewport: Viewport): number {
  const least = 8 / scaleOf(viewport);
  return query ? neighbours.filter(({ x, y }) => Math.hypot(x - query.x, y - query.y) < least).length : 0;
}

/** The mark reached by keyboard comes before what lies under the pointer. */
function tipNow(props: PictureProps, viewport: Viewport, neighbours: Neighbour[], reached: Neighbour | null, pointed: Pointed | null) {
  if (reached) return neighbourTip(props, reached, toScreen(viewport, reached.x, reached.y));
  return pointed && tipOf(props, pointed, neighbours);
}

/** Places of the lit cells' numbers, and the line from the pointed cell to its centroid. */
function useLabels({ view, slice, plane, search, hoverList, iteration }: PictureProps, viewport: Viewport, lit: number[], query: Point | null, neighbours: Neighbour[]) {
  const [x, y, name] = [query?.x, query?.y, search ? labelText(search.query.label) : ''];
  const sight = useMemo(() => {
    const { x0, x1, y0, y1 } = viewport.window, band = bandOf(viewport, plane.badge) / scaleOf(viewport);
    return view === 'cells' && slice ? seeCells(slice, { x0, x1, y0, y1: y1 - band }) : null;
  }, [view, slice, viewport, plane.badge]);
  return useMemo(() => {
    if (!sight) return { places: new Map(), tie: null };
    const marks = neighbours.map((n) => ({ x: n.x, y: n.y, room: 14 / scaleOf(viewport) }));
    const avoid = x === undefined || y === undefined ? marks : [...marks, ...aroundQuery({ x, y }, name, viewport)];
    const places = placeLabels(sight, hoverList === null ? lit : [...lit, hoverList], avoid);
    const from = hoverList === null || iteration !== null ? undefined : places.get(hoverList);
    const tie = from && hoverList !== null ? { from, to: { x: plane.centroids[3 * hoverList] ?? from.x, y: plane.centroids[3 * hoverList + 1] ?? from.y } } : null;
    return { places, tie };
  }, [sight, plane, hoverList, iteration, viewport, lit, x, y, name, neighbours]);
}

/** The star, and its name to the right of it or, near the right edge, to the left: a row of circles. */
function aroundQuery({ x, y }: Point, name: string, viewport: Viewport) {
  const unit = 1 / scaleOf(viewport);
  const side = nameSide(toScreen(viewport, x, y), name, viewport);
  const letters = Array.from({ length: Math.ceil(name.length / 2) }, (_, i) => ({ x: x + side * (20 + 14 * i) * unit, y, room: 15 * unit }));
  return [{ x, y, room: 18 * unit }, ...letters];
}
