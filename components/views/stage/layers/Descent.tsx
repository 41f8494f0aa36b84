import { line, scaleLinear, scaleLog } from 'd3';
import { useMemo } from 'react';
import { compact } from '../../../marks';
import { css } from '../palette';
import { count, measure, plural } from '../words';
import { comparedAfter, type Look } from './frame';
import style from './layers.module.css';
import type { Shared } from './Planes';
import { distanceName, value } from './story';

type Props = Shared & { width: number; height: number };
type Dot = { nth: number; v: number; id: number; hop: number };

const pad = { left: 54, right: 20, top: 34, bottom: 32 };

/** Every distance that the walk computed, in order: exact, whatever the picture above has to project. */
export function Descent({ look, frame, palette, pointed, onPointed, width, height }: Props) {
  const all = useMemo(() => computed(look), [look]);
  if (frame.kind === 'build') return <Growth look={look} state={frame.state} width={width} height={height} />;
  const values = all.dots.map(({ v }) => v), low = Math.min(...values), high = Math.max(...values), now = frame.ended ? Infinity : comparedAfter(look, frame.shown);
  const X = scaleLinear([0, Math.max(1, all.dots.length)], [pad.left, width - pad.right]), Y = (low > 0 && high / low > 12 ? scaleLog() : scaleLinear()).domain([low, high]).range([height - pad.bottom, pad.top]);
  const done = all.dots.filter(({ nth }) => nth < now), step = line<Dot>((p) => X(p.nth), (p) => Y(p.v));
  const name = `${plural(look.walk.ndis, 'distance')} computed, from ${value(look, all.dots[0]?.v ?? 0)} to ${value(look, all.best.at(-1)?.v ?? 0)}`;
  const k = look.walk.truth.ids.length, worst = look.walk.truth.dis[k - 1], exact = look.coded === null && worst !== undefined && worst >= low && worst <= high ? worst : null;
  return (
    <svg className={style.chart} width={width} height={height} role="img" aria-label={`Descent: ${name}`} onMouseLeave={() => onPointed(null)}>
      {all.bands.map(({ level, from, to }) => <g key={level}><rect className={style.band} data-odd={level % 2 === 1} x={X(from)} y={pad.top} width={Math.max(0, X(to) - X(from))} height={height - pad.top - pad.bottom} />{all.bands.length > 1 && X(to) - X(from) > 9 && <text className={style.tick} x={X(from) + 2} y={pad.top - 5}>{X(to) - X(from) > 40 ? `layer ${level}` : level}</text>}</g>)}
      {Y.ticks(4).filter((_, i, ticks) => ticks.length < 7 || i % 3 === 0).map((tick) => <g key={tick}><line className={style.gridLine} x1={pad.left} x2={width - pad.right} y1={Y(tick)} y2={Y(tick)} /><text className={style.tick} x={pad.left - 6} y={Y(tick) + 4} textAnchor="end">{compact(look.metric === 'IP' ? -tick : tick)}</text></g>)}
      {X.ticks(Math.max(2, Math.floor(width / 90))).map((tick) => <text key={tick} className={style.tick} x={X(tick)} y={height - pad.bottom + 14} textAnchor="middle">{count(tick)}</text>)}
      <text className={style.axis} x={width - pad.right} y={height - 3} textAnchor="end">distances computed</text>
      <text className={style.axis} x={8} y={14}>{distanceName(look)}{look.coded === null && look.after === '' ? ' to the query' : ''}</text>
      {exact !== null && <g><line className={style.exact} x1={pad.left} x2={width - pad.right} y1={Y(exact)} y2={Y(exact)} /><text className={style.exactName} x={width - pad.right} y={Y(exact) - 3} textAnchor="end">the {k}th true neighbour</text></g>}
      {all.dots.map(({ nth, v, id }) => <circle key={nth} cx={X(nth)} cy={Y(v)} r={id === pointed ? 5 : 1.6} fill={css(nth < now ? palette.probed : palette.neutral, id === pointed ? 1 : nth < now ? 0.55 : 0.35)} onMouseEnter={() => onPointed(id)} />)}
      <path className={style.bound} d={step.x((p) => X(p.nth))(all.bound.filter(({ nth }) => nth <= now)) ?? ''} />
      <path className={style.best} d={step(stairs(all.best.filter(({ nth }) => nth < now), Math.min(now, all.dots.length))) ?? ''} />
      {done.length < all.dots.length && <line className={style.now} x1={X(now)} x2={X(now)} y1={pad.top} y2={height - pad.bottom} />}
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
  return { dots, bound, bands, best };
}

/** While it is built: links a node as the graph grew. */
function Growth({ look: { states, n }, state, width, height }: { look: Look; state: number; width: number; height: number }) {
  const insertion = states.some(({ step }) => step === 'batch'), x = (i: number) => (insertion ? states[i]?.done ?? 1 : i + 1);
  const X = (insertion ? scaleLog() : scaleLinear()).domain(insertion ? [1, Math.max(2, n)] : [1, Math.max(2, states.length)]).range([pad.left, width - pad.right]), Y = scaleLinear([0, Math.max(1, ...states.map(({ degree }) => degree))], [height - pad.bottom, pad.top]);
  const path = line<number>((i) => X(x(i)), (i) => Y(states[i]?.degree ?? 0)), upTo = Array.from({ length: state + 1 }, (_, i) => i);
  return (
    <svg className={style.chart} width={width} height={height} role="img" aria-label={`${measure(states[state]?.degree ?? 0)} links a node after ${count(states[state]?.done ?? 0)} nodes`}>
      {Y.ticks(4).map((tick) => <g key={tick}><line className={style.gridLine} x1={pad.left} x2={width - pad.right} y1={Y(tick)} y2={Y(tick)} /><text className={style.tick} x={pad.left - 6} y={Y(tick) + 4} textAnchor="end">{measure(tick)}</text></g>)}
      {(insertion ? X.ticks().filter((tick) => /^1e/.test(tick.toExponential())) : X.ticks(8)).map((tick) => <text key={tick} className={style.tick} x={X(tick)} y={height - pad.bottom + 14} textAnchor="middle">{count(tick)}</text>)}
      <text className={style.axis} x={width - pad.right} y={height - 3} textAnchor="end">{insertion ? 'nodes inserted' : 'steps'}</text>
      <text className={style.axis} x={8} y={14}>links a node on the lowest layer, of those drawn</text>
      <path className={style.bound} d={path(Array.from(states.keys())) ?? ''} />
      <path className={style.best} d={path(upTo) ?? ''} />
      <circle cx={X(x(state))} cy={Y(states[state]?.degree ?? 0)} r={3.5} className={style.here} />
    </svg>
  );
}
