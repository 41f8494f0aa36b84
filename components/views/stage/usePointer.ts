import { useState, type MouseEvent, type PointerEvent } from 'react';
import type { SliceAnswer } from '@/workers/protocol';
import { nearest, type Grid } from './grid';
import type { Hover, StageProps } from './props';
import { scaleOf, toPlane, type Point, type Viewport } from './viewport';

/** How near to a dot the pointer must be, in CSS pixels. */
const reach = 8;

export type Pointed = { hover: Hover; at: Point };

/** What lies under a pixel: a dot before the cell behind it. */
export function hoverAt({ view, plane, slice, iteration }: StageProps, grid: Grid | null, viewport: Viewport, at: Point): Hover | null {
  const { x, y } = toPlane(viewport, at.x, at.y);
  const lists = iteration === null ? plane?.lists : slice?.lists; // each dot's own, at the iteration shown
  const id = lists && grid ? nearest(grid, x, y, reach / scaleOf(viewport)) : -1;
  if (lists && id >= 0) return { kind: 'dot', id, list: lists[id] ?? -1 };
  const list = view === 'cells' && slice ? listAt(slice, x, y) : -1;
  return list < 0 ? null : { kind: 'cell', list };
}

/** The list that owns a point of the plane, −1 outside of the slice. */
export function listAt({ cells, width, height, window }: SliceAnswer, x: number, y: number): number {
  const column = Math.floor(((x - window.x0) / (window.x1 - window.x0)) * width);
  const row = Math.floor(((y - window.y0) / (window.y1 - window.y0)) * height);
  if (column < 0 || row < 0 || column >= width || row >= height) return -1;
  return cells[row * width + column] ?? -1;
}

/** Hover and click on the picture. */
export function usePointer(props: StageProps, grid: Grid | null, viewport: Viewport) {
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const { onHover, onHoverList, onPick, onSelect } = props;
  const tell = (next: Pointed | null) => {
    const list = next && next.hover.list >= 0 ? next.hover.list : null;
    if (list !== props.hoverList) onHoverList(list);
    if (!same(next, pointed)) onHover?.(next?.hover ?? null);
    setPointed(next);
  };
  const look = (event: MouseEvent<HTMLElement>): Pointed | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = { x: event.clientX - box.left, y: event.clientY - box.top };
    const onQuery = event.target instanceof Element && event.target.closest('[data-query]') !== null;
    const hover = onQuery ? null : hoverAt(props, grid, viewport, at);
    return hover && { hover, at };
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType === 'touch') return;
    tell(event.buttons ? null : look(event));
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType === 'touch') tell(look(event)); // a tap is both hover and click
  };
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const on = look(event)?.hover, id = on?.kind === 'dot' ? on.id : null;
    if (onSelect && id !== props.selected) onSelect(id);
    if (!onSelect && id !== null) onPick?.(id);
  };
  return { pointed, onPointerMove, onPointerUp, onPointerLeave: () => tell(null), onClick };
}

function same(a: Pointed | null, b: Pointed | null): boolean {
  if (!a || !b) return a === b;
  if (a.hover.kind === 'dot') return b.hover.kind === 'dot' && a.hover.id === b.hover.id;
  return b.hover.kind === 'cell' && a.hover.list === b.hover.list;
}
