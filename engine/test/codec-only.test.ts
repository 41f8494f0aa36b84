import { describe, expect, it } from 'vitest';
import { costOf, readFactory } from '../factory/index';
import { l2 } from '../kernels/twins';
import { openArena, release, takeF32, takeI32, takeU8 } from '../memory';
import { decodeRows, opsOf } from '../quantizers/codec';
import { searchInto } from '../search';
import type { CodesIndex } from '../types';
import { testEngine } from './engine';
import { buildOn, measureOn, openGenerated } from './sets';
import { newWork } from '../work';
import { validIndex } from './valid-index';

const engine = await testEngine(2), thread = engine.own;
const set = await openGenerated(engine, 'synth64', 1_500), { n, d, base } = set;

async function codesOf(s: string): Promise<{ index: CodesIndex; rows: Float32Array; done: () => void }> {
  const built = await buildOn(engine, set, s), { spec } = readFactory(s), arena = openArena(engine.memory), { index } = built;
  if (index.kind !== 'Codes' || !spec) throw new Error(`${s} builds codes`);
  validIndex(index);
  expect(index.codec.codeSize).toBe(costOf(spec, d, n, 'L2').codeSize);
  const rows = takeF32(arena, n * d);
  decodeRows(thread, index.codec, index.codes.byteOffset, n, rows.byteOffset);
  return { index, rows, done: () => { release(arena); release(built.arena); } };
}

const errorOf = (rows: Float32Array) => rows.reduce((sum, v, i) => sum + (v - (base[i] ?? 0)) ** 2, 0) / n;

describe('codecs that Faiss does not search', () => {
  it('Residual: the list number, then the code of what its centroid leaves', async () => {
    for (const [s, bytes] of [['Residual64,PQ8x4', 1], ['Residual300,PQ8x4', 2], ['Residual2x3,PQ8x6', 1], ['Residual4x3,PQ16x4', 2]] as const) {
      const { index: { codec, codes }, rows, done } = await codesOf(s);
      if (codec.kind !== 'TwoLevel') throw new Error(`${s} has two levels`);
      const { first, pq } = codec;
      expect(first.codeSize).toBe(bytes);
      for (let i = 0; i < 40; i++) {
        let list = 0;
        for (let b = bytes - 1; b >= 0; b--) list = list * 256 + (codes[i * codec.codeSize + b] ?? 0);
        // No other centroid of a part is nearer, and each part of the code is nearest to what the first leaves.
        const rest = base.slice(i * d, (i + 1) * d), parts: number[] = [];
        for (let m = 0; m < first.M; m++) { parts.push(list % first.ksub); list = Math.floor(list / first.ksub); }
        expect(parts).toEqual(parts.map((_, m) => nearest(first, m, rest)));
        parts.forEach((k, m) => { for (let j = 0; j < first.dsub; j++) rest[m * first.dsub + j] = (rest[m * first.dsub + j] ?? 0) - (first.centroids[(m * first.ksub + k) * first.dsub + j] ?? 0); });
        const left = rows.slice(i * d, (i + 1) * d).map((v, j) => (base[i * d + j] ?? 0) - v - (rest[j] ?? 0));
        for (let m = 0; m < pq.M; m++) {
          const k = nearest(pq, m, rest);
          for (let j = 0; j < pq.dsub; j++) expect(-(left[m * pq.dsub + j] ?? 0)).toBeCloseTo(pq.centroids[(m * pq.ksub + k) * pq.dsub + j] ?? NaN, 3);
        }
      }
      done();
    }
  });

  type Book = { ksub: number; dsub: number; centroids: Float32Array };
  function nearest({ ksub, dsub, centroids }: Book, m: number, x: Float32Array): number {
    let best = 0, least = Infinity;
    for (let k = 0; k < ksub; k++) {
      let sum = 0;
      for (let j = 0; j < dsub; j++) sum += ((x[m * dsub + j] ?? 0) - (centroids[(m * ksub + k) * dsub + j] ?? 0)) ** 2;
      if (sum < least) { least = sum; best = k; }
    }
    return best;
  }

  it('Residual: more of either level leaves less', async () => {
    for (const strings of [['Residual16,PQ8x4', 'Residual256,PQ8x4', 'Residual256,PQ16x4', 'Residual256,PQ16x6'], ['Residual1x4,PQ8', 'Residual2x4,PQ8', 'Residual4x4,PQ8']]) {
      const errors: number[] = [];
      for (const s of strings) {
        const { rows, done } = await codesOf(s);
        errors.push(errorOf(rows));
        done();
      }
      expect(errors).toEqual([...errors].sort((a, b) => b - a));
    }
  });

  it('MinMax: every vector in its own range, which stands before the code', async () => {
    for (const [s, head, most] of [['MinMax,Flat', 8, 1e-4], ['MinMaxFP16,Flat', 4, 1e-4], ['MinMax,SQ8', 8, 0.1], ['MinMaxFP16,SQ4', 4, 20], ['MinMax,MinMaxFP16,SQ8', 12, 0.1]] as const) {
      const { index: { codec, codes }, rows, done } = await codesOf(s);
      if (codec.kind !== 'MinMax') throw new Error(`${s} is MinMax`);
      expect(codec.codeSize - innermost(codec).codeSize).toBe(head);
      expect(errorOf(rows), s).toBeLessThan(most);
      if (!codec.half) for (let i = 0; i < 20; i++) {
        const row = base.subarray(i * d, (i + 1) * d), least = Math.min(...row), code = new DataView(codes.buffer, codes.byteOffset + i * codec.codeSize);
        expect([code.getFloat32(0, true), code.getFloat32(4, true)]).toEqual([Math.fround(Math.max(...row) - least), least]);
      }
      done();
    }
  });

  const innermost = (codec: { codeSize: number; inner?: unknown; kind: string }): { codeSize: number } =>
    codec.kind === 'MinMax' && codec.inner ? innermost(codec.inner as { codeSize: number; kind: string }) : codec;

  it('MinMax: vectors of whole steps come back exactly, and equal components too', () => {
    const arena = openArena(engine.memory), rows = takeF32(arena, 3 * 4), out = takeF32(arena, 3 * 4), { top } = thread;
    rows.set([7, 7, 7, 7, -2, 0, 2, 1, 100, 101, 103, 104]);
    const codec = { kind: 'MinMax', d: 4, half: true, codeSize: 20, inner: { kind: 'Flat', d: 4, codeSize: 16 } } as const, codes = takeU8(arena, 60);
    opsOf(codec).encode(thread, codec, [], rows.byteOffset, 3, codes.byteOffset);
    decodeRows(thread, codec, codes.byteOffset, 3, out.byteOffset);
    expect([...out]).toEqual([...rows]);
    thread.top = top;
    release(arena);
  });

  it.each(['Residual64,PQ8x4', 'MinMax,SQ8', 'PCA16,Residual16,PQ4x4', 'Residual16,PQ8x4,RFlat'])('%s: a search is refused with the reason', async (s) => {
    const built = await buildOn(engine, set, s);
    await expect(measureOn(engine, set, built, {})).rejects.toThrow(/is a codec/);
    release(built.arena);
  });

  it('codes can be compared all the same: as what they decode to', async () => {
    for (const s of ['Residual64,PQ8x4', 'MinMaxFP16,SQ4']) {
      const { index, rows, done } = await codesOf(s), arena = openArena(engine.memory), k = 5, dis = takeF32(arena, k), ids = takeI32(arena, k), { top } = thread, query = set.queries.subarray(0, d);
      searchInto(thread, index, query.byteOffset, k, {}, dis.byteOffset, ids.byteOffset, newWork());
      expect(thread.top).toBe(top);
      const want = Array.from({ length: n }, (_, i) => l2(query, rows.subarray(i * d, (i + 1) * d))).sort((x, y) => x - y);
      [...ids].forEach((id, i) => expect(Math.abs(l2(query, rows.subarray(id * d, (id + 1) * d)) - (want[i] ?? NaN))).toBeLessThan(1e-3));
      release(arena);
      done();
    }
  });

  it('no cells are found through one, and Residual re-ranks what another index finds', async () => {
    for (const s of ['IVF16(MinMax,SQ8),Flat', 'IVF16(Residual4,PQ4x2),Flat']) await expect(buildOn(engine, set, s)).rejects.toThrow(/is a codec/);
    const recall: number[] = [];
    for (const s of ['PQ4x4', 'PQ4x4,Refine(Residual64,PQ32x4)']) {
      const built = await buildOn(engine, set, s);
      recall.push((await measureOn(engine, set, built, { k_factor_rf: 16 })).recall['k@k']);
      release(built.arena);
    }
    expect(recall[1]).toBeGreaterThan((recall[0] ?? 1) + 0.2);
    const refined = await buildOn(engine, set, 'PQ4x4,Refine(MinMax,SQ8)');
    await expect(measureOn(engine, set, refined, {})).rejects.toThrow(/is a codec/);
    release(refined.arena);
  });
});
