import { describe, expect, it } from 'vitest';
import { buildIndex } from '../build';
import type { Rows } from '../build';
import { checkRoom, mostOf, roomOf, sizeOf } from '../build/room';
import type { Size } from '../build/room';
import { openByteSet, openSet } from '../data/open';
import { readFactory } from '../factory/index';
import type { Spec } from '../factory/spec';
import { openMemory, peakOf, release } from '../memory';
import { testEngine } from './engine';
import { openGenerated } from './sets';

function specOf(s: string): Spec {
  const { spec } = readFactory(s);
  if (!spec) throw new Error(s);
  return spec;
}

describe('what an index takes of the memory is known before it is built', async () => {
  const engine = await testEngine(1), set = await openGenerated(engine, 'synth64', 8_000);
  const floats: Rows = { x: set.base.byteOffset, n: set.n, d: set.d, kept: true }, copied: Rows = { ...floats, kept: false };

  it.each([
    ['Flat', 0], ['PQ16', 0.5], ['SQ8', 0.8], ['SQfp16', 0.8], ['IVF64,Flat', 0.8], ['IVF64,PQ16', 0.7], ['IVF64,PQ16x4fs', 0.5], ['IVF64,SQ8', 0.7], ['IMI2x5,PQ16', 0.6], ['HNSW16', 0.7], ['HNSW16,SQ8', 0.7],
    ['PCA32,IVF64,SQ8', 0.5], ['RR64,IVF64,Flat', 0.6], ['IVF64,PQ8,RFlat', 0.5], ['IDMap,IVF64,Flat', 0.8], ['IVF64,RaBitQfs', 0.3], ['LSH', 0.1],
  ])('%s: never more than it takes, and at least %d of it', async (s, share) => {
    for (const rows of [floats, copied]) for (const blocksFrom of [0, Infinity]) {
      const peak = peakOf(engine.memory), before = engine.memory.used, options = { metric: 'L2' as const, seed: 0, blocksFrom };
      const { arena, index } = await buildIndex(engine, specOf(s), rows, rows, options), took = peak() - before, kept = engine.memory.used - before;
      const told = mostOf(specOf(s), sizeOf(rows, rows, options));
      release(arena);
      expect(index.n).toBe(set.n);
      expect(told).toBeLessThanOrEqual(took);
      expect(told).toBeGreaterThanOrEqual(share * took);
      expect(roomOf(specOf(s), sizeOf(rows, rows, options)).kept).toBeLessThanOrEqual(kept);
    }
  });
});

describe('what does not fit is refused with what would', () => {
  const memory = openMemory([32 * 2 ** 20], false), size: Size = { n: 100_000, d: 64, learn: 100_000, metric: 'L2', bytes: false, kept: true, made: false, blocksFrom: 2 ** 26 };
  const refusal = (s: string, changes: Partial<Size> = {}) => {
    try {
      checkRoom(memory, specOf(s), { ...size, ...changes });
      return null;
    } catch (problem) {
      return problem instanceof Error ? problem.message : null;
    }
  };
  it('by a smaller code or by fewer vectors', () => {
    expect(refusal('IVF256,SQ8')).toBeNull();
    expect(refusal('IVF256,Flat', { n: 150_000 })).toBe('IVF256,Flat of 150000 vectors needs 40.3 MB at its fullest, and 33.6 MB of 33.6 MB are free beside the data. IVF256,SQfp16 would fit, or the first 130000 vectors would fit.');
    expect(refusal('HNSW64')).toContain('HNSW32 would fit');
    expect(refusal('Flat')).toBeNull();
    expect(refusal('Flat', { kept: false, n: 200_000 })).toContain('SQfp16 would fit, or the first 130000 vectors would fit.');
  });
  it('and everything fits below what is told', () => {
    const told = /first (\d+) vectors/.exec(refusal('IVF256,Flat', { n: 400_000, learn: 400_000, kept: false }) ?? '');
    expect(refusal('IVF256,Flat', { n: Number(told?.[1]), learn: Number(told?.[1]), kept: false })).toBeNull();
  });
});

describe('a million vectors of 128 dimensions', () => {
  const GB = 1e9, memory = 3.75 * 2 ** 30, row = { bytes: 128, floats: 512 }, n = 1_000_000;
  const size = (bytes: boolean, count: number): Size => ({ n: count, d: 128, learn: count, metric: 'L2', bytes, kept: true, made: false, blocksFrom: 2 ** 26 });
  const most = (s: string, bytes: boolean, count = n) => mostOf(specOf(s), size(bytes, count)) + count * (bytes ? row.bytes : row.floats);
  it.each([
    ['Flat', 0.128, 0.512], ['IVF4096,PQ32', 0.743, 0.615], ['IVF4096_HNSW32,Flat', 0.782, 1.038], ['OPQ32,IMI2x8,PQ32', 0.262, 0.613], ['HNSW32', 0.393, 0.777],
  ])('as %s take %d GB at the fullest, or %d GB as floats, and leave room for three times as many', (s, bytes, floats) => {
    expect(most(s, true) / GB).toBeCloseTo(bytes, 2);
    expect(most(s, false) / GB).toBeCloseTo(floats, 2);
    for (const kind of [true, false]) expect(most(s, kind, 3 * n)).toBeLessThan(memory);
  });
});

it('data that does not fit is refused before it is read, with how much of it would', async () => {
  const engine = await testEngine(0, 64 * 2 ** 20), label = () => ({ kind: 'number' as const, text: '' }), never = () => { throw new Error('read'); };
  const source = { name: 'big', title: 'big', d: 128, nMax: 1_000_000, nq: 100, licence: '', attribution: '', baseLabel: label, queryLabel: label, queryName: String, writeBase: never, writeQueries: never, bytes: { writeBase: never, writeQueries: never } };
  const before = engine.memory.used;
  await expect(openSet(engine, source, 1_000_000, 'L2')).rejects.toThrow(/^1000000 vectors of 128 dimensions take 512 MB, and .* are free. The first \d{5} would fit.$/);
  await expect(openByteSet(engine, source, 1_000_000, 'L2')).rejects.toThrow(/take 128 MB, and .* The first \d{6} would fit.$/);
  expect(engine.memory.used).toBe(before);
});
