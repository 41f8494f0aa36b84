import { useEffect, useRef, useState } from 'react';

/** The size of an element in CSS pixels, 0 until it was laid out. */
export function useSize<E extends Element>(): [React.RefObject<E | null>, width: number, height: number] {
  const ref = useRef<E>(null);
  const [[width, height], setSize] = useState<readonly [width: number, height: number]>([0, 0]);
  useEffect(() => {
    if (!ref.current) return;
    const observer = new ResizeObserver(([entry]) => setSize([Math.floor(entry?.contentRect.width ?? 0), Math.floor(entry?.contentRect.height ?? 0)]));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, width, height];
}

export function useWidth<E extends Element>(): [React.RefObject<E | null>, width: number] {
  const [ref, width] = useSize<E>();
  return [ref, width];
}
