import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packRows, nearestRows, placeIn } from '../../dense';
import { openArena, release, takeF32, takeI32 } from '../../memory';
import type { Metric } from '../../factory/spec';
import { testEngine } from '../engine';
import { randomMatrix } from './matrices';

const engine = await testEngine(0, 64 * 2 ** 20);

/** best and value of n rows x against m rows y. */
function nearest(x: number[], y: number[], d: number, metric: Metric): { best: number[]; value: number[] } {
  const arena = openArena(engine.memory), n = x.length / d, m = y.length / d;
  const rows = takeF32(arena, x.length), to = takeF32(arena, y.length), best = takeI32(arena, n), value = takeF32(arena, n);
  rows.set(x);
  to.set(y);
  const thread = { ...engine.own };
  nearestRows(thread, rows.byteOffset, d, n, packRows(thread, placeIn(arena), to.byteOffset, m, d, metric), best.byteOffset, value.byteOffset);
  const found = { best: [...best], value: [...value] };
  release(arena);
  return found;
}

describe('the packed argmin', () => {
  it('is exact over whole numbers, ties going to the smallest column', () => {
    const rows = (n: number) => fc.array(fc.integer({ min: -2, max: 2 }), { minLength: n, maxLength: n });
    const cases = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 9 }), fc.constantFrom<Metric>('L2', 'IP'));
    fc.assert(fc.property(cases.chain(([n, m, d, metric]) => fc.tuple(rows(n * d), rows(m * d), fc.constant(d), fc.constant(metric))), ([x, y, d, metric]) => {
      const { best, value } = nearest(x, y, d, metric), m = y.length / d;
      best.forEach((at, i) => {
        const wanted = Array.from({ length: m }, (_, j) => {
          let s = 0;
          for (let c = 0; c < d; c++) { const a = x[i * d + c] ?? NaN, b = y[j * d + c] ?? NaN; s += metric === 'L2' ? b * b - 2 * a * b : -a * b; }
          return s;
        });
        expect(at).toBe(wanted.indexOf(Math.min(...wanted)));
        expect(value[i]).toBe(Math.min(...wanted));
      });
    }), { numRuns: 300 });
  });

  it('names a column that is there when a value is not a number or infinite', () => {
    const d = 4, y = [...randomMatrix(13, d, 1)].map(Math.abs);
    for (const v of [NaN, Infinity, -Infinity]) for (const metric of ['L2', 'IP'] as Metric[]) {
      for (const at of nearest([v, 1, 1, 1], y, d, metric).best) expect(at >= 0 && at < 13).toBe(true);
    }
  });
});
