import type { ScaleLinear } from 'd3';
import { rankTicks, type Bar } from './stripLayout';
import style from './strip.module.css';
import { count } from './words';

type BarsProps = {
  bars: Bar[];
  /** Pixels from one bar to the next. */
  each: number;
  y: ScaleLinear<number, number>;
  height: number;
  hoverList: number | null;
  onHoverList: (list: number | null) => void;
  /** Bars in sight, as positions in `bars`. */
  from: number; to: number;
};

const [band, below] = [44, 24]; // pixels above the bars for neighbours, below for ranks

/** The bars in sight; the others only take up their width. */
export function Bars({ bars, each, y, height, hoverList, onHoverList, from, to }: BarsProps) {
  const gap = each > 12 ? 3 : 2;
  const foot = band + height;
  const ticks = rankTicks(bars.length, each).filter((rank) => rank > from - 3 && rank <= to + 3);
  return (
    <svg width={bars.length * each} height={foot + below} className={style.bars}>
      <line className={style.top} x1={0} x2={bars.length * each} y1={band + 0.5} y2={band + 0.5} />
      <line className={style.axis} x1={0} x2={bars.length * each} y1={foot + 0.5} y2={foot + 0.5} />
      {bars.slice(from, to).map((bar) => {
        const x = (bar.rank - 1) * each;
        const tall = bar.size ? Math.max(1, y(bar.size)) : 0;
        return (
          <g key={bar.list} transform={`translate(${x} 0)`} data-probed={bar.probed} data-hovered={bar.list === hoverList} onPointerEnter={() => onHoverList(bar.list)}>
            <rect className={style.sense} width={each} height={foot + below} />
            <rect className={style.bar} x={gap / 2 + 0.5} y={foot - tall + 0.5} width={each - gap - 1} height={Math.max(0, tall - 0.5)} />
            <Truths bar={bar} x={each / 2} foot={foot - tall - 8} />
          </g>
        );
      })}
      {ticks.map((rank) => <text key={rank} className={style.tick} x={(rank - 0.5) * each} y={foot + 16}>{count(rank)}</text>)}
    </svg>
  );
}

/** True neighbours standing on their list's bar: filled dots were returned, rings were missed; from five on, one of
 *  each with its number. */
function Truths({ bar: { found, missed }, x, foot }: { bar: Bar; x: number; foot: number }) {
  const step = 8;
  if (found + missed <= 4) {
    return Array.from({ length: found + missed }, (_, i) => <circle key={i} className={i < found ? style.found : style.missed} cx={x} cy={foot - i * step} r={3} />);
  }
  const kinds = [{ n: found, mark: style.found }, { n: missed, mark: style.missed }].filter(({ n }) => n > 0);
  return kinds.map(({ n, mark }, i) => (
    <g key={mark}>
      <circle className={mark} cx={x} cy={foot - i * 22} r={3} />
      <text className={style.number} x={x} y={foot - i * 22 - 7}>{n}</text>
    </g>
  ));
}
