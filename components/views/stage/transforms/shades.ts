import { css, mix, type Palette, type RGB } from '../palette';

/** The shades of a covariance: nothing is the ground, the largest magnitude the strongest; the hue tells the sign, and both hues are
 *  equally strong, so that the shade alone tells the size. */

const ends = ({ ink, lists }: Palette): { positive: RGB; negative: RGB } => ({ positive: mix(ink, lists[5] ?? ink, 0.55), negative: mix(ink, lists[6] ?? ink, 0.75) });

/** The shade follows the square root: of covariances it is a length. */
export function shadeOf(palette: Palette, most: number): (value: number) => RGB {
  const { positive, negative } = ends(palette);
  return (value) => mix(palette.ground, value < 0 ? negative : positive, most > 0 ? Math.sqrt(Math.min(1, Math.abs(value) / most)) : 0);
}

/** The scale from the most negative to the most positive, as CSS. */
export function gradientOf(palette: Palette): string {
  const shade = shadeOf(palette, 1), at = [-1, -0.5, -0.1, 0, 0.1, 0.5, 1];
  return `linear-gradient(to right, ${at.map((value) => `${css(shade(value))} ${(value + 1) * 50}%`).join(', ')})`;
}

export const mostOf = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
