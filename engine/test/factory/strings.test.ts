import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkFactory, readFactory } from '../../factory';

/** Strings at the edges of the language, with + where Faiss 1.15 constructs the index of 64 dimensions under L2 and − where it
 *  throws, as its patterns are written. */
const lines = readFileSync(new URL('../fixtures/factory-strings.txt', import.meta.url), 'utf8').split('\n').filter(Boolean);
const fit = { d: 64, metric: 'L2' as const };
const refusal = (s: string) => checkFactory(s, fit).find(({ kind }) => kind === 'refused');

describe('strings at the edges', () => {
  it.each(lines.map((line) => [line.slice(1), line[0] === '+'] as const))('%s', (s, constructed) => {
    expect(refusal(s) === undefined).toBe(constructed);
  });

  it('are mended into strings that are read, nearly all of them', () => {
    const refused = lines.flatMap((line) => refusal(line.slice(1)) ?? []);
    for (const { fix } of refused) if (fix !== undefined) expect(readFactory(fix).problems, fix).toEqual([]);
    expect(refused.filter(({ fix }) => fix !== undefined).length / refused.length).toBeGreaterThan(0.9);
  });
});

describe('mistakes with a sentence of their own', () => {
  it.each([
    ['ITQ64,SH', 'ITQ64,SH', 'ITQ64,SH stands after a coarse quantizer only, as in IVF256,ITQ64,SH.', 'IVF256,ITQ64,SH'],
    ['IVF1000(IMI2x4),Flat', 'IMI2x4', 'IMI2x4 makes cells of its own and stands in place of IVF1000(…), not inside of it.', 'IMI2x4,Flat'],
    ['IVF256,PX32', 'PX32', 'PX32 is not a term of the language. Did you mean PQ32?', 'IVF256,PQ32'],
    ['HNSW,SQ', 'SQ', 'SQ needs a number.', 'HNSW,SQ8'],
    ['IVF256,LSH', 'LSH', 'LSH is an index by itself and no code for the cells of IVF256.', 'LSH'],
    ['IVF256,RCQ2x4', 'RCQ2x4', 'RCQ2x4 finds cells: it stands in parentheses behind IVF256, and a code follows.', 'IVF256(RCQ2x4),Flat'],
    ['PQ8,Refine(PQ8,Refine(Flat))', 'Refine(Flat))', 'Faiss divides the string at its last ,Refine( even inside of other parentheses, which then lack their partner; RFlat may stand there.', 'PQ8,Refine(PQ8,RFlat)'],
    ['l2norm,Flat', 'l2norm', 'Upper and lower case matter: write L2norm instead of l2norm.', 'L2norm,Flat'],
    ['Residual16,SQ8', 'SQ8', 'Residual16 is followed by a product code and nothing else, as in Residual16,PQ16.', 'Residual16,PQ16'],
    ['PQ8x4fs_48', 'PQ8x4fs_48', 'Fast-scan blocks hold a multiple of 32 vectors; 48 is not one.', 'PQ8x4fs'],
    ['FlatIPPanorama8', 'FlatIPPanorama8', 'FlatIPPanorama8 exists for inner product only.', 'FlatL2Panorama8'],
  ])('%s', (s, place, message, fix) => {
    const problem = checkFactory(s, fit)[0];
    expect(problem).toMatchObject({ kind: 'refused', message, fix });
    expect(s.slice(problem?.from, problem?.to)).toBe(place);
  });

  it('a binary string is told apart', () => {
    expect(checkFactory('BIVF256', fit)[0]?.message).toMatch(/index_binary_factory, whose vectors are bits/);
  });
});

describe('what the data allows', () => {
  const first = (s: string, of: Partial<Parameters<typeof checkFactory>[1]>) => checkFactory(s, { ...fit, ...of })[0];
  it.each<[string, Parameters<typeof first>[1], string, string]>([
    ['OPQ16,IVF4096,PQ16', { n: 1000 }, 'IVF4096 needs at least 4 096 vectors to train; there are 1 000.', 'OPQ16,IVF16,PQ16'],
    ['IMI2x8,PQ16', { metric: 'IP' }, 'IMI exists for L2 only.', 'IVF65536,PQ16'],
    ['IMI2x4,PQ9', { d: 63 }, 'The quantizer cuts vectors into 2 equal parts; d = 63 is not a multiple of 2.', 'Pad64,IMI2x4,PQ9'],
    ['IVF64_NSG16,Flat', {}, 'Faiss constructs this index but cannot train it: an NSG needs more than 100 centroids, and there are 64.', 'IVF128_NSG16,Flat'],
    ['IVF16,SQtq4', {}, 'SQtq4 expects components that are all alike, as after a rotation: put RR in front.', 'RR,IVF16,SQtq4'],
  ])('%s', (s, of, message, fix) => {
    expect(first(s, of)).toMatchObject({ message, fix });
  });

  it('is not asked for a rotation that is there', () => {
    expect(checkFactory('RR,IVF16,SQtq4', fit)).toEqual([]);
    expect(checkFactory('PCAR32,SQtq4', fit)).toEqual([]);
  });

  it('code books larger than the data', () => {
    expect(checkFactory('PQ8x12np', { ...fit, n: 3000 }).map(({ message }) => message)).toContain('The code books of PQ8x12np take 1.0 MB, more than the 768 kB of vectors they code.');
  });
});

describe('a base that falls back to L2 under inner product', () => {
  it.each([['HNSW16,PQ8,Refine(Flat)', true], ['HNSW16,PQ8,Refine(SQ8)', true], ['HNSW16,PQ8,RFlat', false], ['HNSW16,SQ8,Refine(Flat)', false]])('%s is refused: %s', (s, refused) => {
    expect(checkFactory(s, { ...fit, metric: 'IP' }).some(({ kind }) => kind === 'refused')).toBe(refused);
  });
});
