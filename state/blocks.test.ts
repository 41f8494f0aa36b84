import { expect, test } from 'vitest';
import { blockTools, knobsByBlock } from './blocks';
import { blocksFor, language, totalsFor } from './factory';
import { defaults } from './setting';

const engine = { threads: 1, shared: false, simd: 'plain' as const, memoryBytes: 2 ** 30 };
const tools = (index: string) => {
  const found = blockTools({ ...defaults(), index }, engine);
  if (!found) throw new Error(`${index} was not read`);
  return found;
};

test('every search parameter that the engine takes hangs on its block', () => {
  const homes = (index: string) => [...knobsByBlock(index, blocksFor({ ...defaults(), index }))].map(([path, knobs]) => [path, knobs.map(({ name }) => name)]);
  expect(homes('OPQ32,IVF256_HNSW32,PQ32,RFlat')).toEqual([['base.index.coarse', ['nprobe', 'quantizer_efSearch']], ['', ['k_factor_rf']], ['base.index.codec', ['ht']]]);
  expect(homes('IMI2x4,Flat')).toEqual([['coarse', ['nprobe', 'max_codes']]]);
  expect(homes('HNSW32,SQ8')).toEqual([['', ['efSearch']]]);
  expect(homes('NSG32,SQ8')).toEqual([['', ['search_L']]]);
  expect(homes('IVF64,PQ8+16')).toEqual([['coarse', ['nprobe']], ['codec', ['k_factor']]]);
  expect(homes('IVF256(IVF64_HNSW8,Flat),Flat')).toEqual([['coarse', ['nprobe', 'quantizer_nprobe', 'quantizer_quantizer_efSearch']]]);
  expect(homes('IVF256(NSG32),Flat')).toEqual([['coarse', ['nprobe']]]); // neither Faiss nor the engine hands search_L on
  expect(homes('IVF256(IVF16,Flat),SQ0')).toEqual([['coarse', ['nprobe', 'quantizer_nprobe']]]);
});

test('no more cells are offered than the vectors can train', () => {
  const nlist = tools('IVF256,PQ32').fields('coarse').find(({ key }) => key === 'nlist');
  expect(Math.max(...(nlist?.options ?? []).map(Number))).toBe(8192);
  expect(tools('IVF256,PQ32').set('coarse', 'nlist', 512)).toBe('IVF512,PQ32');
});

test('a string that cannot be read offers nothing', () => {
  expect(blockTools({ ...defaults(), index: 'IVF256,PX' }, engine)).toBeNull();
});

test('totals stand for the vectors chosen and for a billion', () => {
  const totals = totalsFor({ ...defaults(), index: 'Flat', n: 1000 });
  expect(totals?.here).toBeCloseTo(512_000, -3);
  expect(totals?.billion).toBeCloseTo(512e9, -3);
});

test.each([
  ['faiss.index_factory(128, "IVF256,PQ32")', 'IVF256,PQ32'],
  ["index = faiss.index_factory(d,\n  'OPQ16,IVF64,PQ16', faiss.METRIC_INNER_PRODUCT)", 'OPQ16,IVF64,PQ16'],
  ['auto index = faiss::index_factory(d, "HNSW32");', 'HNSW32'], ['IVF256,PQ32', null],
])('%s is understood as %s', (code, index) => {
  expect(language({ d: 128, metric: 'L2' }).fromCode(code)).toBe(index);
});
