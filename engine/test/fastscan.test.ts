import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as twin from '../kernels/code-twins';
import type { Kernels } from '../kernels/index';
import { compileKernels, instantiateKernels } from '../kernels/index';
import { codeAt, smallest } from '../kernels/twins';
import { openArena, openMemory, release, takeF32, takeI32, takeU8 } from '../memory';
import type { Arena } from '../memory';
import { decodeRows } from '../quantizers/codec';
import { mulberry32 } from '../random';
import type { Index } from '../types';
import { testEngine } from './engine';
import { buildOn, measureOn, openGenerated } from './sets';

const memory = openMemory([16 * 2 ** 20], true);
let both: Kernels[];
beforeAll(async () => {
  const modules = await compileKernels(true);
  both = [await instantiateKernels(modules.build, memory.memory), await instantiateKernels(modules.search, memory.memory)];
});

const random = mulberry32(5);
const unit = () => random() / 2 ** 32;
function inArena(use: (arena: Arena) => void): void {
  const arena = openArena(memory);
  try { use(arena); } finally { release(arena); }
}

/** Random codes of M parts, packed by `kernels`, and random tables for them. */
function blocksOf(arena: Arena, kernels: Kernels, n: number, M: number) {
  const M2 = M + (M % 2), codeSize = Math.ceil(M / 2), count = Math.ceil(n / 32);
  const codes = takeU8(arena, n * codeSize), blocks = takeU8(arena, count * M2 * 16).fill(255);
  codes.forEach((_, i) => { codes[i] = random() & (M % 2 && i % codeSize === codeSize - 1 ? 15 : 255); });
  kernels.packBlocks(codes.byteOffset, n, codeSize, M2, blocks.byteOffset);
  const tables = takeF32(arena, M * 16), rounded = takeU8(arena, M2 * 16), scale = takeF32(arena, 2), sums = takeF32(arena, count * 16);
  tables.forEach((_, i) => { tables[i] = (unit() - 0.3) * (1 + (i >> 4)); });
  kernels.roundTables(tables.byteOffset, M, rounded.byteOffset, scale.byteOffset);
  return { M2, codeSize, codes, blocks, tables, rounded, scale, sums };
}
const sizes = fc.record({ n: fc.integer({ min: 1, max: 150 }), M: fc.integer({ min: 1, max: 70 }) });

describe('fast-scan kernels', () => {
  it('blocks hold every part where Faiss puts it, the rest is 0, and they unpack again', () => {
    fc.assert(fc.property(sizes, ({ n, M }) => inArena((arena) => {
      for (const kernels of both) {
        const { M2, codeSize, codes, blocks } = blocksOf(arena, kernels, n, M), again = takeU8(arena, n * codeSize);
        const all = Math.ceil(n / 32) * 32;
        for (let i = 0; i < all; i++) for (let m = 0; m < M2; m++) {
          expect(twin.blockCode(blocks, M2, i, m)).toBe(i < n && m < M ? codeAt(codes.subarray(i * codeSize, (i + 1) * codeSize), m, 4) : 0);
        }
        const from = Math.floor(n / 3);
        kernels.unpackBlocks(blocks.byteOffset, from, n - from, codeSize, M2, again.byteOffset);
        expect([...again.subarray(0, (n - from) * codeSize)]).toEqual([...codes.subarray(from * codeSize)]);
      }
    })), { numRuns: 25 });
  });

  it('tables are rounded with one scale, the widest to 255', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 70 }), (M) => inArena((arena) => {
      for (const kernels of both) {
        const { tables, rounded, scale } = blocksOf(arena, kernels, 1, M), { a, base } = twin.roundedScale(tables, M);
        expect(scale[0]).toBe(Math.fround(1 / a));
        expect(scale[1]).toBe(base);
        for (let m = 0; m < M; m++) {
          const part = tables.subarray(m * 16, (m + 1) * 16), low = Math.min(...part);
          part.forEach((v, k) => expect(rounded[m * 16 + k]).toBe(Math.floor(Math.fround(Math.fround(Math.fround(v - low) * a) + 0.5))));
        }
        expect(Math.max(...rounded)).toBe(255);
        if (M % 2) expect([...rounded.subarray(M * 16)]).toEqual(new Array(16).fill(0));
      }
    })), { numRuns: 40 });
  });

  it('a thousand parts still sum below 2¹⁶, and equal entries make no scale', () => inArena((arena) => {
    const M = 1000, tables = takeF32(arena, M * 16), rounded = takeU8(arena, M * 16), scale = takeF32(arena, 2);
    const [kernels] = both;
    tables.forEach((_, i) => { tables[i] = i % 16 === 3 ? 7 : 2.5; });
    kernels?.roundTables(tables.byteOffset, M, rounded.byteOffset, scale.byteOffset);
    let most = 0;
    for (let m = 0; m < M; m++) most += Math.max(...rounded.subarray(m * 16, (m + 1) * 16));
    expect(most).toBeLessThan(2 ** 16);
    expect(most).toBeGreaterThan(0.98 * 2 ** 16);
    tables.fill(4);
    kernels?.roundTables(tables.byteOffset, M, rounded.byteOffset, scale.byteOffset);
    expect([...scale]).toEqual([1, 4 * M]);
    expect(rounded.every((v) => v === 0)).toBe(true);
  }));

  it('sums equal the twin, bit for bit', () => {
    fc.assert(fc.property(sizes, ({ n, M }) => inArena((arena) => {
      for (const kernels of both) {
        const { M2, blocks, rounded, sums } = blocksOf(arena, kernels, n, M), out = takeF32(arena, n + 4);
        kernels.blockSums(rounded.byteOffset, M2, blocks.byteOffset, n, sums.byteOffset);
        const got = new Uint16Array(sums.buffer, sums.byteOffset, n);
        expect([...got]).toEqual(Array.from(got, (_, i) => twin.blockSum(rounded, blocks, M2, i)));
        kernels.sumsToDistances(sums.byteOffset, n, 0.25, -3, out.byteOffset);
        expect([...out.subarray(0, n)]).toEqual(Array.from(got, (s) => s / 4 - 3));
      }
    })), { numRuns: 40 });
  });

  it('the k nearest are those of all distances, ties by id, wherever the list is cut', () => {
    const cases = fc.record({ n: fc.integer({ min: 1, max: 400 }), M: fc.integer({ min: 1, max: 20 }), k: fc.integer({ min: 1, max: 40 }), cut: fc.integer({ min: 1, max: 5 }), step: fc.constantFrom(1, 0.3, 1e-4) });
    fc.assert(fc.property(cases, ({ n, M, k, cut, step }) => inArena((arena) => {
      for (const kernels of both) {
        const { M2, blocks, rounded } = blocksOf(arena, kernels, n, M), room = takeU8(arena, 64), dis = takeF32(arena, k), ids = takeI32(arena, k), names = takeI32(arena, n);
        names.forEach((_, i) => { names[i] = n - i; });
        const distance = (i: number) => Math.fround(Math.fround(-2.5) + Math.fround(Math.fround(step) * twin.blockSum(rounded, blocks, M2, i)));
        for (const named of [false, true]) {
          kernels.heapClear(dis.byteOffset, ids.byteOffset, k);
          for (let i = 0; i < n; i += 32 * cut) {
            const idOf = named ? names.byteOffset + i * 4 : 0;
            kernels.blocksToHeap(rounded.byteOffset, M2, blocks.byteOffset + (i / 32) * M2 * 16, Math.min(32 * cut, n - i), step, -2.5, idOf, i, room.byteOffset, dis.byteOffset, ids.byteOffset, k);
          }
          const filled = kernels.heapSort(dis.byteOffset, ids.byteOffset, k);
          const values = Float32Array.from({ length: n + 1 }, (_, id) => (named ? (id === 0 ? Infinity : distance(n - id)) : id < n ? distance(id) : Infinity));
          const want = smallest(values, Math.min(n, k));
          expect([...ids.subarray(0, filled)]).toEqual(want.map(({ id }) => id));
          expect([...dis.subarray(0, filled)]).toEqual(want.map(({ value }) => value));
        }
      }
    })), { numRuns: 60 });
  });
});

describe('fast-scan indexes', async () => {
  const engine = await testEngine(2), thread = engine.own;

  it('codes and decodes as the plain 4-bit code does, in lists too', async () => {
    const set = await openGenerated(engine, 'synth64', 3_000);
    for (const [fast, plain] of [['PQ16x4fs', 'PQ16x4'], ['IVF16,PQ16x4fsr', 'IVF16,PQ16x4']] as const) {
      const built = await buildOn(engine, set, fast), other = await buildOn(engine, set, plain), { top } = thread;
      expect(listsDecoded(built.index)).toEqual(listsDecoded(other.index));
      thread.top = top;
      release(built.arena);
      release(other.arena);
    }
  });

  /** Vectors from the codes of each list. */
  function listsDecoded(index: Index): number[][] {
    if (index.kind !== 'IVF' && index.kind !== 'Codes') throw new Error('an index of codes is expected');
    const { codec, codes, d, n } = index, starts = index.kind === 'IVF' ? index.offsets : Uint32Array.of(0, n);
    const bytes = codec.kind === 'PQfs' ? (codec.M + (codec.M % 2)) * 16 : codec.codeSize;
    const blocks = index.kind === 'IVF' ? index.blocks : starts, arena = openArena(engine.memory);
    const lists = Array.from({ length: starts.length - 1 }, (_, l) => {
      const count = (starts[l + 1] ?? 0) - (starts[l] ?? 0), out = takeF32(arena, count * d);
      decodeRows(thread, codec, codes.byteOffset + (blocks[l] ?? 0) * bytes, count, out.byteOffset);
      return [...out];
    });
    release(arena);
    return lists;
  }

  it.each(['L2', 'IP'] as const)('%s: rounding the tables costs next to nothing', async (metric) => {
    const set = await openGenerated(engine, 'synth64', 4_000, metric);
    for (const [fast, plain] of [['PQ16x4fs', 'PQ16x4'], ['PQ16x4fs_64', 'PQ16x4'], ['IVF16,PQ16x4fsr', 'IVF16,PQ16x4'], ['PQ64x4fs', 'PQ64x4']] as const) {
      const recall: number[] = [];
      for (const s of [fast, plain]) {
        const built = await buildOn(engine, set, s);
        recall.push((await measureOn(engine, set, built, { nprobe: 4 })).recall['k@k']);
        release(built.arena);
      }
      expect(Math.abs((recall[0] ?? 0) - (recall[1] ?? 1)), fast).toBeLessThan(0.015);
    }
  });
});
