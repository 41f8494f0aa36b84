import { describe, expect, test } from 'vitest';
import type { IndexInfo } from '../workers/protocol';
import { blocksFor, costFor, language, mainKnob, partsFor, problemsFor, stops } from './factory';
import { defaults } from './setting';

const of = (index: string) => ({ index, data: 'photo-sift' as const, metric: 'L2' as const, n: 10_000 });
const info = (index: string): IndexInfo => ({
  factory: index, metric: 'L2', n: 10_000, d: 128, codeSize: null, bytes: costFor(of(index))?.totalBytes ?? 0, trainMs: 0, addMs: 0, ivf: null, kmeans: null, stages: [],
});

test('a vector’s bytes are followed through the stack', () => {
  expect(blocksFor(of('OPQ32,IVF256,PQ32,RFlat')).map(({ text, bytesIn, bytesOut }) => [text, bytesIn, bytesOut])).toEqual([
    ['OPQ32', 512, 512], ['IVF256', 512, null], ['PQ32', 512, 32], ['RFlat', 32, 544],
  ]);
});

describe('the parts of an index add up to its bytes', () => {
  test.each(['Flat', 'IVF256,PQ32', 'OPQ32,IVF256,PQ32,RFlat', 'HNSW32', 'PQ16', 'IVF64,SQ8'])('%s', (index) => {
    const { bytes } = info(index);
    const parts = partsFor(of(index), info(index));
    expect(parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(bytes);
    for (const part of parts) expect(part.bytes).toBeGreaterThan(0);
  });
  test('a graph over Flat keeps the vectors', () => {
    expect(partsFor(of('HNSW32'), info('HNSW32'))).toContainEqual(expect.objectContaining({ name: 'vectors', bytes: 10_000 * 512 }));
  });
});

test.each([['IVF256,PQ32', 'nprobe'], ['HNSW32', 'efSearch'], ['PQ32np,RFlat', 'k_factor_rf'], ['PQ32', null], ['Flat', null]])('%s is swept over %s', (index, knob) => {
  expect(mainKnob(index)).toBe(knob);
});

test('advice does not stop a build, mistakes do', () => {
  expect(stops(problemsFor(of('IVF256,PQ30'), null))).toBe(true);
  expect(stops(problemsFor({ ...of('IVF256,PQ32'), n: 5000 }, null))).toBe(false);
  expect(stops(problemsFor(of('IVF16384,Flat'), null))).toBe(true);
  expect(stops(problemsFor(of('ZnLattice16x10_8'), null))).toBe(false); // Faiss cannot save it
  expect(stops(problemsFor(of('Residual256,PQ32'), null))).toBe(false); // nor search this: its codes are looked at
  expect(stops(problemsFor(of('MinMaxFP16,IVF256,PQ32'), null))).toBe(false);
  expect(stops(problemsFor(of('MinMax,HNSW32'), null))).toBe(true); // it cannot even encode
  expect(stops(problemsFor(of('PCA32,MinMax,SQ8'), null))).toBe(true);
  expect(stops(problemsFor(of('IVF64(Residual4,PQ8),Flat'), null))).toBe(true);
  const memory = problemsFor(of('Flat'), { threads: 1, shared: false, simd: 'plain', memoryBytes: 1e6 });
  expect(memory[0]?.message).toMatch(/would fit/);
});

test('a token is explained where the pointer is', () => {
  const { explain } = language({ d: 128, metric: 'L2' });
  expect(explain('IVF256,PQ32', 2)).toMatchObject({ from: 0, to: 6, title: 'IVF256' });
  expect(explain('IVF256,PQ32', 9)).toMatchObject({ from: 7, to: 11, title: 'PQ32' });
  expect(explain('zzz', 2)).toBeNull();
});

test.each<[string, number, RegExp]>([
  ['IVF256,PQ32,Refine(SQ8)', 20, /^Rounds every coordinate by itself\./], ['IVF256(HNSW32),Flat', 9, /^A layered graph/], ['IVF256(HNSW32),Flat', 1, /any index over the centroids/],
  ['OPQ16_64,IVF256,PQ16,RFlat', 2, /512 B → 256 B a vector/], ['IDMap,PQ16', 2, /ids of your own/], ['IVF256,PQ30', 8, /^Cuts the vector into M parts/], ['IVF256,PQ', 2, /^Cuts space into nlist cells/],
])('%s: the term at %i is explained', (index, at, meaning) => {
  expect(language({ d: 128, metric: 'L2' }).explain(index, at)?.meaning).toMatch(meaning);
});

test('a graph over the centroids that sees fewer than nprobe is said with both numbers, and how to set it right', () => {
  const setting = { ...defaults(), index: 'IVF256_HNSW32,Flat', nprobe: 64 };
  expect(problemsFor(setting, null)[0]).toMatchObject({ kind: 'advice', from: 0, to: 13, set: { name: 'quantizer_efSearch', value: 64 } });
  expect(problemsFor(setting, null)[0]?.message).toMatch(/the 64 nearest lists with only 16 candidates/);
  expect(problemsFor({ ...setting, quantizer_efSearch: 64 }, null)).toEqual([]);
  expect(problemsFor({ ...setting, nprobe: 16 }, null)).toEqual([]);
});

test('what does not fit in memory says how many vectors would, and sets that many', () => {
  const [problem] = problemsFor({ ...defaults(), index: 'Flat' }, { threads: 1, shared: false, simd: 'plain', memoryBytes: 1e6 });
  expect(problem).toMatchObject({ kind: 'data', set: { name: 'n', value: 1953 } });
});
