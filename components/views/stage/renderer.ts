import type { Window2 } from '@/workers/protocol';
import { openCpu } from './passes/cpu';
import { openWebgl } from './passes/webgl';
import type { RGB } from './palette';
import type { Viewport } from './viewport';

/** Draws cells and dots on a canvas of its own. Two kinds: WebGL2 on graphics hardware, and the CPU where there is
 *  none, because software WebGL is a hundred times slower than writing the pixels directly. */
export type Renderer = { kind: 'WebGL2' | 'CPU'; why: string; draw: (scene: Scene) => void; close: () => void };

export type Scene = {
  viewport: Viewport;
  /** Device pixels per CSS pixel. */
  ratio: number;
  ground: RGB;
  /** Painted in order, stretched to their windows. */
  rasters: { raster: Raster; alpha: number }[];
  dots: DotLayer[];
  /** Of an ordinary dot, in CSS pixels. */
  radius: number;
};

/** Colours of a window of the plane, first row at its highest y. Never changed once made: it is recognised by identity. */
export type Raster = { pixels: Uint8ClampedArray<ArrayBuffer> /* (height, width, 4) */; width: number; height: number; window: Window2 };

/** Arrays are recognised by identity, too. */
export type DotLayer = { points: Float32Array /* (n, 3) */; colours: Uint8Array /* (n, 4) */; /** of the radius */ scale: number };

/** Opens a canvas inside `host`. When graphics hardware is lost on the way, the CPU takes over and `onChange` tells. */
export function openRenderer(host: HTMLElement, onChange: (renderer: Renderer) => void): Renderer {
  const hardware = openWebgl(host, () => onChange(openCpu(host, 'the graphics hardware was lost')));
  return 'draw' in hardware ? hardware : openCpu(host, hardware.refused);
}
