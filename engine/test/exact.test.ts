import { describe, expect, it } from 'vitest';
import { release } from '../memory';
import type { Index } from '../types';
import { testEngine } from './engine';
import { buildOn, measureOn, openGenerated } from './sets';
import { validIndex } from './valid-index';

const eight = ['Flat', 'IVF64,Flat', 'IVF64,PQ32', 'IVF64,PQ32x4', 'OPQ32,IVF64,PQ32,RFlat', 'PCA32,IVF64,SQ8', 'HNSW32', 'IVF64_HNSW32,Flat'];
const codes = ['IVF64,PQ16x4fsr', 'PQ32x4fs', 'IVF64,SQ6', 'IVF64,SQfp16', 'IVF64,SQtqmse3', 'SQtq4', 'IVF32,FlatDedup', 'IVF32,FlatPanorama5_64'];
const bits = ['RR64,RaBitQ', 'IVF64,RaBitQ4', 'IVF64,RaBitQfs3', 'EDEN3', 'IVF64,EDEN5BIASED', 'IVF64,ITQ48,SH', 'IVF64,PCAR32,SH9m', 'ZnLattice16x10_6'];
const sums = ['RQ4x5_Ncqint8', 'PRQ2x3x4_Nrq2x4', 'IVF32,LSQ4x4', 'PLSQ2x2x4_Nlsq2x4', 'IVF64(RCQ2x3),RQ1x6_3x4_Nfloat', 'RQ6x4fs_Nrq2x4', 'IVF32,PLSQ2x2x4fsr_Nlsq2x4', 'Residual64,PQ8', 'Residual2x3,PQ8x6', 'MinMaxFP16,PQ8x4', 'MinMax,IVF32_HNSW8,PQ8x4', 'MinMaxFP16,RR32,IMI2x4,SQ8', 'MinMax,IVF32,RQ6x4fsr_Nrq2x4'];
const graphs = ['NSG8,PQ16x4', 'HNSW16,PQ16', 'HNSW12,SQ4', 'HNSW8,2x5+PQ8', 'IVF128_NSG8,Flat', 'HNSW8,FlatPanorama'];
const maps = ['RR48,LSH80rt', 'L2norm,HR,Pad80,IVF64,Flat', 'ITQ32,LSH'];
const coarse = ['IMI2x4,Flat', 'OPQ16,IMI2x5,PQ16', 'IVF64(IVF8,Flat),Flat', 'IVF64(PQ16x4,RFlat),SQ8', 'IDMap,IVF32,PQ8,Refine(SQ8)', 'IVF32,PQ8+16'];

/** Everything an index is, byte for byte: arrays by content, the rest by value. */
function bytesOf(index: Index): string[] {
  const lines: string[] = [];
  const walk = (path: string, value: unknown) => {
    if (ArrayBuffer.isView(value)) lines.push(`${path}: ${Buffer.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)).toString('base64')}`);
    else if (value && typeof value === 'object') for (const [key, inner] of Object.entries(value)) walk(`${path}.${key}`, inner);
    else lines.push(`${path}: ${String(value)}`);
  };
  walk('', index);
  return lines;
}

describe('the same seed gives the same index, bit for bit, for any number of threads', async () => {
  const engines = [await testEngine(0), await testEngine(1), await testEngine(3)];
  const sets = await Promise.all(engines.map((engine) => openGenerated(engine, 'synth64', 6_000)));
  for (const factory of [...eight, ...codes, ...bits, ...sums, ...maps, ...coarse, ...graphs]) {
    it(factory, async () => {
      const seen: string[][] = [];
      for (const [i, engine] of engines.entries()) {
        const set = sets[i];
        if (!set) throw new Error('no set');
        const built = await buildOn(engine, set, factory, 3);
        validIndex(built.index);
        seen.push(bytesOf(built.index));
        release(built.arena);
      }
      expect(seen[1]).toEqual(seen[0]);
      expect(seen[2]).toEqual(seen[0]);
    });
  }

  it('and another seed gives another index', async () => {
    const [engine] = engines, [set] = sets;
    if (!engine || !set) throw new Error('no engine');
    const first = await buildOn(engine, set, 'IVF64,Flat', 0), second = await buildOn(engine, set, 'IVF64,Flat', 1);
    expect(bytesOf(first.index)).not.toEqual(bytesOf(second.index));
    release(first.arena);
    release(second.arena);
  });
});

describe('exact by construction', async () => {
  const engine = await testEngine(2);
  for (const metric of ['L2', 'IP'] as const) {
    const set = await openGenerated(engine, 'synth64', 4_000, metric);
    it(`${metric}: Flat finds every true neighbour`, async () => {
      const built = await buildOn(engine, set, 'Flat');
      expect((await measureOn(engine, set, built, {})).recall).toEqual({ 'k@k': 1, '1@1': 1, '1@100': 1 });
    });
    it(`${metric}: nprobe = nlist equals Flat`, async () => {
      for (const s of ['IVF32,Flat', 'IVF32_HNSW32,Flat']) {
        const built = await buildOn(engine, set, s);
        expect((await measureOn(engine, set, built, { nprobe: 32, quantizer_efSearch: 64 })).recall['k@k']).toBe(1);
        release(built.arena);
      }
    });
    it(`${metric}: refining enough candidates repairs any code`, async () => {
      const built = await buildOn(engine, set, 'IVF32,PQ8x4,RFlat');
      const coarse = await measureOn(engine, set, built, { nprobe: 32, k_factor_rf: 1 }), deep = await measureOn(engine, set, built, { nprobe: 32, k_factor_rf: 400 });
      expect(coarse.recall['k@k']).toBeLessThan(0.9);
      expect(coarse.lost.refine).toBeCloseTo(1 - coarse.recall['k@k'], 9);
      expect(deep.recall['k@k']).toBe(1);
      release(built.arena);
    });
    it(`${metric}: more bits per code lose less`, async () => {
      const recall: number[] = [];
      for (const s of ['IVF32,PQ16x2', 'IVF32,PQ16x4', 'IVF32,PQ16x6', 'IVF32,PQ16x8']) {
        const built = await buildOn(engine, set, s);
        recall.push((await measureOn(engine, set, built, { nprobe: 32 })).recall['k@k']);
        release(built.arena);
      }
      expect(recall).toEqual([...recall].sort((a, b) => a - b));
      expect(recall.at(-1)).toBeGreaterThan((recall[0] ?? 1) + 0.2);
    });
  }

  it('data made of centroids is coded without loss', async () => {
    const set = await openGenerated(engine, 'ties', 500);
    const built = await buildOn(engine, set, 'PQ2x8');
    if (built.index.kind !== 'Codes' || built.index.codec.kind !== 'PQ') throw new Error('PQ2x8 builds codes');
    const { codec, codes } = built.index;
    for (let i = 0; i < set.n; i++) for (let m = 0; m < 2; m++) {
      // a mean of equal numbers may round in its last bit, and a split cell stands 1/1024 beside its twin
      expect(Math.round(codec.centroids[m * codec.ksub + (codes[i * 2 + m] ?? 0)] ?? NaN)).toBe(set.base[i * 2 + m]);
    }
    release(built.arena);
  });

  it('a refused build leaves the index before it as it was', async () => {
    const set = await openGenerated(engine, 'synth64', 4_000), built = await buildOn(engine, set, 'IVF32,PQ8');
    const before = bytesOf(built.index), holes = JSON.stringify(engine.memory.holes);
    await expect(buildOn(engine, set, 'IVF5000,Flat')).rejects.toThrow('5000 cells, 4000 vectors');
    await expect(buildOn(engine, set, 'IVF32,PQ30')).rejects.toThrow('64 is not a multiple of 30');
    expect(bytesOf(built.index)).toEqual(before);
    expect(JSON.stringify(engine.memory.holes)).toBe(holes);
  });
});
