import { describe, expect, it } from 'vitest';
import { halfPeriodCode } from '../kernels/sign-twins';
import { release, takeF32, openArena } from '../memory';
import { transformOne } from '../transforms/apply';
import type { IvfIndex } from '../types';
import { testEngine } from './engine';
import { buildOn, measureOn, openGenerated } from './sets';

const engine = await testEngine(2), set = await openGenerated(engine, 'synth64', 3_000);

async function ivfOf(factory: string): Promise<{ ivf: IvfIndex; free: () => void }> {
  const { index, arena } = await buildOn(engine, set, factory);
  if (index.kind !== 'IVF') throw new Error(`${factory} is an IVF`);
  return { ivf: index, free: () => release(arena) };
}

describe('spectral hash', () => {
  it('codes are the parities of the mapped vectors, counted from the thresholds of their list', async () => {
    for (const factory of ['IVF16,ITQ40,SH', 'IVF16,PCA32,SH9', 'IVF16,PCAR32,SHc', 'IVF16,PCA24,SH12m']) {
      const { ivf: { codec, codes, ids, offsets, centroids, d }, free } = await ivfOf(factory), room = openArena(engine.memory);
      if (codec.kind !== 'SH') throw new Error(`${factory} is a spectral hash`);
      const { nbits, codeSize, map, thresholds, period } = codec, out = takeF32(room, nbits);
      const mapped = (at: number) => (transformOne(engine.own, map, at, out.byteOffset), out.slice());
      for (let l = 0; l < 16; l++) {
        const limits = thresholds?.subarray(l * nbits, (l + 1) * nbits) ?? new Float32Array(nbits);
        if (factory.endsWith('c')) mapped(centroids.byteOffset + l * d * 4).forEach((v, j) => expect(Math.abs(v - (limits[j] ?? NaN))).toBeLessThan(1e-4));
        for (let i = offsets[l] ?? 0; i < Math.min(offsets[l + 1] ?? 0, (offsets[l] ?? 0) + 20); i++) {
          const x = mapped(set.base.byteOffset + (ids[i] ?? 0) * d * 4), want = halfPeriodCode(x, limits, Math.fround(2 / period));
          // one query and many rows are mapped by kernels that round differently: a component on a border may fall to either side
          const parity = (bytes: Uint8Array, j: number) => ((bytes[j >> 3] ?? 0) >> (j & 7)) & 1, code = codes.subarray(i * codeSize, (i + 1) * codeSize);
          x.forEach((v, j) => {
            const halves = ((v - (limits[j] ?? 0)) * 2) / period, clear = factory.includes('SH9') || factory.includes('SH12') ? Math.abs(halves - Math.round(halves)) > 1e-4 : Math.abs(v - (limits[j] ?? 0)) > 1e-4;
            if (clear) expect(parity(code, j), `${factory} ${i} ${j}`).toBe(parity(want, j));
          });
        }
      }
      release(room);
      free();
    }
  });

  it('medians halve every list at every bit', async () => {
    const { ivf: { codec, codes, offsets }, free } = await ivfOf('IVF16,PCAR32,SHm'), { codeSize } = codec;
    for (let l = 0; l < 16; l++) {
      const from = offsets[l] ?? 0, to = offsets[l + 1] ?? 0;
      for (let j = 0; j < 32; j++) {
        let ones = 0;
        for (let i = from; i < to; i++) ones += ((codes[i * codeSize + (j >> 3)] ?? 0) >> (j & 7)) & 1;
        expect(Math.abs(ones - Math.floor((to - from) / 2))).toBeLessThanOrEqual(1);
      }
    }
    free();
  });

  it('more bits lose less, wherever halves are counted from', async () => {
    for (const threshold of ['', 'c', 'm']) {
      const recall: number[] = [];
      for (const nbits of [8, 24, 64]) {
        const built = await buildOn(engine, set, `IVF8,PCAR${nbits},SH${threshold}`);
        recall.push((await measureOn(engine, set, built, { nprobe: 2 })).recall['k@k']);
        release(built.arena);
      }
      expect(recall, threshold).toEqual([...recall].sort((a, b) => a - b));
    }
  });
});
