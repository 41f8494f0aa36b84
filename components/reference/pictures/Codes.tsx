import type { AnatomyAnswer } from '@/workers/protocol';
import type { Answer } from '../ask';
import { dots, frameOf, line, size, ties, windowOf, type Frame } from '../frame';
import style from '../reference.module.css';
import { latticeLines, pointsInUse } from './lattice';

/** Vectors, what their codes stand for, and the way between; of a product code also the lattice. */
export function Codes({ anatomy, lattice }: Extract<Answer, { kind: 'codes' }>) {
  const { base } = anatomy, restored = anatomy.restored ?? base, frame = frameOf(windowOf(base));
  return (
    <svg viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
      {lattice && <path className={style.lattice} d={lines(frame, anatomy)} />}
      <path className={style.tie} d={ties(frame, base, restored)} />
      <path className={style.dots} d={dots(frame, base)} />
      <path className={style.decoded} d={dots(frame, pointsInUse(restored))} />
    </svg>
  );
}

const lines = (frame: Frame, anatomy: AnatomyAnswer) => latticeLines(anatomy).map((at) => line(frame, ...at)).join('');
