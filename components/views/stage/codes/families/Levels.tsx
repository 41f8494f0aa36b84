import { scaleLinear } from 'd3';
import type { Looks } from '@/workers/protocol';
import type { Palette } from '../../palette';
import { measure } from '../../words';
import style from '../codes.module.css';
import { gridOf } from '../product/frame';
import { Thumbnail } from '../VectorPanel';

type Look = Looks['codes'];
type Additive = Extract<Look['family'], { kind: 'additive' }>;
type Props = { look: Look; additive: Additive; palette: Palette; part: number; onPart: (part: number) => void; lit: number; iteration: number | null; width: number; height: number };

/** What the code stands for after each level, and the error that is left. */
export function Levels(props: Props) {
  const { additive, look, palette, part, onPart, lit, iteration, width, height } = props, upper = Math.round(height * 0.5), { M, steps } = additive;
  const grid = gridOf(M + 1, width, height - upper - 6), { picture, vector } = look.selected;
  return (
    <>
      <div style={{ position: 'relative', height: upper }}>{iteration === null ? <Errors additive={additive} part={part} onPart={onPart} lit={lit} width={width} height={upper} /> : <Learning additive={additive} iteration={iteration} width={width} height={upper} />}</div>
      <div style={{ display: 'flex', flexWrap: 'wrap', marginTop: 6 }}>
        {Array.from({ length: M + 1 }, (_, m) => {
          const values = steps.subarray(m * look.d, (m + 1) * look.d), name = stepName(look, m);
          return (
            <div key={m} style={{ width: grid.box, height: grid.tall, opacity: m <= lit ? 1 : 0.25, overflow: 'hidden' }} onPointerEnter={() => { if (m > 0) onPart(m - 1); }}>
              {picture ? <Thumbnail values={values} {...picture} side={Math.min(grid.box - 4, grid.tall - 18)} palette={palette} name={name} /> : <Profile values={values} vector={vector} name={name} width={grid.box - 6} height={grid.tall} />}
            </div>
          );
        })}
      </div>
    </>
  );
}

export const stepName = (look: Look, m: number) => (m === 0 ? look.byResidual ? 'centroid' : 'nothing' : `+ ${m}`);

/** Squared error after each level: of the vector, and on average. */
function Errors({ additive: { M, errors, meanErrors }, part, onPart, lit, width, height }: Omit<Props, 'look' | 'palette' | 'iteration'>) {
  const left = 6, bottom = 18, x = scaleLinear([0, M], [left + 6, width - 12]), y = scaleLinear([0, Math.max(...errors, ...meanErrors)], [height - bottom, 16]);
  const line = (values: Float32Array, until: number) => [...values].slice(0, until + 1).map((v, m) => `${m ? 'L' : 'M'}${x(m)},${y(v)}`).join('');
  return (
    <svg width={width} height={height} className={style.sense} role="img" aria-label={`Squared error after each of ${M} levels, from ${measure(errors[0] ?? 0)} to ${measure(errors[M] ?? 0)}`}>
      <line className={style.axis} x1={left} x2={width} y1={y(0) + 0.5} y2={y(0) + 0.5} />
      <path className={style.mean} d={line(meanErrors, M)} />
      <path className={style.own} d={line(errors, Math.min(M, lit))} />
      {Array.from(errors, (v, m) => <circle key={m} className={m === part + 1 ? style.code : style.ownDot} cx={x(m)} cy={y(v)} r={m === part + 1 ? 5 : 3.5} opacity={m <= lit ? 1 : 0.25} onPointerEnter={() => { if (m > 0) onPart(m - 1); }} />)}
      {Array.from(errors, (_, m) => <text key={m} className={style.text} x={x(m)} y={height - 4} textAnchor="middle">{m}</text>)}
      <text className={style.text} x={left} y={11}>squared error after so many levels</text>
      <text className={style.label} x={width} y={Math.max(12, y(errors[M] ?? 0) - 8)} textAnchor="end">{measure(errors[M] ?? 0)} left</text>
    </svg>
  );
}

/** Mean squared error over the training vectors as the codebooks were learnt, one line a part. */
function Learning({ additive: { training, splits }, iteration, width, height }: { additive: Additive; iteration: number; width: number; height: number }) {
  const left = 6, bottom = 18, steps = Math.max(...training.map(({ steps: all }) => all)), x = scaleLinear([0, Math.max(1, steps - 1)], [left + 6, width - 12]), y = scaleLinear([0, Math.max(...training.map(({ error }) => error))], [height - bottom, 30]), now = training[iteration];
  const line = (split: number, until: number) => training.map((step, i) => ({ ...step, i })).filter((step) => step.split === split && step.i <= until).map(({ step, error }, i) => `${i ? 'L' : 'M'}${x(step)},${y(error)}`).join('');
  return (
    <svg width={width} height={height} style={{ display: 'block' }} role="img" aria-label={`Mean squared error in training, step ${(now?.step ?? 0) + 1} of ${steps}: ${measure(now?.error ?? 0)}`}>
      <line className={style.axis} x1={left} x2={width} y1={y(0) + 0.5} y2={y(0) + 0.5} />
      {Array.from({ length: splits }, (_, split) => <g key={split}><path className={style.mean} d={line(split, training.length)} /><path className={style.own} d={line(split, iteration)} /></g>)}
      {now && <><circle className={style.code} cx={x(now.step)} cy={y(now.error)} r={5} /><text className={style.label} x={Math.min(width - 4, x(now.step) + 8)} y={y(now.error) - 8} textAnchor={x(now.step) > width * 0.7 ? 'end' : 'start'}>{measure(now.error)}</text></>}
      <text className={style.text} x={left} y={11}>mean squared error in training</text>
      <text className={style.text} x={x(0)} y={height - 4} textAnchor="middle">1</text><text className={style.text} x={x(Math.max(1, steps - 1))} y={height - 4} textAnchor="middle">{steps}</text>
    </svg>
  );
}

/** A partial sum as a line over the vector. */
function Profile({ values, vector, name, width, height }: { values: Float32Array; vector: Float32Array; name: string; width: number; height: number }) {
  const tall = height - 14, low = Math.min(0, ...vector), high = Math.max(0, ...vector), x = scaleLinear([0, values.length], [0, width]), y = scaleLinear([low, high], [tall - 2, 2]).clamp(true);
  const stairs = (row: Float32Array) => [...row].map((v, j) => `L${x(j).toFixed(1)},${y(v).toFixed(1)}`).join('');
  return (
    <svg width={width} height={height} style={{ display: 'block' }} aria-hidden="true">
      <path className={style.barArea} d={`M0,${y(0)}${stairs(vector)}L${width},${y(0)}Z`} />
      <path className={style.barLine} d={`M0,${y(values[0] ?? 0)}${stairs(values)}`} />
      <text className={style.text} x={0} y={height - 3}>{name}</text>
    </svg>
  );
}
