import { describe, expect, it } from 'vitest';
import { openArena, release, takeF32, takeI32 } from '../memory';
import { decodeRows } from '../quantizers/codec';
import { searchInto, searchScratch } from '../search';
import { searchCodes } from '../structures/flat';
import type { CodesIndex, Index } from '../types';
import { newWork } from '../work';
import { testEngine } from './engine';
import { buildOn, openGenerated } from './sets';
import { validIndex } from './valid-index';

const N = 800, K = 25;
const engine = await testEngine(1), sets = { L2: await openGenerated(engine, 'synth64', N), IP: await openGenerated(engine, 'synth64', N, 'IP') };

/** Ids and distances of one query, all nodes in view. */
function walkAll(index: Index, query: Float32Array) {
  const arena = openArena(engine.memory), x = takeF32(arena, index.d), dis = takeF32(arena, K), ids = takeI32(arena, K), thread = { ...engine.own }, params = { efSearch: N, search_L: N };
  x.set(query);
  thread.end = thread.top + searchScratch(index, K, params) + 64;
  searchInto(thread, index, x.byteOffset, K, params, dis.byteOffset, ids.byteOffset, newWork());
  const found = { ids: [...ids], dis: [...dis] };
  release(arena);
  return found;
}

/** The same by comparing every code. */
function scanAll(codes: CodesIndex, query: Float32Array) {
  const arena = openArena(engine.memory), x = takeF32(arena, codes.d), dis = takeF32(arena, K), ids = takeI32(arena, K);
  x.set(query);
  searchCodes({ ...engine.own }, codes, x.byteOffset, K, dis.byteOffset, ids.byteOffset, newWork());
  const found = { ids: [...ids], dis: [...dis] };
  release(arena);
  return found;
}

function codesOf(index: Index): CodesIndex {
  if ((index.kind !== 'HNSW' && index.kind !== 'NSG') || index.storage.kind !== 'Codes') throw new Error(`a graph over codes is expected, not ${index.kind}`);
  return index.storage;
}

/** A searched graph that keeps every node in view is the scan of all codes, to the bit. */
describe('a walk over codes compares what a scan of them does', () => {
  it.each([
    ['L2', 'HNSW32,PQ16x8'], ['L2', 'HNSW32,PQ16x4'], ['L2', 'HNSW32_PQ7x6'], ['L2', 'HNSW32,PQ32x3np'], ['L2', 'NSG32,PQ16'],
    ['L2', 'HNSW32,SQ8'], ['IP', 'HNSW32,SQ8'], ['L2', 'HNSW32,SQ6'], ['IP', 'HNSW32,SQ4'], ['L2', 'HNSW32,SQfp16'], ['IP', 'HNSW32,SQbf16'], ['L2', 'HNSW32,SQ8_direct_signed'],
    ['L2', 'HNSW32,SQtqmse3'], ['IP', 'HNSW32,SQtqmse4'], ['L2', 'NSG32,SQ8'], ['IP', 'NSG32,SQ6'],
  ] as const)('%s %s', async (metric, factory) => {
    const set = sets[metric], d = factory.includes('PQ7') ? 63 : 64, rows = new Float32Array(set.queries.buffer, set.queries.byteOffset, 20 * 64);
    const built = await buildOn(engine, set, d === 64 ? factory : `PCA63,${factory}`), inner = built.index.kind === 'PreTransform' ? built.index.index : built.index;
    validIndex(built.index);
    for (let q = 0; q < 20; q++) {
      const query = rows.subarray(q * d, (q + 1) * d), walked = walkAll(inner, query), scanned = scanAll(codesOf(inner), query);
      expect(walked).toEqual(scanned);
    }
    release(built.arena);
  });

  it.each(['HNSW32,50+PQ16', 'HNSW32,256+PQ8', 'HNSW32,2x5+PQ16', 'HNSW32,2x3+PQ32'])('two levels, to rounding: %s', async (factory) => {
    const built = await buildOn(engine, sets.L2, factory), { index } = built, codes = codesOf(index);
    validIndex(index);
    for (let q = 0; q < 20; q++) {
      const query = sets.L2.queries.subarray(q * 64, (q + 1) * 64), { ids, dis } = walkAll(index, query), scanned = scanAll(codes, query);
      expect(ids.filter((id) => scanned.ids.includes(id)).length).toBeGreaterThanOrEqual(K - 1); // two may stand at one distance
      dis.forEach((v, i) => expect(Math.abs(v - (scanned.dis[i] ?? NaN))).toBeLessThan(1e-4 * v));
    }
    release(built.arena);
  });

  it('PQ is always L2, and so is what refines it', async () => {
    const built = await buildOn(engine, sets.IP, 'HNSW16,PQ16,RFlat');
    expect(built.index.kind === 'Refine' && [built.index.metric, built.index.base.metric, built.index.refine.metric]).toEqual(['L2', 'L2', 'L2']);
    release(built.arena);
  });

  it('more bits of either level lose less', async () => {
    const errors: number[] = [], arena = openArena(engine.memory), out = takeF32(arena, N * 64);
    for (const s of ['HNSW8,2x2+PQ4', 'HNSW8,2x4+PQ4', 'HNSW8,2x4+PQ16', 'HNSW8,256+PQ32']) {
      const built = await buildOn(engine, sets.L2, s), { codec, codes } = codesOf(built.index);
      decodeRows(engine.own, codec, codes.byteOffset, N, out.byteOffset);
      errors.push(out.reduce((sum, v, j) => sum + (v - (sets.L2.base[j] ?? 0)) ** 2, 0));
      release(built.arena);
    }
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    release(arena);
  });

  it.each(['HNSW8,SQ0', 'NSG8,SQtq4'])('refuses codes without a distance between them: %s', async (factory) => {
    await expect(buildOn(engine, sets.L2, factory)).rejects.toThrow('A graph is linked by distances between codes');
  });
});
