import { hueCount } from './hues';

/** The colours of a picture as numbers, for canvases; they are decided in CSS and read from there. */
export type RGB = readonly [r: number, g: number, b: number];
export type Palette = {
  ground: RGB; ink: RGB; line: RGB;
  probed: RGB;
  /** Of a dot without a list. */
  neutral: RGB;
  /** A tint of probed. */
  scanned: RGB;
  lists: RGB[]; // (hueCount)
};

const names = { ground: '--c-ground', ink: '--c-ink', line: '--c-border', probed: '--c-probed', returned: '--c-returned' } as const;

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const rgb = cssReader();
  const read = (name: string) => rgb(style.getPropertyValue(name));
  const [ground, probed] = [read(names.ground), read(names.probed)];
  return {
    ground, probed, scanned: mix(ground, probed, 0.8), ink: read(names.ink), line: read(names.line), neutral: mix(ground, read(names.returned), 0.75),
    lists: Array.from({ length: hueCount }, (_, hue) => read(`--c-list-${hue}`)),
  };
}

/** Any colour that CSS can write, resolved by painting one pixel with it. */
function cssReader(): (css: string) => RGB {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return (css) => {
    if (!context) return [128, 128, 128];
    context.fillStyle = css;
    context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
    return [r, g, b];
  };
}

/** `share` of b in a. */
export function mix(a: RGB, b: RGB, share: number): RGB {
  const at = (i: 0 | 1 | 2) => Math.round(a[i] + (b[i] - a[i]) * share);
  return [at(0), at(1), at(2)];
}

export const css = ([r, g, b]: RGB, alpha = 1) => `rgb(${r} ${g} ${b} / ${alpha})`;
