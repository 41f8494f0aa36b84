import { describe, expect, it } from 'vitest';
import type { Metric } from '../factory/spec';
import { panoramaLevels, panoramaTails } from '../kernels/panorama-twins';
import { l2 } from '../kernels/twins';
import { openArena, release, takeF32, takeI32, takeU8 } from '../memory';
import { aim, decodeRows, offer, openProbe, opsOf } from '../quantizers/codec';
import { levelsComputed, openPanorama } from '../quantizers/panorama';
import { mulberry32 } from '../random';
import { testEngine } from './engine';
import { buildOn, measureOn, openGenerated } from './sets';

const engine = await testEngine(2), thread = engine.own, random = mulberry32(4);

/** Components that fall off, as after a PCA, without which no level tells much of the next ones. */
const falling = (x: Float32Array, d: number) => x.forEach((_, i) => { x[i] = (random() / 2 ** 31 - 1) * Math.exp(-(i % d) / 8); });

describe('vectors compared level by level', () => {
  it.each([[61, 6, 'L2'], [64, 8, 'IP'], [30, 1, 'L2'], [7, 7, 'IP']] as const)('d = %i in %i levels, %s: the nearest are exact, and a vector is left where the twin leaves it', (d, levels, metric) => {
    const arena = openArena(engine.memory), { top } = thread, n = 500, k = 7, ip = metric === 'IP';
    const x = takeF32(arena, n * d), q = takeF32(arena, d), codec = openPanorama({ levels, batch: 128 }, d), { width } = codec;
    falling(x, d);
    falling(q, d);
    const codes = takeU8(arena, n * codec.codeSize), dis = takeF32(arena, k), ids = takeI32(arena, k), back = takeF32(arena, n * d);
    opsOf(codec).encode(thread, codec, [], x.byteOffset, n, codes.byteOffset);
    decodeRows(thread, codec, codes.byteOffset, n, back.byteOffset);
    expect(back).toEqual(x);
    const row = (i: number) => x.subarray(i * d, (i + 1) * d);
    panoramaTails(row(3), width).forEach((want, l) => expect(new Float32Array(codes.buffer, codes.byteOffset + 3 * codec.codeSize, l + 1)[l]).toBeCloseTo(want, 5));

    const probe = { ...openProbe(thread, codec, metric, q.byteOffset), codec }, nearest = { dis: dis.byteOffset, ids: ids.byteOffset, k };
    const distance = (i: number) => ip ? -row(i).reduce((sum, v, j) => sum + v * (q[j] ?? 0), 0) : l2(q, row(i));
    const want = Array.from({ length: n }, (_, i) => [distance(i), i] as const).sort((a, b) => a[0] - b[0]).slice(0, k);
    aim(thread, probe, q.byteOffset);
    thread.search.heapClear(nearest.dis, nearest.ids, k);
    offer(thread, probe, codes.byteOffset, n, 0, { at: 0, first: 0 }, nearest, 0);
    expect(new Set(ids)).toEqual(new Set(want.map(([, i]) => i)));
    // As many levels are computed as the bound asks for, but for roundings at the bound: in a heap that stays as far as this one was.
    const farthest = dis[0] ?? NaN, second = takeF32(arena, k).fill(farthest), others = takeI32(arena, k).fill(-1);
    aim(thread, probe, q.byteOffset);
    offer(thread, probe, codes.byteOffset, n, 0, { at: 0, first: 0 }, { dis: second.byteOffset, ids: others.byteOffset, k }, 0);
    const all = Array.from({ length: n }, (_, i) => panoramaLevels(q, row(i), width, ip, farthest)).reduce((sum, l) => sum + l, 0);
    expect(Math.abs(levelsComputed(thread.buffer, probe) - all)).toBeLessThanOrEqual(1);
    if (levels > 5) expect(all).toBeLessThan(n * levels * 0.7);
    thread.search.heapSort(nearest.dis, nearest.ids, k);
    want.forEach(([v], i) => expect(dis[i]).toBeCloseTo(v, 4));
    release(arena);
    thread.top = top;
  });

  it('finds what Flat finds: alone, in lists, in a graph, over centroids, for both metrics', async () => {
    for (const metric of ['L2', 'IP'] as Metric[]) {
      const set = await openGenerated(engine, 'synth64', 3_000, metric), pairs = [[`Flat${metric}Panorama8`, 'Flat'], ['IVF16,FlatPanorama5_64', 'IVF16,Flat'], ['IVF16,FlatPanorama64', 'IVF16,Flat'], [`IVF16(Flat${metric}Panorama4),Flat`, 'IVF16,Flat']];
      if (metric === 'L2') pairs.push(['HNSW16,FlatPanorama', 'HNSW16'], ['HNSW16,FlatPanorama3', 'HNSW16']);
      for (const [levels = '', flat = ''] of pairs) {
        const figures = [];
        for (const s of [flat, levels]) {
          const built = await buildOn(engine, set, s), { recall, lost, counts } = await measureOn(engine, set, built, { nprobe: 3, efSearch: 24 });
          figures.push({ recall, lost, ndis: counts.ndis });
          release(built.arena);
        }
        expect(figures[1], levels).toEqual(figures[0]);
      }
    }
  });

  it('RefinePanorama re-ranks as RFlat does', async () => {
    const set = await openGenerated(engine, 'synth64', 3_000), recall: number[] = [];
    for (const s of ['IVF16,PQ8x4,RFlat', 'IVF16,PQ8x4,RefinePanorama(FlatL2Panorama8_1)']) {
      const built = await buildOn(engine, set, s);
      for (const k_factor_rf of [1, 4, 16]) recall.push((await measureOn(engine, set, built, { nprobe: 4, k_factor_rf })).recall['k@k']);
      release(built.arena);
    }
    expect(recall.slice(3)).toEqual(recall.slice(0, 3));
    expect(recall[2]).toBeGreaterThan((recall[0] ?? 1) + 0.1);
    await expect(buildOn(engine, set, 'PQ8x4,RefinePanorama(FlatL2Panorama8)')).rejects.toThrow('batch of 1');
  });
});
