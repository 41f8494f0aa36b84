import { describe, expect, it } from 'vitest';
import { findBorders } from './borders';
import { ownerOf, paintSlice, scatter, seeded } from './fixture';
import { makeGrid, nearest } from './grid';
import { assignHues, firstHues, hueCount } from './hues';
import { cellsIn, placeLabels, seeCells } from './places';
import { boundsOf, fit, grown, scaleOf, toPlane, toScreen, zoomed } from './viewport';

const window = { x0: 0, y0: 0, x1: 10, y1: 8 };

describe('viewport', () => {
  const home = fit({ x0: -3, y0: 2, x1: 9, y1: 5 }, { width: 800, height: 500 });

  it('goes from plane to screen and back', () => {
    const random = seeded(1);
    for (const k of [0.5, 1, 37.5]) {
      const view = zoomed(home, { k, x: 120 * random(), y: -300 * random() });
      for (let i = 0; i < 20; i++) {
        const [x, y] = [20 * random() - 10, 20 * random() - 10];
        const screen = toScreen(view, x, y);
        const back = toPlane(view, screen.x, screen.y);
        expect(back.x).toBeCloseTo(x, 8);
        expect(back.y).toBeCloseTo(y, 8);
      }
    }
  });

  it('shows all of what it is fitted to, at one scale for both axes, y upwards', () => {
    expect(home.window.x0).toBeLessThanOrEqual(-3);
    expect(home.window.y1).toBeGreaterThanOrEqual(5);
    expect((home.window.y1 - home.window.y0) * scaleOf(home)).toBeCloseTo(500, 8);
    expect(toScreen(home, 0, 5).y).toBeLessThan(toScreen(home, 0, 2).y);
  });

  it('zooms as d3 does: screen = k · home + (x, y)', () => {
    const before = toScreen(home, 4, 3);
    const after = toScreen(zoomed(home, { k: 3, x: -40, y: 25 }), 4, 3);
    expect(after.x).toBeCloseTo(3 * before.x - 40, 6);
    expect(after.y).toBeCloseTo(3 * before.y + 25, 6);
  });

  it('leaves outliers out of the bounds', () => {
    const points = scatter(2000, 3);
    points.set([1e6, -1e6, 0], 0);
    expect(boundsOf(points).x1).toBeLessThan(10.001);
    expect(boundsOf(points).y0).toBeGreaterThanOrEqual(0);
  });
});

describe('grid', () => {
  it.each([1, 2, 300, 5000])('finds the same dot as looking at all %i', (n) => {
    const points = scatter(n, n);
    const grid = makeGrid(points);
    const random = seeded(n + 1);
    for (let i = 0; i < 300; i++) {
      const [x, y, within] = [14 * random() - 2, 14 * random() - 2, 2 * random()];
      expect(nearest(grid, x, y, within)).toBe(nearestOfAll(points, x, y, within));
    }
  });

  it('takes dots that all lie in one place or on one line', () => {
    expect(nearest(makeGrid(new Float32Array(30)), 0, 0, 1)).toBe(0);
    const line = Float32Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? i : 0));
    expect(nearest(makeGrid(line), 150, 0.5, 1)).toBe(50);
    expect(nearest(makeGrid(new Float32Array()), 0, 0, 1)).toBe(-1);
  });
});

function nearestOfAll(points: Float32Array, x: number, y: number, within: number): number {
  const away = Array.from({ length: points.length / 3 }, (_, i) => ((points[3 * i] ?? 0) - x) ** 2 + ((points[3 * i + 1] ?? 0) - y) ** 2);
  const least = Math.min(...away);
  return least <= within * within ? away.indexOf(least) : -1;
}

describe('borders', () => {
  const sites = scatter(40, 9, 10, 1.5);
  const slice = paintSlice(sites, window, 300, 240);
  const pixel = 10 / 300;
  const { segments, neighbours } = findBorders(slice);

  it('lie where both lists are equally near, within a third of a pixel', () => {
    const off = segments.flatMap(({ a, b, x0, y0, x1, y1 }) => [0.25, 0.5, 0.75].map((t) => distanceToBisector(sites, a, b, x0 + t * (x1 - x0), y0 + t * (y1 - y0))));
    const long = segments.filter(({ x0, y0, x1, y1 }) => Math.hypot(x1 - x0, y1 - y0) > 12 * pixel);
    expect(long.length).toBeGreaterThan(20);
    expect(off.filter((d) => d < pixel / 3).length / off.length).toBeGreaterThan(0.95);
    expect(Math.max(...off)).toBeLessThan(1.5 * pixel);
  });

  it('meet in common points: an end inside the window is an end of at least three borders', () => {
    const inside = { x0: 3 * pixel, y0: 3 * pixel, x1: 10 - 3 * pixel, y1: 8 - 3 * pixel };
    const ends = segments.flatMap(({ x0, y0, x1, y1 }) => [{ x: x0, y: y0 }, { x: x1, y: y1 }]);
    const inner = ends.filter(({ x, y }) => x > inside.x0 && x < inside.x1 && y > inside.y0 && y < inside.y1);
    const joined = inner.filter((p) => ends.filter((q) => Math.hypot(p.x - q.x, p.y - q.y) < 0.5 * pixel).length >= 3);
    expect(joined.length / inner.length).toBeGreaterThan(0.9);
  });

  it('name every list that owns a pixel, and touching is mutual', () => {
    expect([...neighbours.keys()].sort((a, b) => a - b)).toEqual([...new Set(slice.cells)].sort((a, b) => a - b));
    for (const [list, around] of neighbours) for (const other of around) expect(neighbours.get(other)?.has(list)).toBe(true);
  });
});

/** How far (x, y) is from the line where sites a and b are equally near. */
function distanceToBisector(sites: Float32Array, a: number, b: number, x: number, y: number): number {
  const at = (s: number) => [sites[3 * s] ?? 0, sites[3 * s + 1] ?? 0, sites[3 * s + 2] ?? 0] as const;
  const [[ax, ay, ah], [bx, by, bh]] = [at(a), at(b)];
  const difference = (x - ax) ** 2 + (y - ay) ** 2 + ah ** 2 - (x - bx) ** 2 - (y - by) ** 2 - bh ** 2;
  return Math.abs(difference) / (2 * Math.hypot(ax - bx, ay - by));
}

describe('hues', () => {
  it.each([5, 60, 400])('of touching lists differ, %i lists', (nlist) => {
    const { neighbours } = findBorders(paintSlice(scatter(nlist, nlist, 10, 1), window, 320, 256));
    const hues = assignHues(neighbours, firstHues(nlist));
    for (const [list, around] of neighbours) for (const other of around) expect(hues[other]).not.toBe(hues[list]);
    expect(Math.max(...hues)).toBeLessThan(hueCount);
  });

  it('stay when the picture stays', () => {
    const { neighbours } = findBorders(paintSlice(scatter(80, 2), window, 200, 160));
    const hues = assignHues(neighbours, firstHues(80));
    expect(assignHues(neighbours, hues)).toEqual(hues);
  });

  it('change for few lists when a little of the picture changes', () => {
    const slices = [window, grown(window, -0.1)].map((w) => findBorders(paintSlice(scatter(80, 2), w, 200, 160)));
    const [before, after] = slices.map(({ neighbours }) => neighbours);
    const hues = assignHues(before ?? new Map(), firstHues(80));
    const next = assignHues(after ?? new Map(), hues);
    expect(next.filter((hue, list) => hue !== hues[list]).length).toBeLessThan(4);
  });
});

describe('label places', () => {
  const sites = scatter(50, 21, 10, 1);
  const slice = paintSlice(sites, window, 250, 200);
  const view = { x0: 2.2, y0: 1.1, x1: 7.7, y1: 6.5 };
  const sight = seeCells(slice, view);
  const all = Array.from({ length: 50 }, (_, list) => list);

  it('lie inside their own cell, and the room around them is the cell’s', () => {
    const places = placeLabels(sight, all);
    expect(new Set(places.keys())).toEqual(cellsIn(slice, view));
    for (const [list, { x, y, room }] of places) {
      expect(ownerOf(sites, x, y)).toBe(list);
      for (let turn = 0; turn < 8; turn++) {
        // The chamfer distance is at most 8 % off, the raster half a pixel.
        const r = Math.max(0, 0.9 * room - 10 / 250);
        expect(ownerOf(sites, x + r * Math.cos((turn * Math.PI) / 4), y + r * Math.sin((turn * Math.PI) / 4))).toBe(list);
      }
    }
  });

  it('lie in sight', () => {
    for (const { x, y } of placeLabels(sight, all).values()) {
      expect(x > view.x0 && x < view.x1 && y > view.y0 && y < view.y1).toBe(true);
    }
  });

  it('keep away from the query', () => {
    const avoid = { x: 5, y: 4, room: 0.8 };
    for (const { x, y } of placeLabels(sight, all, [avoid]).values()) expect(Math.hypot(x - 5, y - 4)).toBeGreaterThanOrEqual(0.8);
  });

  it('are absent for cells out of sight', () => {
    expect(placeLabels(seeCells(slice, { x0: 20, y0: 20, x1: 30, y1: 30 }), all).size).toBe(0);
  });
});
