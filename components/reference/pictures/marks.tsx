import type { SearchAnswer } from '@/workers/protocol';
import type { Frame } from '../frame';
import style from '../reference.module.css';

/** The query and its true neighbours, alike in every figure: a star, a ticked disc, a ring with a gap. */
export function SearchMarks({ frame, search, base }: { frame: Frame; search: SearchAnswer; base: Float32Array }) {
  const [qx = 0, qy = 0] = search.query.vector;
  const at = (id: number) => `translate(${frame.x(base[2 * id] ?? 0)} ${frame.y(base[2 * id + 1] ?? 0)})`;
  return (
    <>
      {search.truth.map(({ id, found }) => <g key={id} transform={at(id)}>{found ? <Found /> : <Missed />}</g>)}
      <g transform={`translate(${frame.x(qx)} ${frame.y(qy)})`}><Star /></g>
    </>
  );
}

export const Found = () => <g className={style.found}><circle r={4} /><path d="M-2,0L-0.5,1.7L2.2,-1.6" /></g>;
/** The gap is an eighth of the ring. */
export const Missed = () => <circle className={style.missed} r={4} pathLength={8} strokeDasharray="6.7 1.3" transform="rotate(-45)" />;

export const Star = () => <polygon className={style.query} points={Array.from({ length: 8 }, (_, i) => {
  const r = i % 2 ? 3 : 8;
  return `${r * Math.sin((i * Math.PI) / 4)},${-r * Math.cos((i * Math.PI) / 4)}`;
}).join(' ')} />;
