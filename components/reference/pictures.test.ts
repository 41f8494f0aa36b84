import { describe, expect, it } from 'vitest';
import { dots, frameOf, size, windowOf } from './frame';
import { extremes } from './pictures/Maps';
import { latticeLines, meanSquaredError, pointsInUse, variance } from './pictures/lattice';

describe('the frame of a figure', () => {
  it('holds every point, at one scale for both axes', () => {
    const points = Float32Array.of(-3, 1, 5, 2, 0, -7), frame = frameOf(windowOf(points));
    for (let i = 0; i < points.length; i += 2) {
      const [x, y] = [frame.x(points[i] ?? 0), frame.y(points[i + 1] ?? 0)];
      expect(Math.min(x, y, size.width - x, size.height - y)).toBeGreaterThan(0);
    }
    expect(frame.x(1) - frame.x(0)).toBeCloseTo(frame.y(0) - frame.y(1));
  });

  it('draws one dot a point', () => {
    const points = Float32Array.of(0, 0, 1, 1, 2, 2), frame = frameOf(windowOf(points));
    expect(dots(frame, points).match(/M/g)).toHaveLength(3);
    expect(dots(frame, points, [1])).toBe(`M${size.width / 2},${size.height / 2}h0`);
  });
});

describe('decoded points', () => {
  it('a lattice is drawn line by line, also where it is turned', () => {
    const decoded = Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1);
    const turned = Float32Array.from({ length: 8 }, (_, i) => (i % 2 ? (decoded[i - 1] ?? 0) + (decoded[i] ?? 0) : (decoded[i] ?? 0) - (decoded[i + 1] ?? 0)));
    const lines = latticeLines({ decoded, restored: turned });
    expect(lines).toHaveLength(4);
    for (const [x0, y0, x1, y1] of lines) expect(Math.abs(x1 - x0)).toBeCloseTo(Math.abs(y1 - y0));
    expect(latticeLines({ decoded: null, restored: null })).toEqual([]);
  });

  it('more lines than can be told apart are not drawn, and equal points are one', () => {
    const scattered = Float32Array.from({ length: 200 }, (_, i) => Math.sin(i * 12.9898) * 43.5);
    expect(latticeLines({ decoded: scattered, restored: scattered })).toEqual([]);
    expect(pointsInUse(Float32Array.of(1, 2, 1, 2, 3, 4))).toEqual(Float32Array.of(1, 2, 3, 4));
  });

  it('errors and variances are means over vectors', () => {
    expect(meanSquaredError(Float32Array.of(0, 0, 3, 4), Float32Array.of(0, 0, 0, 0))).toBe(12.5);
    expect(variance(Float32Array.of(-1, 0, 1, 0))).toBe(1);
    expect(extremes(Float32Array.of(9, 0, 0, 9, -9, 0, 0, -9, 0, 0))).toEqual([0, 1, 2, 3]);
  });
});
