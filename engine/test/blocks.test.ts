import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildIndex } from '../build';
import type { Rows } from '../build';
import { takesBlocks } from '../build/learn';
import { openByteSet, openSet } from '../data/open';
import type { OpenSet, Source } from '../data/open';
import { readFactory } from '../factory/index';
import type { Metric, Spec } from '../factory/spec';
import { openArena, peakOf, release, takeF32, takeI32, takeU8 } from '../memory';
import type { Engine } from '../pool';
import { cancel, publish, resume } from '../pool';
import { bytesAsCodes } from '../quantizers/bytes';
import { mulberry32 } from '../random';
import { searchTogether } from '../search-together';
import { searchFlat } from '../structures/flat';
import { flatGroupScratch, searchFlatGroup } from '../structures/flat-group';
import { linkHnsw } from '../structures/hnsw';
import { byteRowsAt, rowsAt } from '../structures/walker';
import type { Index, SearchParams } from '../types';
import { newWork } from '../work';
import { testEngine } from './engine';
import { generate } from './sets';

const N = 10_000, D = 64; // more than one block of rows

/** synth64 in whole numbers from 0 to 255. */
function wholeNumbers(): Source & { bytes: object } {
  const { base, queries } = generate('synth64', N, 1), most = base.reduce((a, v) => Math.max(a, Math.abs(v)), 0), whole = (v: number) => Math.round(127 + (127 * v) / most);
  const rows = Uint8Array.from(base, whole), asked = Uint8Array.from(queries.subarray(0, 60 * D), whole), label = () => ({ kind: 'number' as const, text: '' });
  return {
    name: 'whole', title: 'whole', d: D, nMax: N, nq: 60, licence: '', attribution: '', baseLabel: label, queryLabel: label, queryName: String,
    writeBase: (from, to, out) => out.set(rows.subarray(from * D, to * D)), writeQueries: (out) => out.set(asked),
    bytes: { writeBase: (from, to, out) => out.set(rows.subarray(from * D, to * D)), writeQueries: (out) => out.set(asked) },
  };
}

function specOf(s: string): Spec {
  const { spec } = readFactory(s);
  if (!spec) throw new Error(s);
  return spec;
}

/** Everything an index is but for where it stands. */
const bytesOf = (index: Index) => JSON.stringify(index, (_, value: unknown) => (ArrayBuffer.isView(value) ? Buffer.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)).toString('base64') : value));

type Found = { dis: number[]; ids: number[] };

async function find(engine: Engine, index: Index, { queries, nq, d }: Pick<OpenSet, 'queries' | 'nq' | 'd'>, params: SearchParams, k = 10): Promise<Found> {
  const room = openArena(engine.memory), dis = takeF32(room, nq * k), ids = takeI32(room, nq * k);
  await publish(engine, 'index', index);
  await searchTogether(engine, { index: 'index', queries: queries.byteOffset, nq, d, k, params, dis: dis.byteOffset, ids: ids.byteOffset }, index);
  const found = { dis: [...dis], ids: [...ids] };
  release(room);
  return found;
}

describe('vectors that are made when they are asked for', async () => {
  const engine = await testEngine(2), source = wholeNumbers(), floats = await openSet(engine, source, N, 'L2');
  const rows: Rows = { x: floats.base.byteOffset, n: N, d: D, kept: true };

  it.each(['RR64,IVF16,SQ8', 'OPQ4,IMI2x4,PQ4x4', 'PCA32,IVF16,PQ8x4fs', 'L2norm,PCA24,PQ6x4', 'PCA16,IVF16_HNSW8,Flat', 'RR32,Flat', 'Pad80,IVF16,PQ8x4,Refine(SQ8)'])('%s is the same index as of vectors that are held', async (s) => {
    const seen: string[] = [];
    for (const blocksFrom of [Infinity, 0]) {
      const { index, arena } = await buildIndex(engine, specOf(s), rows, rows, { metric: 'L2', seed: 1, opq: 'quick', blocksFrom });
      seen.push(bytesOf(index));
      release(arena);
    }
    expect(takesBlocks(specOf(s))).toBe(true);
    expect(seen[1]).toBe(seen[0]);
  });

  it('take less memory in blocks', async () => {
    const peaks: number[] = [];
    for (const blocksFrom of [Infinity, 0]) {
      const peak = peakOf(engine.memory), before = engine.memory.used;
      release((await buildIndex(engine, specOf('RR64,IVF16,PQ8x4fs'), rows, rows, { metric: 'L2', seed: 1, blocksFrom })).arena);
      peaks.push(peak() - before);
      expect(engine.memory.used).toBe(before);
    }
    const copy = N * D * 4, block = 8192 * D * 4;
    expect(peaks[0]).toBeGreaterThan(copy);
    expect(peaks[1]).toBeLessThan((peaks[0] ?? 0) - copy + block + 4096 * D * 4 + 65536);
  });
});

describe('bytes that stay bytes', async () => {
  const engine = await testEngine(2), source = wholeNumbers();
  for (const metric of ['L2', 'IP'] as Metric[]) {
    const floats = await openSet(engine, source, N, metric), bytes = await openByteSet(engine, source, N, metric);
    const asFloats: Rows = { x: floats.base.byteOffset, n: N, d: D, kept: true }, asBytes: Rows = { x: 0, bytes: bytes.base.byteOffset, n: N, d: D, kept: true };

    it(`${metric}: have the true neighbours of the floats`, () => {
      expect(bytes.base.byteLength * 4).toBe(floats.base.byteLength);
      expect(bytes.truth).toEqual(floats.truth);
    });

    it.each([
      ['Flat', {}], ['IVF32,Flat', { nprobe: 4 }], ['HNSW4', { efSearch: 40 }], ['IVF40,PQ8x4', { nprobe: 8 }], ['PCA32,IVF40,PQ8x4,RFlat', { nprobe: 8, k_factor_rf: 4 }], ['IDMap,IVF40,SQ8', { nprobe: 4 }],
      ['IVF16,PQ2+2', { nprobe: 4 }], ['HNSW4,SQ8', {}],
    ])(`${metric}: %s %j finds what it finds among floats, at the same distances`, async (s, params) => {
      if (metric === 'IP' && s.includes('+')) return;
      const found: Found[] = [];
      for (const rows of [asFloats, asBytes]) {
        const { index, arena } = await buildIndex(engine, specOf(s), rows, rows, { metric, seed: 0, blocksFrom: 0 });
        found.push(await find(engine, index, floats, params));
        release(arena);
      }
      expect(found[1]).toEqual(found[0]);
    });
  }
});

it('queries among bytes find together what each finds alone among floats, bit for bit, ties included', async () => {
  const engine = await testEngine(0, 64 * 2 ** 20), { own } = engine, random = mulberry32(3);
  const shape = fc.record({ n: fc.integer({ min: 1, max: 300 }), nq: fc.integer({ min: 1, max: 13 }), d: fc.integer({ min: 1, max: 21 }), k: fc.integer({ min: 1, max: 9 }), metric: fc.constantFrom<Metric>('L2', 'IP'), most: fc.constantFrom(2, 255) });
  fc.assert(fc.property(shape, ({ n, nq, d, k, metric, most }) => {
    const arena = openArena(engine.memory), { top, end } = own;
    try {
      const codes = takeU8(arena, n * d), vectors = takeF32(arena, n * d), queries = takeF32(arena, nq * d), dis = takeF32(arena, nq * k), ids = takeI32(arena, nq * k), disAlone = takeF32(arena, nq * k), idsAlone = takeI32(arena, nq * k);
      codes.forEach((_, i) => { codes[i] = random() % (most + 1); });
      queries.forEach((_, i) => { queries[i] = random() % (most + 1); });
      vectors.set(codes);
      own.end = top + flatGroupScratch(nq, d);
      searchFlatGroup(own, { kind: 'Codes', n, d, metric, codes, codec: bytesAsCodes(arena, d) }, queries.byteOffset, nq, k, dis.byteOffset, ids.byteOffset, newWork());
      for (let q = 0; q < nq; q++, own.top = top) searchFlat(own, { kind: 'Flat', n, d, metric, vectors }, queries.byteOffset + q * d * 4, k, disAlone.byteOffset + q * k * 4, idsAlone.byteOffset + q * k * 4, newWork());
      expect([...ids]).toEqual([...idsAlone]);
      expect([...dis].map((v) => v + 0)).toEqual([...disAlone].map((v) => v + 0)); // a product of nothing may be −0
    } finally {
      own.top = top;
      own.end = end;
      release(arena);
    }
  }), { numRuns: 300 });
});

it('a build in blocks stops when it is told to, and gives back what it took', async () => {
  const engine = await testEngine(2), set = await openByteSet(engine, wholeNumbers(), N, 'L2'), rows: Rows = { x: 0, bytes: set.base.byteOffset, n: N, d: D, kept: true };
  const before = engine.memory.used, told: string[] = [];
  engine.report = (stage) => { told.push(stage); if (stage === 'add: encode') cancel(engine); };
  await expect(buildIndex(engine, specOf('RR64,IVF16,SQ8'), rows, rows, { metric: 'L2', seed: 0 })).rejects.toMatchObject({ name: 'cancelled' });
  resume(engine);
  expect(told.at(-1)).toBe('add: encode');
  expect(engine.memory.used).toBe(before);
});

describe('a graph linked over bytes', async () => {
  const engine = await testEngine(2, 64 * 2 ** 20), random = mulberry32(9);
  it.each([[4, 'L2'], [12, 'IP'], [20, 'L2'], [64, 'L2'], [100, 'IP'], [256, 'L2']] as const)('of %i dimensions, %s, is the graph over floats', async (d, metric) => {
    const arena = openArena(engine.memory), n = 700, codes = takeU8(arena, n * d), vectors = takeF32(arena, n * d);
    codes.forEach((_, i) => { codes[i] = random() & random() & 255; });
    vectors.set(codes);
    const options = { n, M: 6, seed: 1 };
    const floats = await linkHnsw(engine, arena, rowsAt({ vectors, d, metric }), options), bytes = await linkHnsw(engine, arena, byteRowsAt(codes.byteOffset, d, metric), options);
    expect(bytes).toEqual(floats);
    expect(new Set(bytes.links).size).toBeGreaterThan(n / 2);
    release(arena);
  });
});
