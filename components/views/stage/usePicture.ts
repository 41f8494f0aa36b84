import { useMemo, useState } from 'react';
import { findBorders, type Borders } from './borders';
import { allDots, nearness, someDots } from './dots';
import { fillCells } from './fills';
import { makeGrid } from './grid';
import { assignHues, firstHues, wear, wornHues } from './hues';
import type { Palette } from './palette';
import type { PictureProps } from './Picture';
import type { StageProps } from './props';
import type { DotLayer, Raster } from './renderer';
import { boundsOf, fit, grown, including, type Viewport } from './viewport';
import type { Window2 } from '@/workers/protocol';
import { bandOf } from './overlay';

/** From props to what is painted, each part made again only when what it is made of changed. */

export type Painted = { raster: Raster; borders: Borders } | null;

/** Lists lit now, in probe order. Training shows no search. */
export function litLists({ search, lit, iteration }: Pick<StageProps, 'search' | 'lit' | 'iteration'>): number[] {
  if (!search || iteration !== null) return [];
  return Array.from(search.probed.subarray(0, lit ?? search.probed.length));
}

type Plane = NonNullable<StageProps['plane']>;

/** Nearly the whole set, the query and what was found of it when the plane was made, fitted in below the badge with a little
 *  space around. A query dragged on the plane later moves nothing. */
export function useHome(plane: Plane, search: StageProps['search'], width: number, height: number): Viewport {
  const [held, setHeld] = useState<{ points: Float32Array | null; bounds: Window2 }>({ points: null, bounds: nowhere });
  const { points, badge } = plane;
  const bounds = held.points === points ? held.bounds : reachOf(plane, search);
  if (held.points !== points) setHeld({ points, bounds });
  const band = bandOf({ width, height }, badge);
  return useMemo(() => {
    const { x0, x1, y0, y1 } = grown(fit(bounds, { width, height: height - band }).window, 0.06);
    return { width, height, window: { x0, x1, y0, y1: y1 + ((y1 - y0) * band) / (height - band) } };
  }, [bounds, width, height, band]);
}

const nowhere: Window2 = { x0: 0, y0: 0, x1: 1, y1: 1 };

function reachOf({ points, query }: Plane, search: StageProps['search']): Window2 {
  const marks = [...search?.truth ?? [], ...search?.hits ?? []].map(({ id }) => ({ x: points[3 * id] ?? query.x, y: points[3 * id + 1] ?? query.y }));
  return marks.reduce(including, including(boundsOf(points), query));
}

/** Borders of the slice, and a hue for every list that keeps as long as it can. */
export function useCells({ slice, index }: Pick<StageProps, 'slice' | 'index'>) {
  const nlist = index?.ivf?.nlist ?? 0;
  const borders = useMemo(() => (slice && nlist ? findBorders(slice) : null), [slice, nlist]);
  const [worn, setWorn] = useState<{ borders: Borders | null; nlist: number; hues: Uint8Array }>(() => ({ borders: null, nlist, hues: wornHues(index) ?? firstHues(nlist) }));
  if (worn.borders !== borders || worn.nlist !== nlist) {
    const before = worn.nlist === nlist ? worn.hues : firstHues(nlist);
    setWorn({ borders, nlist, hues: wear(index, borders ? keepEqual(assignHues(borders.neighbours, before), before) : before) });
  }
  return { borders, hues: worn.hues };
}

/** The old array if nothing changed, so that the dots need not be coloured again. */
function keepEqual(now: Uint8Array, before: Uint8Array): Uint8Array {
  return now.length === before.length && now.every((hue, i) => hue === before[i]) ? before : now;
}

export function usePainted(props: StageProps, borders: Borders | null, hues: Uint8Array, lit: Set<number>, palette: Palette): Painted {
  const { slice, view } = props;
  return useMemo(() => {
    if (view !== 'cells' || !slice || !borders) return null;
    return { raster: fillCells(slice, hues, lit, palette), borders };
  }, [view, slice, borders, hues, lit, palette]);
}

/** During training, the lists of the iteration on the slice; null until one has come. */
const listsNow = ({ plane, slice, iteration }: PictureProps): Int32Array | null => (iteration === null ? plane.lists : slice?.lists ?? null);

/** Layers from below: all dots, the scanned ones, those of the list pointed at. Each is made again on its own, so
 *  that dragging the query does not colour all vectors anew. */
export function useDots(props: PictureProps, lit: Set<number>, hues: Uint8Array, palette: Palette): DotLayer[] {
  const { view, plane, index, search, iteration, hoverList } = props, now = listsNow(props);
  const training = iteration !== null;
  const scanned = training ? null : search?.scanned ?? null;
  const hasLists = Boolean(index?.ivf);
  const strength = scanned?.length ? 0.5 : view === 'cells' ? 0.8 : 0.9;
  const { points, lists } = plane;
  const near = useMemo(() => nearness(points), [points]);
  const all = useMemo(() => allDots({ points, lists: now ?? lists, near, hues: now && hues, palette, strength }), [points, lists, near, now, hues, palette, strength]);
  const lifted = useMemo(() => {
    if (!scanned?.length) return [];
    const ids = hasLists ? scanned.filter((id) => lit.has(lists[id] ?? -1)) : scanned;
    return [someDots(points, ids, palette.scanned, (height) => 0.5 + 0.4 * near(height))];
  }, [points, lists, near, scanned, hasLists, lit, palette]);
  const pointed = useMemo(() => {
    if (!now || hoverList === null) return [];
    const ids = Array.from(now.keys()).filter((id) => now[id] === hoverList);
    return [someDots(points, ids, palette.ink, () => 0.67)];
  }, [points, now, hoverList, palette]);
  return useMemo(() => [all, ...lifted, ...pointed], [all, lifted, pointed]);
}

export const useGrid = ({ points }: Plane) => useMemo(() => makeGrid(points), [points]);
