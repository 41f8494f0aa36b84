import { scaleLinear } from 'd3';
import type { Looks } from '@/workers/protocol';
import { measure } from '../../words';
import style from '../codes.module.css';
import { gridOf } from '../product/frame';

export type LatticeFamily = Extract<Looks['codes']['family'], { kind: 'lattice' }>;
type Props = { lattice: LatticeFamily; part: number; onPart: (part: number) => void; width: number; height: number };

/** Each part turned to a direction of length √r2: its components as bars, the integer point chosen as steps between whole numbers. */
export function Points({ lattice, part, onPart, width, height }: Props) {
  const { M, dsub, direction, point, r2 } = lattice, { columns, box, tall } = gridOf(M, width, height), reach = Math.sqrt(r2), whole = Array.from({ length: 2 * Math.floor(reach) + 1 }, (_, i) => i - Math.floor(reach));
  const x = scaleLinear([0, dsub], [3, box - 7]), y = scaleLinear([-reach, reach], [tall - 6, 2]);
  return (
    <svg className={style.sense} width={width} height={height} role="img" aria-label={`${M} parts with the integer point of each`}>
      {Array.from({ length: M }, (_, m) => (
        <g key={m} transform={`translate(${(m % columns) * box} ${Math.floor(m / columns) * tall})`} onPointerEnter={() => onPart(m)} onPointerDown={() => onPart(m)}>
          <rect className={style.cell} data-on={m === part} x={0.5} y={0.5} width={box - 4} height={tall - 4} rx={2} fill="transparent" pointerEvents="all" />
          {tall > 40 && whole.map((v) => <line key={v} className={style.axis} x1={3} x2={box - 7} y1={y(v)} y2={y(v)} opacity={v === 0 ? 1 : 0.5} />)}
          {Array.from({ length: dsub }, (_, j) => { const v = direction[m * dsub + j] ?? 0; return <rect key={j} className={style.barArea} x={x(j)} y={Math.min(y(0), y(v))} width={Math.max(0.8, x(1) - x(0) - 1)} height={Math.abs(y(v) - y(0))} />; })}
          <path className={style.barLine} d={Array.from({ length: dsub }, (_, j) => `M${x(j)},${y(point[m * dsub + j] ?? 0)}h${Math.max(1, x(1) - x(0) - 1)}`).join('')} />
        </g>
      ))}
    </svg>
  );
}

/** Lengths of the parts between the least and the greatest seen in training, and the step that the code keeps. */
export function Lengths({ lattice: { M, lengths, kept, ranges }, part, onPart, width, height }: Props) {
  const tall = (height - 16) / M, least = Math.min(...ranges.subarray(0, M)), most = Math.max(...ranges.subarray(M), ...lengths), x = scaleLinear([Math.min(least, ...lengths), most], [6, width - 6]);
  return (
    <svg className={style.sense} width={width} height={height} role="img" aria-label="Length of each part, and the step kept">
      {Array.from({ length: M }, (_, m) => {
        const y = (m + 0.5) * tall;
        return (
          <g key={m} onPointerEnter={() => onPart(m)}>
            <rect x={0} y={m * tall} width={width} height={tall} className={m === part ? style.pointed : undefined} fill="transparent" />
            <line className={style.axis} x1={x(ranges[m] ?? 0)} x2={x(ranges[M + m] ?? 0)} y1={y} y2={y} style={{ strokeWidth: Math.min(6, tall * 0.5) }} />
            <line className={style.kth} x1={x(kept[m] ?? 0)} x2={x(kept[m] ?? 0)} y1={y - tall * 0.4} y2={y + tall * 0.4} />
            <circle className={style.code} cx={x(lengths[m] ?? 0)} cy={y} r={Math.min(4, Math.max(1.5, tall * 0.3))} />
          </g>
        );
      })}
      <text className={style.text} x={6} y={height - 3}>{measure(x.domain()[0] ?? 0)}</text><text className={style.text} x={width / 2} y={height - 3} textAnchor="middle">length of each part</text><text className={style.text} x={width - 6} y={height - 3} textAnchor="end">{measure(most)}</text>
    </svg>
  );
}

export function latticeNote({ dsub, point, lengths, kept, nbits, pointBits, adds }: LatticeFamily, m: number): string {
  const own = adds.subarray(m * dsub, (m + 1) * dsub).reduce((sum, v) => sum + v, 0);
  return `part ${m + 1}: length ${measure(lengths[m] ?? 0)} kept as ${measure(kept[m] ?? 0)} (${nbits} bits), point (${[...point.subarray(m * dsub, (m + 1) * dsub)].join(' ')}) (${pointBits} bits); adds ${measure(own)} to the distance`;
}
