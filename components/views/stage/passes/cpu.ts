import { css } from '../palette';
import type { Raster, Renderer, Scene } from '../renderer';
import { toScreen } from '../viewport';
import { addCanvas, resize } from './canvas';
import { splat } from './splat';

/** Beyond this many device pixels a frame would take longer than 16 ms, so the canvas is drawn at one pixel per CSS
 *  pixel and stretched; lines and marks lie on other canvases and stay sharp. */
const mostPixels = 1.6e6;

/** The cells by the 2D context, which the browser draws fast, the dots into its pixels, which we do faster. */
export function openCpu(host: HTMLElement, why: string): Renderer {
  const canvas = addCanvas(host);
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  const images = new WeakMap<Raster, HTMLCanvasElement>();
  const imageOf = (raster: Raster) => {
    const image = images.get(raster) ?? toCanvas(raster);
    images.set(raster, image);
    return image;
  };
  const draw = (scene: Scene) => {
    if (!context) return;
    const { width, height } = scene.viewport;
    const ratio = width * height * scene.ratio ** 2 > mostPixels ? 1 : scene.ratio;
    resize(canvas, { viewport: scene.viewport, ratio });
    context.fillStyle = css(scene.ground);
    context.fillRect(0, 0, canvas.width, canvas.height);
    for (const { raster, alpha } of scene.rasters) {
      context.globalAlpha = alpha;
      paint(context, imageOf(raster), raster, scene, ratio);
    }
    context.globalAlpha = 1;
    drawDots(context, scene, ratio);
  };
  return { kind: 'CPU', why, draw, close: () => canvas.remove() };
}

function drawDots(context: CanvasRenderingContext2D, { viewport, dots, radius }: Scene, ratio: number) {
  const { width, height } = context.canvas;
  if (!dots.length || !width || !height) return;
  const image = context.getImageData(0, 0, width, height);
  const pixels = { data: new Uint32Array(image.data.buffer), width, height };
  for (const layer of dots) splat(pixels, viewport, layer, radius * layer.scale * ratio);
  context.putImageData(image, 0, 0);
}

function paint(context: CanvasRenderingContext2D, image: HTMLCanvasElement, { window }: Raster, { viewport }: Scene, ratio: number) {
  const from = toScreen(viewport, window.x0, window.y1);
  const to = toScreen(viewport, window.x1, window.y0);
  context.drawImage(image, from.x * ratio, from.y * ratio, (to.x - from.x) * ratio, (to.y - from.y) * ratio);
}

function toCanvas({ pixels, width, height }: Raster): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas;
}
