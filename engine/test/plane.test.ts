import { describe, expect, it } from 'vitest';
import { openArena, release } from '../memory';
import { cellAt, cellSites, ownerOf, planeThrough, sitesOf, sliceCells } from '../plane';
import type { IvfIndex } from '../types';
import { testEngine } from './engine';
import { buildOn, openGenerated } from './sets';

describe('the cells of a multi-index on a plane', async () => {
  const engine = await testEngine(2), set = await openGenerated(engine, 'synth64', 4_000);
  it('are those of all its pairs, told from the halves', async () => {
    const built = await buildOn(engine, set, 'IMI2x4,Flat'), arena = openArena(engine.memory);
    if (built.index.kind !== 'IVF') throw new Error('IMI2x4,Flat builds an IVF');
    const ivf: IvfIndex = built.index, query = set.queries.slice(0, set.d), row = (i: number) => set.base.slice(i * set.d, (i + 1) * set.d);
    const plane = planeThrough(arena, query, row(5), row(17)), all = sitesOf(plane, ivf.centroids, 'L2'), sites = cellSites(plane, ivf);
    expect(sites.parts.map((part) => part.length)).toEqual([48, 48]);
    const window = { x0: -9, y0: -6, x1: 12, y1: 8 }, width = 37, height = 23;
    const cells = await sliceCells(engine, sites, window, width, height);
    let same = 0;
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      const at = [window.x0 + ((x + 0.5) * 21) / width, window.y0 + ((y + 0.5) * 14) / height] as const;
      expect(cells[y * width + x]).toBe(cellAt(sites, ...at));
      if (cells[y * width + x] === ownerOf(all, ...at)) same++;
    }
    // a pixel on a border may fall to either side
    expect(same / (width * height)).toBeGreaterThan(0.995);
    expect(new Set(cells).size).toBeGreaterThan(8);
    release(arena);
    release(built.arena);
  });
});
