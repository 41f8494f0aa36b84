/** Sizes of the panels for the room there is: beside each other, or, where it is narrow, the matrices apart from the dots. */
export type Layout = { narrow: boolean; side: number; energy: number; dots: number };

const TITLE = 18, GAP = 16, PAD = 8, TABS = 48; // a finger high

export function layoutOf(width: number, height: number): Layout {
  const w = width - 2 * PAD - 2, h = height - 2 * PAD - 2, narrow = w < 560;
  if (narrow) {
    const room = h - TABS - 4, side = Math.floor(Math.min((w - GAP) / 2, room - TITLE - 40));
    return { narrow, side, energy: Math.max(32, Math.min(96, room - TITLE - side - 4)), dots: Math.floor(Math.min(w, room - TITLE)) };
  }
  const least = Math.round(Math.max(40, h * 0.2)), dots = Math.floor(Math.min(h - TITLE, (w - 2 * GAP) * 0.4));
  const side = Math.floor(Math.min(h - TITLE - least - 4, (w - 2 * GAP - dots) / 2));
  return { narrow, dots, side, energy: Math.floor(Math.min(h - TITLE - 4 - side, side * 0.75)) };
}
