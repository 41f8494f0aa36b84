import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Kernels } from '../kernels/index';
import { compileKernels, instantiateKernels } from '../kernels/index';
import { pairSums } from '../kernels/sequence-twins';
import { bitSigns, hadamardRow, halfPeriodCode, hamming, signCode, unitRow } from '../kernels/sign-twins';
import { openArena, openMemory, release, take, takeF32, takeI32, takeU8 } from '../memory';
import { mulberry32 } from '../random';

const memory = openMemory([16 * 2 ** 20], true);
let build: Kernels, search: Kernels;
beforeAll(async () => {
  const modules = await compileKernels(true);
  build = await instantiateKernels(modules.build, memory.memory);
  search = await instantiateKernels(modules.search, memory.memory);
});

const random = mulberry32(11);
const fill = (x: Float32Array) => x.forEach((_, i) => { x[i] = (random() / 2 ** 32 - 0.5) * 4; });
const shape = fc.record({ n: fc.integer({ min: 1, max: 19 }), d: fc.integer({ min: 1, max: 70 }) });

/** Runs `use` on both binaries with an arena that is given back. */
function onBoth(use: (kernels: Kernels, arena: ReturnType<typeof openArena>) => void): void {
  for (const kernels of [build, search]) {
    const arena = openArena(memory);
    try { use(kernels, arena); } finally { release(arena); }
  }
}
const near = (got: ArrayLike<number>, want: ArrayLike<number>) => Array.from(want).forEach((v, i) => expect(Math.abs((got[i] ?? NaN) - v)).toBeLessThan(2e-5));

describe('rows', () => {
  it('are brought to unit length about a mean, and the mean itself to 0', () => {
    fc.assert(fc.property(shape, ({ n, d }) => onBoth((kernels, arena) => {
      const x = takeF32(arena, n * d), mean = takeF32(arena, d), out = takeF32(arena, n * d);
      fill(x); fill(mean);
      x.set(mean, 0);
      kernels.unitRows(x.byteOffset, mean.byteOffset, n, d, out.byteOffset);
      expect([...out.subarray(0, d)].every((v) => v === 0)).toBe(true);
      for (let i = 0; i < n; i++) near(out.subarray(i * d, (i + 1) * d), unitRow(x.subarray(i * d, (i + 1) * d), mean));
      kernels.unitRows(x.byteOffset, 0, n, d, x.byteOffset);
      for (let i = 0; i < n; i++) expect(Math.hypot(...x.subarray(i * d, (i + 1) * d))).toBeCloseTo(1, 5);
    })), { numRuns: 40 });
  });

  it('pass three rounds of signs and Hadamard matrices, which keep their length', () => {
    fc.assert(fc.property(shape, ({ n, d }) => onBoth((kernels, arena) => {
      const p = 2 ** Math.ceil(Math.log2(d)), x = takeF32(arena, n * d), signs = takeF32(arena, 3 * p), out = takeF32(arena, n * p);
      fill(x);
      signs.forEach((_, j) => { signs[j] = random() & 1 ? 1 : -1; });
      kernels.hadamardRows(x.byteOffset, n, d, signs.byteOffset, p, out.byteOffset);
      for (let i = 0; i < n; i++) {
        const row = x.subarray(i * d, (i + 1) * d), turned = out.subarray(i * p, (i + 1) * p);
        near(turned, hadamardRow(row, signs, p));
        expect(Math.hypot(...turned)).toBeCloseTo(Math.hypot(...row), 4);
      }
    })), { numRuns: 40 });
  });
});

describe('sign codes', () => {
  it('have one bit a component, and their distance counts the bits that differ', () => {
    fc.assert(fc.property(shape, fc.boolean(), ({ n, d }, limits) => onBoth((kernels, arena) => {
      const size = Math.ceil(d / 8), x = takeF32(arena, n * d), thresholds = takeF32(arena, d), codes = takeU8(arena, n * size), out = takeF32(arena, n);
      fill(x);
      fill(thresholds);
      thresholds[0] = x[0] ?? 0; // equal counts as above
      kernels.signBits(x.byteOffset, d, n, d, limits ? thresholds.byteOffset : 0, codes.byteOffset, size);
      const rows = Array.from({ length: n }, (_, i) => codes.subarray(i * size, (i + 1) * size));
      rows.forEach((row, i) => expect([...row]).toEqual([...signCode(x.subarray(i * d, (i + 1) * d), limits ? thresholds : new Float32Array(d))]));
      const [first] = rows;
      if (!first) throw new Error('no row');
      kernels.hammingToMany(codes.byteOffset, codes.byteOffset, n, size, 3, out.byteOffset);
      expect([...out]).toEqual(rows.map((row) => 3 + hamming(first, row)));
      const ids = takeI32(arena, n), components = takeF32(arena, n * size * 8);
      ids.forEach((_, i) => { ids[i] = random() % n; });
      kernels.hammingToIds(codes.byteOffset, codes.byteOffset, ids.byteOffset, n, size, out.byteOffset);
      expect([...out]).toEqual([...ids].map((id) => hamming(first, rows[id] ?? first)));
      kernels.bitSigns(codes.byteOffset, n, size, components.byteOffset);
      expect([...components]).toEqual(rows.flatMap((row) => [...bitSigns(row)]));
      kernels.signsOf(x.byteOffset, n * d);
      expect(new Set(x)).toEqual(new Set([...x].filter((v) => v === 1 || v === -1)));
    })), { numRuns: 40 });
  });
});

describe('half periods', () => {
  it('are odd or even from the thresholds of each row on, for periods long, short and negative', () => {
    fc.assert(fc.property(shape, fc.constantFrom(-1e10, 0.7, 3, -2), ({ n, d }, period) => onBoth((kernels, arena) => {
      const size = Math.ceil(d / 8), x = takeF32(arena, n * d), thresholds = takeF32(arena, 3 * d), list = takeI32(arena, n), codes = takeU8(arena, n * size);
      fill(x);
      fill(thresholds);
      list.forEach((_, i) => { list[i] = random() % 3; });
      const frequency = Math.fround(2 / period);
      kernels.halfPeriods(x.byteOffset, n, d, thresholds.byteOffset, list.byteOffset, frequency, codes.byteOffset, size);
      list.forEach((l, i) => expect([...codes.subarray(i * size, (i + 1) * size)]).toEqual([...halfPeriodCode(x.subarray(i * d, (i + 1) * d), thresholds.subarray(l * d, (l + 1) * d), frequency)]));
    })), { numRuns: 40 });
  });
});

describe('the multi-sequence', () => {
  it('gives the k least sums in order, every pair once, ties and all', () => {
    const half = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 8, maxLength: 8 });
    fc.assert(fc.property(fc.integer({ min: 1, max: 3 }), half, half, fc.integer({ min: 1, max: 64 }), (nbits, a, b, most) => onBoth((kernels, arena) => {
      const ksub = 2 ** nbits, k = Math.min(most, ksub * ksub);
      const table = takeF32(arena, 2 * ksub), dis = takeF32(arena, k), lists = takeI32(arena, k), room = take(arena, 28 * ksub);
      for (let i = 0; i < ksub; i++) { table[i] = (a[i] ?? 0) / 3; table[ksub + i] = (b[i] ?? 0) / 7; }
      kernels.multiSequence(table.byteOffset, ksub, nbits, k, dis.byteOffset, lists.byteOffset, room);
      expect([...dis]).toEqual(pairSums(table, ksub).slice(0, k));
      expect(new Set(lists).size).toBe(k);
      lists.forEach((list, i) => expect(dis[i]).toBe(Math.fround((table[list % ksub] ?? NaN) + (table[ksub + (list >> nbits)] ?? NaN))));
    })), { numRuns: 150 });
  });
});
