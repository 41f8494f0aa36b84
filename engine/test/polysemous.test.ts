import { beforeAll, describe, expect, it } from 'vitest';
import * as twin from '../kernels/polysemous-twins';
import type { Kernels } from '../kernels/index';
import { compileKernels, instantiateKernels } from '../kernels/index';
import { l2 } from '../kernels/twins';
import { openArena, openMemory, release, take, takeF32, takeU32, takeU8 } from '../memory';
import { cancel, resume } from '../pool';
import { decodeRows } from '../quantizers/codec';
import { symmetricDistances } from '../quantizers/sdc';
import { mulberry32 } from '../random';
import { prepareSearch } from '../search';
import type { Index } from '../types';
import { testEngine } from './engine';
import { buildOn, measureOn, openGenerated } from './sets';

const random = mulberry32(8);
const below = (n: number) => random() % n;

describe('kernels of polysemous codes', () => {
  const memory = openMemory([4 * 2 ** 20], true), arena = openArena(memory);
  let both: Kernels[] = [];
  beforeAll(async () => {
    const modules = await compileKernels(true);
    both = [await instantiateKernels(modules.build, memory.memory), await instantiateKernels(modules.search, memory.memory)];
  });

  it('annealing makes the exchanges of the twin, over several calls', () => {
    for (const n of [16, 32, 64]) {
      const weights = takeF32(arena, n * n), targets = takeF32(arena, n * n), perm = takeU8(arena, n), draws = takeU32(arena, 900), state = take(arena, 16), view = new DataView(memory.memory.buffer);
      // whole numbers: every sum of floats is exact
      for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) {
        weights[i * n + j] = weights[j * n + i] = below(5);
        targets[i * n + j] = targets[j * n + i] = below(40);
      }
      draws.forEach((_, i) => { draws[i] = random(); });
      perm.forEach((_, i) => { perm[i] = i; });
      view.setFloat64(state, 0.5, true);
      view.setUint32(state + 8, 0, true);
      let want = [...perm], at = 0, temperature = 0.5;
      for (let call = 0; call < 3; call++) {
        both[0]?.anneal(weights.byteOffset, targets.byteOffset, n, perm.byteOffset, draws.byteOffset, state, 0.99, 80);
        for (let r = 0; r < 80; r++) {
          temperature *= 0.99;
          const round = twin.annealRound(want, weights, targets, [...draws.subarray(at, at + 3)], temperature);
          want = round.perm;
          at += round.used;
        }
        expect([...perm]).toEqual(want);
        expect(view.getUint32(state + 8, true)).toBe(at);
        expect(view.getFloat64(state, true)).toBe(temperature);
      }
    }
  });

  it('the nearest entries are found, and codes that differ in too many bits are infinitely far', () => {
    for (const M of [1, 7, 8, 19]) {
      const n = 200, table = takeF32(arena, M * 256), code = takeU8(arena, M), codes = takeU8(arena, n * M), out = takeF32(arena, n + 4);
      table.forEach((_, i) => { table[i] = below(50); });
      codes.forEach((_, i) => { codes[i] = below(256); });
      for (const kernels of both) {
        kernels.leastEntries(table.byteOffset, M, code.byteOffset);
        expect([...code]).toEqual(Array.from({ length: M }, (_, m) => { const part = [...table.subarray(m * 256, (m + 1) * 256)]; return part.indexOf(Math.min(...part)); }));
        const ht = 4 * M, near = kernels.scanNear(table.byteOffset, M, codes.byteOffset, n, code.byteOffset, ht, 3, out.byteOffset);
        const want = Array.from({ length: n }, (_, i) => {
          const own = codes.subarray(i * M, (i + 1) * M);
          return twin.bitsBetween(code, own) < ht ? own.reduce((sum, k, m) => sum + (table[m * 256 + k] ?? 0), 3) : Infinity;
        });
        expect([...out.subarray(0, n)]).toEqual(want);
        expect(near).toBe(want.filter(Number.isFinite).length);
        expect(near).toBeGreaterThan(0);
        expect(near).toBeLessThan(n);
      }
    }
  });
});

describe('codes in an order that bits tell', async () => {
  const engine = await testEngine(2), other = await testEngine(0), thread = engine.own;

  function decoded(index: Index): number[] {
    if (index.kind !== 'Codes' && index.kind !== 'IVF') throw new Error('an index of codes is expected');
    const arena = openArena(engine.memory), rows = takeF32(arena, index.n * index.d);
    decodeRows(thread, index.codec, index.codes.byteOffset, index.n, rows.byteOffset);
    release(arena);
    return [...rows];
  }

  it.each(['PQ4', 'IVF8,PQ4', 'IMI2x3,PQ4', 'PCA32,PQ4,RFlat'])('%s: nothing changes but the codes, and fewer are looked up', async (s) => {
    const set = await openGenerated(engine, 'synth64', 2_000), built = await buildOn(engine, set, s), base = s.startsWith('PCA') ? null : built.index;
    const vectors = base && decoded(base), plain = await measureOn(engine, set, built, { nprobe: 8 });
    const recall: number[] = [], ndis: number[] = [];
    for (const ht of [10, 14, 32]) {
      const measured = await measureOn(engine, set, built, { nprobe: 8, ht });
      recall.push(measured.recall['k@k']);
      ndis.push(measured.ndis);
      expect(measured.recall['k@k'] + Object.values(measured.lost).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    }
    expect(recall).toEqual([...recall].sort((a, b) => a - b));
    expect(ndis).toEqual([...ndis].sort((a, b) => a - b));
    expect(recall[2]).toBe(plain.recall['k@k']);
    if (base) expect(decoded(base)).toEqual(vectors);
    // Half of the bits are a coin's: without an order 14 of 32 leave no more of the neighbours than of the codes.
    expect((recall[1] ?? 0) / (recall[2] ?? 1)).toBeGreaterThan((2 * (ndis[1] ?? 0)) / (ndis[2] ?? 1));
    release(built.arena);
  });

  it('inner products are filtered by the residual in lists, and not without lists', async () => {
    const set = await openGenerated(engine, 'synth64', 2_000, 'IP'), built = await buildOn(engine, set, 'IVF8,PQ4');
    const [few, all] = [await measureOn(engine, set, built, { nprobe: 8, ht: 14 }), await measureOn(engine, set, built, { nprobe: 8 })];
    expect(few.recall['k@k'] / all.recall['k@k']).toBeGreaterThan((1.3 * few.ndis) / all.ndis);
    release(built.arena);
    const flat = await buildOn(engine, set, 'PQ4');
    await expect(measureOn(engine, set, flat, { ht: 14 })).rejects.toThrow('L2 only');
    release(flat.arena);
  });

  it('is the same on any number of threads, learnt once, and left as it was by a cancel', async () => {
    const found: string[] = [];
    for (const on of [engine, other]) {
      const set = await openGenerated(on, 'synth64', 1_000), { index, arena } = await buildOn(on, set, 'PQ2');
      if (index.kind !== 'Codes' || index.codec.kind !== 'PQ') throw new Error('PQ2 builds codes');
      const before = index.codes.join();
      await prepareSearch(on, index, { ht: 16 });
      expect(index.codec.order).toBe('due');
      on.report = (_, done) => { if (done > 0) cancel(on); };
      await expect(prepareSearch(on, index, { ht: 4 })).rejects.toThrow('cancelled');
      on.report = () => {};
      resume(on);
      expect([index.codec.order, index.codes.join()]).toEqual(['due', before]);
      await prepareSearch(on, index, { ht: 4 });
      expect(index.codec.order).toBe('done');
      found.push([index.codes.join(), index.codec.centroids.join()].join(' '));
      expect(index.codes.join()).not.toBe(before);
      await prepareSearch(on, index, { ht: 5 });
      expect([index.codes.join(), index.codec.centroids.join()].join(' ')).toBe(found.at(-1));
      release(arena);
    }
    expect(found[1]).toBe(found[0]);
  });

  it('np leaves the codes as they were trained', async () => {
    const set = await openGenerated(engine, 'synth64', 1_000), { index, arena } = await buildOn(engine, set, 'PQ2np');
    if (index.kind !== 'Codes') throw new Error('PQ2np builds codes');
    const before = index.codes.join();
    await prepareSearch(engine, index, { ht: 4 });
    expect(index.codes.join()).toBe(before);
    release(arena);
  });

  it('symmetric distances are those of what two codes stand for, the same both ways', async () => {
    for (const s of ['PQ8', 'PQ8x4', 'PQ16x6']) {
      const set = await openGenerated(engine, 'synth64', 600), { index, arena: held } = await buildOn(engine, set, s), n = 40, arena = openArena(engine.memory), { d } = set;
      if (index.kind !== 'Codes' || index.codec.kind !== 'PQ') throw new Error(`${s} builds codes`);
      const { codec, codes } = index, rows = takeF32(arena, n * d), out = takeF32(arena, n + 4), { top } = thread;
      decodeRows(thread, codec, codes.byteOffset, n, rows.byteOffset);
      const row = (i: number) => rows.subarray(i * d, (i + 1) * d), all: number[][] = [];
      for (let i = 0; i < n; i++) {
        symmetricDistances(thread, codec, codes.byteOffset + i * codec.codeSize, codes.byteOffset, n, out.byteOffset);
        all.push([...out.subarray(0, n)]);
      }
      expect(thread.top).toBe(top);
      all.forEach((line, i) => line.forEach((v, j) => {
        expect(Math.abs(v - l2(row(i), row(j)))).toBeLessThan(2e-3);
        expect(Math.abs(v - (all[j]?.[i] ?? NaN))).toBeLessThan(2e-3);
      }));
      release(arena);
      release(held);
    }
  });
});
