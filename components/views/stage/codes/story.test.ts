import { describe, expect, it } from 'vitest';
import type { Looks } from '@/workers/protocol';
import { frameOf, gridOf } from './product/frame';
import type { Product } from './product/frame';
import { nearestFirst, stepsOf, tablesAdded } from './sums/arrange';
import type { Sum } from './sums/arrange';
import { tracksOf } from './tracks';

const table = (values: number[], chosen: number) => ({ rows: values.length, shown: Int32Array.from(values.keys()), values: Float32Array.from(values), chosen, code: chosen });
const sum: Sum = { terms: [{ name: 'centroid', value: 10 }], tables: [table([3, 1, 2], 1), table([-4, 0.5], 0), table([2, 8], 1)], normed: false, rounded: null, total: 15 };

const look = (over: Partial<Looks['codes']> = {}): Looks['codes'] => ({
  codec: 'PQ', metric: 'L2', n: 100, d: 6, codeSize: 3, byResidual: true, sum,
  scanned: { ids: Int32Array.of(5), rank: Int32Array.of(1), byCode: Float32Array.of(15), exact: Float32Array.of(16), all: 1, missed: [], kth: null, cut: null, hits: Int32Array.of(5), truth: Int32Array.of(5) },
  selected: { id: 5, label: { kind: 'number', text: '5' }, why: 'hit', list: 0, rank: 1, byCode: 15, exact: 16, vector: new Float32Array(6), restored: null, error: null, picture: null },
  family: { kind: 'signs', nbits: 3, vector: new Float32Array(3), query: new Float32Array(3), bits: new Uint8Array(3), queryBits: new Uint8Array(3), periodic: false, plane: null },
  ...over,
});

describe('the sum', () => {
  it('goes from term to term and from table to table, and ends at its total', () => {
    expect(stepsOf(sum).map(({ name, before, after }) => [name, before, after])).toEqual([['query to centroid', 0, 10], ['table 1', 10, 11], ['table 2', 11, 7], ['table 3', 7, 15]]);
    expect(stepsOf({ ...sum, normed: true }).at(-1)?.name).toBe('norm');
  });

  it('is replayed look-up by look-up, from the term it starts from to the distance', () => {
    const { search, training } = tracksOf(look());
    expect(training).toBeNull();
    expect(search?.steps.map(({ value }) => value)).toEqual([10, 11, 7, 15]);
    expect(search?.steps[2]?.sentence).toBe('table 2, code 0: − 4 makes 7 (2 of 3)');
    expect(search?.steps[3]?.sentence).toBe('table 3, code 1: + 8 makes 15, the distance by code; in truth it is 16');
    expect([0, 1, 2, 3].map((lit) => tablesAdded(sum, lit))).toEqual([0, 1, 2, 3]);
    expect(tablesAdded(sum, null)).toBe(3);
  });

  it('starts from nothing where there is no term, and has no steps where nothing is looked up', () => {
    const bare = { ...sum, terms: [] };
    expect(tracksOf(look({ sum: bare })).search?.steps.map(({ value }) => value)).toEqual([0, 1, -3, 5]);
    expect([0, 1, 2, 3].map((lit) => tablesAdded(bare, lit))).toEqual([0, 1, 2, 3]);
    expect(tracksOf(look({ sum: null })).search).toBeNull();
  });
});

it('entries stand nearest first: the smallest distance, the largest product', () => {
  expect([...nearestFirst(Float32Array.of(3, 1, 2), 'L2')]).toEqual([1, 2, 0]);
  expect([...nearestFirst(Float32Array.of(3, 1, 2), 'IP')]).toEqual([0, 2, 1]);
});

describe('a codebook on its plane', () => {
  const product: Product = {
    kind: 'product', M: 1, ksub: 3, dsub: 2, exact: true, rows: 3, shown: Int32Array.of(0, 1, 2), points: Float32Array.of(0, 0, 4, 0, 0, 2), usage: Uint32Array.of(5, 1, 0), kept: Float32Array.of(1), sample: Float32Array.of(1, 1), sampled: 1,
    vector: Float32Array.of(1, 1), chosen: Int32Array.of(0), query: Float32Array.of(3, 0), queryRow: Int32Array.of(1), parts: { exact: Float32Array.of(1), adc: Float32Array.of(1), sdc: null }, training: [],
  };

  it('has one scale for both components, and stays in its box', () => {
    const { x, y } = frameOf(product, 0, 100, 80, 10);
    expect(x(4) - x(0)).toBeCloseTo(2 * (y(0) - y(2)), 9);
    for (const [a, b] of [[0, 0], [4, 0], [0, 2]] as const) { expect(x(a)).toBeGreaterThanOrEqual(10); expect(x(a)).toBeLessThanOrEqual(90); expect(y(b)).toBeGreaterThanOrEqual(10); expect(y(b)).toBeLessThanOrEqual(70); }
  });

  it('of one component stands on a line, its codes as high as they are used often', () => {
    const { y, line } = frameOf({ ...product, dsub: 1 }, 0, 100, 80, 10);
    expect(line).toBe(true);
    expect(y(5)).toBe(10);
    expect(y(0)).toBe(70);
  });

  it.each([[32, 150, 300], [16, 150, 300], [1, 300, 200], [98, 150, 300]])('%d small boxes fit into %d × %d', (count, width, height) => {
    const { columns, box, tall } = gridOf(count, width, height);
    expect(columns * box).toBeLessThanOrEqual(width);
    expect(Math.ceil(count / columns) * tall).toBeLessThanOrEqual(height);
    expect(box).toBeGreaterThan(8);
  });
});
