import type { NeighbourKind } from './neighbours';
import style from './stage.module.css';

/** The marks of the picture, around (0, 0), so that picture and legend show the same shapes; `data-mark` says which. Colour is never the
 *  only difference: a found neighbour is filled and ticked, a missed one is a ring with a gap. */

export function QueryGlyph({ r = 10 }: { r?: number }) {
  const waist = r * 0.27;
  const points = Array.from({ length: 8 }, (_, i) => {
    const radius = i % 2 ? waist * Math.SQRT2 : r;
    return `${radius * Math.sin((i * Math.PI) / 4)},${-radius * Math.cos((i * Math.PI) / 4)}`;
  });
  return <polygon className={style.query} data-mark="query" points={points.join(' ')} />;
}

export function NeighbourGlyph({ kind, r = 6 }: { kind: NeighbourKind; r?: number }) {
  switch (kind) {
    case 'found': return <g className={style.found} data-mark="found"><circle r={r} /><path d={`M${-r * 0.45},${r * 0.02} L${-r * 0.1},${r * 0.38} L${r * 0.48},${-r * 0.36}`} /></g>;
    // The gap is an eighth of the ring, at its upper right.
    case 'missed': return <g className={style.missed} data-mark="missed"><circle className={style.halo} r={r} /><circle r={r} pathLength={8} strokeDasharray="6.7 1.3" strokeDashoffset={-0.65} transform="rotate(-45)" /></g>;
    case 'waiting': return <g className={style.waiting}><circle className={style.halo} r={r} /><circle r={r} pathLength={12} strokeDasharray="0.6 0.4" /></g>;
    case 'returned': return <g className={style.returned} data-mark="returned"><circle className={style.halo} r={r * 0.8} /><circle r={r * 0.8} /></g>;
  }
}

/** Around the vector looked at closely, the same in every view: its own mark stays to be seen within. */
export const SelectedGlyph = ({ r = 11 }: { r?: number }) => <g className={style.selected} data-mark="selected"><path className={style.halo} d={`M0,${-r} L${r},0 L0,${r} L${-r},0 Z`} /><path d={`M0,${-r} L${r},0 L0,${r} L${-r},0 Z`} /></g>;

export const CentroidGlyph = ({ arm = 4 }: { arm?: number }) => <path className={style.centroid} d={`M${-arm},0 H${arm} M0,${-arm} V${arm}`} />;
export const ProbedGlyph = () => <><rect className={style.probedBox} x={-7} y={-7} width={14} height={14} rx={2} /><text className={style.order} y={4}>1</text></>;
export const DotGlyph = ({ kind }: { kind: 'list' | 'neutral' | 'scanned' }) => <circle className={style[`${kind}Dot`]} r={kind === 'scanned' ? 3 : 2.4} />;
