import type { Answer } from '../ask';
import { dots, frameOf, line, size, windowOf } from '../frame';
import style from '../reference.module.css';

/** The half-planes of a sign code: one line a bit. */
export function Signs({ anatomy: { base, signs } }: Extract<Answer, { kind: 'signs' }>) {
  const window = windowOf(base), frame = frameOf(window), far = 2 * (window.x1 - window.x0);
  const lines = Array.from({ length: signs?.nbits ?? 0 }, (_, b) => {
    const [a = 0, c = 0] = signs?.normals.subarray(2 * b, 2 * b + 2) ?? [], t = signs?.thresholds[b] ?? 0;
    const square = a * a + c * c || 1, length = Math.sqrt(square);
    const [x, y, dx, dy] = [(a * t) / square, (c * t) / square, (-c / length) * far, (a / length) * far];
    return line(frame, x - dx, y - dy, x + dx, y + dy);
  });
  return (
    <svg viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
      <path className={style.dots} d={dots(frame, base)} />
      <path className={style.direction} d={lines.join('')} />
    </svg>
  );
}
