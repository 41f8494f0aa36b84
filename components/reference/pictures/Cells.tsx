import { useEffect, useRef, useState } from 'react';
import { findBorders } from '@/components/views/stage/borders';
import { fillCells } from '@/components/views/stage/fills';
import { assignHues, firstHues } from '@/components/views/stage/hues';
import { usePalette } from '@/components/views/stage/hooks';
import colours from '@/components/views/stage/theme.module.css';
import type { Answer } from '../ask';
import { dots, frameOf, line, size } from '../frame';
import style from '../reference.module.css';
import { SearchMarks } from './marks';

/** The cells of the plane, those probed tinted, with the graph over their centroids where there is one. */
export function Cells({ plane, slice, search, anatomy, index }: Extract<Answer, { kind: 'cells' }>) {
  const frame = frameOf(slice.window), { segments, neighbours } = findBorders(slice);
  const hues = assignHues(neighbours, firstHues(index.ivf?.nlist ?? 0));
  const centre = (i: number) => [plane.centroids[3 * i] ?? 0, plane.centroids[3 * i + 1] ?? 0] as const;
  const links = Array.from({ length: (anatomy.graph?.links.length ?? 0) / 3 }, (_, i) => {
    const [from = 0, to = 0] = anatomy.graph?.links.subarray(3 * i, 3 * i + 2) ?? [];
    return line(frame, ...centre(from), ...centre(to));
  });
  const centroids = Array.from({ length: plane.centroids.length / 3 }, (_, i) => centre(i));
  return (
    <div className={`${style.layers} ${colours.colours}`}>
      <Fills slice={slice} hues={hues} lit={new Set(search.probed)} />
      <svg viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
        <path className={style.border} d={segments.map((s) => line(frame, s.x0, s.y0, s.x1, s.y1)).join('')} />
        <path className={style.dots} d={dots(frame, anatomy.base)} />
        <path className={style.scannedDots} d={dots(frame, anatomy.base, search.scanned)} />
        {links.length > 0 && <path className={style.centroidLink} d={links.join('')} />}
        {centroids.map(([x, y], i) => <path key={i} className={style.centroid} d={`M${frame.x(x) - 3.5},${frame.y(y)}h7m-3.5,-3.5v7`} />)}
        <SearchMarks frame={frame} search={search} base={anatomy.base} />
      </svg>
    </div>
  );
}

type FillProps = { slice: Extract<Answer, { kind: 'cells' }>['slice']; hues: Uint8Array; lit: Set<number> };

function Fills({ slice, hues, lit }: FillProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [element, setElement] = useState<HTMLElement | null>(null);
  const palette = usePalette(element);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !palette) return;
    const raster = fillCells(slice, hues, lit, palette);
    const image = context.createImageData(raster.width, raster.height);
    image.data.set(raster.pixels);
    context.putImageData(image, 0, 0);
  }, [slice, hues, lit, palette]);
  return <div ref={setElement}><canvas ref={canvas} width={slice.width} height={slice.height} aria-hidden="true" /></div>;
}
