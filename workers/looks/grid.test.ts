import { beforeAll, describe, expect, it } from 'vitest';
import { arrange, cornerOf, densities, fitCells, staircase, waitingAt } from '../../components/views/stage/grid/layout';
import { walkSteps } from '../../components/views/stage/grid/story';
import { anatomyOf } from '../../engine/measure/recall';
import { openArena, release, take, takeF32, takeI32 } from '../../engine/memory';
import { ready, serve, type Session } from '../session';
import type { GridLook } from './grid';
import { generatedSession } from '../test/session';

let session: Session;
const quiet = () => {};
const query = { kind: 'heldOut', index: 3 } as const;

beforeAll(async () => { session = await generatedSession(); });

async function gridOf(factory: string, nprobe: number, name = 'synth64', n = 3000): Promise<GridLook> {
  await serve.load(session, { name, n, metric: 'L2', seed: 1234 }, quiet);
  await serve.build(session, { factory, metric: 'L2', seed: 1234 }, quiet);
  const look = await serve.look(session, { kind: 'grid', query, k: 10, params: { nprobe }, selected: 5 }, quiet);
  if (look.kind !== 'grid') throw new Error(`asked for the grid, got ${look.kind}`);
  return look;
}

describe('the grid of a multi-index', () => {
  it('is walked in order of sums, each the sum of its two half distances, through the lists that the search probes', async () => {
    for (const factory of ['IMI2x4,Flat', 'OPQ8,IMI2x4,PQ8', 'IMI2x5,Flat']) {
      const { walk: { lists, distance }, near, bits, sizes, n, selected } = await gridOf(factory, 60), mask = 2 ** bits - 1;
      lists.forEach((list, i) => {
        expect(distance[i]).toBe(Math.fround((near[0][list & mask] ?? NaN) + (near[1][list >> bits] ?? NaN)));
        expect(distance[i]).toBeGreaterThanOrEqual(distance[i - 1] ?? 0);
      });
      expect(new Set(lists).size).toBe(60);
      // nothing nearer was passed over
      const left = Array.from(sizes.keys()).filter((list) => !lists.includes(list)).map((list) => Math.fround((near[0][list & mask] ?? 0) + (near[1][list >> bits] ?? 0)));
      expect(Math.min(...left)).toBeGreaterThanOrEqual(distance.at(-1) ?? Infinity);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(n);
      expect(selected).toBe(session.built?.listOf?.[5]);
      const { probed } = await serve.search(session, { query, k: 10, params: { nprobe: 60 } }, quiet);
      expect([...probed]).toEqual([...lists]);
    }
  });

  it('takes a staircase of the sorted square, and what waits is what lies in the kernel’s heap', async () => {
    const look = await gridOf('IMI2x4,Flat', 120), arranged = arrange(look), { lists } = look.walk, { coarse } = anatomyOf(ready(session).index).ivf ?? {};
    if (coarse?.kind !== 'IMI') throw new Error('IMI2x4 finds its lists by halves');
    const { engine } = session, arena = openArena(engine.memory), ksub = 16;
    const table = takeF32(arena, 2 * ksub), dis = takeF32(arena, 120), out = takeI32(arena, 120), room = take(arena, 28 * ksub);
    table.set(look.near[0]);
    table.set(look.near[1], ksub);
    for (let step = 2; step <= 120; step++) {
      const cells = Array.from(lists.subarray(0, step), arranged.cellOf), stairs = staircase(cells);
      expect(stairs.reduce((sum, columns) => sum + columns, 0)).toBe(step);
      stairs.forEach((columns, row) => expect(columns).toBeLessThanOrEqual(stairs[row - 1] ?? ksub));
      engine.own.search.multiSequence(table.byteOffset, ksub, 4, step, dis.byteOffset, out.byteOffset, room);
      const waiting = Array.from(waitingAt(look, step)), heap = new Float32Array(engine.own.buffer, room + 16 * ksub, 2 * waiting.length);
      const sums = waiting.map((list) => Math.fround((look.near[0][list & 15] ?? 0) + (look.near[1][list >> 4] ?? 0))).sort((a, b) => a - b);
      expect(Array.from({ length: waiting.length }, (_, i) => heap[2 * i + 1] ?? 0).sort((a, b) => a - b)).toEqual(sums);
      if (step < 120) expect(waiting).toContain(lists[step]);
    }
    release(arena);
  });

  it('tells each step with its numbers, and counts every true neighbour once', async () => {
    const look = await gridOf('IMI2x4,Flat', 256), search = await serve.search(session, { query, k: 10, params: { nprobe: 256 } }, quiet), steps = walkSteps(look, arrange(look), search);
    expect(steps).toHaveLength(257);
    expect(steps.at(-1)?.value).toBe(10);
    expect(steps[1]?.sentence).toMatch(/^Halves 1 and 1, list \d+: [\d.]+ \+ [\d.]+ = [\d.]+; .*; 2 pairs wait$/);
    expect(steps[0]?.sentence).toBe('16 + 16 half distances put 256 cells in order; the pair of the two nearest waits first');
  });

  it('divides the plane: the centroids of either half cut one axis, and each vector lies in the box of its list', async () => {
    const { plane, bits } = await gridOf('IMI2x4,Flat', 5, 'blobs', 1000), listOf = session.built?.listOf;
    const nearest = (sites: Float32Array, v: number) => sites.reduce((best, site, i) => (Math.abs(site - v) < Math.abs((sites[best] ?? 0) - v) ? i : best), 0);
    if (!plane) throw new Error('two dimensions have a plane');
    for (let id = 0; id < 1000; id++) expect(nearest(plane.sites[0], plane.points[3 * id] ?? 0) | (nearest(plane.sites[1], plane.points[3 * id + 1] ?? 0) << bits)).toBe(listOf?.[id]);
    expect((await gridOf('IMI2x4,Flat', 5)).plane).toBeNull();
  });
});

describe('the grid of two residual codebooks', () => {
  it('shows the lists that the beam found, from the rows it went on with', async () => {
    const { walk: { lists }, bits, ksub, beam, sizes, n, near } = await gridOf('IVF512(RCQ1x5_1x4),Flat', 6);
    expect([bits, ksub]).toEqual([5, [32, 16]]);
    expect(beam).toHaveLength(24); // four rows a list asked for
    expect(lists.every((list) => beam.includes(list & 31))).toBe(true);
    const worst = Math.max(...Array.from(beam, (row) => near[0][row] ?? Infinity));
    expect(near[0].filter((_, row) => !beam.includes(row)).every((distance) => distance >= worst * (1 - 1e-5))).toBe(true);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(n);
    const { probed } = await serve.search(session, { query, k: 10, params: { nprobe: 6 } }, quiet);
    expect([...probed]).toEqual([...lists]);
  });

  it('is refused to lists that are no pairs', async () => {
    await expect(gridOf('IVF64(RCQ3x2),Flat', 2)).rejects.toThrow('no pairs');
    await expect(gridOf('IVF16,Flat', 2)).rejects.toThrow('no pairs');
  });
});

describe('the layout of the square', () => {
  it('shows all of a small one, the corner of the walk of a large one, blocks where pixels run out', async () => {
    const small = await gridOf('IMI2x4,Flat', 8), large = await gridOf('IMI2x7,Flat', 8);
    expect(cornerOf(small, arrange(small))).toEqual({ rows: 16, columns: 16 });
    const corner = cornerOf(large, arrange(large));
    expect(corner.rows).toBeLessThanOrEqual(48);
    expect(Array.from(large.walk.lists, arrange(large).cellOf).every(({ row, column }) => row < corner.rows && column < corner.columns)).toBe(true);
    expect([fitCells(16, 380), fitCells(128, 380), fitCells(1024, 380)]).toEqual([{ block: 1, pixels: 23 }, { block: 1, pixels: 2 }, { block: 3, pixels: 1 }]);
    const { values, width, height } = densities(large, arrange(large), { rows: 128, columns: 128 }, 4);
    expect([width, height, Math.round(values.reduce((sum, value) => sum + value * 16, 0))]).toEqual([32, 32, large.n]);
  });
});
