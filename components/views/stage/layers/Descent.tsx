import { line, scaleLinear, scaleLog } from 'd3';
import { useMemo, type PointerEvent } from 'react';
import { compact } from '../../../marks';
import { css } from '../palette';
import { count, plural } from '../words';
import { comparedAfter, stepOfHop, type Look } from './frame';
import { Growth, pad } from './Growth';
import style from './layers.module.css';
import type { Shared } from './Planes';
import { stepProps, type Stepping } from './stepping';
import { distanceName, value } from './story';

type Props = Shared & Stepping & { width: number; height: number };
type Dot = { nth: number; v: number; id: number; hop: number };

/** How near to a dot the pointer must be. */
const reach = 9;

/** Every distance that the walk computed, in order: exact, whatever the picture above has to project. The arrows and dragging move the hop. */
export function Descent(props: Props) {
  const { look, frame, palette, pointed, onPointed, onStep, width, height } = props, all = useMemo(() => computed(look), [look]);
  if (frame.kind === 'build') return <Growth {...props} state={frame.state} />;
  const { low, high } = all, now = frame.ended ? all.dots.length : comparedAfter(look, frame.shown);
  const X = scaleLinear([0, Math.max(1, all.dots.length)], [pad.left, width - pad.right]), Y = (low > 0 && high / low > 12 ? scaleLog() : scaleLinear()).domain([low, high]).range([height - pad.bottom, pad.top]);
  const marks = (some: Dot[]) => some.map(({ nth, v }) => `M${X(nth).toFixed(1)},${Y(v).toFixed(1)}h0`).join(''), step = line<Dot>((p) => X(p.nth), (p) => Y(p.v));
  const k = look.walk.truth.ids.length, worst = look.walk.truth.dis.reduce((a, b) => Math.max(a, b), -Infinity), exact = look.coded === null && worst >= low && worst <= high ? worst : null;
  const move = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect(), [x, y] = [event.clientX - box.left, event.clientY - box.top], away = ({ nth, v }: Dot) => Math.hypot(X(nth) - x, Y(v) - y);
    if (event.buttons === 1) onStep?.(stepOfHop(look, all.dots[Math.max(0, Math.min(all.dots.length - 1, Math.floor(X.invert(x))))]?.hop ?? -1));
    const near = all.dots.reduce<Dot | null>((best, one) => (away(one) < (best ? away(best) : reach) ? one : best), null);
    if ((near?.id ?? null) !== pointed) onPointed(near?.id ?? null);
  };
  const name = `Descent: ${plural(look.walk.ndis, 'distance')} computed, from ${value(look, all.dots[0]?.v ?? 0)} to ${value(look, all.best.at(-1)?.v ?? 0)}`;
  const told = frame.ended ? 'the end of the walk' : `${plural(now, 'distance')} computed, the nearest at ${value(look, all.best.findLast(({ nth }) => nth < now)?.v ?? 0)}`;
  return (
    <svg className={`${style.chart} ${style.steps}`} width={width} height={height} {...stepProps(props, name, told)} onPointerDown={move} onPointerMove={move} onPointerLeave={() => onPointed(null)}>
      {all.bands.map(({ level, from, to }) => <g key={level}><rect className={style.band} data-odd={level % 2 === 1} x={X(from)} y={pad.top} width={Math.max(0, X(to) - X(from))} height={height - pad.top - pad.bottom} />{all.bands.length > 1 && X(to) - X(from) > 9 && <text className={style.tick} x={X(from) + 2} y={pad.top - 5}>{X(to) - X(from) > 40 ? `layer ${level}` : level}</text>}</g>)}
      {Y.ticks(4).filter((_, i, ticks) => ticks.length < 7 || i % 3 === 0).map((tick) => <g key={tick}><line className={style.gridLine} x1={pad.left} x2={width - pad.right} y1={Y(tick)} y2={Y(tick)} /><text className={style.tick} x={pad.left - 6} y={Y(tick) + 4} textAnchor="end">{compact(look.metric === 'IP' ? -tick : tick)}</text></g>)}
      {X.ticks(Math.max(2, Math.floor(width / 90))).map((tick) => <text key={tick} className={style.tick} x={X(tick)} y={height - pad.bottom + 14} textAnchor="middle">{count(tick)}</text>)}
      <text className={style.axis} x={width - pad.right} y={height - 3} textAnchor="end">distances computed</text>
      <text className={style.axis} x={8} y={14}>{distanceName(look)}{look.coded === null && look.after === '' ? ' to the query' : ''}</text>
      <path className={style.compared} stroke={css(palette.neutral, 0.55)} d={marks(all.dots.filter(({ nth }) => nth >= now))} />
      <path className={style.compared} stroke={css(palette.probed, 0.55)} d={marks(all.dots.filter(({ nth }) => nth < now))} />
      <path className={style.bound} d={step(all.bound.filter(({ nth }) => nth <= now)) ?? ''} />
      <path className={style.best} d={step(stairs(all.best.filter(({ nth }) => nth < now), now)) ?? ''} />
      {exact !== null && <g><line className={style.exact} x1={pad.left} x2={width - pad.right} y1={Y(exact)} y2={Y(exact)} /><text className={style.exactName} x={width - pad.right} y={height - pad.bottom - Y(exact) > 16 ? Y(exact) + 13 : Y(exact) - 4} textAnchor="end">{k === 1 ? 'the true neighbour' : `all ${count(k)} true neighbours`}</text></g>}
      {all.dots.filter(({ id }) => id === pointed).map(({ nth, v }) => <circle key={nth} className={style.here} cx={X(nth)} cy={Y(v)} r={4.5} />)}
      {now < all.dots.length && <line className={style.now} x1={X(now)} x2={X(now)} y1={pad.top} y2={height - pad.bottom} />}
    </svg>
  );
}

/** Constant until it changes. */
const stairs = (best: Dot[], until: number): Dot[] => best.flatMap((p, i) => [p, { ...p, nth: best[i + 1]?.nth ?? until }]);

function computed(look: Look) {
  const { entry, graph, walk: { hops, stop } } = look, dots: Dot[] = [], bound: Dot[] = [], bands: { level: number; from: number; to: number }[] = [];
  if (graph === 'HNSW') dots.push({ nth: 0, v: hops[0]?.distance ?? 0, id: entry, hop: -1 });
  hops.forEach(({ level, met, list }, hop) => {
    const from = bands.length ? dots.length : 0;
    met.ids.forEach((id, i) => dots.push({ nth: dots.length, v: met.dis[i] ?? 0, id, hop }));
    const last = bands.at(-1), worst = level === 0 ? list.dis[stop - 1] : undefined;
    if (last?.level === level) last.to = dots.length; else bands.push({ level, from, to: dots.length });
    if (worst !== undefined) bound.push({ nth: dots.length, v: worst, id: -1, hop });
  });
  const best: Dot[] = [];
  for (const dot of dots) if (dot.v < (best.at(-1)?.v ?? Infinity)) best.push(dot);
  const low = dots.reduce((a, { v }) => Math.min(a, v), Infinity), high = dots.reduce((a, { v }) => Math.max(a, v), -Infinity);
  return { dots, bound, bands, best, low, high };
}
