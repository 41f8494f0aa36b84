import { useLayoutEffect, useMemo, useState } from 'react';
import type { SearchAnswer } from '@/workers/protocol';
import { NeighbourGlyph, QueryGlyph, SelectedGlyph } from '../glyphs';
import { useRatio } from '../hooks';
import { css, mix, type Palette } from '../palette';
import { resize } from '../passes/canvas';
import stage from '../stage.module.css';
import { boundsOf, fit, grown, including, toScreen, type Viewport } from '../viewport';
import style from './grid.module.css';
import type { Look } from './layout';

type Props = {
  look: Look; plane: NonNullable<Look['plane']>; palette: Palette; search: SearchAnswer | null;
  taken: Int32Array; selected: number | null; hoverList: number | null; onHoverList: (list: number | null) => void;
  width: number; height: number;
};

/** The same lists where they are, in two dimensions: centroids of the first half divide one axis, those of the second the other. */
export function Lattice(props: Props) {
  const { look, plane, search, taken, selected, hoverList, onHoverList, width, height } = props;
  const [x, y] = plane.query, viewport = useMemo(() => {
    const { window } = fit(including(boundsOf(plane.points), { x, y }), { width, height });
    return { width, height, window: grown(window, 0.06) };
  }, [plane, x, y, width, height]);
  const lines = useMemo(() => [cuts(plane.sites[0]), cuts(plane.sites[1])] as const, [plane]);
  const at = (a: number, b: number) => toScreen(viewport, a, b), spot = (id: number) => { const p = at(plane.points[3 * id] ?? 0, plane.points[3 * id + 1] ?? 0); return `translate(${p.x} ${p.y})`; };
  const box = (list: number) => boxOf(look, lines, list, viewport);
  const point = (clientX: number, clientY: number, own: DOMRect) => {
    const { window } = viewport, a = window.x0 + ((clientX - own.left) / width) * (window.x1 - window.x0), b = window.y1 - ((clientY - own.top) / height) * (window.y1 - window.y0);
    onHoverList(lines[0].owner(a) | (lines[1].owner(b) << (look.bits[0] ?? 0)));
  };
  const q = at(x, y);
  return (
    <div className={style.lattice} style={{ width, height }} onPointerMove={(event) => point(event.clientX, event.clientY, event.currentTarget.getBoundingClientRect())} onPointerLeave={() => onHoverList(null)}>
      <Dots {...props} viewport={viewport} lines={lines} />
      <svg className={style.marks} width={width} height={height} role="img" aria-label="The lattice of the two halves over the vectors">
        {Array.from(taken, (list, i) => {
          const { x: left, y: top, width: w, height: h } = box(list);
          return <g key={list}><rect className={style.took} x={left} y={top} width={w} height={h} />{w > 16 && h > 14 && <text className={style.number} x={left + 4} y={top + 12}>{i + 1}</text>}</g>;
        })}
        {hoverList !== null && <rect className={style.hovered} {...box(hoverList)} />}
        {search?.truth.map(({ id, found }) => <g key={id} transform={spot(id)}><NeighbourGlyph kind={found ? 'found' : 'missed'} r={5} /></g>)}
        {selected !== null && <g transform={spot(selected)}><SelectedGlyph /></g>}
        <g transform={`translate(${q.x} ${q.y})`}><QueryGlyph /></g>
        <text className={`${stage.word} ${style.caption}`} x={8} y={height - 8}>the same lists in their plane: exact</text>
      </svg>
    </div>
  );
}

type Cuts = { at: number[]; sorted: number[]; place: Int32Array; owner: (v: number) => number };

/** Where an axis is cut: half way between neighbouring centroids. `place` is the rank of a centroid along the axis. */
function cuts(sites: Float32Array): Cuts {
  const sorted = Array.from(sites.keys()).sort((a, b) => (sites[a] ?? 0) - (sites[b] ?? 0)), place = new Int32Array(sites.length);
  sorted.forEach((number, i) => { place[number] = i; });
  const at = sorted.slice(1).map((number, i) => ((sites[number] ?? 0) + (sites[sorted[i] ?? 0] ?? 0)) / 2);
  return { at, sorted, place, owner: (v) => sorted[at.filter((cut) => cut < v).length] ?? 0 };
}

function boxOf({ bits: [bits = 0] }: Look, [across, up]: readonly [Cuts, Cuts], list: number, viewport: Viewport) {
  const { window } = viewport, i = across.place[list & (2 ** bits - 1)] ?? 0, j = up.place[list >> bits] ?? 0;
  const from = toScreen(viewport, Math.max(window.x0, across.at[i - 1] ?? -Infinity), Math.min(window.y1, up.at[j] ?? Infinity));
  const to = toScreen(viewport, Math.min(window.x1, across.at[i] ?? Infinity), Math.max(window.y0, up.at[j - 1] ?? -Infinity));
  return { x: from.x, y: from.y, width: Math.max(0, to.x - from.x), height: Math.max(0, to.y - from.y) };
}

function Dots({ plane, palette, taken, look, viewport, lines, width, height }: Props & { viewport: Viewport; lines: readonly [Cuts, Cuts] }) {
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null), ratio = useRatio();
  useLayoutEffect(() => {
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    resize(canvas, { viewport, ratio });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.fillStyle = css(mix(palette.ground, palette.probed, 0.2));
    for (const list of taken) { const { x, y, width: w, height: h } = boxOf(look, lines, list, viewport); context.fillRect(x, y, w, h); }
    context.fillStyle = css(palette.neutral, 0.8);
    for (let i = 0; i < plane.points.length; i += 3) {
      const { x, y } = toScreen(viewport, plane.points[i] ?? 0, plane.points[i + 1] ?? 0);
      context.beginPath();
      context.arc(x, y, 1.3, 0, 2 * Math.PI);
      context.fill();
    }
    context.strokeStyle = css(mix(palette.ground, palette.ink, 0.3));
    context.lineWidth = 1;
    context.beginPath();
    for (const cut of lines[0].at) { const { x } = toScreen(viewport, cut, 0); context.moveTo(x, 0); context.lineTo(x, height); }
    for (const cut of lines[1].at) { const { y } = toScreen(viewport, 0, cut); context.moveTo(0, y); context.lineTo(width, y); }
    context.stroke();
  }, [canvas, plane, palette, taken, look, viewport, lines, width, height, ratio]);
  return <canvas ref={setCanvas} className={style.cells} style={{ width, height }} aria-hidden="true" />;
}
