import { useMemo, useState } from 'react';
import { findBorders, type Borders } from './borders';
import { dotLayers } from './dots';
import { fillCells } from './fills';
import { makeGrid } from './grid';
import { assignHues, firstHues } from './hues';
import type { Palette } from './palette';
import type { StageProps } from './props';
import type { Raster } from './renderer';
import { boundsOf, fit, grown, including, type Viewport } from './viewport';

/** From props to what is painted, each part made again only when what it is made of changed. */

export type Painted = { raster: Raster; borders: Borders } | null;

/** Lists lit now, in probe order. Training shows no search. */
export function litLists({ search, lit, iteration }: Pick<StageProps, 'search' | 'lit' | 'iteration'>): number[] {
  if (!search || iteration !== null) return [];
  return Array.from(search.probed.subarray(0, lit ?? search.probed.length));
}

type Plane = NonNullable<StageProps['plane']>;

/** The whole set and the query, fitted into the stage with a little space around. */
export function useHome(plane: Plane, width: number, height: number): Viewport {
  const bounds = useMemo(() => including(boundsOf(plane.points), plane.query), [plane]);
  return useMemo(() => {
    const { window } = fit(bounds, { width, height });
    return { width, height, window: grown(window, 0.05) };
  }, [bounds, width, height]);
}

/** Borders of the slice, and a hue for every list that keeps as long as it can. */
export function useCells({ slice, index }: Pick<StageProps, 'slice' | 'index'>) {
  const nlist = index?.ivf?.nlist ?? 0;
  const borders = useMemo(() => (slice && nlist ? findBorders(slice) : null), [slice, nlist]);
  const [worn, setWorn] = useState({ borders, nlist, hues: firstHues(nlist) });
  if (worn.borders !== borders || worn.nlist !== nlist) {
    const before = worn.nlist === nlist ? worn.hues : firstHues(nlist);
    setWorn({ borders, nlist, hues: borders ? keepEqual(assignHues(borders.neighbours, before), before) : before });
  }
  return { borders, hues: worn.hues };
}

/** The old array if nothing changed, so that the dots need not be coloured again. */
function keepEqual(now: Uint8Array, before: Uint8Array): Uint8Array {
  return now.length === before.length && now.every((hue, i) => hue === before[i]) ? before : now;
}

export function usePainted(props: StageProps, borders: Borders | null, hues: Uint8Array, lit: Set<number>, palette: Palette | null): Painted {
  const { slice, view } = props;
  return useMemo(() => {
    if (view !== 'cells' || !slice || !borders || !palette) return null;
    return { raster: fillCells(slice, hues, lit, palette), borders };
  }, [view, slice, borders, hues, lit, palette]);
}

export function useDots({ view, plane, index, search, iteration, hoverList }: StageProps, lit: Set<number>, hues: Uint8Array, palette: Palette | null) {
  const shown = iteration === null ? search : null;
  const training = iteration !== null;
  const hasLists = Boolean(index?.ivf);
  const layers = useMemo(
    () => (plane && palette ? dotLayers({ view, plane, search: shown, lit: hasLists ? lit : null, hues: training ? null : hues, palette }) : []),
    [view, plane, shown, training, hasLists, lit, hues, palette],
  );
  const hovered = useMemo(() => (plane && palette && hoverList !== null ? hoveredLayer(plane.points, plane.lists, hoverList, palette) : null), [plane, palette, hoverList]);
  return useMemo(() => (hovered ? [...layers, hovered] : layers), [layers, hovered]);
}

/** The vectors of one list, in ink. */
function hoveredLayer(points: Float32Array, lists: Int32Array, list: number, { ink }: Palette) {
  const ids = Array.from(lists.keys()).filter((id) => lists[id] === list);
  const own = Float32Array.from({ length: ids.length * 3 }, (_, i) => points[3 * (ids[Math.floor(i / 3)] ?? 0) + (i % 3)] ?? 0);
  const colours = Uint8Array.from({ length: ids.length * 4 }, (_, i) => [...ink, 170][i % 4] ?? 0);
  return { points: own, colours, scale: 1.15 };
}

export const useGrid = (plane: Plane) => useMemo(() => makeGrid(plane.points), [plane]);
