import { useCallback, type PointerEvent } from 'react';
import { css, mix } from '../../palette';
import type { Palette } from '../../palette';
import style from '../codes.module.css';
import { useCanvas } from '../useCanvas';
import type { Signs } from './Lines';

type Props = { signs: Signs; palette: Palette; part: number; onPart: (part: number) => void; width: number; height: number };

const BITS = 40, LABEL = 12;

/** A column a bit: where a sample lies along its axis, the line or the half periods that decide, query and vector; below them their bits. */
export function Strips({ signs, palette, part, onPart, width, height }: Props) {
  const { nbits, spread, bins, reach, period, bits, queryBits, query, vector } = signs, tall = height - BITS, wide = width / nbits, most = reachOf(signs);
  const canvas = useCanvas(width, height, useCallback((context) => {
    for (let b = 0; b < nbits; b++) {
      const each = ((reach[b] ?? 0) / most) * tall, top = (tall - each) / 2, counts = spread.subarray(b * bins, (b + 1) * bins), peak = counts.reduce((x, y) => Math.max(x, y), 1), bin = each / bins;
      counts.forEach((n, i) => {
        if (n === 0) return;
        context.fillStyle = css(palette.probed, 0.12 + 0.6 * Math.sqrt(n / peak));
        context.fillRect(b * wide, top + each - (i + 1) * bin, wide - gapOf(wide), bin + 0.3);
      });
      if (period !== null) paintPeriods(context, { period, most, tall, x: b * wide, wide: wide - gapOf(wide), fill: css(palette.ink, 0.16) });
      for (const [own, row] of [[queryBits[b], 0], [bits[b], 1]] as const) {
        const differ = bits[b] !== queryBits[b], colour = differ ? palette.ink : mix(palette.ground, palette.probed, 0.75);
        context.fillStyle = css(own === 1 ? colour : mix(palette.ground, colour, differ ? 0.3 : 0.18));
        context.fillRect(b * wide, tall + LABEL + row * 13, wide - gapOf(wide), 11);
      }
    }
  }, [nbits, spread, bins, reach, most, period, tall, wide, palette, bits, queryBits]));
  const y = (v: number) => Math.min(tall - 2, Math.max(2, tall / 2 - (v / most) * (tall / 2))), r = Math.min(4, Math.max(1.6, wide / 2.6));
  const point = (event: PointerEvent<SVGSVGElement>) => onPart(Math.min(nbits - 1, Math.max(0, Math.floor((event.clientX - event.currentTarget.getBoundingClientRect().left) / wide))));
  return (
    <>
      <canvas {...canvas} className={style.layer} />
      <svg className={style.sense} width={width} height={height} onPointerMove={point} onPointerDown={point} role="img" aria-label={`${nbits} bits of query and vector`}>
        {period === null ? <line className={style.truth} x1={0} x2={width} y1={tall / 2} y2={tall / 2} /> : halves(period, most, tall).map((at) => <line key={at} className={style.guide} x1={0} x2={width} y1={at} y2={at} />)}
        {Array.from(query, (v, b) => <rect key={b} className={style.queryMark} x={b * wide} y={y(v) - 1.5} width={Math.max(1.5, wide - gapOf(wide))} height={3} />)}
        {Array.from(vector, (v, b) => <circle key={b} className={style.code} cx={b * wide + (wide - gapOf(wide)) / 2} cy={y(v)} r={r} />)}
        <rect className={style.pointed} x={part * wide - 1} y={0} width={Math.max(3, wide + 1)} height={tall + LABEL + 25} rx={1} />
        <text className={style.text} x={0} y={tall + LABEL - 2}>bits of the query, above those of the vector; full: 1</text>
      </svg>
    </>
  );
}

const gapOf = (wide: number) => (wide > 4 ? 1 : 0);
/** One scale for all axes, so that those along which nothing varies are short. */
const reachOf = ({ reach, query, vector }: Signs) => Math.max(...reach, ...Array.from(query, Math.abs), ...Array.from(vector, Math.abs), 1e-30);

/** Where half periods meet; none where they are too fine to be told apart. */
function halves(period: number, most: number, tall: number): number[] {
  const each = (period / 2 / most) * (tall / 2), ends = Math.floor(most / (period / 2));
  return each < 4 ? [] : Array.from({ length: 2 * ends + 1 }, (_, i) => tall / 2 + (i - ends) * each);
}

type Periods = { period: number; most: number; tall: number; x: number; wide: number; fill: string };

/** The half periods in which the bit is 1. */
function paintPeriods(context: CanvasRenderingContext2D, { period, most, tall, x, wide, fill }: Periods): void {
  const half = period / 2, first = Math.floor(-most / half);
  if (2 * most / half > tall / 2) return;
  context.fillStyle = fill;
  for (let i = first; i * half < most; i++) {
    if (i % 2 === 0) continue;
    const top = Math.max(0, tall / 2 - (((i + 1) * half) / most) * (tall / 2)), end = Math.min(tall, tall / 2 - ((i * half) / most) * (tall / 2));
    context.fillRect(x, top, wide, end - top);
  }
}
