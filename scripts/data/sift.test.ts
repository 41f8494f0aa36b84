import { expect, test } from 'vitest';
import { mulberry32 } from '../../engine/random';
import { sift, type Keypoint } from './sift';
import { direction, sample, type Grey } from './sift/image';
import { sideView, xInPhoto } from './view';

const side = 240;
const middle = (side - 1) / 2;

type Blob = { x: number; y: number; sigma: number; height: number };

function draw(blobs: Blob[]): Grey {
  const pixels = Float32Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return blobs.reduce((sum, blob) =>
      sum + blob.height * Math.exp(-((x - blob.x) ** 2 + (y - blob.y) ** 2) / (2 * blob.sigma ** 2)), 0.5);
  });
  return { width: side, height: side, pixels };
}

/** A picture full of detail, all within a disk, so that turning it loses nothing. */
function drawScene(): Grey {
  const random = mulberry32(7);
  const uniform = () => random() / 2 ** 32;
  const blobs = Array.from({ length: 400 }, () => ({
    x: middle + 160 * (uniform() - 0.5), y: middle + 160 * (uniform() - 0.5), sigma: 1.5 + 5 * uniform(), height: uniform() - 0.5,
  }));
  return draw(blobs);
}
const scene = drawScene();

/** Turned counter-clockwise about the middle. */
function turned(image: Grey, angle: number): Grey {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const pixels = image.pixels.map((_, i) => {
    const [x, y] = [(i % side) - middle, Math.floor(i / side) - middle];
    return sample(image, middle + x * cos - y * sin, middle + x * sin + y * cos);
  });
  return { ...image, pixels };
}

/** Where a point of the picture is after turning, and how it points then. */
function turnedPoint({ x, y, scale, angle }: Keypoint, by: number): Keypoint {
  const [cos, sin] = [Math.cos(by), Math.sin(by)];
  const [dx, dy] = [x - middle, y - middle];
  return { x: middle + dx * cos + dy * sin, y: middle - dx * sin + dy * cos, scale, angle: angle + by };
}

function distance(a: Uint8Array, i: number, b: Uint8Array, j: number): number {
  const difference = a.subarray(i * 128, (i + 1) * 128).map((value, c) => Math.abs(value - (b[j * 128 + c] ?? 0)));
  return Math.hypot(...difference);
}

test.each([30, 90, 201])('a picture turned by %i° has the same points and nearly the same descriptors', (degrees) => {
  const by = (degrees * Math.PI) / 180;
  const before = sift(scene);
  const after = sift(turned(scene, by));
  expect(before.keypoints.length).toBeGreaterThan(200);
  const matches = before.keypoints.map((keypoint, i) => {
    const expected = turnedPoint(keypoint, by);
    const there = after.keypoints.findIndex(({ x, y, scale, angle }) =>
      Math.hypot(x - expected.x, y - expected.y) < 1.5 && Math.abs(Math.log2(scale / expected.scale)) < 0.25
      && Math.cos(angle - expected.angle) > 0.97);
    return there < 0 ? null : distance(before.descriptors, i, after.descriptors, there);
  });
  const found = matches.filter((match) => match !== null);
  expect(found.length / matches.length).toBeGreaterThan(0.75); // turning resamples the picture, and the faint come and go
  expect(found.filter((match) => match < 150).length / found.length).toBeGreaterThan(0.9);
});

test('descriptors have norm 512 and use the range of a byte', () => {
  const { keypoints, descriptors } = sift(scene);
  const norms = keypoints.map((_, i) => Math.hypot(...descriptors.subarray(i * 128, (i + 1) * 128)));
  expect(Math.min(...norms)).toBeGreaterThan(505);
  expect(Math.max(...norms)).toBeLessThan(519);
  expect(Math.max(...descriptors)).toBeGreaterThan(150);
});

test('a blob is found where it is, at a scale that follows its size', () => {
  const { keypoints } = sift(draw([{ x: 60.3, y: 60, sigma: 4, height: 0.4 }, { x: 160, y: 150.6, sigma: 8, height: 0.4 }]));
  const at = (x: number, y: number) => keypoints.find((keypoint) => Math.hypot(keypoint.x - x, keypoint.y - y) < 0.2);
  const [small, large] = [at(60.3, 60), at(160, 150.6)];
  expect(small?.scale).toBeGreaterThan(2.5);
  expect((large?.scale ?? 0) / (small?.scale ?? 1)).toBeCloseTo(2, 1);
});

test('nothing is found where nothing is, and a step edge alone is no point', () => {
  expect(sift(draw([])).keypoints).toEqual([]);
  const edge = { ...scene, pixels: new Float32Array(side * side).map((_, i) => (i % side < middle ? 0 : 1)) };
  expect(sift(edge).keypoints).toEqual([]);
});

test('the same picture gives the same bytes, and keeping some points gives theirs', () => {
  const first = sift(scene);
  expect(sift(scene)).toEqual(first);
  let seen = 0;
  const second = sift(scene, { keep: () => seen++ === 1 });
  expect(second.keypoints).toEqual([first.keypoints[1]]);
  expect(second.descriptors).toEqual(first.descriptors.slice(128, 256));
});

test('the side view shows at each column what the photo has there', () => {
  const ramp = { ...scene, pixels: new Float32Array(side * side).map((_, i) => (i % side) / side) };
  const view = sideView(ramp);
  expect([view.width, view.height]).toEqual([160, side]);
  for (const x of [10, 80, 140]) expect(sample(view, x, 100)).toBeCloseTo(xInPhoto(x) / side, 5);
});

test('the fast direction is that of Math.atan2', () => {
  for (let angle = -3.1; angle < 3.1; angle += 0.01) {
    expect(Math.abs(direction(Math.sin(angle), Math.cos(angle)) - angle)).toBeLessThan(0.0003);
  }
});
