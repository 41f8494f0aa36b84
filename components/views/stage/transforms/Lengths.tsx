import { count, measure, plural } from '../words';
import type { Space } from './moment';
import style from './transforms.module.css';

/** How many of the measured vectors are how long. */
export function Lengths({ space: { norms }, width, height }: { space: Space; width: number; height: number }) {
  const { counts, least, mean, most } = norms, tallest = counts.reduce((a, b) => Math.max(a, b), 1), each = width / counts.length, foot = height - 16;
  return (
    <svg className={style.lengths} width={width} height={height} role="img" aria-label={`Lengths of vectors: ${measure(least)} to ${measure(most)}, ${measure(mean)} in the mean`}>
      {Array.from(counts, (n, i) => (
        <rect key={i} x={i * each} y={foot - (n / tallest) * foot} width={each - 1} height={(n / tallest) * foot}>
          <title>{`${plural(n, 'vector')} of length ${measure((i * most) / counts.length)} to ${measure(((i + 1) * most) / counts.length)}`}</title>
        </rect>
      ))}
      <line x2={width} y1={foot + 0.5} y2={foot + 0.5} />
      <text y={height - 3}>0</text>
      <text x={width / 2} y={height - 3} textAnchor="middle">length</text>
      <text x={width} y={height - 3} textAnchor="end">{most >= 100 ? count(most) : measure(most)}</text>
    </svg>
  );
}
