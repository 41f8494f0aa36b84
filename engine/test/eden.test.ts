import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../factory/spec';
import * as twin from '../kernels/estimate-twins';
import { levelOf } from '../kernels/code-twins';
import { openArena, release, takeF32, takeU8 } from '../memory';
import { aim, decodeRows, distances, openProbe, opsOf } from '../quantizers/codec';
import { trainEden } from '../quantizers/eden';
import { mulberry32 } from '../random';
import { testEngine } from './engine';
import { buildOn, measureOn, openGenerated } from './sets';

const engine = await testEngine(0, 256 * 2 ** 20), thread = engine.own, random = mulberry32(6);
const fill = (x: Float32Array) => x.forEach((_, i) => { x[i] = (random() + random() + random()) / 2 ** 31 - 2.5; });
const sizes = fc.record({
  n: fc.integer({ min: 1, max: 40 }), d: fc.integer({ min: 1, max: 70 }), nbits: fc.integer({ min: 1, max: 8 }),
  biased: fc.boolean(), lists: fc.boolean(), metric: fc.constantFrom<Metric>('L2', 'IP'),
});

describe('EDEN codes', () => {
  it('hold the level of each component and the scale their kind asks for; distances are those to what they decode to', () =>
    fc.assert(fc.asyncProperty(sizes, async ({ n, d, nbits, biased, lists, metric }) => {
      const arena = openArena(engine.memory), { top } = thread;
      try {
        const x = takeF32(arena, n * d), back = takeF32(arena, n * d), q = takeF32(arena, d), out = takeF32(arena, n + 4);
        fill(x);
        fill(q);
        const codec = await trainEden(engine, arena, { kind: 'EDEN', nbits, biased }, { x: x.byteOffset, n: lists ? 0 : n, d }), { codeSize, levels, bounds } = codec;
        const centre = codec.centre ?? new Float32Array(d), codes = takeU8(arena, n * codeSize).fill(255);
        opsOf(codec).encode(thread, codec, [], x.byteOffset, n, codes.byteOffset);
        decodeRows(thread, codec, codes.byteOffset, n, back.byteOffset);
        const probe = openProbe(thread, codec, metric, q.byteOffset);
        aim(thread, probe, q.byteOffset);
        distances(thread, probe, codes.byteOffset, n, 1.5, out.byteOffset);
        const rest = q.map((v, j) => v - (centre[j] ?? 0));
        for (let i = 0; i < n; i++) {
          const r = x.subarray(i * d, (i + 1) * d).map((v, j) => v - (centre[j] ?? 0)), y = back.subarray(i * d, (i + 1) * d).map((v, j) => v - (centre[j] ?? 0));
          const norm = twin.dot(r, r), scale = Math.sqrt(d / norm), code = codes.subarray(i * codeSize);
          if (norm < 1e-4) continue;
          const named = Array.from({ length: d }, (_, j) => levels[twin.numberAt(code, j, nbits)] ?? NaN);
          named.forEach((level, j) => {
            const v = (r[j] ?? 0) * scale, clear = bounds.every((b) => Math.abs(b - v) > 1e-4);
            if (clear) expect(level).toBe(levels[levelOf(v, bounds)]);
          });
          const factor = biased ? twin.dot(named, r) / twin.dot(named, named) : norm / twin.dot(named, r);
          y.forEach((v, j) => expect(Math.abs(v - factor * (named[j] ?? NaN))).toBeLessThan(1e-3));
          const square = biased ? twin.dot(y, y) : norm;
          const want = metric === 'L2' ? twin.dot(rest, rest) + square - 2 * twin.dot(rest, y) : -twin.dot(q, centre) - twin.dot(q, y);
          expect(Math.abs((out[i] ?? NaN) - 1.5 - want)).toBeLessThan(4e-4 * d + 1e-3);
        }
      } finally {
        release(arena);
        thread.top = top;
      }
    }), { numRuns: 150 }));
});

describe('EDEN in an index', async () => {
  const all = await testEngine(2);
  it('more bits lose less, alone for inner products and in lists for L2', async () => {
    for (const [metric, around] of [['IP', 'EDEN'], ['L2', 'IVF16,EDEN']] as [Metric, string][]) {
      const set = await openGenerated(all, 'synth64', 2_000, metric), recall: number[] = [];
      for (const bits of ['', '2', '3BIASED', '5', '8']) {
        const built = await buildOn(all, set, around + bits);
        recall.push((await measureOn(all, set, built, { nprobe: 16 })).recall['k@k']);
        release(built.arena);
      }
      expect(recall, `${around} ${metric}`).toEqual([...recall].sort((a, b) => a - b));
      expect(recall.at(-1)).toBeGreaterThan(0.97);
    }
  });
});
