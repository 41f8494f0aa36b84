import { scaleLinear } from 'd3';
import { useEffect, useMemo, useState } from 'react';
import type { Looks } from '@/workers/protocol';
import { mix } from '../palette';
import type { Palette } from '../palette';
import { measure, percent } from '../words';
import style from './codes.module.css';
import { Histograms } from './Histograms';

type Selected = Looks['codes']['selected'];
type Props = { selected: Selected; palette: Palette; width: number; height: number };

/** The vector and what its code stands for: as pictures where it is one, else component by component. */
export function VectorPanel({ selected, palette, width, height }: Props) {
  const { picture, histograms, vector, restored } = selected;
  if (histograms) return <Histograms {...histograms} vector={vector} restored={restored} width={width} height={height} />;
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
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null), each = side / Math.max(width, height);
  useEffect(() => {
    const image = new ImageData(width, height);
    values.forEach((v, i) => image.data.set(diverging ? signed(palette, v / 128) : grey(v), 4 * i));
    canvas?.getContext('2d')?.putImageData(image, 0, 0);
  }, [canvas, values, width, height, palette, diverging]);
  return (
    <div className={style.thumbnail} style={{ width: width * each }}>
      <canvas ref={setCanvas} width={width} height={height} role="img" aria-label={`The ${name} as a picture`} style={{ width: width * each, height: height * each }} />
      <span>{name}</span>
    </div>
  );
}

const grey = (v: number) => [v, v, v, 255];
const signed = ({ ground, ink, probed }: Palette, share: number) => [...mix(ground, share < 0 ? ink : probed, Math.min(1, Math.abs(share))), 255];

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

/** How far the code is from the vector; where transforms drop something too, how much of that is the code's. */
export function vectorNote({ error, vector, restored, picture, histograms }: Selected): string {
  if (error === null || !restored) return 'bits keep sides, not values';
  const length = vector.reduce((sum, v) => sum + v * v, 0), off = vector.reduce((sum, v, j) => sum + (v - (restored[j] ?? 0)) ** 2, 0), share = off / (length || 1);
  const own = Math.abs(off - error) > 0.02 * off ? `, ${measure(error)} by the code` : '';
  const each = picture ? `, ±\u202f${measure(Math.sqrt(off / vector.length))} a pixel` : histograms ? `, ±\u202f${measure(Math.sqrt(off / vector.length))} a bin` : '';
  return `squared error ${measure(off)} (${share < 0.001 ? 'below 0.1\u202f%' : percent(share)}${each ? '' : ' of ‖x‖²'})${own}${each}`;
}
