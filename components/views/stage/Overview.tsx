import type { ScaleLinear } from 'd3';
import type { PointerEvent } from 'react';
import type { Bar } from './stripLayout';
import style from './strip.module.css';

type OverviewProps = {
  bars: Bar[]; width: number;
  y: ScaleLinear<number, number>;
  /** What the strip shows: bars from `from`, `shown` of them. */
  from: number; shown: number;
  /** False where all bars fit: then it only keeps its place. */
  show: boolean;
  onFrom: (from: number) => void;
};

const height = 20;

/** All lists at once, too narrow to read but enough to see where the probed ones end; drag to look elsewhere. */
export function Overview({ bars, width, y, from, shown, show, onFrom }: OverviewProps) {
  if (!show) return null;
  const each = width / bars.length;
  const tall = (size: number) => (y(size) / (y.range()[1] ?? 1)) * height;
  const profile = (some: Bar[]) => some.map(({ rank, size }) => `M${(rank - 0.5) * each},${height}v${-tall(size)}`).join('');
  const truths = bars.filter(({ found, missed }) => found + missed > 0);
  const look = (event: PointerEvent<SVGElement>) => {
    if (event.type === 'pointermove' && !event.buttons) return;
    const box = event.currentTarget.getBoundingClientRect();
    onFrom((event.clientX - box.left) / each - shown / 2);
  };
  return (
    <svg className={style.overview} width={width} height={height + 10} onPointerDown={look} onPointerMove={look} aria-hidden="true">
      <g transform="translate(0 6)" strokeWidth={Math.max(0.75, each)}>
        <path className={style.profile} d={profile(bars)} />
        <path className={style.profileProbed} d={profile(bars.filter(({ probed }) => probed))} />
        {truths.map(({ rank, missed }) => <circle key={rank} className={missed ? style.missed : style.found} cx={(rank - 0.5) * each} cy={-2} r={2} />)}
      </g>
      <rect className={style.window} x={from * each + 0.5} y={0.5} width={Math.max(4, shown * each - 1)} height={height + 8} rx={3} />
    </svg>
  );
}
