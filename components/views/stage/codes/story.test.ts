import { describe, expect, it } from 'vitest';
import type { Looks } from '@/workers/protocol';
import { frameOf, gridOf } from './product/frame';
import type { Product } from './product/frame';
import { nearestFirst, nextEntry, stepsOf, tablesAdded } from './sums/arrange';
import type { Sum } from './sums/arrange';
import { tracksOf } from './tracks';
import { lookOf, standingOf } from './which';
import { captionOf, sumNote } from './words';

const table = (values: number[], chosen: number) => ({ rows: values.length, shown: Int32Array.from(values.keys()), values: Float32Array.from(values), chosen, code: chosen });
const sum: Sum = { terms: [{ name: 'centroid', value: 10 }], tables: [table([3, 1, 2], 1), table([-4, 0.5], 0), table([2, 8], 1)], norms: 0, rounded: null, total: 15 };

const look = (over: Partial<Looks['codes']> = {}): Looks['codes'] => ({
  codec: 'PQ', metric: 'L2', n: 100, d: 6, codeSize: 3, byResidual: true, sum, scale: null,
  scanned: { ids: Int32Array.of(5), rank: Int32Array.of(1), byCode: Float32Array.of(15), exact: Float32Array.of(16), all: 1, missed: [], searched: true, kth: null, cut: null, hits: Int32Array.of(5), truth: Int32Array.of(5) },
  selected: { id: 5, label: { kind: 'number', text: '5' }, why: 'hit', list: 0, rank: 1, byCode: 15, exact: 16, vector: new Float32Array(6), restored: null, error: null, picture: null, histograms: null },
  family: { kind: 'signs', nbits: 3, vector: new Float32Array(3), query: new Float32Array(3), bits: new Uint8Array(3), queryBits: new Uint8Array(3), period: null, spread: new Uint16Array(3), bins: 1, reach: new Float32Array(3), sampled: 0, plane: null },
  second: null,
  ...over,
});

describe('the sum', () => {
  it('goes from term to term and from table to table, and ends at its total', () => {
    expect(stepsOf(sum).map(({ name, before, after }) => [name, before, after])).toEqual([['query to centroid', 0, 10], ['table 1', 10, 11], ['table 2', 11, 7], ['table 3', 7, 15]]);
    expect(stepsOf({ ...sum, norms: 1 }).at(-1)?.name).toBe('norm');
    expect(stepsOf({ ...sum, norms: 2 }).slice(-2).map(({ name }) => name)).toEqual(['norm, part 1', 'norm, part 2']);
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

describe('of an index that re-ranks by codes', () => {
  const second: NonNullable<Looks['codes']['second']> = { codec: 'PQ', codeSize: 2, ofRest: true, byCode: 16.5, sum: { ...sum, terms: [], total: 5 }, family: look().family, restored: null, error: null }, both = look({ second });

  it('the look-ups of the second code follow those of the first', () => {
    expect(tracksOf(both).search?.steps.map(({ value }) => value)).toEqual([10, 11, 7, 15, 0, 1, -3, 5]);
    expect(tracksOf(both).search?.steps.at(-1)?.sentence).toContain('makes 16.5, the distance by the second code; in truth it is 16');
  });

  it('the step tells which code is looked at, unless one was asked for', () => {
    expect(standingOf(both, 3, null, null)).toEqual({ second: false, lit: 3, iteration: null });
    expect(standingOf(both, 4, null, null)).toEqual({ second: true, lit: 0, iteration: null });
    expect(standingOf(both, 6, null, false)).toEqual({ second: false, lit: null, iteration: null });
    expect(standingOf(both, null, null, true)).toEqual({ second: true, lit: null, iteration: null });
    expect(standingOf(look(), 6, null, true).second).toBe(false);
    expect(lookOf(both, true)).toMatchObject({ sum: { total: 5 }, selected: { byCode: 16.5, exact: 16 } });
    expect(captionOf(both, 5, null)).toBe('Vector 5: 1 of 3 look-ups of the second code added');
    expect(captionOf(both, null, null)).toMatch(/^Vector 5, 3 \+ 2 bytes for 24: /);
  });
});

it('what MinMax writes before a code is told with its numbers', () => {
  expect(captionOf(look({ scale: { scales: [{ range: 1.5, least: -0.25, bytes: 8 }], list: 3, before: 9 } }), null, null)).toContain('Vector 5, 3 bytes for 24, 9 of them before the code (range 1.5 above -0.25, list 3): ');
});

it('arrows walk through the entries of a table, nearest first, and stop at its ends', () => {
  expect([null, 1, 0].map((code) => nextEntry(sum, 'L2', 0, code, 1))).toEqual([2, 2, 0]);
  expect(nextEntry(sum, 'L2', 0, null, -1)).toBe(1);
  expect(nextEntry(sum, 'IP', 0, 0, -1)).toBe(0);
});

it('of rounded tables the bytes are told, their step, and what the sum would be without rounding', () => {
  const rounded: Sum = { ...sum, terms: [{ name: 'least', value: 1 }], tables: [table([0, 0.5, 10], 1), table([2, 0], 0)], rounded: { step: 0.5, exact: 3.6 }, total: 3.5 };
  expect(sumNote(look({ sum: rounded }), rounded, 1, null)).toBe('table 2: code 0, 2nd nearest of 2, 4 steps. All: 5 steps of 0.5; unrounded 3.6');
});

it('entries stand nearest first: the smallest distance, the largest product', () => {
  expect([...nearestFirst(Float32Array.of(3, 1, 2), 'L2')]).toEqual([1, 2, 0]);
  expect([...nearestFirst(Float32Array.of(3, 1, 2), 'IP')]).toEqual([0, 2, 1]);
});

describe('a codebook on its plane', () => {
  const product: Product = {
    kind: 'product', M: 1, ksub: 3, dsub: 2, exact: true, rows: 3, shown: Int32Array.of(0, 1, 2), points: Float32Array.of(0, 0, 4, 0, 0, 2), usage: Uint32Array.of(5, 1, 0), kept: Float32Array.of(1), sample: Float32Array.of(1, 1), sampled: 1,
    vector: Float32Array.of(1, 1), chosen: Int32Array.of(0), query: Float32Array.of(3, 0), queryRow: Int32Array.of(1), parts: { exact: Float32Array.of(1), adc: Float32Array.of(1), sdc: Float32Array.of(1), before: 0 }, training: [],
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
