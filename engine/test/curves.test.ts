import { beforeAll, describe, expect, it } from 'vitest';
import { curveOf } from '../measure/curves';
import type { CurveParam } from '../measure/curves';
import { anatomyOf, invertLists } from '../measure/recall';
import { release } from '../memory';
import type { Engine } from '../pool';
import type { SearchParams } from '../types';
import { testEngine } from './engine';
import { buildOn, measureOn, openGenerated } from './sets';

let engine: Engine;
beforeAll(async () => { engine = await testEngine(2, 2 ** 30); });

const every = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const doublings = [1, 2, 4, 8, 16];

/** string, parameter, its values, the others */
const strings: [string, CurveParam, number[], SearchParams][] = [
  ['IVF16,Flat', 'nprobe', every(16), {}],
  ['IVF16,PQ8', 'nprobe', every(16), {}],
  ['IVF64,PQ8', 'nprobe', doublings, { max_codes: 300 }],
  ['OPQ8,IVF16,PQ8,RFlat', 'nprobe', every(16), { k_factor_rf: 3 }],
  ['IVF16,PQ8x4fs', 'nprobe', doublings, {}],
  ['IVF16,RaBitQ4', 'nprobe', doublings, {}],
  ['IVF64(SQ4),SQ8', 'nprobe', doublings, {}],
  ['IVF64(IVF8,Flat),Flat', 'nprobe', doublings, { quantizer_nprobe: 3 }],
  ['IMI2x4,PQ8', 'nprobe', doublings, {}],
  ['IVF16,PQ8+8', 'nprobe', doublings, { k_factor: 3 }],
  ['IVF64_HNSW8,Flat', 'nprobe', doublings, {}],
  ['IVF64_HNSW8,PQ8,RFlat', 'nprobe', [1, 4, 16, 40], { quantizer_efSearch: 40, k_factor_rf: 2 }],
  ['IVF64(HNSW8),Flat', 'nprobe', [1, 3, 9, 27], { quantizer_efSearch: 27 }],
  ['IMI2x4,Flat', 'nprobe', [1, 4, 16, 64], { max_codes: 200 }],
  ['IVF64,PQ8x4fs', 'nprobe', doublings, { max_codes: 250 }],
  ['IVF16,PQ8,RFlat', 'k_factor_rf', every(12), { nprobe: 4 }],
  ['IVF16,PQ8,Refine(SQ8)', 'k_factor_rf', every(12), { nprobe: 4 }],
  ['PQ8,Refine(PCA16,SQ8)', 'k_factor_rf', doublings, {}],
  ['PCA32,SQ4,RFlat', 'k_factor_rf', doublings, {}],
  ['IVF16,PQ8+8', 'k_factor', every(12), { nprobe: 4 }],
  ['HNSW8,PQ8,RFlat', 'k_factor_rf', every(6), { efSearch: 60 }],
];

describe('a curve from one pass', () => {
  it.each(strings)('of %s over %s is that of searching again', async (factory, param, values, others) => {
    const set = await openGenerated(engine, 'synth64', 3000), built = await buildOn(engine, set, factory), { ivf } = anatomyOf(built.index);
    const curve = await curveOf(engine, { index: built.index, published: 'index', listOf: ivf && invertLists(ivf), queries: set.queries.byteOffset, nq: set.nq, d: set.d, k: 10, params: others, param, values, truth: set.truth });
    if (!curve) throw new Error('no curve');
    for (const { value, recall, ceiling } of curve) {
      const again = await measureOn(engine, set, built, { ...others, [param]: value });
      expect(recall, `${param} ${value}`).toBe(again.recall['k@k']);
      const { coarse, graph, refine } = again.missed, lostBefore = param === 'nprobe' ? coarse : coarse + graph + refine;
      expect(ceiling, `ceiling at ${param} ${value}`).toBeCloseTo(1 - lostBefore / (set.nq * 10), 12);
    }
    expect(new Set(curve.map(({ recall }) => recall)).size).toBeGreaterThan(2);
    release(built.arena);
    release(set.arena);
  });

  it('is not drawn where more asked for is another search', async () => {
    const set = await openGenerated(engine, 'synth64', 3000), nothing: [string, CurveParam, SearchParams][] = [
      ['IVF64_HNSW8,Flat', 'nprobe', { quantizer_efSearch: 3 }], ['IVF128_NSG8,Flat', 'nprobe', {}], ['IVF64(RCQ2x3),Flat', 'nprobe', {}], ['HNSW8,PQ8,RFlat', 'k_factor_rf', { efSearch: 16 }], ['RaBitQ4,RFlat', 'k_factor_rf', {}], ['Flat', 'nprobe', {}],
    ];
    for (const [factory, param, params] of nothing) {
      const built = await buildOn(engine, set, factory), { ivf } = anatomyOf(built.index);
      expect(await curveOf(engine, { index: built.index, published: 'index', listOf: ivf && invertLists(ivf), queries: set.queries.byteOffset, nq: set.nq, d: set.d, k: 10, params, param, values: [1, 2, 4], truth: set.truth }), factory).toBeNull();
      release(built.arena);
    }
  });
});
