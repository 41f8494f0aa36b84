import type { Scene } from '../renderer';

/** A canvas that fills its host; first child, so that other layers lie above it. */
export function addCanvas(host: HTMLElement): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%';
  canvas.setAttribute('aria-hidden', 'true');
  host.prepend(canvas);
  return canvas;
}

/** Setting a canvas's size clears it and costs an allocation, so only when it changed. */
export function resize(canvas: HTMLCanvasElement, { viewport, ratio }: Pick<Scene, 'viewport' | 'ratio'>) {
  const [width, height] = [Math.round(viewport.width * ratio), Math.round(viewport.height * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
