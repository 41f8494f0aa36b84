import { describe, expect, it } from 'vitest';
import { checkFactory, costOf, readFactory, writeFactory } from '../../factory';

/** The stacks that everything else is built on, with the code sizes Faiss gives them at d = 128. */
const EIGHT: [string, number | null][] = [
  ['Flat', 512], ['IVF256,Flat', 513], ['IVF256,PQ32', 33], ['IVF256,PQ32x4', 17],
  ['OPQ32,IVF256,PQ32,RFlat', 545], ['PCA64,IVF256,SQ8', 65], ['HNSW32', null], ['IVF1024_HNSW32,Flat', 514],
];

describe('the eight stacks', () => {
  it.each(EIGHT)('%s reads, prints back, fits and costs what Faiss says', (s, codeSize) => {
    const { spec, problems } = readFactory(s);
    expect(problems).toEqual([]);
    if (!spec) throw new Error(`${s} was not read`);
    expect(writeFactory(spec)).toBe(s);
    expect(checkFactory(s, { d: 128, metric: 'L2' }).filter((p) => p.kind !== 'advice')).toEqual([]);
    expect(costOf(spec, 128, 1000, 'L2').codeSize).toBe(codeSize);
  });

  it('gives a tree of plain data', () => {
    expect(readFactory('OPQ32,IVF256,PQ32,RFlat').spec).toEqual({
      kind: 'Refine', exact: true, refine: { kind: 'Flat' },
      base: {
        kind: 'PreTransform', chain: [{ kind: 'OPQ', M: 32 }],
        index: { kind: 'IVF', nlist: 256, coarse: { kind: 'Flat' }, codec: { kind: 'PQ', M: 32, nbits: 8, polysemous: true } },
      },
    });
  });

  it('answers PQ30 on 128 dimensions at the place of the mistake', () => {
    const [problem] = checkFactory('IVF256,PQ30', { d: 128, metric: 'L2' });
    expect(problem).toEqual({
      kind: 'refused', from: 7, to: 11, fix: 'IVF256,PQ32',
      message: 'PQ30 cuts 128 dimensions into 30 parts; 128 is not a multiple of 30. Try PQ32 or PQ16, or put OPQ30_120 in front.',
    });
  });

  it('costs an exact index to the byte of its file', () => {
    expect(costOf({ kind: 'Flat' }, 64, 50000, 'L2').totalBytes).toBe(12800045);
  });
});
