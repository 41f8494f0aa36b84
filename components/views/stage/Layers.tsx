import { useLayoutEffect, useMemo, useState } from 'react';
import { resize } from './passes/canvas';
import { drawLines } from './drawLines';
import { useFade, useGlide, useRatio, useReducedMotion } from './hooks';
import type { Palette } from './palette';
import type { DotLayer, Scene } from './renderer';
import style from './stage.module.css';
import type { Painted } from './usePicture';
import { useDraw, useRenderer } from './useRenderer';
import type { Viewport } from './viewport';

/** Of centroids from one recorded state to the next. */
export const glideMs = 420;

type LayersProps = {
  viewport: Viewport; palette: Palette;
  painted: Painted;
  dots: DotLayer[]; radius: number;
  centroids: Float32Array | null; trail: Float32Array[];
  near: (height: number) => number;
  lit: Set<number>; hoverList: number | null;
  /** How long cells take to change into others, in milliseconds. */
  fadeMs: number;
};

/** Lists lighting up are not another picture. */
const sameCells = (a: Painted, b: Painted) => a?.borders === b?.borders;

/** The two canvases: cells and dots below, drawn by WebGL2 or the CPU; lines above. */
export function Layers({ viewport, palette, painted, dots, radius, centroids, trail, near, lit, hoverList, fadeMs }: LayersProps) {
  const ratio = useRatio();
  const still = useReducedMotion();
  const { renderer, attach } = useRenderer();
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null);
  const { value, before, t } = useFade(painted, still ? 0 : fadeMs, sameCells);
  const gliding = useGlide(centroids, still ? 0 : glideMs);

  const scene = useMemo((): Scene => {
    const rasters = [
      ...(before ? [{ raster: before.raster, alpha: value ? 1 : 1 - t }] : []),
      ...(value ? [{ raster: value.raster, alpha: t }] : []),
    ];
    return { viewport, ratio, ground: palette.ground, rasters, dots, radius };
  }, [viewport, ratio, palette, value, before, t, dots, radius]);
  useDraw(renderer, scene);

  useLayoutEffect(() => {
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    resize(canvas, { viewport, ratio });
    drawLines(context, { viewport, ratio, palette, borders: value?.borders ?? null, before: before?.borders ?? null, fade: t, lit, hoverList, centroids: gliding, near, trail });
  }, [canvas, viewport, ratio, palette, value, before, t, lit, hoverList, gliding, near, trail]);

  return (
    <>
      <div ref={attach} className={style.layer} />
      <canvas ref={setCanvas} className={style.layer} aria-hidden="true" />
      {renderer && <span className={style.drawnBy} title={renderer.why}>{renderer.kind === 'CPU' ? 'drawn on the CPU' : 'drawn by WebGL2'}</span>}
    </>
  );
}
