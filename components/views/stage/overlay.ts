import type { PlaneAnswer } from '@/workers/protocol';
import { badgeOf } from './caption';
import { letter, type Box } from './names';
import type { Size } from './viewport';

/** What floats on the picture, as stage.module.css places it: marks and words keep clear of it. */

/** No room for badge and tools side by side: the badge takes the whole width and the tools stand at the bottom. */
export const isNarrow = ({ width }: Size) => width < 480;

const [line, margins] = [18, 24];

/** Pixels at the top that the badge covers. */
export function bandOf(size: Size, badge: PlaneAnswer['badge']): number {
  const { width } = size, room = isNarrow(size) ? width - 2 * margins : width - 168 - margins;
  return 20 + line * Math.max(1, Math.ceil((badgeOf(badge).length * letter * 0.96) / room));
}

/** Badge, tools, and by what the picture is drawn. */
export function coversOf(size: Size, badge: PlaneAnswer['badge']): Box[] {
  const { width, height } = size, low = bandOf(size, badge), long = Math.min(width, badgeOf(badge).length * letter + 2 * margins);
  const tools = isNarrow(size) ? { x0: width - 200, x1: width, y0: height - 60, y1: height } : { x0: width - 150, x1: width, y0: 0, y1: 48 };
  const drawnBy = isNarrow(size) ? { x0: 0, x1: 140, y0: height - 24, y1: height } : { x0: width - 140, x1: width, y0: height - 24, y1: height };
  return [{ x0: 0, y0: 0, x1: long, y1: low }, tools, drawnBy];
}
