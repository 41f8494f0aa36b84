import { describe, expect, it } from 'vitest';
import type { Metric } from '../factory/spec';
import { anatomyOf } from '../measure/recall';
import { openArena, release, takeF32, takeI32 } from '../memory';
import { cellSites, chainOf, planeThrough, sliceCells } from '../plane';
import { transformQuery } from '../search';
import { searchCoarse } from '../structures/coarse';
import { invertOne } from '../transforms/apply';
import type { Transform } from '../types';
import { newWork } from '../work';
import { testEngine } from './engine';
import { buildOn, openGenerated } from './sets';

/** A picture of 100 × 100 pixels: the vector at each pixel's centre is carried back through the transforms, given to the index as any
 *  query is, and the list it probes first is the cell that was drawn. */

const cases: { factory: string; metric: Metric }[] = [
  { factory: 'IVF64,Flat', metric: 'L2' },
  { factory: 'IVF64,Flat', metric: 'IP' },
  { factory: 'PCAR24,IVF64,Flat', metric: 'L2' },
  { factory: 'OPQ8_32,IVF64,PQ8', metric: 'L2' },
  { factory: 'OPQ8,IVF64,PQ8', metric: 'IP' },
  { factory: 'RR,IMI2x4,Flat', metric: 'L2' },
];

describe('the cell under a pixel', async () => {
  const engine = await testEngine(2), [side, pixels] = [100, 100 * 100];
  for (const { factory, metric } of cases) {
    it(`is the list probed for that pixel's vector, 10 000 times: ${factory}, ${metric}`, async () => {
      const set = await openGenerated(engine, 'synth64', 4_000, metric), built = await buildOn(engine, set, factory), arena = openArena(engine.memory), thread = engine.own;
      const { ivf } = anatomyOf(built.index), chain = chainOf(built.index), { top } = thread;
      if (!ivf) throw new Error(`${factory} has no lists`);
      const x = takeF32(arena, set.d), dis = takeF32(arena, 4), list = takeI32(arena, 4), d = ivf.d;
      const mapped = (id: number) => {
        x.set(set.base.subarray(id * set.d, (id + 1) * set.d));
        const out = new Float32Array(thread.buffer, transformQuery(thread, chain, x.byteOffset, newWork()), d).slice();
        thread.top = top;
        return out;
      };
      const plane = planeThrough(arena, mapped(1), mapped(2), mapped(3)), spread = Math.hypot(...mapped(2).map((v, j) => v - (mapped(1)[j] ?? 0)));
      const window = { x0: -spread, y0: -spread, x1: 2 * spread, y1: 2 * spread }, step = (3 * spread) / side;
      const cells = await sliceCells(engine, cellSites(plane, ivf), window, side, side);
      const differ: number[] = [];
      for (let p = 0; p < pixels; p++) {
        const a = window.x0 + ((p % side) + 0.5) * step, b = window.y0 + (Math.floor(p / side) + 0.5) * step;
        const point = Float32Array.from(plane.origin, (o, j) => o + a * (plane.u[j] ?? 0) + b * (plane.v[j] ?? 0));
        x.set(carriedBack(chain, point));
        searchCoarse(thread, ivf, transformQuery(thread, chain, x.byteOffset, newWork()), 1, {}, dis.byteOffset, list.byteOffset, newWork());
        thread.top = top;
        if (list[0] !== cells[p]) differ.push(p);
      }
      // Only a pixel whose centre lies on a border, to the last digits, may fall to the other side.
      expect(differ.length).toBeLessThanOrEqual(5);
      expect(new Set(cells).size).toBeGreaterThan(8);
      release(arena);
      release(built.arena);
    });
  }
});

function carriedBack(chain: Transform[], point: Float32Array): Float32Array {
  return [...chain].reverse().reduce((at, transform) => invertOne(transform, at, new Float32Array(transform.dIn), at), point);
}
