import { scaleLinear } from 'd3';
import type { PointerEvent } from 'react';
import style from '../codes.module.css';

type Props = {
  vector: Float32Array; query: Float32Array;
  /** Whether the two have the same bit there. */
  same: (b: number) => boolean;
  /** What the code stands for, where it stands for a value. */
  decoded?: Float32Array;
  part: number; onPart: (part: number) => void;
  width: number; height: number;
};

const GAP = 14;

/** Query above and vector below, one bar a bit: how far it is from the line that decides it, and whether both fall on the same side. */
export function Margins({ vector, query, same, decoded, part, onPart, width, height }: Props) {
  const n = vector.length, tall = height / 2 - GAP, x = scaleLinear([0, n], [0, width]), wide = Math.max(0.6, x(1) - x(0) - (width / n > 4 ? 1 : 0));
  const half = (values: Float32Array, top: number, extra?: Float32Array) => {
    const most = Math.max(...Array.from(values, Math.abs), ...Array.from(extra ?? [], Math.abs), 1e-30), y = scaleLinear([-most, most], [top + tall, top]);
    return (
      <>
        {Array.from(values, (v, b) => <rect key={b} className={same(b) ? style.same : style.other} x={x(b)} y={Math.min(y(0), y(v))} width={wide} height={Math.max(0.8, Math.abs(y(v) - y(0)))} />)}
        {extra && <path className={style.axis} style={{ stroke: 'var(--c-ink)', shapeRendering: 'auto' }} d={Array.from(extra, (v, b) => `M${x(b)},${y(v)}h${Math.max(1, wide)}`).join('')} />}
        <line className={style.axis} x1={0} x2={width} y1={y(0)} y2={y(0)} />
      </>
    );
  };
  const point = (event: PointerEvent<SVGSVGElement>) => onPart(Math.min(n - 1, Math.max(0, Math.floor(x.invert(event.clientX - event.currentTarget.getBoundingClientRect().left)))));
  return (
    <svg className={style.sense} width={width} height={height} onPointerMove={point} onPointerDown={point} role="img" aria-label={`${n} bits of query and vector`}>
      {half(query, GAP)}
      {half(vector, tall + 2 * GAP, decoded)}
      <rect className={style.pointed} x={x(part) - 1} y={GAP} width={Math.max(3, wide + 2)} height={height - GAP} opacity={0.6} />
      <text className={style.label} x={0} y={10}>query</text><text className={style.label} x={0} y={tall + GAP + 11}>vector</text>
    </svg>
  );
}
