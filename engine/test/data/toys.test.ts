import { describe, expect, test } from 'vitest';
import { onCircle } from '../../data/draws';
import { makeToy, toys, type ToyName } from '../../data/toys';

const names = Object.keys(toys) as ToyName[];

describe.each(names)('%s', (name) => {
  test('is the same for one seed, another for another', () => {
    expect(makeToy(name, 300, 1)).toEqual(makeToy(name, 300, 1));
    expect(makeToy(name, 300, 2).base).not.toEqual(makeToy(name, 300, 1).base);
  });

  test('grows by appending', () => {
    const { d, base } = makeToy(name, 100, 1);
    expect(makeToy(name, 250, 1).base.subarray(0, 100 * d)).toEqual(base);
  });

  test('draws its queries from the same law', () => {
    const { d, base, queries } = makeToy(name, 4000, 1, 1000);
    for (let j = 0; j < d; j++) {
      const { mean, deviation } = moments(base, d, j);
      expect(Math.abs(moments(queries, d, j).mean - mean)).toBeLessThan(0.2 * deviation);
    }
    expect(base.every(Number.isFinite)).toBe(true);
  });

  test('keeps its queries out of the base', () => {
    if (name === 'ties') return; // an integer grid of 256 points cannot
    const { d, base, queries } = makeToy(name, 1000, 1, 50);
    const rows = new Set(rowsOf(base, d));
    expect(rowsOf(queries, d).filter((row) => rows.has(row))).toEqual([]);
  });
});

test('the integer grid has duplicates and nothing between its points', () => {
  const { base } = makeToy('ties', 1000, 1);
  expect(base.every((x) => Number.isInteger(x) && x >= 0 && x < 16)).toBe(true);
  expect(new Set(rowsOf(base, 2)).size).toBeLessThanOrEqual(256);
});

test('blobs are of very unequal size', () => {
  const first = makeToy('blobs', 3000, 5);
  const cells = new Map<string, number>();
  for (const row of rowsOf(first.base.map((x) => Math.round(4 * x)), 2)) cells.set(row, (cells.get(row) ?? 0) + 1);
  expect(Math.max(...cells.values())).toBeGreaterThan(10 * Math.min(...cells.values()));
});

test('the circle of the draws is the circle of trigonometry', () => {
  for (let turns = -1; turns <= 2; turns += 0.01) {
    const [cos, sin] = onCircle(turns);
    expect(cos).toBeCloseTo(Math.cos(2 * Math.PI * turns), 13);
    expect(sin).toBeCloseTo(Math.sin(2 * Math.PI * turns), 13);
  }
});

function rowsOf(x: Float32Array, d: number): string[] {
  return Array.from({ length: x.length / d }, (_, i) => x.subarray(i * d, (i + 1) * d).join());
}

function moments(x: Float32Array, d: number, j: number): { mean: number; deviation: number } {
  const column = x.filter((_, i) => i % d === j);
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length;
  return { mean, deviation: Math.sqrt(variance) };
}
