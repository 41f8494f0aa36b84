import { useState, type KeyboardEvent } from 'react';
import type { Neighbour } from './neighbours';
import { scaleOf, type Point, type Viewport } from './viewport';
import type { ZoomActions } from './useZoom';

type KeysAsked = {
  viewport: Viewport;
  actions: ZoomActions;
  neighbours: Neighbour[];
  query: Point | null;
  /** Absent where the query cannot be moved. */
  move?: (to: Point, done: boolean) => void;
  onPick?: (id: number) => void;
  onSelect?: (id: number | null) => void;
};

const arrows: Record<string, Point> = { ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: 1 }, ArrowDown: { x: 0, y: -1 } };

/** The picture by keyboard: arrows pan or, in the move mode (M), move the query; + − 0 zoom; N and P walk through
 *  the neighbours' marks, Enter takes the one reached as the query, S looks at it closely. */
export function useKeys({ viewport, actions, neighbours, query, move, onPick, onSelect }: KeysAsked) {
  const [moving, setMoving] = useState(false);
  const [reached, setReached] = useState<number | null>(null); // position in `neighbours`
  const walk = (by: number) => {
    if (neighbours.length) setReached(((reached ?? (by > 0 ? -1 : 0)) + by + neighbours.length) % neighbours.length);
  };
  const arrow = ({ x, y }: Point, shift: boolean) => {
    const pixels = shift ? 40 : 8;
    if (moving && move && query) move({ x: query.x + (x * pixels) / scaleOf(viewport), y: query.y + (y * pixels) / scaleOf(viewport) }, false);
    else actions.panBy(-x * pixels * 5, y * pixels * 5);
  };
  const keys: Record<string, () => void> = {
    '+': () => actions.zoomBy(1.6), '=': () => actions.zoomBy(1.6), '-': () => actions.zoomBy(1 / 1.6), 0: actions.reset,
    m: () => setMoving(Boolean(move) && !moving), n: () => walk(1), p: () => walk(-1),
    Enter: () => { if (reached !== null && neighbours[reached]) onPick?.(neighbours[reached].id); },
    s: () => { if (reached !== null && neighbours[reached]) onSelect?.(neighbours[reached].id); },
    Escape: () => { setMoving(false); setReached(null); onSelect?.(null); },
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const step = arrows[event.key];
    const act = step ? () => arrow(step, event.shiftKey) : keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const onKeyUp = (event: KeyboardEvent<HTMLElement>) => {
    if (moving && move && query && arrows[event.key]) move(query, true);
  };
  return { moving, setMoving, reached: reached === null ? null : neighbours[reached] ?? null, onKeyDown, onKeyUp };
}
