import { useEffect, useRef } from 'react';
import type { Label } from '@/workers/protocol';

/** A vector as a person may know it: its word, its picture, or its number. */
export function Thumb({ label, size = 24 }: { label: Label; size?: number }) {
  if (label.kind !== 'image') return <span className="truncate">{label.text}</span>;
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Pixels label={label} size={size} />
      {label.text && <span className="truncate text-ink-2">{label.text}</span>}
    </span>
  );
}

function Pixels({ label, size }: { label: Extract<Label, { kind: 'image' }>; size: number }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { width, height, pixels } = label;
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(width, height);
    for (let i = 0; i < pixels.length; i++) {
      image.data.fill(pixels[i] ?? 0, 4 * i, 4 * i + 3);
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [width, height, pixels]);
  return <canvas ref={ref} width={width} height={height} role="img" aria-label={label.text ?? 'image of this vector'} className="shrink-0 rounded-[3px]" style={{ width: size, height: size }} />;
}
