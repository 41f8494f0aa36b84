import { css, mix, type Palette } from '../palette';
import type { Point } from '../viewport';
import type { Camera } from './camera';
import type { Frame, Look } from './frame';

/** What drawing the layers on a canvas is given, and its smallest parts. */

export type Scene = {
  look: Look; frame: Frame; camera: Camera; palette: Palette; placeOf: Map<number, number>; showLinks: boolean;
  /** While it is turned fewer links are drawn. */
  moving: boolean;
};
export type Pen = CanvasRenderingContext2D;

/** Shades of length, short to long. */
export const shades = 6;

/** A link's colour: the longer the stronger, between the quantiles of those that stand. */
export function lengthShade({ quantiles: [low, , high] }: Look['links'], length: number): number {
  return Math.max(0, Math.min(shades - 1, Math.floor(((length - low) / (high - low || 1)) * shades)));
}
export const shadeColour = ({ ground, ink }: Palette, shade: number, alpha: number) => css(mix(ground, ink, 0.25 + (0.65 * shade) / (shades - 1)), alpha);

export const dot = (pen: Pen, { x, y }: Point, r: number) => { pen.moveTo(x + r, y); pen.arc(x, y, r, 0, 2 * Math.PI); };
export const placed = ({ look: { nodes: { at } }, camera }: Scene, place: number, layer: number) => camera.to(at[2 * place] ?? 0, at[2 * place + 1] ?? 0, layer);
