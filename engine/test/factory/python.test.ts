import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBinaryFactory, checkFactory, pythonOf, readBinaryFactory, readFactory, stringInCode, writeFactory } from '../../factory';
import { spec } from './specs';

const d = 64;
const lines = (s: string, params: { [name: string]: number } = {}, metric: 'L2' | 'IP' = 'L2') => (pythonOf(s, { d, metric, n: 1500, k: 5, params }) ?? '').split('\n');
/** Everything after the vectors. */
const program = (...of: Parameters<typeof lines>) => lines(...of).slice(lines(...of).indexOf('', 3) + 1).map((line) => line.replace(/ {2}# .*/, ''));

/** Each of these programs was run with Faiss 1.7.3, whose language has them all. */
describe('a string in Faiss’s own words', () => {
  it.each<[string, { [name: string]: number }, string[]]>([
    ['OPQ16_32,IVF16,PQ8x4,RFlat', { nprobe: 8, k_factor_rf: 4 }, [
      'index = faiss.index_factory(d, "OPQ16_32,IVF16,PQ8x4,RFlat", faiss.METRIC_L2)', 'index.train(xb)', 'index.add(xb)',
      'faiss.ParameterSpace().set_index_parameters(index, "nprobe=8,k_factor_rf=4")', 'D, I = index.search(xq, k)',
    ]],
    ['IDMap,PCA32,NSG16,SQ8', { search_L: 40 }, [
      'index = faiss.index_factory(d, "IDMap,PCA32,NSG16,SQ8", faiss.METRIC_L2)', 'index.train(xb)', 'index.add_with_ids(xb, np.arange(n))',
      'faiss.downcast_index(faiss.downcast_index(index.index).index).nsg.search_L = 40', 'D, I = index.search(xq, k)',
    ]],
    ['IVF64(IVF16(IVF4,Flat),Flat),Flat', { nprobe: 5, quantizer_nprobe: 3, quantizer_quantizer_nprobe: 2 }, [
      'index = faiss.index_factory(d, "IVF64(IVF16(IVF4,Flat),Flat),Flat", faiss.METRIC_L2)', 'index.train(xb)', 'index.add(xb)',
      'faiss.ParameterSpace().set_index_parameters(index, "nprobe=5,quantizer_nprobe=3,quantizer_quantizer_nprobe=2")', 'D, I = index.search(xq, k)',
    ]],
    ['Residual16,PQ8x4', {}, [
      'index = faiss.index_factory(d, "Residual16,PQ8x4", faiss.METRIC_L2)', 'index.train(xb)', 'index.add(xb)', 'codes = index.sa_encode(xb)', 'decoded = index.sa_decode(codes)',
      '# Faiss constructs this index but cannot search it: Residual is a codec, which only encodes and decodes.',
    ]],
    ['PCA128,Flat', {}, [
      'index = faiss.index_factory(d, "PCA128,Flat", faiss.METRIC_L2)', '# Faiss constructs this index but cannot train it: it cannot take 128 principal directions of 64 dimensions.',
    ]],
    ['BIVF64_HNSW8', { nprobe: 5, quantizer_efSearch: 30 }, [
      'index = faiss.index_binary_factory(d, "BIVF64_HNSW8")', 'index.train(xb)', 'index.add(xb)', 'index.nprobe = 5',
      'faiss.downcast_IndexBinary(index.quantizer).hnsw.efSearch = 30', 'D, I = index.search(xq, k)',
    ]],
    ['IDMap,BHash8', { nflip: 1 }, [
      'index = faiss.index_binary_factory(d, "IDMap,BHash8")', 'index.train(xb)', 'index.add_with_ids(xb, np.arange(n))', 'faiss.downcast_IndexBinary(index.index).nflip = 1', 'D, I = index.search(xq, k)',
    ]],
  ])('%s', (s, params, expected) => {
    expect(program(s, params)).toEqual(expected);
  });

  it('asks for the metric and for as many vectors as training takes', () => {
    expect(lines('IVF4096,Flat', {}, 'IP').join('\n')).toMatch(/n, k = 64, 4096, 5[^]*METRIC_INNER_PRODUCT/);
    expect(lines('BIVF2000')[3]).toBe('d, n, k = 64, 2000, 5');
    expect(lines('BFlat')[5]).toContain('rng.integers(0, 256, (n, d // 8), dtype=np.uint8)');
  });

  it('has one exactly for what Faiss constructs, and is that string again when it is pasted', () => {
    fc.assert(fc.property(spec, fc.constantFrom('L2' as const, 'IP' as const), (tree, metric) => {
      const s = writeFactory(tree), code = pythonOf(s, { d, metric });
      expect(code === null).toBe(checkFactory(s, { d, metric }).some(({ kind }) => kind === 'refused'));
      if (code === null) return;
      expect(stringInCode(code)).toBe(s);
      expect(readFactory(stringInCode(code) ?? '').spec).toEqual(tree);
    }), { numRuns: 500 });
  });

  it('quotes what the binary factory leaves unread', () => {
    const s = 'BIVF16,"a\\b\'';
    expect(readBinaryFactory(s).spec).not.toBeNull();
    expect(checkBinaryFactory(s, d)[0]?.kind).toBe('advice');
    expect(stringInCode(pythonOf(s, { d, metric: 'L2' }) ?? '')).toBe(s);
  });
});
