import type { SliceAnswer } from '@/workers/protocol';
import { mix, type Palette, type RGB } from './palette';
import type { Raster } from './renderer';

/** Soft fills of the cells, from the raster of their owners: hue of the list, or the tint of probed, strongest for the
 *  list probed first. `lit` is in probe order. */
export function fillCells(slice: SliceAnswer, hues: Uint8Array, lit: Set<number>, palette: Palette): Raster {
  const table = Uint32Array.from(hues, (hue) => pack(mix(palette.ground, palette.lists[hue] ?? palette.ground, lit.size ? 0.13 : 0.2)));
  for (const [i, list] of [...lit].entries()) table[list] = pack(mix(palette.ground, palette.probed, 0.12 + 0.16 / (1 + i / 3)));
  const { cells, width, height, window } = slice;
  const pixels = new Uint32Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = (height - 1 - row) * width; // the picture's first row is the highest y
    const to = row * width;
    for (let column = 0; column < width; column++) pixels[to + column] = table[cells[from + column] ?? 0] ?? 0;
  }
  return { pixels: new Uint8ClampedArray(pixels.buffer), width, height, window };
}

/** Byte order r g b a, as ImageData and textures take it on a little-endian machine, which every browser's is. */
const pack = ([r, g, b]: RGB) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
