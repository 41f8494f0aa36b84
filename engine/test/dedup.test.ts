import { describe, expect, it } from 'vitest';
import { openArena, release, takeF32, takeI32 } from '../memory';
import { publish } from '../pool';
import { decodeRows } from '../quantizers/codec';
import { searchInto, searchScratch } from '../search';
import { newWork } from '../work';
import { testEngine } from './engine';
import { buildOn, openGenerated } from './sets';
import { validIndex } from './valid-index';

const engine = await testEngine(2), thread = engine.own;

describe('FlatDedup', () => {
  it('keeps every distinct vector once, and answers as Flat does', async () => {
    const set = await openGenerated(engine, 'ties', 600), { d, n, base } = set, k = 20, arena = openArena(engine.memory);
    const distinct = new Set(Array.from({ length: n }, (_, i) => base.subarray(i * d, (i + 1) * d).join(' ')));
    expect(distinct.size).toBeLessThan(n);
    const answers: unknown[] = [];
    for (const s of ['IVF8,Flat', 'IVF8,FlatDedup']) {
      const built = await buildOn(engine, set, s), { index } = built, { top } = thread;
      validIndex(index);
      await publish(engine, 'index', index);
      if (index.kind !== 'IVF') throw new Error(`${s} builds lists`);
      const rows = takeF32(arena, n * d), dis = takeF32(arena, k), ids = takeI32(arena, k);
      decodeRows(thread, index.codec, index.codes.byteOffset, n, rows.byteOffset);
      index.ids.forEach((id, i) => expect([...rows.subarray(i * d, (i + 1) * d)]).toEqual([...base.subarray(id * d, (id + 1) * d)]));
      if (index.codec.kind === 'FlatDedup') expect(index.codec.vectors.length).toBe(distinct.size * d);
      expect(thread.end - thread.top).toBeGreaterThan(searchScratch(index, k, { nprobe: 3 }));
      for (let q = 0; q < 20; q++) {
        searchInto(thread, index, set.queries.byteOffset + q * d * 4, k, { nprobe: 3 }, dis.byteOffset, ids.byteOffset, newWork());
        answers.push([s === 'IVF8,Flat', [...dis], [...ids]]);
      }
      thread.top = top;
      release(built.arena);
    }
    expect(answers.slice(20).map((a) => (a as unknown[]).slice(1))).toEqual(answers.slice(0, 20).map((a) => (a as unknown[]).slice(1)));
    release(arena);
  });
});
