import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Kernels } from '../kernels/index';
import { compileKernels, instantiateKernels } from '../kernels/index';
import * as twin from '../kernels/twins';
import { searchInDetail } from '../measure/detail';
import { openArena, openMemory, release, takeF32, takeI32, takeU8 } from '../memory';
import { mulberry32 } from '../random';
import { searchInto } from '../search';
import { quantizerParams } from '../structures/coarse';
import { scoreIds } from '../structures/score';
import type { Index, IvfIndex, SearchParams } from '../types';
import { newWork } from '../work';
import { testEngine } from './engine';
import { buildOn, measureOn, openGenerated } from './sets';
import { validIndex } from './valid-index';

const random = mulberry32(3);
const memory = openMemory([8 * 2 ** 20], true);
const kernels: Kernels[] = [];
beforeAll(async () => {
  const modules = await compileKernels(true);
  for (const module of [modules.build, modules.search]) kernels.push(await instantiateKernels(module, memory.memory));
});

it('two tables side by side give what their sum gives', () => {
  const shape = { nbits: fc.integer({ min: 1, max: 12 }), M: fc.integer({ min: 1, max: 17 }), n: fc.integer({ min: 1, max: 9 }) };
  fc.assert(fc.property(fc.record(shape), ({ nbits, M, n }) => {
    const arena = openArena(memory), ksub = 2 ** nbits, codeSize = Math.ceil((M * nbits) / 8), half = M >> 1;
    const query = takeF32(arena, M * ksub), first = takeF32(arena, half * ksub), second = takeF32(arena, (M - half) * ksub), out = takeF32(arena, n);
    const codes = takeU8(arena, n * codeSize + 4);
    for (const table of [query, first, second]) table.forEach((_, i) => { table[i] = random() / 2 ** 32; });
    codes.forEach((_, i) => { codes[i] = random(); });
    const sum = query.map((v, i) => v + (i < half * ksub ? first[i] ?? 0 : second[i - half * ksub] ?? 0));
    for (const kernel of kernels) {
      kernel.scanTwo(query.byteOffset, first.byteOffset, second.byteOffset, half, M, nbits, codes.byteOffset, codeSize, n, 0.5, out.byteOffset);
      out.forEach((v, i) => expect(v).toBeCloseTo(0.5 + twin.lookUp(sum, codes.subarray(i * codeSize, (i + 1) * codeSize), M, nbits), 4));
    }
    release(arena);
  }), { numRuns: 60 });
});

it('parameters of the index over the centroids lose one quantizer_ a level', () => {
  const params: SearchParams = { nprobe: 4, quantizer_nprobe: 2, quantizer_quantizer_efSearch: 9, efSearch: 7 };
  expect(quantizerParams(params)).toEqual({ nprobe: 2, quantizer_efSearch: 9, efSearch: 7 });
  expect(quantizerParams(quantizerParams(params))).toEqual({ efSearch: 9 });
});

describe('exact by construction', async () => {
  const engine = await testEngine(2), set = await openGenerated(engine, 'synth64', 4_000);

  /** The k nearest of query q with their distances, on the coordinator's own thread. */
  function ask(index: Index, q: number, k: number, params: SearchParams): { ids: Int32Array; dis: Float32Array } {
    const arena = openArena(engine.memory), dis = takeF32(arena, k + 4), ids = takeI32(arena, k + 4);
    searchInto(engine.own, index, set.queries.byteOffset + q * set.d * 4, k, params, dis.byteOffset, ids.byteOffset, newWork());
    const answer = { ids: ids.slice(0, k), dis: dis.slice(0, k) };
    release(arena);
    return answer;
  }
  const near = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).forEach((v, i) => expect(Math.abs(v - (b[i] ?? NaN))).toBeLessThan(1e-3 * (1 + Math.abs(v))));
  const ivfOf = (index: Index): IvfIndex => { if (index.kind !== 'IVF') throw new Error(`an IVF, not ${index.kind}`); return index; };

  for (const s of ['IMI2x3,Flat', 'IVF256(PQ8),Flat', 'IVF64(HNSW16),Flat', 'IVF64(IVF8,Flat),Flat', 'IVF64(PCA32,Flat),Flat', 'IVF64(SQ8),Flat', 'IVF64(PQ8x4,RFlat),Flat', 'IVF64(IVF8(IVF2,Flat),Flat),Flat']) {
    it(`${s}: all lists probed equals Flat`, async () => {
      const built = await buildOn(engine, set, s), { nlist } = ivfOf(built.index);
      validIndex(built.index);
      const all = { nprobe: nlist, quantizer_nprobe: nlist, quantizer_quantizer_nprobe: nlist, quantizer_efSearch: nlist };
      expect((await measureOn(engine, set, built, all)).recall['k@k']).toBe(1);
      release(built.arena);
    });
  }

  it('the tables of an IMI, full tables and residuals give one distance', async () => {
    for (const s of ['IMI2x5,PQ16', 'IMI2x5,PQ16x4', 'IMI2x2,PQ16', 'IVF32,PQ16', 'IMI2x3,PQ1']) {
      const built = await buildOn(engine, set, s), index = ivfOf(built.index);
      expect(index.halves !== undefined).toBe(s.startsWith('IMI') && s !== 'IMI2x3,PQ1');
      const bare: IvfIndex = { ...index, halves: undefined, precomputed: undefined };
      for (let q = 0; q < 20; q++) near(ask(index, q, 10, { nprobe: 8 }).dis, ask(bare, q, 10, { nprobe: 8 }).dis);
      release(built.arena);
    }
  });

  it('max_codes stops inside a list, and what stood behind the cut was not probed', async () => {
    const built = await buildOn(engine, set, 'IMI2x4,PQ16');
    for (const max_codes of [1, 37, 400]) {
      const detail = searchInDetail(engine, { index: built.index, listOf: null, base: { x: set.base.byteOffset, n: set.n, d: set.d }, query: set.queries.slice(0, set.d), k: 10, params: { nprobe: 256, max_codes } });
      expect(detail.counts.codes).toBe(max_codes);
      expect(detail.probed.length).toBeLessThanOrEqual(detail.counts.lists);
      expect(detail.scanned.length).toBe(max_codes);
      const { recall, lost } = await measureOn(engine, set, built, { nprobe: 256, max_codes });
      expect(recall['k@k'] + lost.coarse + lost.graph + lost.code + lost.refine).toBeCloseTo(1, 9);
    }
    const free = await measureOn(engine, set, built, { nprobe: 256 }), bounded = await measureOn(engine, set, built, { nprobe: 256, max_codes: set.n });
    expect(bounded.recall).toEqual(free.recall);
    release(built.arena);
  });

  for (const s of ['Flat', 'SQ8', 'PQ16', 'PQ16x4fs', 'HNSW16', 'PCA32,PQ8', 'PQ8,RFlat', 'L2norm,SQ8', 'RR,LSH']) {
    it(`${s}: distances by id are those of a search for everything`, async () => {
      const built = await buildOn(engine, set, s), arena = openArena(engine.memory), { index } = built;
      const all = ask(index, 3, 600, { k_factor_rf: 8, efSearch: 4000 }), ids = takeI32(arena, 600), out = takeF32(arena, 604);
      ids.set(all.ids);
      scoreIds(engine.own, index, set.queries.byteOffset + 3 * set.d * 4, ids, 600, out.byteOffset, newWork());
      // fast scan rounds its tables; by id the vector is decoded
      if (s === 'PQ16x4fs') out.subarray(0, 600).forEach((v, i) => expect(Math.abs(v - (all.dis[i] ?? NaN))).toBeLessThan(0.05 * v));
      else near(out.subarray(0, 600), all.dis);
      release(arena);
      release(built.arena);
    });
  }

  it('re-ranking everything gives the order of the refining index', async () => {
    const alone = await buildOn(engine, set, 'SQ8'), refined = await buildOn(engine, set, 'PQ8x4,Refine(SQ8)'), twice = await buildOn(engine, set, 'PQ8x4,RFlat,RFlat');
    const flat = await buildOn(engine, set, 'Flat');
    for (let q = 0; q < 10; q++) {
      expect([...ask(refined.index, q, 10, { k_factor_rf: 400 }).ids]).toEqual([...ask(alone.index, q, 10, {}).ids]);
      expect([...ask(twice.index, q, 10, { k_factor_rf: 400 }).ids]).toEqual([...ask(flat.index, q, 10, {}).ids]);
    }
    for (const built of [alone, refined, twice, flat]) release(built.arena);
  });

  it('a second code re-ranks by what both codes decode to, and more candidates lose less', async () => {
    const built = await buildOn(engine, set, 'IVF32,PQ8+16'), { index } = built;
    validIndex(index);
    if (index.kind !== 'Refine' || index.refine.kind !== 'RefineCodes') throw new Error('PQ8+16 re-ranks by codes');
    const { ivf, listOf, place, codes, pq } = index.refine;
    expect([...place].every((at, id) => ivf.ids[at] === id && (ivf.offsets[listOf[id] ?? 0] ?? 0) <= at)).toBe(true);
    expect(codes.length).toBe(set.n * pq.codeSize);
    const found = await Promise.all([1, 4, 40].map(async (k_factor) => (await measureOn(engine, set, built, { nprobe: 32, k_factor })).recall['k@k']));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect((await measureOn(engine, set, built, { nprobe: 32 })).recall['k@k']).toBe(found[1]);
    const alone = await buildOn(engine, set, 'IVF32,PQ8');
    expect((await measureOn(engine, set, alone, { nprobe: 32 })).recall['k@k']).toBeLessThan(found[1] ?? 0);
    release(alone.arena);
    release(built.arena);
  });

  it('IDMap changes nothing', async () => {
    const plain = await buildOn(engine, set, 'IVF32,PQ8'), mapped = await buildOn(engine, set, 'IDMap,IVF32,PQ8');
    for (let q = 0; q < 10; q++) expect(ask(mapped.index, q, 10, { nprobe: 4 })).toEqual(ask(plain.index, q, 10, { nprobe: 4 }));
    const { recall, lost } = await measureOn(engine, set, mapped, { nprobe: 4 });
    expect(lost.coarse).toBeGreaterThan(0);
    expect(recall['k@k'] + lost.coarse + lost.code).toBeCloseTo(1, 9);
    release(plain.arena);
    release(mapped.arena);
  });

  it('refuses what Faiss cannot do either, and gives back what it took', async () => {
    const holes = JSON.stringify(engine.memory.holes);
    const refused = (s: string) => expect(buildOn(engine, set, s)).rejects;
    await refused('IVF64(IVF8,Flat),PQ8').toThrow('cannot give its centroids back');
    await refused('PQ8,Refine(IVF8,Flat)').toThrow('an IVF knows none');
    await refused('IMI2x13,Flat').toThrow('needs at least as many training vectors');
    await refused('IMI2x11,Flat').toThrow('IMI2x11 stands for 4194304 lists');
    await refused('IMI2x12,Flat').toThrow('IMI2x12 trains 4096');
    await refused('IVF64(PQ8),Flat').toThrow('256 centroids per part');
    expect(JSON.stringify(engine.memory.holes)).toBe(holes);
    const ip = await openGenerated(engine, 'synth64', 4_000, 'IP');
    await expect(buildOn(engine, ip, 'IMI2x4,Flat')).rejects.toThrow('knows L2 only');
    release(ip.arena);
  });

  it('a search of 65 536 lists, most of them empty, reads those probed only', async () => {
    const built = await buildOn(engine, set, 'IMI2x8,Flat'), { recall, ndis } = await measureOn(engine, set, built, { nprobe: 16 });
    expect(ndis).toBeLessThan(256 + 300);
    expect(recall['k@k']).toBeGreaterThan(0.2);
    release(built.arena);
  });
});
