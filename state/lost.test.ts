import { expect, test } from 'vitest';
import { losses } from '../engine/measure/causes';
import { knobOf, rerankedBy } from './lost';

/** Per loss, in the order of `losses`: nprobe, max_codes, quantizer, graph, code, refine. */
test.each([
  ['IVF256,PQ32', ['nprobe', null, null, null, null, null]],
  ['IVF1024_HNSW32,Flat', ['nprobe', null, 'quantizer_efSearch', null, null, null]],
  ['IVF256(IVF16,Flat),Flat', ['nprobe', null, 'quantizer_nprobe', null, null, null]],
  ['IMI2x8,PQ8', ['nprobe', 'max_codes', null, null, null, null]],
  ['HNSW32', [null, null, null, 'efSearch', null, null]],
  ['NSG16,Flat', [null, null, null, 'search_L', null, null]],
  ['IVF64,PQ8,RFlat', ['nprobe', null, null, null, null, 'k_factor_rf']],
  ['IVF64,PQ8+8', ['nprobe', null, null, null, null, 'k_factor']],
])('%s: each loss leads to its own parameter', (index, knobs) => {
  expect(losses.map((loss) => knobOf(loss, index))).toEqual(knobs);
});

test('codes that are too coarse are won back by exact distances, once', () => {
  expect(rerankedBy('IVF64,PQ8')).toBe('IVF64,PQ8,RFlat');
  expect(rerankedBy('IVF64,PQ8,RFlat')).toBeNull();
});
