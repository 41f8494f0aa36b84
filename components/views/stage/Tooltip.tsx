import { useEffect, useState } from 'react';
import type { Label } from '@/workers/protocol';
import style from './stage.module.css';
import type { Point } from './viewport';

export type Tip = Point & { label: Label | null; lines: string[] };

/** Beside the pointer, turned to the side that has room. */
export function Tooltip({ tip, width, height }: { tip: Tip; width: number; height: number }) {
  const [left, up] = [tip.x > width * 0.6, tip.y > height * 0.7];
  const place = { left: tip.x, top: tip.y, translate: `${left ? 'calc(-100% - 14px)' : '14px'} ${up ? 'calc(-100% - 8px)' : '8px'}` };
  return (
    <div className={style.tooltip} style={place} aria-hidden="true">
      {tip.label && <LabelMark label={tip.label} />}
      {tip.lines.map((line) => <div key={line}>{line}</div>)}
    </div>
  );
}

function LabelMark({ label }: { label: Label }) {
  if (label.kind !== 'image') return <strong>{label.text}</strong>;
  return <><LabelImage label={label} />{label.text && <strong>{label.text}</strong>}</>;
}

function LabelImage({ label: { width, height, pixels } }: { label: Extract<Label, { kind: 'image' }> }) {
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null);
  useEffect(() => {
    const image = new ImageData(width, height);
    for (const [i, grey] of pixels.entries()) image.data.set([grey, grey, grey, 255], 4 * i);
    canvas?.getContext('2d')?.putImageData(image, 0, 0);
  }, [canvas, width, height, pixels]);
  return <canvas ref={setCanvas} className={style.picture} width={width} height={height} />;
}
