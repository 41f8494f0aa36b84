import { useMemo } from 'react';
import style from './codes.module.css';

type Props = { side: number; bins: number; vector: Float32Array; restored: Float32Array | null; width: number; height: number };

/** Histograms of directions where they were counted: a ray a bin, as long as it is full; of the difference what is too long and too short. */
export function Histograms({ side, bins, vector, restored, width, height }: Props) {
  const names = restored ? ['vector', 'its code', 'difference'] as const : ['vector'] as const, gap = 8, each = Math.floor(Math.min(height - 16, (width - gap * (names.length - 1)) / names.length)), most = useMemo(() => vector.reduce((a, b) => Math.max(a, b), 1), [vector]);
  const values = { vector, 'its code': restored, difference: restored && vector.map((v, j) => (restored[j] ?? 0) - v) };
  return (
    <svg width={width} height={height} style={{ display: 'block' }} role="img" aria-label={`${side} × ${side} histograms of ${bins} directions${restored ? ', of the vector, of what its code stands for, and their difference' : ''}`}>
      {names.map((name, i) => (
        <g key={name} transform={`translate(${i * (each + gap)} 0)`}>
          <rect className={style.cell} x={0.5} y={0.5} width={each - 1} height={each - 1} rx={2} />
          <Rays values={values[name] ?? vector} side={side} bins={bins} cell={each / side} most={most} />
          <text className={style.text} x={0} y={each + 12}>{name}</text>
        </g>
      ))}
    </svg>
  );
}

function Rays({ values, side, bins, cell, most }: { values: Float32Array; side: number; bins: number; cell: number; most: number }) {
  const path = (sign: 1 | -1) => Array.from(values, (v, j) => {
    const at = Math.floor(j / bins), angle = (2 * Math.PI * (j % bins)) / bins, length = ((v * sign) / most) * (cell / 2 - 1), x = ((at % side) + 0.5) * cell, y = (Math.floor(at / side) + 0.5) * cell;
    return length > 0.2 ? `M${x.toFixed(1)},${y.toFixed(1)}l${(Math.cos(angle) * length).toFixed(1)},${(-Math.sin(angle) * length).toFixed(1)}` : '';
  }).join('');
  return <><path className={style.ray} d={path(1)} /><path className={style.ray} data-below="true" d={path(-1)} /></>;
}
