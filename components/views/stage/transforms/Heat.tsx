import { useEffect, useState } from 'react';
import type { Palette } from '../palette';
import { count, measure, percent, plural } from '../words';
import { betweenName } from './moment';
import type { Frame } from './moment';
import { shadeOf } from './shades';
import style from './transforms.module.css';

type Props = { title: string; frame: Frame; /** Magnitude of the strongest shade. */ most: number; side: number; palette: Palette };

/** A covariance matrix, one shade an entry, with lines between the parts of a product code where they can be told apart. */
export function Heat({ title, frame, most, side, palette }: Props) {
  const { covariance, parts, d, between } = frame;
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null);
  const [at, setAt] = useState<{ i: number; j: number } | null>(null);
  useEffect(() => { if (canvas) paint(canvas, covariance, shadeOf(palette, most)); }, [canvas, covariance, palette, most]);
  const lines = parts < d && side / parts >= 8 ? Array.from({ length: parts - 1 }, (_, m) => ((m + 1) * side) / parts) : [];
  const pointed = at && `${rangeOf(covariance, at.i, d)} and ${rangeOf(covariance, at.j, d)}: ${measure(covariance.values[at.i * covariance.side + at.j] ?? 0)}`;
  return (
    <div className={style.heat} style={{ width: side }}>
      <p className={style.title}>{pointed ?? title}</p>
      <div className={style.square} style={{ width: side, height: side }}
        onPointerLeave={() => setAt(null)}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect(), cell = (part: number) => Math.min(covariance.side - 1, Math.max(0, Math.floor(part * covariance.side)));
          setAt({ i: cell((event.clientY - box.top) / box.height), j: cell((event.clientX - box.left) / box.width) });
        }}>
        <canvas ref={setCanvas} width={covariance.side} height={covariance.side} role="img" aria-label={`${title}: covariance of ${plural(d, 'component')}, ${percent(between)} of it squared between ${betweenName(frame)}`} />
        <svg className={style.over} width={side} height={side} aria-hidden="true">
          {covariance.side <= 4 && Array.from(covariance.values, (value, at) => (
            <text key={at} x={((at % covariance.side) + 0.5) * (side / covariance.side)} y={(Math.floor(at / covariance.side) + 0.5) * (side / covariance.side)}>{measure(Math.abs(value) < 1e-6 * most ? 0 : value)}</text>
          ))}
          {lines.map((line) => <path key={line} d={`M${line},0V${side}M0,${line}H${side}`} />)}
        </svg>
      </div>
    </div>
  );
}

/** The components of a row of squares, from 1. */
function rangeOf({ per }: Frame['covariance'], i: number, d: number): string {
  return per === 1 ? count(i + 1) : `${count(i * per + 1)}–${count(Math.min(d, (i + 1) * per))}`;
}

function paint(canvas: HTMLCanvasElement, { side, values }: Frame['covariance'], shade: (value: number) => readonly [number, number, number]) {
  const image = new ImageData(side, side);
  for (const [i, value] of values.entries()) image.data.set([...shade(value), 255], 4 * i);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}
