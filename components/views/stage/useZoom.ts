import { select, zoom as makeZoom, zoomIdentity, type D3ZoomEvent, type ZoomBehavior } from 'd3';
import { useEffect, useMemo, useState } from 'react';
import { zoomed, type Viewport, type Zoom } from './viewport';

type Behaviour = ZoomBehavior<HTMLElement, unknown>;
export type ZoomActions = { zoomBy: (k: number) => void; panBy: (dx: number, dy: number) => void; reset: () => void };

const identity: Zoom = { k: 1, x: 0, y: 0 };

/** Pan and zoom of `element` by wheel, drag, pinch and by call. Begins anew with every `subject`. */
export function useZoom(element: HTMLElement | null, home: Viewport, subject: object, still: boolean) {
  const [zoom, setZoom] = useState(identity);
  const behaviour = useMemo((): Behaviour => makeZoom<HTMLElement, unknown>()
    .scaleExtent([0.5, 400])
    .clickDistance(4)
    .filter(allows)
    .on('zoom', ({ transform: { k, x, y } }: D3ZoomEvent<HTMLElement, unknown>) => setZoom({ k, x, y })), []);
  useEffect(() => {
    if (!element) return;
    const selection = select(element);
    selection.call(behaviour).on('dblclick.zoom', null);
    return () => void selection.on('.zoom', null);
  }, [element, behaviour]);

  useEffect(() => {
    if (element) select(element).call(behaviour.transform, zoomIdentity);
  }, [element, behaviour, subject]);

  const viewport = useMemo(() => zoomed(home, zoom), [home, zoom]);
  const actions = useMemo((): ZoomActions => {
    const target = () => element && smooth(element, still);
    return {
      zoomBy: (k) => void target()?.call(behaviour.scaleBy, k),
      panBy: (dx, dy) => void target()?.call(behaviour.translateBy, dx / zoom.k, dy / zoom.k),
      reset: () => void target()?.call(behaviour.transform, zoomIdentity),
    };
  }, [element, behaviour, still, zoom.k]);
  return { viewport, zoom, actions };
}

const smooth = (element: HTMLElement, still: boolean) => select(element).transition().duration(still ? 0 : 150);

/** Not the second button, and not what begins on the query: that is dragged itself. */
function allows(event: MouseEvent | TouchEvent | WheelEvent): boolean {
  const onQuery = event.target instanceof Element && event.target.closest('[data-query]') !== null;
  if (event.type === 'wheel') return true;
  return !onQuery && !('button' in event && event.button !== 0);
}
