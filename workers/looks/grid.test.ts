import { beforeAll, describe, expect, it } from 'vitest';
import { arrange, cornerOf, densities, distanceTo, fitCells, nextOf, pairOf, rankOf, sizesUnder, staircase, symbolsOf, waitingAt } from '../../components/views/stage/grid/layout';
import { during, roundCaption, roundSteps } from '../../components/views/stage/grid/rounds';
import { captionOf, linesOf, walkSteps } from '../../components/views/stage/grid/story';
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

const walkOf = ({ walk }: GridLook) => { if (!walk) throw new Error('lists that are searched have a walk'); return walk; };
const halves = ({ near: [first, second] }: GridLook) => { if (!first || !second) throw new Error('a multi-index has two halves'); return [first, second] as const; };
const total = (sizes: Uint32Array) => sizes.reduce((sum, size) => sum + size, 0);

describe('the grid of a multi-index', () => {
  it('is walked in order of sums, each the sum of its two half distances, through the lists that the search probes', async () => {
    for (const factory of ['IMI2x4,Flat', 'OPQ8,IMI2x4,PQ8', 'IMI2x5,Flat']) {
      const look = await gridOf(factory, 60), { lists, distance } = walkOf(look), near = halves(look), [bits = 0] = look.bits, mask = 2 ** bits - 1, arranged = arrange(look), { sizes } = arranged;
      lists.forEach((list, i) => {
        expect(distance[i]).toBe(Math.fround((near[0][list & mask] ?? NaN) + (near[1][list >> bits] ?? NaN)));
        expect(distance[i]).toBeGreaterThanOrEqual(distance[i - 1] ?? 0);
      });
      expect(new Set(lists).size).toBe(60);
      // nothing nearer was passed over
      const left = Array.from(sizes.keys()).filter((list: number) => !lists.includes(list)).map((list) => Math.fround((near[0][list & mask] ?? 0) + (near[1][list >> bits] ?? 0)));
      expect(Math.min(...left)).toBeGreaterThanOrEqual(distance.at(-1) ?? Infinity);
      expect(total(sizes)).toBe(look.n);
      lists.forEach((list, i) => { if (distance[i] !== distance[i - 1]) expect(rankOf(look, arranged, list)).toBe(i + 1); });
      expect(look.selected).toBe(session.built?.listOf?.[5]);
      const { probed } = await serve.search(session, { query, k: 10, params: { nprobe: 60 } }, quiet);
      expect([...probed]).toEqual([...lists]);
    }
  });

  it('takes a staircase of the sorted square, and what waits is what lies in the kernel’s heap', async () => {
    const look = await gridOf('IMI2x4,Flat', 120), arranged = arrange(look), { lists } = walkOf(look), near = halves(look), { coarse } = anatomyOf(ready(session).index).ivf ?? {};
    if (coarse?.kind !== 'IMI') throw new Error('IMI2x4 finds its lists by halves');
    const { engine } = session, arena = openArena(engine.memory), ksub = 16;
    const table = takeF32(arena, 2 * ksub), dis = takeF32(arena, 120), out = takeI32(arena, 120), room = take(arena, 28 * ksub);
    table.set(near[0]);
    table.set(near[1], ksub);
    for (let step = 2; step <= 120; step++) {
      const cells = Array.from(lists.subarray(0, step), arranged.cellOf), stairs = staircase(cells);
      expect(stairs.reduce((sum, columns) => sum + columns, 0)).toBe(step);
      stairs.forEach((columns, row) => expect(columns).toBeLessThanOrEqual(stairs[row - 1] ?? ksub));
      engine.own.search.multiSequence(table.byteOffset, ksub, 4, step, dis.byteOffset, out.byteOffset, room);
      const waiting = Array.from(waitingAt(look, step)), heap = new Float32Array(engine.own.buffer, room + 16 * ksub, 2 * waiting.length);
      const sums = waiting.map((list) => Math.fround((near[0][list & 15] ?? 0) + (near[1][list >> 4] ?? 0))).sort((a, b) => a - b);
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
    const { plane, bits: [bits = 0] } = await gridOf('IMI2x4,Flat', 5, 'blobs', 1000), listOf = session.built?.listOf;
    const nearest = (sites: Float32Array, v: number) => sites.reduce((best, site, i) => (Math.abs(site - v) < Math.abs((sites[best] ?? 0) - v) ? i : best), 0);
    if (!plane) throw new Error('two dimensions have a plane');
    for (let id = 0; id < 1000; id++) expect(nearest(plane.sites[0], plane.points[3 * id] ?? 0) | (nearest(plane.sites[1], plane.points[3 * id + 1] ?? 0) << bits)).toBe(listOf?.[id]);
    expect((await gridOf('IMI2x4,Flat', 5)).plane).toBeNull();
  });
});

describe('the training of a multi-index', () => {
  it('places a sample under the centroids of each iteration, in the end where the index has it', async () => {
    for (const factory of ['IMI2x4,Flat', 'OPQ8,IMI2x5,PQ8']) {
      const look = await gridOf(factory, 8), { training } = look, last = training?.states.at(-1), listOf = session.built?.listOf;
      if (!training || !last) throw new Error('the halves were recorded');
      expect(last.iteration).toBe(training.iterations.length - 1);
      expect(training.ids).toHaveLength(3000);
      expect(training.states.map(({ iteration }) => iteration)).toEqual(training.iterations.map((_, i) => i));
      training.ids.forEach((id, i) => expect((last.codes[i] ?? 0) + (look.ksub[0] ?? 0) * (last.codes[3000 + i] ?? 0)).toBe(listOf?.[id]));
      for (const half of [0, 1]) last.near[half]?.forEach((near, k) => expect(near).toBeCloseTo(halves(look)[half]?.[k] ?? NaN, 2));
      const { look: then, arranged } = during(look, arrange(look), last);
      expect([...arranged.sizes]).toEqual([...arrange(look).sizes]);
      expect(total(then.held.sizes)).toBe(3000);
    }
  });

  it('tells both halves at each iteration, and never leaves more than before', async () => {
    const look = await gridOf('IMI2x4,Flat', 8), steps = roundSteps(look), last = look.training?.states.at(-1);
    if (!last) throw new Error('the halves were recorded');
    steps.forEach(({ value }, i) => expect(value).toBeLessThanOrEqual((steps[i - 1]?.value ?? Infinity) * (1 + 1e-6)));
    expect(steps[1]?.sentence).toMatch(/^Iteration 2 of \d+: the halves leave [\d.]+ \+ [\d.]+ = [\d.]+, [\d.]+\u202f% less; [\d\u202f]+ halves of 6\u202f000 changed centroid$/);
    expect(roundCaption(during(look, arrange(look), last).look, steps.length - 1)).toContain(`All 3\u202f000 vectors under the centroids after iteration ${steps.length}: `);
  });
});

/** ‖q − Σ rows‖² from the codebooks themselves. */
function squaredTo(x: Float32Array, symbols: number[]): number {
  const { coarse } = anatomyOf(ready(session).index).ivf ?? {};
  if (coarse?.kind !== 'RCQ') throw new Error('RCQ has codebooks');
  const { codebooks, first, d } = coarse;
  return x.reduce((sum, v, j) => sum + (v - symbols.reduce((all, symbol, m) => all + (codebooks[((first[m] ?? 0) + symbol) * d + j] ?? 0), 0)) ** 2, 0);
}
const queryOf = () => session.set?.queries.slice(3 * 64, 4 * 64) ?? new Float32Array(0);

describe('the grid of residual codebooks', () => {
  it('shows the lists that the beam found, from the rows it went on with', async () => {
    const look = await gridOf('IVF512(RCQ1x5_1x4),Flat', 6), { lists, beams: [beam = new Int32Array(0)] } = walkOf(look), near = nextOf(look, []);
    expect([look.bits, look.ksub]).toEqual([[5, 4], [32, 16]]);
    expect(beam).toHaveLength(24); // four rows a list asked for
    expect(lists.every((list) => beam.includes(list & 31))).toBe(true);
    const worst = Math.max(...Array.from(beam, (row) => near[row] ?? Infinity));
    expect(near.filter((_, row) => !beam.includes(row)).every((distance) => distance >= worst * (1 - 1e-5))).toBe(true);
    expect(total(arrange(look).sizes)).toBe(look.n);
    const { probed } = await serve.search(session, { query, k: 10, params: { nprobe: 6 } }, quiet);
    expect([...probed]).toEqual([...lists]);
  });

  it('stands in the distances of the sums, in each row in an order of its own', async () => {
    const look = await gridOf('IVF256(RCQ2x4),Flat', 8), { rows, pairAt, cellOf } = arrange(look), x = queryOf();
    for (let row = 0; row < rows; row++) {
      const distances = Array.from({ length: 16 }, (_, column) => { const pair = pairAt({ row, column }); expect(cellOf(pair)).toEqual({ row, column }); return squaredTo(x, [pair % 16, pair >> 4]); });
      distances.forEach((distance, i) => expect(distance).toBeGreaterThanOrEqual((distances[i - 1] ?? 0) - 1e-3));
      expect(distanceTo(look, [pairAt({ row, column: 0 }) % 16, pairAt({ row, column: 0 }) >> 4])).toBeCloseTo(distances[0] ?? NaN, 2);
    }
    const orders = new Set(Array.from({ length: rows }, (_, row) => arrange(look).columnsOf(row).join()));
    expect(orders.size).toBeGreaterThan(1);
  });

  it('of three codebooks sums the lists under each pair, and opens the third exactly', async () => {
    const look = await gridOf('IVF512(RCQ3x3),Flat', 8), arranged = arrange(look), { lists, distance, beams } = walkOf(look), x = queryOf(), { ivf } = anatomyOf(ready(session).index);
    const sizeOf = (list: number) => (ivf?.offsets[list + 1] ?? 0) - (ivf?.offsets[list] ?? 0);
    expect(look.ksub).toEqual([8, 8, 8]);
    for (let pair = 0; pair < 64; pair++) {
      const third = Array.from({ length: 8 }, (_, k) => sizeOf(pair + 64 * k));
      expect(arranged.sizes[pair]).toBe(third.reduce((sum, size) => sum + size, 0));
      expect(arranged.lists[pair]).toBe(third.filter((size) => size > 0).length);
      expect([...sizesUnder(look, [pair % 8, pair >> 3])]).toEqual(third);
      nextOf(look, [pair % 8, pair >> 3]).forEach((near, k) => expect(near).toBeCloseTo(squaredTo(x, [pair % 8, pair >> 3, k]), 2));
    }
    lists.forEach((list, i) => {
      expect(distanceTo(look, symbolsOf(look, list))).toBeCloseTo(distance[i] ?? NaN, 2);
      expect(beams[1]).toContain(pairOf(look, list));
      expect(beams[0]).toContain(list % 8);
    });
    expect(beams.map((beam) => beam.length)).toEqual([8, 32]);
    expect(walkSteps(look, arranged, null)[0]?.sentence).toBe('Codebook 1: 8 rows compared, 8 go on; codebook 2: 8 × 8 sums, 32 go on; codebook 3: 32 × 8 sums, 8 lists kept');
    expect(captionOf(look, null, null, { rows: 8, columns: 8 })).toContain('8 of 512 lists probed, by a beam of 8 rows and 32 pairs');
    expect(captionOf(look, null, null, { rows: 8, columns: 8 })).toContain('A square stands for the 8 lists that begin with its two rows.');
  });

  it('tells what each codebook leaves, and never more than the one before', async () => {
    const look = await gridOf('IVF512(RCQ3x3),Flat', 8), steps = roundSteps(look);
    expect(steps).toHaveLength(3);
    steps.forEach(({ value }, m) => expect(value).toBeLessThan(steps[m - 1]?.value ?? Infinity));
    expect(steps[1]?.sentence).toMatch(/^Codebook 2 of 3: 8 rows learnt on what the first leaves; with it [\d.]+ is left of 3\u202f000 vectors in the mean, [\d.]+\u202f% less$/);
    expect(roundCaption(look, 1)).toContain('The square is that of the finished index.');
  });

  it('is refused to lists that are no codes', async () => {
    await expect(gridOf('IVF16,Flat', 2)).rejects.toThrow('no codes');
  });
});

describe('the grid of codes of two levels', () => {
  it('holds the lists that stand in the codes, without a walk', async () => {
    for (const [factory, ksub] of [['Residual2x4,PQ8', [16, 16]], ['Residual4x3,PQ8', [8, 8, 8, 8]], ['Residual50,PQ8', [50]], ['HNSW8,2x4+PQ8', [16, 16]]] as const) {
      const look = await gridOf(factory, 1);
      expect(look.ksub).toEqual(ksub);
      expect(look.walk).toBeNull();
      expect(total(look.held.sizes)).toBe(3000);
      const last = look.training?.states.at(-1);
      if (!last) throw new Error('the first level was recorded');
      expect(during(look, arrange(look), last).look.held.sizes.length).toBe(look.held.sizes.length);
      expect([...arrange(look).sizes]).toEqual([...during(look, arrange(look), last).arranged.sizes]);
      expect(roundSteps(look)[1]?.sentence).toContain(ksub.length === 1 ? 'vectors are' : ksub.length === 2 ? 'the halves leave' : 'the parts leave');
      expect(total(arrange(look).sizes)).toBe(3000);
    }
  });

  it('puts each vector in the list of its nearest centroids', async () => {
    await gridOf('Residual2x4,PQ8', 1);
    for (const id of [0, 5, 77]) {
      const look = await serve.look(session, { kind: 'grid', query: { kind: 'base', id }, k: 10, params: {}, selected: id }, quiet);
      if (look.kind !== 'grid' || look.selected === null) throw new Error('a vector has a list');
      expect(arrange(look).cellOf(look.selected)).toEqual({ row: 0, column: 0 });
      expect(linesOf(look, arrange(look), null, look.selected)[2]).toContain('1st of 256 sums');
      expect(captionOf(look, null, null, { rows: 16, columns: 16 })).toContain('no search goes through them');
    }
  });
});

describe('the layout of the square', () => {
  it('shows all of a small one, the corner of the walk of a large one, blocks where pixels run out', async () => {
    const small = await gridOf('IMI2x4,Flat', 8), large = await gridOf('IMI2x7,Flat', 8);
    expect(cornerOf(small, arrange(small))).toEqual({ rows: 16, columns: 16 });
    const corner = cornerOf(large, arrange(large));
    expect(corner.rows).toBeLessThanOrEqual(48);
    expect(Array.from(walkOf(large).lists, arrange(large).cellOf).every(({ row, column }) => row < corner.rows && column < corner.columns)).toBe(true);
    expect([fitCells(16, 380), fitCells(128, 380), fitCells(1024, 380)]).toEqual([{ block: 1, pixels: 23 }, { block: 1, pixels: 2 }, { block: 3, pixels: 1 }]);
    const { values, width, height } = densities(arrange(large), { rows: 128, columns: 128 }, 4);
    expect([width, height, Math.round(values.reduce((sum, value) => sum + value * 16, 0))]).toEqual([32, 32, large.n]);
  });
});
