import { line, scaleLinear } from 'd3';
import { measure } from '../words';
import style from './grid.module.css';

/** What each part left in each iteration, from nothing upwards, and where the one shown stands. */
export function Distortions({ iterations, by, iteration, width, height }: { iterations: { distortion: number[] }[]; by: 'iteration' | 'codebook'; iteration: number; width: number; height: number }) {
  const at = Math.min(iteration, iterations.length - 1), most = Math.max(...iterations.flatMap(({ distortion }) => distortion)), M = iterations[0]?.distortion.length ?? 0, names = M === 2 ? ['first half', 'second half'] : Array.from({ length: M }, (_, m) => (M === 1 ? 'a vector' : `part ${m + 1}`));
  const x = scaleLinear([0, Math.max(1, iterations.length - 1)], [4, width - 4]), y = scaleLinear([0, most || 1], [height - 20, 22]);
  const halves = names.map((_, half) => iterations.map(({ distortion }) => distortion[half] ?? 0)), apart = (of: number) => (M > 1 && (halves[of]?.[at] ?? 0) > (halves[1 - of]?.[at] ?? 0) ? -8 : 16);
  return (
    <svg className={style.distortions} width={width} height={height} role="img" aria-label={`Mean squared distance from the nearest centroid: ${halves.map((values, half) => `${names[half] ?? ''} ${measure(values[0] ?? 0)} in the first ${by}, ${measure(values.at(-1) ?? 0)} in the last`).join('; ')}`}>
      <text className={style.axis} y={12}>mean squared distance, by {by}</text>
      <line className={style.edge} x2={width} y1={y(0) + 0.5} y2={y(0) + 0.5} />
      <line className={style.now} x1={x(at)} x2={x(at)} y1={20} y2={y(0)} />
      {halves.map((values, half) => (
        <g key={names[half]} data-half={half}>
          <path d={line<number>((_, i) => x(i), y)(values) ?? ''} />
          <circle cx={x(at)} cy={y(values[at] ?? 0)} r={3.5} />
          {M <= 2 && <text className={style.axis} x={width - 4} y={y(values.at(-1) ?? 0) + apart(half)} textAnchor="end">{names[half]} {measure(values[at] ?? 0)}</text>}
        </g>
      ))}
      <text className={style.axis} y={height - 4}>1</text>
      <text className={style.axis} x={width} y={height - 4} textAnchor="end">{iterations.length}</text>
    </svg>
  );
}
