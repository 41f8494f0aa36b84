import { describe, expect, it } from 'vitest';
import { blocksOf, checkFactory, completionsAt, costOf, ENTRIES, explain, knobsOf, readFactory, type Spec } from '../../factory';

const d = 128;
const specOf = (s: string): Spec => {
  const { spec } = readFactory(s);
  if (!spec) throw new Error(`${s} was not read`);
  return spec;
};
const first = (s: string, n?: number) => checkFactory(s, { d, metric: 'L2', ...(n === undefined ? {} : { n }) })[0];

describe('what the factory bar shows', () => {
  it('lets bytes flow through the blocks of a stack', () => {
    const blocks = blocksOf(specOf('OPQ32,IVF256,PQ32,RFlat'), d, 'L2');
    expect(blocks.map((b) => [b.text, b.role, b.bytesIn, b.bytesOut, b.idBytes])).toEqual([
      ['OPQ32', 'transform', 512, 512, 0], ['IVF256', 'coarse', 512, 512, 1], ['PQ32', 'code', 512, 32, 0], ['RFlat', 'refine', 32, 544, 0],
    ]);
    expect(blocks[1]?.params).toEqual({ nlist: 256 });
    expect(blocksOf(specOf('PCA64,HNSW32,SQ8'), d, 'L2').map((b) => [b.text, b.dIn, b.dOut])).toEqual([['PCA64', 128, 64], ['SQ8', 64, 64], ['HNSW32', 64, 64]]);
  });

  it('gives every block the node of its token', () => {
    for (const s of ['OPQ32,IVF256,PQ32,RFlat', 'PCA64,HNSW32,SQ8', 'IDMap,IVF1024_HNSW32,Flat', 'IVF256,PQ16,Refine(SQ8)']) {
      const { spec, tokens } = readFactory(s);
      const nodes = new Set(tokens.map((t) => t.path));
      for (const block of blocksOf(spec ?? specOf(s), d, 'L2')) expect([...nodes], `${s}: ${block.text}`).toContain(block.path);
    }
  });

  it('knows the search parameters and which is the main one', () => {
    const knobs = (s: string) => knobsOf(specOf(s), d).map((k) => k.name);
    expect(knobs('IVF256,PQ32,RFlat')).toEqual(['nprobe', 'k_factor_rf', 'ht']);
    expect(knobs('IVF1024_HNSW32,Flat')).toEqual(['nprobe', 'quantizer_efSearch']);
    expect(knobs('HNSW32')).toEqual(['efSearch']);
    expect(knobs('Flat')).toEqual([]);
    expect(knobs('NSG32')).toEqual(['search_L']);
    expect(knobs('MinMax,HNSW32')).toEqual([]);
    expect(knobs('IVF256(IVF16(IVF4,Flat),Flat),Flat')).toEqual(['nprobe', 'quantizer_nprobe', 'quantizer_quantizer_nprobe']);
    expect(knobsOf(specOf('IVF256,Flat'), d)[0]).toMatchObject({ default: 1, max: 256, main: true, values: [1, 2, 4, 8, 16, 32, 64, 128] });
  });

  it('completes with what can legally follow, and its bytes', () => {
    const texts = (s: string) => completionsAt(s, s.length, { d, metric: 'L2' }).map((c) => c.text);
    expect(texts('IVF256,')).toContain('PQ32');
    expect(texts('IVF256,')).not.toContain('LSH');
    expect(texts('IVF256,')).not.toContain('IVF256');
    expect(texts('IVF256,PQ32,')).toEqual(['RFlat', 'Refine(SQ8)', 'Refine(', 'RefinePanorama(FlatL2Panorama8_1)', 'IDMap', 'IDMap2']);
    expect(texts('OP')).toEqual(['OPQ32', 'OPQ32_64']);
    expect(completionsAt('IVF256,PQ6', 10, { d, metric: 'L2' })).toEqual([expect.objectContaining({ text: 'PQ64', from: 7, cost: { bytes: 64, added: false } })]);
    expect(completionsAt('', 0, { d, metric: 'IP' }).map((c) => c.text)).not.toContain('LSH');
    const cost = (s: string, text: string) => completionsAt(s, s.length, { d, metric: 'L2' }).find((c) => c.text === text)?.cost;
    expect(cost('', 'IVF1024')).toEqual({ bytes: 2, added: true });
    expect(cost('', 'HNSW32')).toEqual({ bytes: 268, added: true });
    expect(cost('', 'PCA64')).toEqual({ bytes: 256, added: false });
    expect(cost('IVF256,PQ32,', 'RFlat')).toEqual({ bytes: 512, added: true });
    expect(texts('PQ16,Refine(').some((text) => text.startsWith('IVF') || text.startsWith('RCQ'))).toBe(false); // Faiss dies of a search there
    expect(texts('IVF256(')).toContain('RCQ2x4');
    // in parentheses of cells the vectors are those after the transforms, in a refinement's those before
    expect(cost('PCA32,IVF256(', 'SQ8')).toEqual({ bytes: 32, added: false });
    expect(cost('PCA32,IVF256,PQ8,Refine(', 'SQ8')).toEqual({ bytes: 128, added: false });
  });

  it('explains a good string and puts a caret under a mistake', () => {
    expect(explain('IVF256,PQ32', d, 'L2').join('\n')).toMatch(/IVF256 +512 B → 512 B \+ 1 B cell id/);
    expect(explain('IVF256,PX16', d, 'L2').slice(0, 2)).toEqual(['IVF256,PX16', '       ^^^^']);
  });
});

describe('mistakes, in words and mended', () => {
  it.each([
    ['faiss.index_factory(128, "IVF256,PQ32")', 'IVF256,PQ32'], ['IVF256, PQ32', 'IVF256,PQ32'], ['ivf256,pq32', 'IVF256,PQ32'],
    ['IVF256PQ32', 'IVF256,PQ32'], ['IVF256', 'IVF256,Flat'], ['IVF65536,HNSW32', 'IVF65536_HNSW32,Flat'], ['IVF256,PX16', 'IVF256,PQ16'],
    ['IVF16K,Flat', 'IVF16k,Flat'], ['IVF256,PQ32,RFLAT', 'IVF256,PQ32,RFlat'], ['PQ8,OPQ8', 'OPQ8,PQ8'], ['OPQ32', 'OPQ32,Flat'],
    ['IVF256,PQ30', 'IVF256,PQ32'], ['FlatPanorama8', 'IVF256,FlatPanorama8'], ['IVF256,PQ16,Refine(SQ8', 'IVF256,PQ16,Refine(SQ8)'],
    ['HNSW,16+PQ', 'HNSW,16+PQ16'], ['RQ8x4fs', 'RQ8x4fs_Nrq2x4'], ['LSH200', 'LSH200r'], ['IVF,Flat', 'IVF256,Flat'], ['PQ8X4', 'PQ8x4'],
  ])('%s → %s', (s, fix) => {
    expect(first(s)?.kind).toBe('refused');
    expect(first(s)?.fix).toBe(fix);
  });

  it('names the place', () => {
    const at = (s: string) => s.slice(first(s)?.from, first(s)?.to);
    expect(at('IVF256,PX16')).toBe('PX16');
    expect(at('OPQ32,IVF256,PQ30,RFlat')).toBe('PQ30');
    expect(at('IVF256(PQ30),Flat')).toBe('PQ30');
    expect(at('IVF256,PQ16,Refine(PQ31)')).toBe('PQ31');
    expect(at('PCA64,IVF99999999999,PQ16')).toBe('99999999999');
    expect(at('IVF256(PQ16,Flat')).toBe('(');
  });

  it('tells unusable from refused', () => {
    expect(first('IVF17(RCQ2x2),Flat')).toMatchObject({ kind: 'unusable', fix: 'IVF16(RCQ2x2),Flat' });
    expect(first('MinMax,SQ8')).toMatchObject({ kind: 'unusable', step: 'add', codec: true });
    expect(first('MinMax,IVF16_HNSW8,SQ8')).toMatchObject({ step: 'add', codec: true });
    expect([first('MinMax,HNSW8'), first('PCA16,MinMax,SQ8'), first('IVF16(Residual4,PQ4x2),Flat')].map((problem) => [problem?.step, problem?.codec])).toEqual([['add', undefined], ['add', undefined], ['search', undefined]]);
    for (const s of ['PQ8x4,Refine(IVF16,RaBitQ)', 'PQ8x4,Refine(IVF16,EDEN4)', 'SQ8,Refine(PCA16,IVF16,RaBitQ4)']) expect(first(s)).toMatchObject({ kind: 'unusable', step: 'search' }); // Faiss 1.15.1 aborts
    expect(first('PCA16,Residual16,PQ4')).toMatchObject({ step: 'search', codec: true });
    expect(first('MinMax,SQ8')?.message).toBe('Faiss constructs this index but cannot add to it: MinMax only encodes and decodes.');
    expect(first('IVF16(IVF4,Flat),PQ8')?.kind).toBe('unusable');
    expect(first('IVF16(IVF4,Flat),Flat')?.kind).toBe('advice');
  });

  it('holds a string against the data', () => {
    expect(first('IVF4096,Flat', 1000)).toMatchObject({ kind: 'data', message: 'IVF4096 needs at least 4 096 vectors to train; there are 1 000.' });
    expect(first('IVF256,Flat', 5000)).toMatchObject({ kind: 'advice', from: 0, to: 6 });
    expect(first('IVF256,Flat', 50000)).toBeUndefined();
    expect(checkFactory('Flat', { d, metric: 'L2', n: 1000000, memoryBytes: 1e8 })[0]?.message).toBe('1 000 000 vectors would take 512 MB; there are 100 MB. About 195 312 vectors would fit.');
    expect(checkFactory('HNSW32,PQ16', { d, metric: 'IP' })[0]?.kind).toBe('data');
  });
});

describe('the table of productions', () => {
  it('has two examples of every term that read, print back and are about that term', () => {
    expect(ENTRIES.length).toBeGreaterThan(35);
    for (const entry of ENTRIES) {
      for (const example of entry.examples) {
        const s = entry.role === 'transform' ? `${example},Flat` : example;
        expect(readFactory(s).problems, `${entry.name}: ${s}`).toEqual([]);
        expect(checkFactory(s, { d, metric: s.includes('IPPan') ? 'IP' : 'L2' }).filter((p) => p.kind === 'refused' && !s.includes('fsr'))).toEqual([]);
      }
    }
  });

  it('costs every example a file', () => {
    for (const { examples, role } of ENTRIES) {
      const s = role === 'transform' ? `${examples[0]},Flat` : examples[0];
      expect(costOf(specOf(s), d, 1000, 'L2').totalBytes, s).toBeGreaterThan(0);
    }
  });
});
