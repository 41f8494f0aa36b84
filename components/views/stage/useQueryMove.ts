import { useState, type PointerEvent } from 'react';
import type { SearchAnswer } from '@/workers/protocol';
import type { StageProps } from './props';
import { toPlane, type Point, type Viewport } from './viewport';

type Held = Point & { search: SearchAnswer | null };

/** Dragging the query, or moving it by keys. Until the answer for its new place has come, the mark stands where it
 *  was put. */
export function useQueryMove({ search, onQueryMove }: StageProps, viewport: Viewport) {
  const [held, setHeld] = useState<Held | null>(null);
  const [dragging, setDragging] = useState(false);
  const move = (to: Point, done: boolean) => {
    setHeld({ ...to, search });
    onQueryMove?.(to.x, to.y, done);
  };
  const from = (event: PointerEvent<SVGElement>): Point | null => {
    const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect();
    if (!box) return null;
    const inside = (v: number, size: number) => Math.min(Math.max(v, 0), size);
    return toPlane(viewport, inside(event.clientX - box.left, box.width), inside(event.clientY - box.top, box.height));
  };
  const start = (event: PointerEvent<SVGElement>) => {
    if (!onQueryMove || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDragging(true);
  };
  const drag = (done: boolean) => (event: PointerEvent<SVGElement>) => {
    const to = dragging ? from(event) : null;
    if (done) setDragging(false);
    if (to) move(to, done);
  };
  const place: Point | null = held && (dragging || held.search === search) ? held : null;
  return { place, dragging, move, handlers: { onPointerDown: start, onPointerMove: drag(false), onPointerUp: drag(true), onPointerCancel: drag(true) } };
}
