import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutPatch, patchSide, type GreyBytes } from '../../data/patch';
import { placeBytes, readPlace, writePlaces } from '../../data/places';

/** Dark on the left, bright on the right. */
const width = 200;
const ramp: GreyBytes = { width, height: 200, pixels: Uint8Array.from({ length: width * 200 }, (_, i) => i % width) };
const at = (patch: Uint8Array, column: number, row: number) => patch[row * patchSide + column] ?? NaN;

test('a patch is upright and its contrast is stretched', () => {
  const patch = cutPatch(ramp, { x: 100, y: 100, scale: 4, angle: 0 });
  expect(patch).toHaveLength(patchSide * patchSide);
  expect([at(patch, 0, 5), at(patch, 31, 5)]).toEqual([0, 255]);
  expect(at(patch, 10, 3)).toBe(at(patch, 10, 30));
});

test('a place that points up, towards the top of the photo, sees the ramp from below', () => {
  const patch = cutPatch(ramp, { x: 100, y: 100, scale: 4, angle: Math.PI / 2 });
  expect([at(patch, 5, 0), at(patch, 5, 31)]).toEqual([0, 255]);
  const turned = cutPatch(ramp, { x: 100, y: 100, scale: 4, angle: Math.PI });
  expect([at(turned, 0, 5), at(turned, 31, 5)]).toEqual([255, 0]);
});

test('a window of 12 σ is seen, and what lies beyond the border repeats the border', () => {
  const step: GreyBytes = { ...ramp, pixels: ramp.pixels.map((x) => (x < 106 ? 0 : 200)) };
  const bright = [...cutPatch(step, { x: 100, y: 100, scale: 2, angle: 0 }).subarray(0, patchSide)].filter((x) => x > 127).length;
  expect(bright).toBe(9); // the step is 5.5 pixels right of the middle; the last 6.5 of 24 are bright, of 32 columns 9
  expect(cutPatch(ramp, { x: 0, y: 0, scale: 20, angle: 1 }).every((x) => x >= 0 && x <= 255)).toBe(true);
});

test('a patch of a large window is averaged, so fine stripes turn grey', () => {
  const stripes: GreyBytes = { ...ramp, pixels: ramp.pixels.map((_, i) => (i % width < 100 ? 255 * (i % 2) : i % width < 150 ? 0 : 255)) };
  const patch = cutPatch(stripes, { x: 100, y: 100, scale: 16, angle: 0 });
  const left = Array.from({ length: 14 }, (_, column) => at(patch, column + 1, 9));
  for (const grey of left) expect(Math.abs(grey - 127.5)).toBeLessThan(10);
});

test('places are read back to 1/64 of a pixel', () => {
  const place = fc.record({
    photo: fc.integer({ min: 0, max: 8 }), x: fc.double({ min: 0, max: 1024, noNaN: true }), y: fc.double({ min: 0, max: 1024, noNaN: true }),
    scale: fc.double({ min: 0.5, max: 200, noNaN: true }), angle: fc.double({ min: -3, max: 6, noNaN: true }),
  });
  fc.assert(fc.property(fc.array(place, { minLength: 1, maxLength: 5 }), (places) => {
    const bytes = writePlaces(places);
    expect(bytes).toHaveLength(places.length * placeBytes);
    places.forEach(({ photo, x, y, scale, angle }, i) => {
      const read = readPlace(bytes, i);
      expect(read.photo).toBe(photo);
      expect(Math.abs(read.x - x)).toBeLessThanOrEqual(1 / 64);
      expect(Math.abs(read.y - y)).toBeLessThanOrEqual(1 / 64);
      expect(Math.abs(read.scale - scale)).toBeLessThanOrEqual(1 / 512);
      expect(Math.cos(read.angle - angle)).toBeGreaterThan(1 - 1e-8);
    });
  }));
});
