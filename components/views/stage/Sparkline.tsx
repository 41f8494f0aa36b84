import { extent, line, scaleLinear } from 'd3';
import style from './timeline.module.css';
import { measure } from './words';

type SparklineProps = { values: (number | null)[]; at: number; name: string };

const [width, height, margin] = [112, 32, 4];

/** A value per step as a small curve, with a mark at the step shown. No axes: the sentence gives the numbers. */
export function Sparkline({ values, at, name }: SparklineProps) {
  const [low = 0, high = 1] = extent(values.filter((v) => v !== null));
  const x = scaleLinear([0, Math.max(1, values.length - 1)], [margin, width - margin]);
  const y = scaleLinear(low === high ? [low - 1, high + 1] : [low, high], [height - margin, margin]);
  const path = line<number | null>((_, i) => x(i), (v) => y(v ?? 0)).defined((v) => v !== null)(values) ?? '';
  const now = values[at] ?? null;
  const label = now === null ? name : `${name}: ${measure(now)}, between ${measure(low)} and ${measure(high)}`;
  return (
    <svg className={style.spark} width={width} height={height} role="img" aria-label={label}>
      <title>{label}</title>
      <path d={path} />
      {now !== null && <circle cx={x(at)} cy={y(now)} r={3} />}
    </svg>
  );
}
