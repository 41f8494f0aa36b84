import { line, scaleLinear } from 'd3';
import { count, measure, percent, plural } from '../words';
import { betweenName, sum, total } from './moment';
import type { Frame } from './moment';
import style from './transforms.module.css';

/** Above the bars stands how high they may grow. */
const HEAD = 14;
/** With fewer directions the bars say it all. */
const LEAST_CURVE = 4;

type Props = {
  frame: Frame;
  /** Height of a bar of this much fills the panel. */
  most: number;
  width: number; height: number;
  /** Of principal components: what every direction holds, those not taken included. */
  spectrum: Float32Array | null;
};

/** Variance of every part of a product code, filled as far as its codes have to cover it, or of every component; for principal components those that were left behind too, and
 *  how the share kept grows. */
export function Energy({ frame, most, width, height, spectrum }: Props) {
  const bars = spectrum ?? frame.energies, n = bars.length, unit = spectrum || frame.parts === frame.d ? 'component' : 'part';
  const x = scaleLinear([0, n], [0, width]), y = scaleLinear([0, most || 1], [0, height - HEAD]), each = width / n, gap = each > 4 ? 1 : 0;
  const mean = total(frame) / frame.parts;
  return (
    <svg className={style.energy} width={width} height={height} role="img" aria-label={nameOf(frame, spectrum)}>
      {Array.from(bars, (value, i) => (
        <g key={i} data-left={spectrum !== null && i >= frame.d}>
          <title>{`${unit} ${count(i + 1)}: variance ${measure(value)}${unit === 'part' ? `, ${measure(frame.bounds[i] ?? 0)} for its codes to cover: the geometric mean of its directions, as often as it has some` : ''}`}</title>
          <rect x={x(i)} y={height - y(value)} width={Math.max(0.5, each - gap)} height={y(value)} data-outer={unit === 'part'} />
          {unit === 'part' && <rect x={x(i)} y={height - y(frame.bounds[i] ?? 0)} width={Math.max(0.5, each - gap)} height={y(frame.bounds[i] ?? 0)} />}
        </g>
      ))}
      <text className={style.most} x={width} y={10} textAnchor="end">to {measure(most)}</text>
      {spectrum && n >= LEAST_CURVE ? <g transform={`translate(0 ${HEAD})`}><Kept spectrum={spectrum} d={frame.d} width={width} height={height - HEAD} /></g> : <line x2={width} y1={height - y(mean)} y2={height - y(mean)} />}
    </svg>
  );
}

/** The share of all variance in the first so many directions. */
function Kept({ spectrum, d, width, height }: { spectrum: Float32Array; d: number; width: number; height: number }) {
  const all = spectrum.reduce((sum, v) => sum + v, 0) || 1, shares = Array.from(spectrum, ((sum) => (v: number) => (sum += v / all))(0));
  const at = ((d - 0.5) * width) / spectrum.length, up = (share: number) => height - 1 - share * (height - 2), share = shares[d - 1] ?? 1;
  return (
    <g className={style.kept}>
      <path d={line<number>((_, i) => ((i + 0.5) * width) / spectrum.length, up)(shares) ?? ''} />
      <circle cx={at} cy={up(share)} r={3} />
      <text x={at > width / 2 ? at - 6 : at + 6} y={up(share) + 14} textAnchor={at > width / 2 ? 'end' : 'start'}>{percent(share)} in {count(d)}</text>
    </g>
  );
}

function nameOf(frame: Frame, spectrum: Float32Array | null): string {
  if (spectrum) return `Variance of ${plural(spectrum.length, 'principal direction')}, ${count(frame.d)} of them taken`;
  return `Variance of ${betweenName(frame) === 'parts' ? plural(frame.parts, 'part') : plural(frame.d, 'component')}, imbalance ${measure(frame.imbalance)}${betweenName(frame) === 'parts' ? `; ${measure(sum(frame.bounds))} of ${measure(total(frame))} for codes to cover` : ''}`;
}
