import { useEffect, useState } from 'react';
import { useRatio } from '../hooks';

/** A canvas of so many CSS pixels, painted again whenever `paint` is another function. */
export function useCanvas(width: number, height: number, paint: (context: CanvasRenderingContext2D) => void) {
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null), ratio = useRatio();
  useEffect(() => {
    const context = canvas?.getContext('2d');
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    paint(context);
  }, [canvas, ratio, width, height, paint]);
  return { ref: setCanvas, width: Math.max(1, Math.round(width * ratio)), height: Math.max(1, Math.round(height * ratio)), style: { width, height } };
}
