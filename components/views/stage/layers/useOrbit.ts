import { useEffect, useEffectEvent, useState } from 'react';
import type { MouseEvent, PointerEvent } from 'react';
import type { Point, Size } from '../viewport';
import { homeTurn, turned, zoomedAt, type Turn } from './camera';

/** Turning and zooming the planes by pointer, wheel and keys; what lies under the pointer is told, not known. */
export type Orbit = {
  turn: Turn; setTurn: (turn: Turn) => void;
  dragging: boolean;
  key: (key: string) => boolean;
  /** False where nothing is dragged. */
  move: (event: PointerEvent<HTMLElement>) => boolean;
  handlers: {
    onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    onPointerUp: () => void;
  };
};

export const placeIn = (event: MouseEvent<HTMLElement>): Point => { const box = event.currentTarget.getBoundingClientRect(); return { x: event.clientX - box.left, y: event.clientY - box.top }; };

/** `surface` listens to the wheel. */
export function useOrbit(layers: number, size: Size, surface: HTMLElement | null): Orbit {
  const [turn, setTurn] = useState(() => homeTurn(layers)), [drag, setDrag] = useState<Point | null>(null);
  const onWheel = useEffectEvent((event: WheelEvent, at: Point) => setTurn((now) => zoomedAt(now, Math.exp(-event.deltaY * 0.0015), at, size)));
  useEffect(() => {
    if (!surface) return;
    const listen = (event: WheelEvent) => {
      event.preventDefault(); // the page stays where it is
      const box = surface.getBoundingClientRect();
      onWheel(event, { x: event.clientX - box.left, y: event.clientY - box.top });
    };
    surface.addEventListener('wheel', listen, { passive: false });
    return () => surface.removeEventListener('wheel', listen);
  }, [surface]);
  const middle = { x: size.width / 2, y: size.height / 2 }, zoom = (by: number) => setTurn(zoomedAt(turn, by, middle, size));
  const keys: Record<string, () => void> = {
    ArrowLeft: () => setTurn(turned(turn, 0.12, 0)), ArrowRight: () => setTurn(turned(turn, -0.12, 0)), ArrowUp: () => setTurn(turned(turn, 0, 0.08)), ArrowDown: () => setTurn(turned(turn, 0, -0.08)),
    '+': () => zoom(1.4), '=': () => zoom(1.4), '-': () => zoom(1 / 1.4), 0: () => setTurn(homeTurn(layers)),
  };
  const move = (event: PointerEvent<HTMLElement>): boolean => {
    const at = placeIn(event);
    if (!drag || !event.buttons) return false;
    if (Math.hypot(at.x - drag.x, at.y - drag.y) < 2) return true;
    setDrag(at);
    setTurn(event.shiftKey ? { ...turn, x: turn.x + at.x - drag.x, y: turn.y + at.y - drag.y } : turned(turn, (at.x - drag.x) * 0.008, (at.y - drag.y) * 0.006));
    return true;
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    setDrag(placeIn(event));
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  return {
    turn, setTurn, dragging: drag !== null, key: (name) => { keys[name]?.(); return name in keys; },
    move,
    handlers: { onPointerDown, onPointerUp: () => setDrag(null) },
  };
}
