import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Kernels } from '../kernels/index';
import { compileKernels, instantiateKernels } from '../kernels/index';
import * as twin from '../kernels/twins';
import { openArena, openMemory, release, take, takeF32, takeI32, takeU8 } from '../memory';
import { mulberry32 } from '../random';

const memory = openMemory([32 * 2 ** 20], true);
let build: Kernels, search: Kernels;
beforeAll(async () => {
  const modules = await compileKernels(true);
  build = await instantiateKernels(modules.build, memory.memory);
  search = await instantiateKernels(modules.search, memory.memory);
});

const both = () => [build, search];
const random = mulberry32(7);
const fill = (x: Float32Array) => x.forEach((_, i) => { x[i] = (random() / 2 ** 32 - 0.5) * 4; });
const sizes = fc.record({ n: fc.integer({ min: 1, max: 37 }), m: fc.integer({ min: 1, max: 43 }), d: fc.integer({ min: 1, max: 41 }) });

/** Runs `use` with an arena that is given back. */
function inArena(use: (arena: ReturnType<typeof openArena>) => void): void {
  const arena = openArena(memory);
  try { use(arena); } finally { release(arena); }
}
const close = (got: number, want: number, scale = Math.abs(want)) => expect(Math.abs(got - want)).toBeLessThanOrEqual(1e-5 * (scale + 1));

describe('distances', () => {
  it('one to many equals the twin for any n and d', () => {
    fc.assert(fc.property(sizes, ({ n, d }) => inArena((arena) => {
      const x = takeF32(arena, d), y = takeF32(arena, n * d), out = takeF32(arena, n + 4), ids = takeI32(arena, n);
      fill(x); fill(y);
      ids.forEach((_, i) => { ids[i] = (i * 7) % n; });
      for (const kernels of both()) {
        for (const [ipFlag, toMany, distance] of [[0, kernels.l2ToMany, twin.l2], [1, kernels.ipToMany, twin.ip]] as const) {
          toMany(x.byteOffset, y.byteOffset, n, d, out.byteOffset);
          for (let i = 0; i < n; i++) close(out[i] ?? NaN, distance(x, y.subarray(i * d, (i + 1) * d)), d);
          kernels.toIds(x.byteOffset, y.byteOffset, ids.byteOffset, n, d, ipFlag, out.byteOffset);
          ids.forEach((id, i) => close(out[i] ?? NaN, distance(x, y.subarray(id * d, (id + 1) * d)), d));
        }
      }
    })), { numRuns: 60 });
  });

  it('the packed argmin finds a row as near as the nearest', () => {
    fc.assert(fc.property(sizes, ({ n, m, d }) => inArena((arena) => {
      const x = takeF32(arena, n * d), y = takeF32(arena, m * d), n4 = Math.ceil(n / 4) * 4, m8 = Math.ceil(m / 8) * 8;
      fill(x); fill(y);
      const px = take(arena, n4 * d * 4), py = take(arena, m8 * d * 4), add = takeF32(arena, m8).fill(3e38), best = takeI32(arena, n4), value = takeF32(arena, n4);
      build.pack4(x.byteOffset, d, n, d, px);
      build.pack8(y.byteOffset, d, m, d, py);
      build.normsSqr(y.byteOffset, d, m, d, add.byteOffset);
      build.nearest(px, n4, py, m8, d, -2, add.byteOffset, best.byteOffset, value.byteOffset);
      for (let i = 0; i < n; i++) {
        const row = x.subarray(i * d, (i + 1) * d), at = best[i] ?? -1, want = twin.nearest(row, y);
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at).toBeLessThan(m);
        close(twin.l2(row, y.subarray(at * d, (at + 1) * d)), twin.l2(row, y.subarray(want * d, (want + 1) * d)), d);
      }
    })), { numRuns: 60 });
  });

  it('products are alpha·⟨x, y⟩ + add, and gram is Xᵀ·Y', () => {
    fc.assert(fc.property(sizes, ({ n, m, d }) => inArena((arena) => {
      const x = takeF32(arena, n * d), y = takeF32(arena, m * d), n4 = Math.ceil(n / 4) * 4, m8 = Math.ceil(m / 8) * 8;
      fill(x); fill(y);
      const px = take(arena, n4 * d * 4), py = take(arena, m8 * d * 4), add = takeF32(arena, m8), out = takeF32(arena, n4 * m8);
      fill(add);
      build.pack4(x.byteOffset, d, n, d, px);
      build.pack8(y.byteOffset, d, m, d, py);
      build.products(px, n4, py, m8, d, -3, add.byteOffset, out.byteOffset, m8);
      for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) {
        close(out[i * m8 + j] ?? NaN, 3 * twin.ip(x.subarray(i * d, (i + 1) * d), y.subarray(j * d, (j + 1) * d)) + (add[j] ?? 0), d * 4);
      }
      const square = takeF32(arena, d * d).fill(0);
      build.gram(x.byteOffset, n, d, x.byteOffset, d, 0, d, 0, square.byteOffset);
      for (let a = 0; a < d; a++) for (let b = 0; b < d; b++) {
        let want = 0;
        for (let i = 0; i < n; i++) want += (x[i * d + a] ?? 0) * (x[i * d + b] ?? 0);
        close(square[a * d + b] ?? NaN, want, n * 4);
      }
      const upper = takeF32(arena, d * d).fill(0);
      build.gram(x.byteOffset, n, d, x.byteOffset, d, 0, d, 1, upper.byteOffset);
      for (let a = 0; a < d; a++) expect(upper.subarray(a * d + a, (a + 1) * d)).toEqual(square.subarray(a * d + a, (a + 1) * d));
    })), { numRuns: 40 });
  });

  it('rows less their mean: sums and differences in double precision', () => {
    fc.assert(fc.property(sizes, ({ n, d }) => inArena((arena) => {
      const x = takeF32(arena, n * d), out = takeF32(arena, n * d), sums = new Float64Array(memory.memory.buffer, take(arena, d * 8), d).fill(0);
      fill(x);
      build.sumColumns(x.byteOffset, n, d, sums.byteOffset);
      expect(sums.slice()).toEqual(twin.sumColumns(x, d));
      const mean = sums.map((v) => v / n);
      sums.set(mean);
      for (const to of [out, x]) {
        const want = twin.lessColumns(x, mean);
        build.lessColumns(x.byteOffset, n, d, sums.byteOffset, to.byteOffset);
        expect(to.slice()).toEqual(want);
      }
    })), { numRuns: 60 });
  });
});

describe('top-k', () => {
  it('keeps the k smallest by (distance, id), in any order of arrival and with ties', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 90 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 7 }), (values, k, step) => inArena((arena) => {
      const all = takeF32(arena, values.length + 4), dis = takeF32(arena, k), ids = takeI32(arena, k);
      all.set(values);
      for (const kernels of both()) {
        kernels.heapClear(dis.byteOffset, ids.byteOffset, k);
        for (let i = 0; i < values.length; i += 4 * step) kernels.heapPush(all.byteOffset + i * 4, Math.min(4 * step, values.length - i), 0, i, dis.byteOffset, ids.byteOffset, k);
        const filled = kernels.heapSort(dis.byteOffset, ids.byteOffset, k), want = twin.smallest(all.subarray(0, values.length), k);
        expect(filled).toBe(want.length);
        expect([...ids]).toEqual(Array.from({ length: k }, (_, i) => want[i]?.id ?? -1));
        expect([...dis.subarray(0, filled)]).toEqual(want.map(({ value }) => value));
      }
    })), { numRuns: 200 });
  });
});

describe('top-k of counts', () => {
  it('what comes first stays, and of equal ones the largest id leaves', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.nat(1000)), { minLength: 1, maxLength: 90 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 30 }), (pairs, k, step) => inArena((arena) => {
      const all = takeF32(arena, pairs.length), names = takeI32(arena, pairs.length), dis = takeF32(arena, k), ids = takeI32(arena, k), n = pairs.length;
      all.set(pairs.map(([v]) => v));
      names.set(pairs.map(([, id], i) => id * 100 + i)); // no two alike
      for (const kernels of both()) {
        kernels.heapClear(dis.byteOffset, ids.byteOffset, k);
        for (let i = 0; i < n; i += step) kernels.heapPushFirst(all.byteOffset + i * 4, Math.min(step, n - i), names.byteOffset + i * 4, 0, dis.byteOffset, ids.byteOffset, k);
        const filled = kernels.heapSort(dis.byteOffset, ids.byteOffset, k), want = twin.firstSmallest(all, names, k);
        expect([...ids.subarray(0, filled)]).toEqual(want.map(({ id }) => id));
        expect([...dis.subarray(0, filled)]).toEqual(want.map(({ value }) => value));
      }
    })), { numRuns: 200 });
  });
});

describe('product quantizer codes', () => {
  it('two rows are added to the last number and no further', () => inArena((arena) => {
    for (let n = 1; n <= 13; n++) {
      const a = takeF32(arena, n + 4), b = takeF32(arena, n + 4), out = takeF32(arena, n + 4).fill(7);
      fill(a);
      fill(b);
      build.addRows(a.byteOffset, b.byteOffset, n, out.byteOffset);
      expect([...out]).toEqual([...a.subarray(0, n).map((v, j) => v + (b[j] ?? 0)), 7, 7, 7, 7]);
    }
  }));

  it('stores any width up to 16 bits and sums the right table entries', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 19 }), fc.integer({ min: 1, max: 9 }), (nbits, M, n) => inArena((arena) => {
      const ksub = 2 ** nbits, codeSize = Math.ceil((M * nbits) / 8);
      const codes = takeU8(arena, n * codeSize + 4).fill(0), best = takeI32(arena, n), out = takeF32(arena, n + 4), table = takeF32(arena, M * ksub);
      fill(table);
      const want = Array.from({ length: n }, () => Array.from({ length: M }, () => random() % ksub));
      for (let m = 0; m < M; m++) {
        want.forEach((code, i) => { best[i] = code[m] ?? 0; });
        build.storeCodes(best.byteOffset, n, m, nbits, codes.byteOffset, codeSize);
      }
      const rows = want.map((_, i) => codes.subarray(i * codeSize, (i + 1) * codeSize));
      rows.forEach((row, i) => expect(Array.from({ length: M }, (_, m) => twin.codeAt(row, m, nbits))).toEqual(want[i]));
      for (const kernels of both()) {
        kernels.scanBits(table.byteOffset, M, nbits, codes.byteOffset, codeSize, n, 1.5, out.byteOffset);
        rows.forEach((row, i) => close(out[i] ?? NaN, 1.5 + twin.lookUp(table, row, M, nbits), M));
        if (nbits === 8) {
          kernels.scan8(table.byteOffset, M, codes.byteOffset, n, 1.5, out.byteOffset);
          rows.forEach((row, i) => close(out[i] ?? NaN, 1.5 + twin.lookUp(table, row, M, 8), M));
        }
        if (nbits === 4) {
          const pairs = takeF32(arena, Math.ceil(M / 2) * 256);
          kernels.pairTables(table.byteOffset, M, pairs.byteOffset);
          kernels.scan8(pairs.byteOffset, codeSize, codes.byteOffset, n, 1.5, out.byteOffset);
          rows.forEach((row, i) => close(out[i] ?? NaN, 1.5 + twin.lookUp(table, row, M, 4), M));
        }
      }
    })), { numRuns: 80 });
  });

  it('distance tables equal the twin', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 9 }), fc.constantFrom(2, 4, 16, 256), (M, dsub, ksub) => inArena((arena) => {
      const x = takeF32(arena, M * dsub), centroids = takeF32(arena, M * ksub * dsub), turned = takeF32(arena, M * ksub * dsub), table = takeF32(arena, M * ksub);
      fill(x); fill(centroids);
      for (let m = 0; m < M; m++) for (let k = 0; k < ksub; k++) for (let j = 0; j < dsub; j++) turned[(m * dsub + j) * ksub + k] = centroids[(m * ksub + k) * dsub + j] ?? 0;
      const want = twin.l2Table(x, centroids, M, ksub);
      for (const kernels of both()) {
        kernels.l2Tables(x.byteOffset, turned.byteOffset, M, ksub, dsub, table.byteOffset);
        table.forEach((v, i) => close(v, want[i] ?? NaN, dsub * 4));
        kernels.dotTables(x.byteOffset, turned.byteOffset, M, ksub, dsub, -2, table.byteOffset);
        table.forEach((v, i) => close(v, 2 * twin.ip(x.subarray(Math.floor(i / ksub) * dsub).subarray(0, dsub), centroids.subarray(i * dsub, (i + 1) * dsub)), dsub * 8));
      }
    })), { numRuns: 40 });
  });
});

describe('a slice of cells', () => {
  it('names the owner of every pixel', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 23 }), fc.integer({ min: 1, max: 17 }), (n, width, height) => inArena((arena) => {
      const sites = takeF32(arena, n * 3 + 4), cells = takeI32(arena, width * height);
      fill(sites);
      build.slicePlane(sites.byteOffset, n, -1, -2, 0.25, 0.5, width, 0, height, cells.byteOffset);
      const own = sites.subarray(0, n * 3);
      cells.forEach((cell, i) => {
        const x = -1 + 0.25 * (i % width), y = -2 + 0.5 * Math.floor(i / width), at = (s: number) => (own[3 * s] ?? 0) * x + (own[3 * s + 1] ?? 0) * y + (own[3 * s + 2] ?? 0);
        close(at(cell), at(twin.owner(own, x, y)), 8);
      });
    })), { numRuns: 60 });
  });
});
