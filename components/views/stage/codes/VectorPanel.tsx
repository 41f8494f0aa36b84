import { scaleLinear } from 'd3';
import { useCallback, useMemo } from 'react';
import type { Looks } from '@/workers/protocol';
import { css } from '../palette';
import type { Palette } from '../palette';
import { measure, percent } from '../words';
import style from './codes.module.css';
import { useCanvas } from './useCanvas';

type Selected = Looks['codes']['selected'];
type Props = { selected: Selected; palette: Palette; width: number; height: number };

/** The vector and what its code stands for: as pictures where it is one, else component by component. */
export function VectorPanel({ selected, palette, width, height }: Props) {
  const { picture, vector, restored } = selected;
  if (!picture) return <Components vector={vector} restored={restored} width={width} height={height} />;
  const side = Math.floor(Math.min(height - 16, (width - 16) / 3)), off = restored && vector.map((v, j) => (restored[j] ?? 0) - v);
  return (
    <div style={{ display: 'flex', gap: 8 }}>
      <Thumbnail values={vector} {...picture} side={side} palette={palette} name="vector" />
      {restored && <Thumbnail values={restored} {...picture} side={side} palette={palette} name="its code" />}
      {off && <Thumbnail values={off} {...picture} side={side} palette={palette} name="difference" diverging />}
    </div>
  );
}

type ThumbnailProps = { values: Float32Array; width: number; height: number; side: number; palette: Palette; name: string; diverging?: boolean };

/** A vector as a picture: 0 … 255 from black to white; of differences what is too dark in ink, what is too light in blue. */
export function Thumbnail({ values, width, height, side, palette, name, diverging = false }: ThumbnailProps) {
  const each = side / Math.max(width, height), most = diverging ? 128 : 255;
  const canvas = useCanvas(width * each, height * each, useCallback((context) => {
    context.imageSmoothingEnabled = false;
    for (let i = 0; i < values.length; i++) {
      const v = (values[i] ?? 0) / most;
      context.fillStyle = diverging ? css(v < 0 ? palette.ink : palette.probed, Math.min(1, Math.abs(v))) : grey(v);
      context.fillRect((i % width) * each, Math.floor(i / width) * each, each + 0.3, each + 0.3);
    }
  }, [values, width, each, palette, diverging, most]));
  return (
    <figure style={{ margin: 0, width: width * each }}>
      <canvas {...canvas} role="img" aria-label={`The ${name} as a picture`} style={{ ...canvas.style, display: 'block', borderRadius: 3, outline: '1px solid var(--c-border)' }} />
      <figcaption className={style.note} style={{ height: 16, lineHeight: '16px', fontSize: 11 }}>{name}</figcaption>
    </figure>
  );
}

function grey(share: number): string {
  const level = Math.round(255 * Math.min(1, Math.max(0, share)));
  return `rgb(${level} ${level} ${level})`;
}

/** Components of the vector as an area, of what its code stands for as a line. */
function Components({ vector, restored, width, height }: { vector: Float32Array; restored: Float32Array | null; width: number; height: number }) {
  const paths = useMemo(() => {
    const all = [...vector, ...(restored ?? []), 0], x = scaleLinear([0, vector.length], [0, width]), y = scaleLinear([Math.min(...all), Math.max(...all)], [height - 4, 4]);
    const stairs = (values: Float32Array) => [...values].map((v, j) => `H${x(j).toFixed(1)}V${y(v).toFixed(1)}H${x(j + 1).toFixed(1)}`).join('');
    return { area: `M0,${y(0)}${stairs(vector)}V${y(0)}Z`, line: restored && `M0,${y(restored[0] ?? 0)}${stairs(restored)}`, zero: y(0) };
  }, [vector, restored, width, height]);
  return (
    <svg width={width} height={height} style={{ display: 'block' }} role="img" aria-label={`${vector.length} components of the vector${restored ? ', and of what its code stands for' : ''}`}>
      <path className={style.barArea} d={paths.area} />
      {paths.line && <path className={style.barLine} d={paths.line} />}
      <line className={style.axis} x1={0} x2={width} y1={paths.zero} y2={paths.zero} />
    </svg>
  );
}

export function vectorNote({ error, vector, restored }: Selected): string {
  if (error === null || !restored) return 'bits keep sides, not values: nothing is given back';
  const length = vector.reduce((sum, v) => sum + v * v, 0);
  return `squared error ${measure(error)}${length > 0 ? `, ${percent(error / length)} of ‖vector‖²` : ''}`;
}
