import type { ScaleLinear } from 'd3';
import type { PointerEvent } from 'react';
import { listsPerLine, type Bar } from './stripLayout';
import style from './strip.module.css';

type OverviewProps = {
  bars: Bar[]; width: number;
  y: ScaleLinear<number, number>;
  /** What the strip shows: bars from `from`, `shown` of them. */
  from: number; shown: number;
  /** Rank of the list pointed at. */
  hovered: number | null;
  /** False where all bars fit: then it only keeps its place. */
  show: boolean;
  onFrom: (from: number) => void;
};

const height = 20;

/** All lists at once, too narrow to read but enough to see where the probed ones end; drag to look elsewhere. Where they are more than
 *  pixels, some share a line: as high as the longest, lit where one of them is probed. */
export function Overview({ bars, width, y, from, shown, hovered, show, onFrom }: OverviewProps) {
  if (!show) return null;
  const each = width / bars.length;
  const per = listsPerLine(bars.length, width);
  const tall = (size: number) => (y(size) / (y.range()[1] ?? 1)) * height;
  const line = (some: Bar[]) => `M${((some[0]?.rank ?? 1) - 1 + per / 2) * each},${height}v${-tall(some.reduce((most, { size }) => Math.max(most, size), 0))}`;
  const profile = (some: Bar[][]) => some.filter(({ length }) => length > 0).map(line).join('');
  const lines = Array.from({ length: Math.ceil(bars.length / per) }, (_, i) => bars.slice(i * per, (i + 1) * per));
  const truths = bars.filter(({ found, missed }) => found + missed > 0);
  const look = (event: PointerEvent<SVGElement>) => {
    if (event.type === 'pointermove' && !event.buttons) return;
    const box = event.currentTarget.getBoundingClientRect();
    onFrom((event.clientX - box.left) / each - shown / 2);
  };
  return (
    <svg className={style.overview} width={width} height={height + 10} onPointerDown={look} onPointerMove={look} aria-hidden="true">
      <g transform="translate(0 6)" strokeWidth={Math.max(0.75, each * per)}>
        <path className={style.profile} d={profile(lines)} />
        <path className={style.profileProbed} d={profile(lines.filter((some) => some.some(({ probed }) => probed)))} />
        {truths.map(({ rank, missed }) => <circle key={rank} className={missed ? style.missed : style.found} cx={(rank - 0.5) * each} cy={-2} r={2} />)}
      </g>
      {hovered !== null && <path className={style.pointed} d={`M${(hovered - 0.5) * each},0v${height + 10}`} />}
      <rect className={style.window} x={from * each + 0.5} y={0.5} width={Math.max(4, shown * each - 1)} height={height + 8} rx={3} />
    </svg>
  );
}
