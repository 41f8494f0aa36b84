import { describe, expect, it } from 'vitest';
import { l2 } from '../kernels/twins';
import { openArena, release, takeF32 } from '../memory';
import { aim, decodeRows, distances, openProbe, opsOf } from '../quantizers/codec';
import type { IvfIndex } from '../types';
import { testEngine } from './engine';
import { buildOn, measureOn, openGenerated } from './sets';

const engine = await testEngine(2), thread = engine.own;

/** Additive codes in fast-scan blocks: the same codes as one by one, looked up in rounded tables. */
describe('additive fast-scan codes', () => {
  it.each([['RQ6x4fs_Nrq2x4', 'RQ6x4_Nrq2x4'], ['LSQ5x4fs_Nlsq2x4', 'LSQ5x4_Nlsq2x4'], ['PRQ2x3x4fs_64_Nlsq2x4', 'PRQ2x3x4_Nlsq2x4'], ['PLSQ2x3x4fs_Nrq2x4', 'PLSQ2x3x4_Nrq2x4']])('%s decodes as %s does', async (fast, plain) => {
    const set = await openGenerated(engine, 'synth64', 1_500), n = 300, arena = openArena(engine.memory);
    const decoded: Float32Array[] = [];
    for (const s of [fast, plain]) {
      const { index, arena: held } = await buildOn(engine, set, s), out = takeF32(arena, n * set.d);
      if (index.kind !== 'Codes') throw new Error(`${s} builds codes`);
      decodeRows(thread, index.codec, index.codes.byteOffset, n, out.byteOffset);
      decoded.push(out);
      release(held);
    }
    expect(decoded[0]).toEqual(decoded[1]);
    release(arena);
  });

  it.each([['L2', 'RQ6x4fs_Nrq2x4'], ['L2', 'IVF12,RQ5x4fs_Nlsq2x4'], ['L2', 'IVF12,RQ6x4fsr_Nrq2x4'], ['L2', 'IVF12,PLSQ2x2x4fsr_Nlsq2x4'], ['IP', 'RQ5x4fs'], ['IP', 'IVF12,LSQ4x4fsr'], ['IP', 'IVF12,PRQ2x3x4fs_Nnone']] as const)('%s %s: distances are those to what the codes stand for, but for rounding', async (metric, s) => {
    const set = await openGenerated(engine, 'synth64', 1_500, metric), built = await buildOn(engine, set, s), { index } = built, { d } = set;
    if (index.kind !== 'Codes' && index.kind !== 'IVF') throw new Error(`${s} builds codes`);
    const { codec } = index, lists = index.kind === 'IVF' ? index : undefined, { top } = thread, arena = openArena(engine.memory);
    if (codec.kind !== 'AQfs') throw new Error(`${s} builds fast-scan codes`);
    const list = 3, [from, to] = lists ? [lists.offsets[list] ?? 0, lists.offsets[list + 1] ?? 0] : [0, 200], n = to - from;
    expect(n).toBeGreaterThan(20);
    const at = index.codes.byteOffset + (lists?.blocks[list] ?? 0) * (opsOf(codec).blocks?.bytes(codec) ?? 0);
    const query = takeF32(arena, d), rows = takeF32(arena, n * d), out = takeF32(arena, n + 4);
    query.set(set.queries.subarray(0, d));
    decodeRows(thread, codec, at, n, rows.byteOffset);
    const base = lists?.byResidual ? addCentroid(lists, list, rows, metric, query) : 0;
    const probe = { ...openProbe(thread, codec, metric, query.byteOffset), codec };
    aim(thread, probe, query.byteOffset);
    if (lists?.byResidual) probe.centre = lists.centroids.byteOffset + list * d * 4;
    opsOf(codec).toList?.(thread, probe, list);
    distances(thread, probe, at, n, base, out.byteOffset);
    const step = new Float32Array(thread.buffer, probe.at, 1)[0] ?? NaN, { splits, nbits, norms } = codec.aq, slack = (splits * nbits.length + 2) * step * 0.5 + 1e-2;
    for (let i = 0; i < n; i++) {
      const row = rows.subarray(i * d, (i + 1) * d), square = row.reduce((sum, v) => sum + v * v, 0);
      const norm = metric === 'L2' ? Math.min(...norms.values.map((v) => Math.abs(v - square))) : 0;
      const want = metric === 'L2' ? l2(query, row) : -row.reduce((sum, v, j) => sum + v * (query[j] ?? 0), 0);
      expect(Math.abs((out[i] ?? NaN) - want), `code ${i}`).toBeLessThanOrEqual(norm + slack);
    }
    thread.top = top;
    release(arena);
    release(built.arena);
  });

  /** Adds the centroid to what residual codes decode to; what a search adds itself comes back: the product with the centroid. */
  function addCentroid({ centroids, d }: IvfIndex, list: number, rows: Float32Array, metric: 'L2' | 'IP', query: Float32Array): number {
    const c = centroids.subarray(list * d, (list + 1) * d);
    rows.forEach((v, i) => { rows[i] = v + (c[i % d] ?? 0); });
    return metric === 'L2' ? 0 : -c.reduce((sum, v, j) => sum + v * (query[j] ?? 0), 0);
  }

  it('residual codes find more than codes of the vectors themselves, and both in all lists what the code allows', async () => {
    const set = await openGenerated(engine, 'synth64', 4_000), recall: number[] = [];
    for (const s of ['IVF32,RQ8x4fs_Nrq2x4', 'IVF32,RQ8x4fsr_Nrq2x4', 'IVF32,RQ8x4_Nrq2x4']) {
      const built = await buildOn(engine, set, s);
      recall.push((await measureOn(engine, set, built, { nprobe: 32 })).recall['k@k']);
      release(built.arena);
    }
    const [plain = 1, residual = 0, unrounded = 1] = recall;
    expect(residual).toBeGreaterThan(plain);
    expect(Math.abs(residual - unrounded)).toBeLessThan(0.02);
  });
});
