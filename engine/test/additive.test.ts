import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { placeIn } from '../dense';
import { costOf, readFactory } from '../factory/index';
import * as twin from '../kernels/additive-twins';
import type { Kernels } from '../kernels/index';
import { compileKernels, instantiateKernels } from '../kernels/index';
import { l2 } from '../kernels/twins';
import { openEquations, solveCodebooks } from '../least-squares';
import { openArena, openMemory, release, take, takeF32, takeI32, takeU32, takeU8 } from '../memory';
import type { Arena } from '../memory';
import { cancel, publish, resume, run } from '../pool';
import { openCodec } from '../quantizers/additive';
import { beamSizes, bookShapes, firstRows, packBook, step } from '../quantizers/beam';
import { aim, decodeRows, distances, encodeBlocks, encodeScratch, openProbe, opsOf } from '../quantizers/codec';
import { exactCells } from '../quantizers/norms';
import { mulberry32 } from '../random';
import { finish } from '../transforms/steps';
import type { Codec } from '../types';
import { testEngine } from './engine';
import { buildOn, measureOn, openGenerated } from './sets';

const memory = openMemory([16 * 2 ** 20], true);
let both: Kernels[] = [];
beforeAll(async () => {
  const modules = await compileKernels(true);
  both = [await instantiateKernels(modules.build, memory.memory), await instantiateKernels(modules.search, memory.memory)];
});

const random = mulberry32(11);
const below = (n: number) => random() % n;
/** Small whole numbers: every sum and product of floats is exact, so ties and codes must agree to the bit. */
const whole = (x: Float32Array) => x.forEach((_, i) => { x[i] = below(15) - 7; });
function inArena(use: (arena: Arena) => void): void {
  const arena = openArena(memory);
  try { use(arena); } finally { release(arena); }
}
const rowsOf = (x: Float32Array, d: number) => Array.from({ length: x.length / d }, (_, i) => x.subarray(i * d, (i + 1) * d));

describe('kernels of additive codes', () => {
  const shape = fc.record({ widths: fc.array(fc.integer({ min: 1, max: 11 }), { minLength: 1, maxLength: 5 }), splits: fc.integer({ min: 1, max: 3 }), dsub: fc.integer({ min: 1, max: 37 }), n: fc.integer({ min: 1, max: 9 }) });

  it('codes of any widths are packed, decoded and looked up as the twins say', () => {
    fc.assert(fc.property(shape, ({ widths, splits, dsub, n }) => inArena((arena) => {
      const M = widths.length * splits, layout = takeI32(arena, M * 4), d = splits * dsub;
      let bit = 0, first = 0;
      for (let m = 0; m < M; m++) {
        const width = widths[m % widths.length] ?? 0;
        layout.set([bit, width, first, Math.floor(m / widths.length) * dsub], m * 4);
        bit += width;
        first += 2 ** width;
      }
      const codeSize = Math.ceil((bit + 32) / 8), packed = takeU8(arena, n * codeSize).fill(0), codes = takeI32(arena, n * M), norms = takeF32(arena, n);
      const books = takeF32(arena, first * dsub), table = takeF32(arena, first), out = takeF32(arena, n * d), sums = takeF32(arena, n + 4), room = take(arena, M * 4);
      whole(books); whole(table); whole(norms);
      codes.forEach((_, i) => { codes[i] = below(2 ** (widths[(i % M) % widths.length] ?? 0)); });
      for (const kernels of both) {
        packed.fill(0);
        for (let m = 0; m < M; m++) kernels.packBits(codes.byteOffset + m * 4, M, n, layout[m * 4] ?? 0, layout[m * 4 + 1] ?? 0, packed.byteOffset, codeSize);
        for (const [half, mask] of [[0, 0xffff], [16, 0]] as const) {
          const words = new Int32Array(norms.buffer, norms.byteOffset, n).map((w) => (mask ? w & mask : w >>> 16)), held = takeI32(arena, n);
          held.set(words);
          kernels.packBits(held.byteOffset, 1, n, bit + half, 16, packed.byteOffset, codeSize);
        }
        kernels.decodeSums(packed.byteOffset, n, codeSize, layout.byteOffset, M, books.byteOffset, d, dsub, room, out.byteOffset);
        kernels.scanSums(table.byteOffset, layout.byteOffset, M, packed.byteOffset, n, codeSize, bit, 3, sums.byteOffset);
        for (let i = 0; i < n; i++) {
          const code = packed.subarray(i * codeSize, (i + 1) * codeSize);
          for (let m = 0; m < M; m++) expect(twin.bitsAt(code, layout[m * 4] ?? 0, layout[m * 4 + 1] ?? 0)).toBe(codes[i * M + m]);
          expect([...out.subarray(i * d, (i + 1) * d)]).toEqual([...twin.decodeSum(code, layout, M, books, d, dsub)]);
          expect(sums[i]).toBe(3 + twin.scanSum(code, layout, M, table) + (norms[i] ?? 0));
        }
      }
    })), { numRuns: 40 });
  });

  it('a round of local search ends where the twin ends, and is kept only if better', () => {
    fc.assert(fc.property(fc.record({ M: fc.integer({ min: 1, max: 5 }), nbits: fc.integer({ min: 3, max: 5 }), d: fc.integer({ min: 1, max: 9 }) }), ({ M, nbits, d }) => inArena((arena) => {
      const K = 2 ** nbits, N = M * K, n = 3, rows = takeF32(arena, N * d), x = takeF32(arena, n * d), unary = takeF32(arena, n * N), cross = takeF32(arena, N * N);
      const codes = takeI32(arena, n * M), changes = takeU32(arena, n * 2), room = take(arena, M * 8), [build] = both;
      whole(rows); whole(x);
      const list = rowsOf(rows, d), books = Array.from({ length: M }, (_, m) => list.slice(m * K, (m + 1) * K)), dot = (a: Float32Array, b: Float32Array) => a.reduce((s, v, j) => s + v * (b[j] ?? 0), 0);
      list.forEach((c, r) => list.forEach((e, s) => { cross[r * N + s] = 2 * dot(c, e); }));
      rowsOf(x, d).forEach((v, i) => list.forEach((c, r) => { unary[i * N + r] = dot(c, c) - 2 * dot(v, c); }));
      codes.forEach((_, i) => { codes[i] = below(K); });
      changes.forEach((_, i) => { changes[i] = below(M) * 2 ** 20 + below(K); });
      const want = rowsOf(x, d).map((v, i) => {
        const before = [...codes.subarray(i * M, (i + 1) * M)], named = [...changes.subarray(i * 2, i * 2 + 2)].map((w): [number, number] => [w >>> 20, w & 0xfffff]);
        const after = twin.localRound(v, books, before, named, 4), error = (c: number[]) => twin.errorOf(v, c.flatMap((k, m) => books[m]?.[k] ?? []));
        return error(after) < error(before) ? after : before;
      });
      build?.localSearch(unary.byteOffset, n, M, K, cross.byteOffset, changes.byteOffset, n, 2, 1, 4, codes.byteOffset, room);
      expect(rowsOf(Float32Array.from(codes), M).map((row) => [...row])).toEqual(want);
    })), { numRuns: 40 });
  });

  it('one-dimensional cells have the least error that any cut has', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 6, maxLength: 9 }), fc.integer({ min: 1, max: 4 }), (values, k) => {
      const means = finish(exactCells(Float32Array.from(values), k)), sorted = values.slice().sort((a, b) => a - b);
      const error = (centres: ArrayLike<number>) => sorted.reduce((sum, v) => sum + Math.min(...Array.from(centres, (c) => (v - c) ** 2)), 0);
      const mean = (part: number[]) => part.reduce((a, b) => a + b, 0) / part.length;
      const cuts = (from: number, cells: number): number[][] => (cells === 1 ? [[mean(sorted.slice(from))]]
        : Array.from({ length: sorted.length - from - cells + 1 }, (_, i) => cuts(from + i + 1, cells - 1).map((rest) => [mean(sorted.slice(from, from + i + 1)), ...rest])).flat());
      expect(error(means)).toBeCloseTo(Math.min(...cuts(0, k).map(error)), 3);
    }), { numRuns: 60 });
  });
});

describe('learning', async () => {
  const engine = await testEngine(2, 256 * 2 ** 20);

  it('least squares codebooks solve the normal equations', async () => {
    const arena = openArena(engine.memory), M = 3, K = 40, d = 5, n = 900, N = M * K; // more than a panel of the factorization
    const x = takeF32(arena, n * d), codes = takeI32(arena, n * M), out = takeF32(arena, N * d), equations = openEquations(arena, M, K, d);
    whole(x);
    codes.forEach((_, i) => { codes[i] = below(K); });
    await solveCodebooks(engine, equations, codes.byteOffset, x.byteOffset, d, n, 0.5, out);
    const square = Array.from({ length: N }, (_, i) => Array.from({ length: N }, (_, j): number => (i === j ? 0.5 : 0))), right = Array.from({ length: N }, () => new Array<number>(d).fill(0));
    for (let i = 0; i < n; i++) {
      const rows = Array.from({ length: M }, (_, m) => m * K + (codes[i * M + m] ?? 0));
      for (const r of rows) {
        for (const s of rows) (square[r] ?? [])[s] = (square[r]?.[s] ?? 0) + 1;
        for (let j = 0; j < d; j++) (right[r] ?? [])[j] = (right[r]?.[j] ?? 0) + (x[i * d + j] ?? 0);
      }
    }
    twin.solve(square, right).flat().forEach((want, i) => expect(out[i]).toBeCloseTo(want, 4));
    release(arena);
  });

  const set = await openGenerated(engine, 'synth64', 3_000);
  /** Mean squared error of the first vectors after encoding. */
  async function errorOf(factory: string): Promise<number> {
    const built = await buildOn(engine, set, factory), arena = openArena(engine.memory), { own } = engine, top = own.top, n = 500;
    if (built.index.kind !== 'Codes') throw new Error(`${factory} builds codes`);
    const out = takeF32(arena, n * set.d);
    decodeRows(own, built.index.codec, built.index.codes.byteOffset, n, out.byteOffset);
    expect(own.top).toBe(top);
    const sum = l2(set.base.subarray(0, n * set.d), out);
    release(arena);
    release(built.arena);
    return sum / n;
  }

  it('more codebooks, and wider ones, leave less', async () => {
    for (const factories of [['RQ2x4', 'RQ4x4', 'RQ8x4'], ['RQ3x4', 'RQ3x6', 'RQ3x8'], ['PRQ2x1x5', 'PRQ2x3x5', 'PRQ4x3x5'], ['LSQ2x4', 'LSQ4x4', 'LSQ8x4'], ['PLSQ2x1x4', 'PLSQ2x2x4', 'PLSQ4x2x4']]) {
      const errors: number[] = [];
      for (const factory of factories) errors.push(await errorOf(factory));
      expect(errors, factories.join(' ')).toEqual([...errors].sort((a, b) => b - a));
      expect(errors.at(-1), factories.join(' ')).toBeLessThan(0.85 * (errors[0] ?? 0));
    }
  });

  it('each step of the beam keeps what the twin keeps, with cross products and with residuals', () => {
    fc.assert(fc.property(fc.record({ nbits: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), d: fc.integer({ min: 1, max: 9 }), n: fc.integer({ min: 1, max: 5 }), most: fc.integer({ min: 1, max: 6 }) }), ({ nbits, d, n, most }) => {
      const arena = openArena(engine.memory), { own } = engine, M = nbits.length, first = takeU32(arena, M + 1), beams = most;
      first.set(firstRows(nbits));
      const codebooks = takeF32(arena, (first[M] ?? 0) * d), x = takeF32(arena, n * d), dist = takeF32(arena, n * beams), codes = takeI32(arena, n * beams * M);
      whole(codebooks); whole(x);
      const list = rowsOf(codebooks, d), books = nbits.map((_, m) => list.slice(first[m], first[m + 1])), sizes = beamSizes(nbits, most);
      for (const crossed of [true, false]) {
        const to = { x: x.byteOffset, stride: d, d, beams, dist: dist.byteOffset, codes: codes.byteOffset, M, first: first.byteOffset, codebooks: codebooks.byteOffset };
        let want = rowsOf(x, d).map((): twin.Candidate[] => [{ codes: [], dist: 0 }]);
        for (const [m, shape] of bookShapes(first).entries()) {
          const keep = sizes[m] ?? 1, book = packBook(own, placeIn(arena), codebooks.byteOffset, { ...shape, crossed: crossed && shape.crossed }, d);
          step(own, to, 0, n, book, m, sizes[m - 1] ?? 1, keep);
          want = want.map((before, i) => twin.extend(x.subarray(i * d, (i + 1) * d), books, before, keep));
          want.forEach((candidates, i) => candidates.forEach((c, b) => {
            expect([...codes.subarray((i * beams + b) * M, (i * beams + b) * M + m + 1)]).toEqual(c.codes);
            expect(dist[i * beams + b]).toBe(c.dist);
          }));
        }
      }
      release(arena);
    }), { numRuns: 30 });
  });

  for (const [family, nbits] of [['RQ', [4, 4, 4]], ['RQ', [13, 12]], ['PRQ', [5, 3]], ['LSQ', [4, 4]]] as const) {
    it(`vectors that are sums of far rows and near ones get their own codes back: ${family} of ${nbits.join(', ')} bits`, async () => {
      const splits = family === 'PRQ' ? 2 : 1, d = 8, arena = openArena(engine.memory), n = 300, codec = openCodec(arena, { family, splits, nbits: [...nbits], norm: null }, d);
      const { first, codebooks } = codec, dsub = d / splits, rows = first.at(-1) ?? 0, x = takeF32(arena, n * d).fill(0), codes = takeU8(arena, n * codec.codeSize), out = takeF32(arena, n * d);
      // Rows of a codebook are different whole vectors; each codebook is a hundred times smaller than the one before it.
      for (let r = 0; r < splits * rows; r++) {
        const m = nbits.findIndex((_, book) => r % rows < (first[book + 1] ?? 0)), k = (r % rows) - (first[m] ?? 0);
        for (let j = 0; j < dsub; j++) codebooks[r * dsub + j] = (j < 4 ? ((k >> (4 * j)) & 15) - 7 : 0) * 100 ** (nbits.length - 1 - m);
      }
      for (let i = 0; i < n; i++) for (let split = 0; split < splits; split++) for (let m = 0; m < nbits.length; m++) {
        const row = split * rows + (first[m] ?? 0) + below(2 ** (nbits[m] ?? 0));
        for (let j = 0; j < dsub; j++) x[i * d + split * dsub + j] = (x[i * d + split * dsub + j] ?? 0) + (codebooks[row * dsub + j] ?? 0);
      }
      const packed = opsOf(codec).pack(engine, arena, codec);
      await run(engine, 'encode', { codec, packed, x: x.byteOffset, n, centroids: 0, list: 0, place: 0, codes: codes.byteOffset }, encodeBlocks(codec, n), encodeScratch(codec));
      decodeRows(engine.own, codec, codes.byteOffset, n, out.byteOffset);
      expect(out).toEqual(x);
      release(arena);
    });
  }

  it('a cancel between two reports of training gives everything back', async () => {
    for (const factory of ['RQ8x6', 'LSQ4x6', 'PLSQ2x2x6_Nlsq2x4', 'IVF64(RCQ2x3),Flat']) {
      const holes = JSON.stringify(engine.memory.holes), stages: string[] = [];
      engine.report = (stage, done) => { stages.push(stage); if (done === 2) cancel(engine); };
      await expect(buildOn(engine, set, factory), factory).rejects.toThrow('cancelled');
      engine.report = () => {};
      resume(engine);
      expect(stages.length).toBeGreaterThan(1);
      expect(JSON.stringify(engine.memory.holes)).toBe(holes);
    }
  });

  it('too few vectors, or cells that the codebooks do not make, are refused with what would do', async () => {
    const few = { ...set, n: 100, base: set.base.subarray(0, 100 * set.d) };
    await expect(buildOn(engine, few, 'RQ4x8')).rejects.toThrow('256 rows and needs at least as many training vectors; there are 100');
    await expect(buildOn(engine, { ...set, n: 40, base: set.base.subarray(0, 40 * set.d) }, 'RQ2x4')).rejects.toThrow('64 dimensions');
    await expect(buildOn(engine, set, 'PRQ5x2x4')).rejects.toThrow('64 is not a multiple of 5');
    await expect(buildOn(engine, set, 'IVF32(RCQ2x3),Flat')).rejects.toThrow('2^6');
  });
});

describe('distances', async () => {
  const engine = await testEngine(2, 256 * 2 ** 20), { own } = engine;
  for (const metric of ['L2', 'IP'] as const) {
    const set = await openGenerated(engine, 'synth64', 1_500, metric);
    for (const factory of ['RQ4x6', 'RQ3x4_Nqint4', 'RQ4x4_Nqint8', 'RQ3x8_Ncqint8', 'RQ1x7_2x3_Nfloat', 'PRQ2x2x4_Nrq2x4', 'LSQ3x4_Ncqint4', 'PLSQ2x2x4_Nlsq2x4', 'RQ2x5_Nnone']) {
      it(`${metric}: ${factory} sums what decoding gives`, async () => {
        const built = await buildOn(engine, set, factory), { spec } = readFactory(factory), arena = openArena(engine.memory), n = 200, top = own.top;
        if (built.index.kind !== 'Codes' || !spec) throw new Error(`${factory} builds codes`);
        const { codec, codes } = built.index, out = takeF32(arena, n + 4), rows = takeF32(arena, n * set.d), query = takeF32(arena, set.d);
        expect(codec.codeSize).toBe(costOf(spec, set.d, set.n, metric).codeSize);
        query.set(set.queries.subarray(0, set.d));
        const probe = openProbe(own, codec, metric, query.byteOffset);
        aim(own, probe, query.byteOffset);
        distances(own, probe, codes.byteOffset, n, 0, out.byteOffset);
        decodeRows(own, codec, codes.byteOffset, n, rows.byteOffset);
        own.top = top;
        rowsOf(rows, set.d).forEach((row, i) => {
          const dot = row.reduce((s, v, j) => s + v * (query[j] ?? 0), 0), norm = (x: Float32Array) => l2(x, new Float32Array(set.d));
          if (metric === 'IP') expect(out[i]).toBeCloseTo(-dot, 3);
          else if (codec.kind === 'AQ' && codec.norm === 'none') expect(out[i]).toBeCloseTo(norm(query) - dot, 3);
          else expect(Math.abs((out[i] ?? NaN) - l2(query, row))).toBeLessThanOrEqual(normStep(codec, norm(row)) + 1e-3);
        });
        release(arena);
        release(built.arena);
      });
    }
  }

  /** How far the nearest value that a norm's code can stand for is from a norm. */
  function normStep(codec: Codec, norm: number): number {
    if (codec.kind !== 'AQ' || codec.norms.values.length === 0) return 0;
    const { values, least, most } = codec.norms;
    if (codec.norm === 'qint8' || codec.norm === 'qint4') return (most - least) / values.length / 2;
    return Math.min(...values.map((v) => Math.abs(v - norm)));
  }

  it('tables kept per list find what the query\'s residual to each list finds', async () => {
    const set = await openGenerated(engine, 'synth64', 2_000);
    for (const factory of ['IVF16,RQ3x5_Nqint8', 'IVF16,PRQ2x2x4_Ncqint4', 'IVF16,RQ2x8_Nfloat', 'IVF16,RQ3x4_Nnone']) {
      const built = await buildOn(engine, set, factory), { index } = built;
      if (index.kind !== 'IVF' || !index.precomputed) throw new Error(`${factory} keeps tables`);
      const kept = await measureOn(engine, set, built, { nprobe: 4 });
      await publish(engine, 'index', { ...index, precomputed: undefined });
      const without = await measureOn(engine, set, built, { nprobe: 4 });
      // A sum taken in another order may swap two neighbours that are equally far.
      expect(Math.abs(kept.recall['k@k'] - without.recall['k@k']), factory).toBeLessThanOrEqual(0.001);
      expect(kept.recall['k@k'], factory).toBeGreaterThan(0.05);
      release(built.arena);
    }
  });

  it('all sums of RCQ codebooks in order are all its lists in order', async () => {
    const set = await openGenerated(engine, 'synth64', 2_000), built = await buildOn(engine, set, 'IVF64(RCQ1x2_2x2),Flat');
    expect((await measureOn(engine, set, built, { nprobe: 64 })).recall['k@k']).toBe(1);
    const { index } = built;
    if (index.kind !== 'IVF' || index.coarse.kind !== 'RCQ') throw new Error('IVF over RCQ');
    // With 4·16 candidates the beam over 64 sums loses nothing: probing sixteen lists finds what the sixteen nearest centroids hold.
    const exact = { ...built, index: { ...index, coarse: { kind: 'Flat', d: index.d, n: 64, metric: 'L2', vectors: index.centroids } as const } };
    const beam = await measureOn(engine, set, built, { nprobe: 16 });
    await publish(engine, 'index', exact.index);
    expect((await measureOn(engine, set, exact, { nprobe: 16 })).recall).toEqual(beam.recall);
    release(built.arena);
  });
});
