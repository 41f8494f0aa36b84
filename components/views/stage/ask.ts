import { useEffect, useEffectEvent } from 'react';
import type { StageProps } from './props';
import { grown, type Viewport } from './viewport';

/** Pixels of a slice: the engine compares each with every centroid, so many lists mean fewer pixels. Borders are
 *  found as straight lines (borders.ts), so they stay sharp when the raster is stretched. */
export function sliceSize(width: number, height: number, nlist: number): { widthPx: number; heightPx: number } {
  const most = Math.min(250_000, Math.max(140_000, 6e7 / Math.max(nlist, 1)));
  const shrink = Math.min(1, Math.sqrt(most / (width * height)));
  return { widthPx: Math.max(2, Math.round(width * shrink)), heightPx: Math.max(2, Math.round(height * shrink)) };
}

/** A little more than is seen, so that a short pan finds it painted. */
const beyond = 0.1;

/** Asks for a slice when the plane, the iteration or the window is new, once panning or zooming pauses. The map asks only while
 *  training is shown: a slice of an iteration brings the list that each dot had then. */
export function useAsk({ view, index, plane, iteration, onWindow }: StageProps, viewport: Viewport) {
  const nlist = index?.ivf?.nlist ?? 0;
  const recorded = iteration !== null && iteration < (plane?.history.length ?? 0);
  const wanted = nlist > 0 && plane !== null && (view === 'cells' || recorded);
  const ask = useEffectEvent((seen: Viewport) => {
    const side = 1 + 2 * beyond;
    const { widthPx, heightPx } = sliceSize(seen.width * side, seen.height * side, nlist);
    onWindow?.(grown(seen.window, beyond), widthPx, heightPx, iteration);
  });
  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => ask(viewport), 40);
    return () => clearTimeout(timer);
  }, [wanted, viewport, nlist, plane, iteration]);
}
