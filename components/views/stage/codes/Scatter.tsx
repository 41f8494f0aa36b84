import { extent, scaleLinear } from 'd3';
import { useCallback, useMemo, useState, type PointerEvent } from 'react';
import type { Looks } from '@/workers/protocol';
import { NeighbourGlyph, SelectedGlyph } from '../glyphs';
import { css } from '../palette';
import type { Palette } from '../palette';
import { count, measure, ordinal } from '../words';
import style from './codes.module.css';
import { useCanvas } from './useCanvas';

type Look = Looks['codes'];
type Props = { look: Look; palette: Palette; onSelect: (id: number) => void; width: number; height: number };

const LEFT = 34, BOTTOM = 30, TOP = 6, RIGHT = 8;

/** Distance by code against true distance, of what the search compared. Right and up are farther; for inner products the axes are turned,
 *  so that near is at the lower left all the same. */
export function Scatter({ look, palette, onSelect, width, height }: Props) {
  const { scanned, selected } = look, { x, y } = useScales(look, width, height);
  const canvas = useCanvas(width, height, useCallback((context) => {
    context.fillStyle = css(palette.scanned, 0.75);
    scanned.ids.forEach((_, i) => { context.beginPath(); context.arc(x(scanned.exact[i] ?? 0), y(scanned.byCode[i] ?? 0), 1.7, 0, 7); context.fill(); });
  }, [palette, scanned, x, y]));
  const [hovered, setHovered] = useState<number | null>(null);
  const under = (event: PointerEvent<SVGSVGElement>) => { const box = event.currentTarget.getBoundingClientRect(); return nearestDot(look, x, y, event.clientX - box.left, event.clientY - box.top); };
  const press = (event: PointerEvent<SVGSVGElement>) => { const id = under(event); if (id !== null) onSelect(id); };
  return (
    <>
      <canvas {...canvas} className={style.layer} />
      <svg className={style.sense} width={width} height={height} onPointerDown={press} onPointerMove={(event) => setHovered(under(event))} onPointerLeave={() => setHovered(null)} role="img" aria-label="True distance against distance by code; press a dot to look at its vector">
        <Lines look={look} x={x} y={y} width={width} height={height} />
        {marksOf(look).map(({ id, byCode, exact, kind }) => <g key={id} transform={`translate(${x(exact)} ${y(byCode)})`}><NeighbourGlyph kind={kind} r={4.5} /></g>)}
        <g transform={`translate(${x(selected.exact)} ${y(selected.byCode)})`}><SelectedGlyph r={9} /></g>
        <text className={style.text} x={width - RIGHT} y={height - 4} textAnchor="end">{`true ${look.metric === 'IP' ? 'inner product' : 'squared distance'} →`}</text>
        <text className={style.label} x={LEFT + 4} y={TOP + 8}>{look.family.kind === 'signs' ? '↑ bits that differ' : '↑ by code'}</text>
        {hovered !== null && <Hovered look={look} id={hovered} x={x} y={y} width={width} height={height} />}
      </svg>
    </>
  );
}

function Hovered({ look: { scanned: { ids, exact, byCode, missed, rank } }, id, x, y, width, height }: { look: Look; id: number; x: Scale; y: Scale; width: number; height: number }) {
  const i = ids.indexOf(id), own = i < 0 ? missed.find((mark) => mark.id === id) : { exact: exact[i] ?? 0, byCode: byCode[i] ?? 0 };
  if (!own) return null;
  return (
    <>
      <circle className={style.pointed} cx={x(own.exact)} cy={y(own.byCode)} r={6} />
      <text className={style.label} x={width - RIGHT} y={height - BOTTOM - 6} textAnchor="end">{`${id}: true ${measure(own.exact)}, code ${measure(own.byCode)}${i < 0 ? '' : `, ${ordinal(rank[i] ?? 0)}`}`}</text>
    </>
  );
}

function useScales({ scanned, selected, metric }: Look, width: number, height: number) {
  return useMemo(() => {
    const span = (values: Float32Array, own: number[]): [number, number] => {
      const [low = 0, high = 1] = extent([...values, ...own]);
      const pad = (high - low) * 0.04 || 1;
      return metric === 'IP' ? [high + pad, low - pad] : [low - pad, high + pad];
    };
    return { x: scaleLinear(span(scanned.exact, [selected.exact, ...scanned.missed.map(({ exact }) => exact)]), [LEFT, width - RIGHT]), y: scaleLinear(span(scanned.byCode, [selected.byCode, ...scanned.missed.map(({ byCode }) => byCode)]), [height - BOTTOM, TOP]) };
  }, [scanned, selected, metric, width, height]);
}

type Scale = ReturnType<typeof useScales>['x'];

/** Equal distances; what is returned lies below the k-th, what is re-ranked below the cut. */
function Lines({ look: { scanned, family }, x, y, width, height }: { look: Look; x: Scale; y: Scale; width: number; height: number }) {
  const [x0 = 0, x1 = 1] = x.domain(), [y0 = 0, y1 = 1] = y.domain(), from = x0 < x1 ? Math.max(x0, y0) : Math.min(x0, y0), to = x0 < x1 ? Math.min(x1, y1) : Math.max(x1, y1);
  const { kth, cut } = scanned, apart = kth !== null && cut !== null && Math.abs(y(kth) - y(cut.distance)) > 12;
  return (
    <>
      <path className={style.axis} d={`M${LEFT},${TOP} V${height - BOTTOM} H${width - RIGHT}`} />
      {x.ticks(3).map((v) => <text key={v} className={style.text} x={x(v)} y={height - BOTTOM + 12} textAnchor="middle">{brief(v)}</text>)}
      {y.ticks(3).map((v) => <text key={v} className={style.text} x={LEFT - 4} y={y(v) + 4} textAnchor="end">{brief(v)}</text>)}
      {family.kind !== 'signs' && (from < to) === (x0 < x1) && <line className={style.guide} x1={x(from)} y1={y(from)} x2={x(to)} y2={y(to)} />}
      {kth !== null && <><line className={style.kth} x1={LEFT} x2={width - RIGHT} y1={y(kth)} y2={y(kth)} /><text className={style.text} x={width - RIGHT} y={cut && !apart ? y(kth) + 12 : y(kth) - 3} textAnchor="end">k-th by code{cut && !apart ? `, above it ${cut.candidates} re-ranked` : ''}</text></>}
      {cut && <><line className={style.cut} x1={LEFT} x2={width - RIGHT} y1={y(cut.distance)} y2={y(cut.distance)} />{apart && <text className={style.text} x={width - RIGHT} y={y(cut.distance) - 3} textAnchor="end">{cut.candidates} re-ranked</text>}</>}
    </>
  );
}

/** Of a tick: 120000 → "120k", 15000000 → "15M". */
function brief(v: number): string {
  const size = Math.abs(v), [by, unit] = size >= 1e6 ? [1e6, 'M'] : size >= 1e4 ? [1e3, 'k'] : [1, ''];
  return `${Number((v / by).toPrecision(3))}${unit}`;
}

/** True neighbours, also those that were not compared, and what was returned. */
function marksOf({ scanned: { ids, searched, hits, truth, missed, byCode, exact } }: Look) {
  const at = new Map([...ids].map((id, i) => [id, i])), isTrue = new Set(truth), isHit = new Set(hits);
  const compared = [...new Set([...hits, ...truth])].flatMap((id) => {
    const i = at.get(id);
    return i === undefined ? [] : [{ id, byCode: byCode[i] ?? 0, exact: exact[i] ?? 0, kind: isTrue.has(id) ? isHit.has(id) || !searched ? 'found' as const : 'missed' as const : 'returned' as const }];
  });
  return [...compared, ...missed.map((mark) => ({ ...mark, kind: searched ? 'missed' as const : 'found' as const }))].sort((a, b) => Number(a.kind === 'missed') - Number(b.kind === 'missed'));
}

function nearestDot({ scanned }: Look, x: Scale, y: Scale, px: number, py: number): number | null {
  let best = 24 ** 2, id: number | null = null;
  scanned.ids.forEach((own, i) => {
    const off = (x(scanned.exact[i] ?? 0) - px) ** 2 + (y(scanned.byCode[i] ?? 0) - py) ** 2;
    if (off < best) { best = off; id = own; }
  });
  for (const own of scanned.missed) if ((x(own.exact) - px) ** 2 + (y(own.byCode) - py) ** 2 < best) { best = (x(own.exact) - px) ** 2 + (y(own.byCode) - py) ** 2; id = own.id; }
  return id;
}

/** One place nearer or farther by code among the dots drawn. */
export function neighbourByRank({ scanned: { ids, rank }, selected }: Look, by: number): number | null {
  const at = rank.findIndex((r) => r === (selected.rank ?? 1));
  return ids[Math.min(ids.length - 1, Math.max(0, at + by))] ?? null;
}

/** Of what was compared, the nearest are drawn all and others at even steps of rank: each stands for those since the one before it. */
export const weightsOf = ({ rank }: Look['scanned']): Int32Array => rank.map((r, i) => r - (rank[i - 1] ?? 0));

export const scatterNote = ({ scanned: { ids, all }, selected }: Look): string =>
  `${ids.length < all ? `${count(ids.length)} of ${count(all)} drawn` : `all ${count(all)} compared`}${selected.rank === null ? '; the vector was not' : `; the vector ${ordinal(selected.rank)}`}`;
