import type { Answer } from '../ask';
import { dots, frameOf, line, size, ties, windowOf, type Frame } from '../frame';
import style from '../reference.module.css';

const half = { width: size.width / 2 - 6, height: size.height - 20 };
const LETTERS = ['A', 'B', 'C', 'D'];

/** Vectors before and after a transform, four of them lettered; or, of one that leaves a single direction, its line. */
export function Maps({ anatomy }: Extract<Answer, { kind: 'maps' }>) {
  return anatomy.dInner === 1 ? <Projection anatomy={anatomy} /> : <BeforeAfter anatomy={anatomy} />;
}

type Props = Pick<Extract<Answer, { kind: 'maps' }>, 'anatomy'>;

/** The four that stand farthest out, each in a direction of its own. */
export function extremes(points: Float32Array): number[] {
  const n = points.length / 2;
  return [[1, 0.3], [-0.3, 1], [-1, -0.3], [0.3, -1]].map(([dx = 0, dy = 0]) => {
    const far = (i: number) => (points[2 * i] ?? 0) * dx + (points[2 * i + 1] ?? 0) * dy;
    return Array.from({ length: n }, (_, i) => i).reduce((best, i) => (far(i) > far(best) ? i : best), 0);
  });
}

function BeforeAfter({ anatomy: { base, inner } }: Props) {
  const lettered = extremes(base), panels = [{ title: 'before', points: base }, { title: 'after', points: inner }];
  return (
    <svg viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
      {panels.map(({ title, points }, p) => (
        <g key={title} transform={`translate(${p * (half.width + 12)} 0)`}>
          <Panel frame={frameOf(windowOf(points, half), half)} points={points} lettered={lettered} />
          <text x={half.width / 2} y={size.height - 4} textAnchor="middle">{title}</text>
        </g>
      ))}
    </svg>
  );
}

function Panel({ frame, points, lettered }: { frame: Frame; points: Float32Array; lettered: number[] }) {
  const { width, height } = half;
  return (
    <>
      <path className={style.axis} d={`M0,${frame.y(0)}H${width}M${frame.x(0)},0V${height}`} />
      <path className={style.dots} d={dots(frame, points)} />
      {lettered.map((id, i) => (
        <g key={i} transform={`translate(${frame.x(points[2 * id] ?? 0)} ${frame.y(points[2 * id + 1] ?? 0)})`}>
          <circle className={style.lettered} r={8} /><text className={style.letter} y={4} textAnchor="middle">{LETTERS[i]}</text>
        </g>
      ))}
    </>
  );
}

function Projection({ anatomy: { base, inner, restored } }: Props) {
  const frame = frameOf(windowOf(base)), feet = restored ?? base;
  const order = Array.from(inner.keys()).sort((a, b) => (inner[a] ?? 0) - (inner[b] ?? 0));
  const [low = 0, high = 0] = [order[0], order.at(-1)];
  const at = (i: number) => [feet[2 * i] ?? 0, feet[2 * i + 1] ?? 0] as const;
  return (
    <svg viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
      <path className={style.tie} d={ties(frame, base, feet)} />
      <path className={style.dots} d={dots(frame, base)} />
      <path className={style.direction} d={line(frame, ...at(low), ...at(high))} />
      <path className={style.decoded} d={dots(frame, feet)} />
    </svg>
  );
}
