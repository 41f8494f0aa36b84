import { scaleLinear } from 'd3';
import { useCallback, useMemo } from 'react';
import type { Looks } from '@/workers/protocol';
import { QueryGlyph, SelectedGlyph } from '../../glyphs';
import { css, mix } from '../../palette';
import type { Palette } from '../../palette';
import style from '../codes.module.css';
import { useCanvas } from '../useCanvas';

export type Signs = Extract<Looks['codes']['family'], { kind: 'signs' }>;
type Plane = NonNullable<Signs['plane']>;
type Props = { signs: Signs; plane: Plane; palette: Palette; part: number; width: number; height: number };

/** In two dimensions a bit is a line, and the code of a vector the region between lines: dots are the darker the fewer bits they differ in
 *  from the query. */
export function Lines({ signs, plane, palette, part, width, height }: Props) {
  const { points, differ, query, vector, normals, thresholds } = plane, scale = useScale(points, query, width, height);
  const canvas = useCanvas(width, height, useCallback((context) => {
    const most = differ.reduce((a, b) => Math.max(a, b), 1);
    differ.forEach((bits, i) => {
      context.fillStyle = css(mix(palette.probed, palette.ground, 0.85 * (bits / most)));
      context.beginPath();
      context.arc(scale.x(points[2 * i] ?? 0), scale.y(points[2 * i + 1] ?? 0), 2.6, 0, 7);
      context.fill();
    });
  }, [points, differ, palette, scale]));
  const lines = Array.from({ length: signs.nbits }, (_, b) => lineOf([normals[2 * b] ?? 0, normals[2 * b + 1] ?? 0], thresholds[b] ?? 0, scale.reach));
  return (
    <>
      <canvas {...canvas} className={style.layer} />
      <svg className={style.sense} width={width} height={height} style={{ overflow: 'hidden' }} role="img" aria-label={`${signs.nbits} lines on the plane of the data`}>
        {lines.map(([x1, y1, x2, y2], b) => <line key={b} className={style.line} data-same={signs.bits[b] === signs.queryBits[b]} data-on={b === part} x1={scale.x(x1)} y1={scale.y(y1)} x2={scale.x(x2)} y2={scale.y(y2)} />)}
        <g transform={`translate(${scale.x(vector[0] ?? 0)} ${scale.y(vector[1] ?? 0)})`}><circle className={style.code} r={3} /><SelectedGlyph r={8} /></g>
        <g transform={`translate(${scale.x(query[0] ?? 0)} ${scale.y(query[1] ?? 0)})`}><QueryGlyph r={9} /></g>
      </svg>
    </>
  );
}

function useScale(points: Float32Array, query: Float32Array, width: number, height: number) {
  return useMemo(() => {
    const axis = (a: number) => { const values = Array.from({ length: points.length / 2 }, (_, i) => points[2 * i + a] ?? 0).concat(query[a] ?? 0); return [Math.min(...values), Math.max(...values)] as const; };
    const [x0, x1] = axis(0), [y0, y1] = axis(1), each = Math.min((width - 20) / (x1 - x0 || 1), (height - 20) / (y1 - y0 || 1));
    return {
      x: scaleLinear([(x0 + x1) / 2 - width / 2 / each, (x0 + x1) / 2 + width / 2 / each], [0, width]),
      y: scaleLinear([(y0 + y1) / 2 - height / 2 / each, (y0 + y1) / 2 + height / 2 / each], [height, 0]),
      reach: 2 * (Math.abs(x0) + Math.abs(x1) + Math.abs(y0) + Math.abs(y1) + (width + height) / each),
    };
  }, [points, query, width, height]);
}

/** Where ⟨normal, x⟩ = threshold, as far as `reach` to both sides. */
function lineOf([a, b]: [number, number], threshold: number, reach: number): [number, number, number, number] {
  const square = a * a + b * b || 1, length = Math.sqrt(square), px = (a * threshold) / square, py = (b * threshold) / square;
  return [px - (b / length) * reach, py + (a / length) * reach, px + (b / length) * reach, py - (a / length) * reach];
}
