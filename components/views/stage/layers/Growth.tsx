import { line, scaleLinear, scaleLog } from 'd3';
import type { PointerEvent } from 'react';
import { count, measure, plural } from '../words';
import type { Look } from './frame';
import style from './layers.module.css';
import { stepProps, type Stepping } from './stepping';

/** While it is built: links a node as the graph grew. */
export const pad = { left: 54, right: 20, top: 34, bottom: 32 };

type Props = Stepping & { look: Look; state: number; width: number; height: number };

export function Growth(props: Props) {
  const { look: { states, n }, state, width, height, onStep } = props;
  const insertion = states.some(({ step }) => step === 'batch'), x = (i: number) => (insertion ? states[i]?.done ?? 1 : i + 1);
  const X = (insertion ? scaleLog() : scaleLinear()).domain(insertion ? [1, Math.max(2, n)] : [1, Math.max(2, states.length)]).range([pad.left, width - pad.right]), Y = scaleLinear([0, Math.max(1, ...states.map(({ degree }) => degree))], [height - pad.bottom, pad.top]);
  const path = line<number>((i) => X(x(i)), (i) => Y(states[i]?.degree ?? 0)), upTo = Array.from({ length: state + 1 }, (_, i) => i);
  const move = (event: PointerEvent<SVGSVGElement>) => {
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left, to = states.reduce((best, _, i) => (Math.abs(X(x(i)) - at) < Math.abs(X(x(best)) - at) ? i : best), 0);
    if (event.buttons === 1 && to !== state) onStep?.(to);
  };
  const told = `${measure(states[state]?.degree ?? 0)} links a node after ${insertion ? plural(states[state]?.done ?? 0, 'node') : plural(state + 1, 'step')}`;
  return (
    <svg className={`${style.chart} ${style.steps}`} width={width} height={height} {...stepProps(props, 'Links a node while it is built', told)} onPointerDown={move} onPointerMove={move}>
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
