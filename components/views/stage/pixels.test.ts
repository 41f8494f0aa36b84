import { describe, expect, it } from 'vitest';
import { nearness } from './dots';
import { fillCells } from './fills';
import { paintSlice, scatter } from './fixture';
import type { Palette, RGB } from './palette';
import { splat } from './passes/splat';
import { fit } from './viewport';

const view = fit({ x0: 0, y0: 0, x1: 20, y1: 20 }, { width: 20, height: 20 });
const white = () => ({ data: new Uint32Array(400).fill(0xffffffff), width: 20, height: 20 });
const dot = (x: number, y: number, colour: number[]) => ({ points: Float32Array.of(x, y, 0), colours: Uint8Array.from(colour), scale: 1 });
const redAt = (data: Uint32Array, column: number, row: number) => (data[row * 20 + column] ?? 0) & 255;

describe('splat', () => {
  it('paints an opaque dot in its colour, y upwards, and leaves the rest', () => {
    const pixels = white();
    splat(pixels, view, dot(5.5, 15.5, [10, 20, 30, 255]), 2);
    expect(pixels.data[4 * 20 + 5]).toBe(0xff1e140a);
    expect(redAt(pixels.data, 5, 10)).toBe(255);
    expect(redAt(pixels.data, 15, 15)).toBe(255);
  });

  it('covers the area of a circle', () => {
    const pixels = white();
    splat(pixels, view, dot(10.1, 9.8, [0, 0, 0, 255]), 3);
    const covered = Array.from(pixels.data, (p) => 1 - (p & 255) / 255).reduce((sum, c) => sum + c, 0);
    expect(covered / (Math.PI * 9)).toBeGreaterThan(0.94);
    expect(covered / (Math.PI * 9)).toBeLessThan(1.06);
  });

  it('blends half of a half-transparent dot', () => {
    const pixels = white();
    splat(pixels, view, dot(5.5, 14.5, [0, 0, 0, 127]), 2);
    expect(Math.abs(redAt(pixels.data, 5, 5) - 127)).toBeLessThan(3);
  });

  it('cuts dots at the edge and passes over those outside', () => {
    const pixels = white();
    splat(pixels, view, { points: Float32Array.of(0, 20, 0, 100, 100, 0, -7, 3, 0, NaN, 0, 0), colours: new Uint8Array(16).fill(255).fill(0, 0, 3), scale: 1 }, 2);
    expect(redAt(pixels.data, 0, 0)).toBeLessThan(40);
    expect(pixels.data.filter((p) => p !== 0xffffffff).length).toBeLessThan(12);
  });

  it('leaves a mark wherever an opaque dot of 50 000 stands', () => {
    const width = 1200, height = 600, pixels = { data: new Uint32Array(width * height).fill(0xffffffff), width, height };
    const points = scatter(50_000, 8, 20), colours = new Uint8Array(200_000).fill(0).map((_, i) => (i % 4 === 3 ? 255 : 0));
    splat(pixels, view, { points, colours, scale: 1 }, 2);
    const alone = { data: new Uint32Array(width * height).fill(0xffffffff), width, height };
    splat(alone, view, { points: points.subarray(0, 3), colours: colours.subarray(0, 4), scale: 1 }, 2);
    const marked = [...alone.data].flatMap((p, i) => (p === 0xffffffff ? [] : [i]));
    expect(marked.length).toBeGreaterThan(0);
    expect(marked.every((i) => pixels.data[i] !== 0xffffffff)).toBe(true);
  });
});

describe('fills', () => {
  const hue = (i: number): RGB => [i * 20, 0, 0];
  const palette: Palette = { ground: [255, 255, 255], ink: [0, 0, 0], line: [0, 0, 0], probed: [0, 0, 255], scanned: [0, 0, 200], neutral: [9, 9, 9], lists: Array.from({ length: 10 }, (_, i) => hue(i)) };
  const slice = paintSlice(Float32Array.of(0, 0, 0, 0, 10, 0), { x0: 0, y0: 0, x1: 10, y1: 10 }, 4, 4);

  it('turn the raster over: its first row is the lowest', () => {
    const { pixels } = fillCells(slice, Uint8Array.of(1, 2), new Set([1]), palette);
    const blue = (row: number) => (pixels[row * 16 + 2] ?? 0) - (pixels[row * 16] ?? 0);
    expect(blue(0)).toBeGreaterThan(50); // list 1 owns high y and is probed
    expect([...pixels.subarray(48, 51)]).not.toEqual([...pixels.subarray(0, 3)]);
  });
});

describe('nearness', () => {
  it('is 1 near the plane and 0 far from it, and 1 everywhere where all lie in it', () => {
    const near = nearness(scatter(1000, 2, 10, 5));
    expect(near(0)).toBe(1);
    expect(near(5)).toBe(0);
    expect(near(2)).toBeGreaterThan(near(3));
    expect(nearness(scatter(100, 2))(0)).toBe(1);
  });
});
