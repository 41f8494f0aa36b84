import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../factory/spec';
import * as twin from '../kernels/estimate-twins';
import { openArena, release, takeF32, takeI32, takeU8 } from '../memory';
import type { Arena } from '../memory';
import { aim, blockOf, decodeRows, distances, offer, openProbe, opsOf } from '../quantizers/codec';
import type { Probe } from '../quantizers/codec';
import { trainRabitq } from '../quantizers/rabitq';
import type { RaBitQ } from '../quantizers/rabitq';
import { trainRabitqfs } from '../quantizers/rabitqfs';
import { mulberry32 } from '../random';
import { testEngine } from './engine';
import { buildOn, measureOn, openGenerated } from './sets';

const engine = await testEngine(0, 256 * 2 ** 20), thread = engine.own, random = mulberry32(5);
const fill = (x: Float32Array) => x.forEach((_, i) => { x[i] = (random() + random() + random()) / 2 ** 31 - 2.5; });
const sizes = fc.record({ n: fc.integer({ min: 1, max: 70 }), d: fc.integer({ min: 1, max: 80 }), nbits: fc.integer({ min: 1, max: 9 }), metric: fc.constantFrom<Metric>('L2', 'IP') });

async function inArena(use: (arena: Arena) => Promise<void>): Promise<void> {
  const arena = openArena(engine.memory), { top } = thread;
  try { await use(arena); } finally { release(arena); thread.top = top; }
}

/** n coded vectors, centred at their mean. */
async function coded(arena: Arena, nbits: number, metric: Metric, x: Float32Array, n: number, d: number): Promise<{ codec: RaBitQ; codes: Uint8Array }> {
  const codec = await trainRabitq(engine, arena, { kind: 'RaBitQ', nbits }, { x: x.byteOffset, n, d, metric });
  const codes = takeU8(arena, n * codec.codeSize).fill(255);
  opsOf(codec).encode(thread, codec, [], x.byteOffset, n, codes.byteOffset);
  return { codec, codes };
}

function aimed(arena: Arena, codec: Probe['codec'], metric: Metric, d: number): { probe: Probe; q: Float32Array } {
  const q = takeF32(arena, d);
  fill(q);
  const probe = openProbe(thread, codec, metric, q.byteOffset);
  aim(thread, probe, q.byteOffset);
  return { probe, q };
}
const less = (x: Float32Array, c: Float32Array) => x.map((v, j) => v - (c[j] ?? 0));
const close = (got: number, want: number, scale: number) => expect(Math.abs(got - want)).toBeLessThanOrEqual(4e-5 * (scale + 1));

describe('RaBitQ codes', () => {
  it('with one bit, distances are those to the decoded signs, from a query in 15 steps', () =>
    fc.assert(fc.asyncProperty(sizes, ({ n, d, metric }) => inArena(async (arena) => {
      const x = takeF32(arena, n * d), back = takeF32(arena, n * d), out = takeF32(arena, n + 4);
      fill(x);
      const { codec, codes } = await coded(arena, 1, metric, x, n, d), { probe, q } = aimed(arena, codec, metric, d), centre = codec.centre ?? new Float32Array(d);
      decodeRows(thread, codec, codes.byteOffset, n, back.byteOffset);
      distances(thread, probe, codes.byteOffset, n, 0, out.byteOffset);
      const rest = less(q, centre), rounded = twin.roundedQuery(rest, 4);
      for (let i = 0; i < n; i++) {
        const r = less(x.subarray(i * d, (i + 1) * d), centre), y = less(back.subarray(i * d, (i + 1) * d), centre), product = twin.dot(rounded, y);
        const want = metric === 'L2' ? Math.max(0, twin.dot(rest, rest) + twin.dot(r, r) - 2 * product) : -(twin.dot(q, centre) + twin.dot(centre, r) + product);
        // a component that lies midway between two steps may round either way
        const step = (Math.max(...rest) - Math.min(...rest)) / 15, ties = rest.filter((v) => Math.abs((((v - Math.min(...rest)) / step) % 1) - 0.5) < 1e-3).length;
        expect(Math.abs((out[i] ?? NaN) - want)).toBeLessThanOrEqual(4e-5 * 40 * d + ties * 2 * step * Math.max(...y.map(Math.abs)));
      }
    })), { numRuns: 80 }));

  it('with more bits, distances follow the grid scaled to the length, whose direction is the best there is', () =>
    fc.assert(fc.asyncProperty(sizes, ({ n, d, nbits, metric }) => inArena(async (arena) => {
      if (nbits === 1) return;
      const ex = nbits - 1, bytes = Math.ceil(d / 8), x = takeF32(arena, n * d), out = takeF32(arena, n + 4);
      fill(x);
      const { codec, codes } = await coded(arena, nbits, metric, x, n, d), { probe, q } = aimed(arena, codec, metric, d), centre = codec.centre ?? new Float32Array(d);
      distances(thread, probe, codes.byteOffset, n, 0, out.byteOffset);
      const rest = less(q, centre);
      for (let i = 0; i < Math.min(n, 4); i++) {
        const code = codes.subarray(i * codec.codeSize, (i + 1) * codec.codeSize), r = less(x.subarray(i * d, (i + 1) * d), centre), norm = twin.dot(r, r);
        if (norm < 1e-6) continue;
        const grid = twin.gridOf(code, code.subarray(bytes + 12), d, ex), product = (twin.dot(grid, rest) * norm) / twin.dot(grid, r);
        close(out[i] ?? NaN, metric === 'L2' ? Math.max(0, twin.dot(rest, rest) + norm - 2 * product) : -(twin.dot(q, centre) + twin.dot(centre, r) + product), 40 * d);
        // Faiss tries scales from a start of its own, which two bits and few components may lie beyond
        if (d >= 32 && nbits > 2) expect(twin.dot(grid, r) / Math.sqrt(norm * twin.dot(grid, grid))).toBeGreaterThan(twin.bestCosine(r, ex) - 0.01);
      }
    })), { numRuns: 60 }));

  it('vectors on the grid are coded without loss', () =>
    fc.assert(fc.asyncProperty(fc.constantFrom(3, 5, 6, 7, 8, 9), fc.integer({ min: 2, max: 70 }), (nbits, d) => inArena(async (arena) => {
      const most = 2 ** (nbits - 1) - 1, half = 20, n = 2 * half, x = takeF32(arena, n * d), out = takeF32(arena, n + 4);
      // each beside its opposite, so that the mean is 0
      for (let i = 0; i < half; i++) for (let j = 0; j < d; j++) {
        const v = ((j === 0 ? most : random() % (most + 1)) + 0.5) * (random() % 2 ? 1 : -1);
        x[i * d + j] = v;
        x[(half + i) * d + j] = -v;
      }
      const { codec, codes } = await coded(arena, nbits, 'L2', x, n, d), { probe, q } = aimed(arena, codec, 'L2', d);
      distances(thread, probe, codes.byteOffset, n, 0, out.byteOffset);
      for (let i = 0; i < n; i++) {
        const want = twin.dot(less(q, x.subarray(i * d, (i + 1) * d)), less(q, x.subarray(i * d, (i + 1) * d)));
        expect(Math.abs((out[i] ?? NaN) / want - 1)).toBeLessThan(1e-4);
      }
    })), { numRuns: 60 }));

  it('in blocks they are the same codes: equal decoded, equal by all bits, near by signs', () =>
    fc.assert(fc.asyncProperty(sizes, ({ n, d, nbits, metric }) => inArena(async (arena) => {
      const x = takeF32(arena, n * d), back = takeF32(arena, n * d), backFs = takeF32(arena, n * d), out = takeF32(arena, n + 32), outFs = takeF32(arena, n + 32);
      fill(x);
      const { codec, codes } = await coded(arena, nbits, metric, x, n, d);
      const fs = await trainRabitqfs(engine, arena, { kind: 'RaBitQfs', nbits, bbs: 32 }, { x: x.byteOffset, n, d, metric });
      const blocks = takeU8(arena, Math.ceil(n / 32) * blockOf(fs).bytes);
      opsOf(fs).blocks?.pack(thread, fs, codes.byteOffset, n, blocks.byteOffset);
      decodeRows(thread, codec, codes.byteOffset, n, back.byteOffset);
      decodeRows(thread, fs, blocks.byteOffset, n, backFs.byteOffset);
      expect(backFs).toEqual(back);
      const { probe, q } = aimed(arena, codec, metric, d), probeFs = openProbe(thread, fs, metric, q.byteOffset);
      aim(thread, probeFs, q.byteOffset);
      distances(thread, probe, codes.byteOffset, n, 0, out.byteOffset);
      distances(thread, probeFs, blocks.byteOffset, n, 0, outFs.byteOffset);
      if (nbits > 1) expect(outFs.subarray(0, n)).toEqual(out.subarray(0, n));
      const rest = less(q, codec.centre ?? q), far = Math.sqrt(twin.dot(rest, rest) * d) * 8;
      for (let i = 0; i < n; i++) expect(Math.abs((outFs[i] ?? NaN) - (out[i] ?? NaN))).toBeLessThan(0.2 * far);
    })), { numRuns: 60 }));

  it('offering codes keeps the nearest by all bits, but those their bound rules out', () => inArena(async (arena) => {
    const n = 900, d = 48, k = 10, x = takeF32(arena, n * d), out = takeF32(arena, n + 4), room = takeF32(arena, 1024);
    const dis = takeF32(arena, k), ids = takeI32(arena, k);
    fill(x);
    for (const metric of ['L2', 'IP'] as Metric[]) {
      const { codec, codes } = await coded(arena, 5, metric, x, n, d), { probe } = aimed(arena, codec, metric, d);
      distances(thread, probe, codes.byteOffset, n, 0, out.byteOffset);
      thread.search.heapClear(dis.byteOffset, ids.byteOffset, k);
      offer(thread, probe, codes.byteOffset, n, 0, { at: 0, first: 0 }, { dis: dis.byteOffset, ids: ids.byteOffset, k }, room.byteOffset);
      thread.search.heapSort(dis.byteOffset, ids.byteOffset, k);
      const best = [...out.subarray(0, n).keys()].sort((a, b) => (out[a] ?? 0) - (out[b] ?? 0)).slice(0, k);
      expect(best.filter((id) => ids.includes(id)).length).toBeGreaterThanOrEqual(k - 1);
      ids.forEach((id, i) => expect(dis[i]).toBe(out[id]));
    }
  }));
});

describe('RaBitQ in an index', async () => {
  const all = await testEngine(2);
  it('more bits lose less, with and without lists, for both metrics', async () => {
    for (const metric of ['L2', 'IP'] as Metric[]) {
      const set = await openGenerated(all, 'synth64', 2_000, metric);
      for (const around of ['RaBitQ', 'IVF16,RaBitQ', 'IVF16,RaBitQfs']) {
        const recall: number[] = [];
        for (const bits of ['', '3', '9']) {
          const built = await buildOn(all, set, around + bits);
          recall.push((await measureOn(all, set, built, { nprobe: 16 })).recall['k@k']);
          release(built.arena);
        }
        expect(recall, `${around} ${metric}`).toEqual([...recall].sort((a, b) => a - b));
        expect(recall.at(-1)).toBeGreaterThan(0.98);
      }
    }
  });
});
