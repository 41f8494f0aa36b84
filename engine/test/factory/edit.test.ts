import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocksOf, checkFactory, readFactory, writeFactory, type Spec } from '../../factory';
import { insteadOf, moved, offersAt, opensAt, without } from '../../factory/arrange';
import { fieldsOf, setField, type Value } from '../../factory/edit';
import { spec as anySpec } from './specs';

const fit = { d: 128, metric: 'L2' as const, n: 100_000 };
const specOf = (s: string): Spec => {
  const { spec } = readFactory(s);
  if (!spec) throw new Error(`${s} was not read`);
  return spec;
};
const written = (spec: Spec | null) => spec && writeFactory(spec);
const block = (spec: Spec, text: string) => {
  const found = blocksOf(spec, fit.d, fit.metric).find((one) => one.text === text);
  if (!found) throw new Error(`${writeFactory(spec)} has no block ${text}`);
  return found;
};
const field = (s: string, text: string, key: string) => fieldsOf(specOf(s), block(specOf(s), text), fit).find((one) => one.key === key);
const grave = (spec: Spec) => checkFactory(spec, fit).filter(({ kind }) => kind !== 'advice');

describe('the fields of a block', () => {
  it.each<[string, string, string[]]>([
    ['OPQ32,IVF256,PQ32,RFlat', 'OPQ32', ['M', 'dOut']], ['OPQ32,IVF256,PQ32,RFlat', 'IVF256', ['nlist', 'coarse.kind']],
    ['IVF1024_HNSW32,Flat', 'IVF1024_HNSW32', ['nlist', 'coarse.kind', 'coarse.M']], ['IMI2x4,Flat', 'IMI2x4', ['coarse.kind', 'coarse.nbits']],
    ['IVF256,PQ16x4', 'PQ16x4', ['M', 'nbits', 'polysemous']], ['HNSW32,SQ8', 'HNSW32', ['M']], ['HNSW32,SQ8', 'SQ8', ['qtype']],
    ['IVF256,RQ4x8_Nqint8', 'RQ4x8_Nqint8', ['books.0.M', 'books.0.nbits', 'norm']], ['IVF256,PQ16,RFlat', 'RFlat', []],
  ])('%s: %s has %j', (s, text, keys) => {
    expect(fieldsOf(specOf(s), block(specOf(s), text), fit).map(({ key }) => key)).toEqual(keys);
  });

  it('offers only divisors as parts of a PQ, powers of two as numbers of cells that the vectors can train', () => {
    expect(field('IVF256,PQ32', 'PQ32', 'M')?.options).toEqual([1, 2, 4, 8, 16, 32, 64, 128]);
    expect(field('IVF256,PQ32', 'IVF256', 'nlist')?.options.at(-1)).toBe(65536);
    expect(field('IVF1000,Flat', 'IVF1000', 'nlist')?.options).toContain(1000);
    expect(field('HNSW32,SQ8', 'SQ8', 'qtype')?.options).not.toContain('SQtq4');
  });

  it('offers only output dimensions that what follows can cut', () => {
    const options = field('PCA64,IVF256,PQ16', 'PCA64', 'dOut')?.options ?? [];
    expect(options).toContain(96);
    expect(options.every((dOut) => Number(dOut) % 16 === 0 && Number(dOut) <= 128)).toBe(true);
  });

  it('offers the way out of a number that is wrong', () => {
    expect(field('IVF256,PQ30', 'PQ30', 'M')?.options).toEqual([1, 2, 4, 8, 16, 30, 32, 64, 128]);
  });

  it.each<[string, string, string, Value, string]>([
    ['IVF256,PQ32', 'coarse', 'nlist', 1024, 'IVF1024,PQ32'], ['IVF256,PQ32', 'codec', 'M', 16, 'IVF256,PQ16'], ['IVF256,PQ32', 'codec', 'nbits', 4, 'IVF256,PQ32x4'],
    ['IVF256,PQ32', 'coarse', 'coarse.kind', 'HNSW', 'IVF256_HNSW32,PQ32'], ['IVF256,PQ32', 'coarse', 'coarse.kind', 'IMI', 'IMI2x4,PQ32'],
    ['OPQ32,PQ32', 'chain.0', 'dOut', 64, 'OPQ32_64,PQ32'], ['OPQ32_64,PQ32', 'chain.0', 'dOut', undefined, 'OPQ32,PQ32'],
    ['HNSW32,SQ8,RFlat', 'base', 'M', 16, 'HNSW16,SQ8,RFlat'], ['IVF64,RQ4x8', 'codec', 'books.0.M', 6, 'IVF64,RQ6x8'],
  ])('%s, %s.%s = %s: %s', (s, path, key, value, after) => {
    expect(written(setField(specOf(s), path, key, value))).toBe(after);
  });

  it('refuses what no string says', () => {
    expect(setField(specOf('IVF256,PQ32'), 'codec', 'M', -1)).toBeNull();
    expect(setField(specOf('RaBitQ'), 'codec', 'nbits', 12)).toBeNull();
    expect(setField(specOf('IVF256,PQ32'), 'nowhere', 'M', 8)).toBeNull();
  });

  it('gives for every option of any tree a tree whose string reads back to it, with no new mistake', () => {
    fc.assert(fc.property(anySpec, (spec) => {
      const known = new Set(grave(spec).map(({ message }) => message));
      for (const one of blocksOf(spec, fit.d, fit.metric)) {
        for (const { key, value, options } of fieldsOf(spec, one, fit)) {
          expect(options).toContain(value);
          for (const option of options.filter((other) => other !== value)) {
            const next = setField(spec, one.path, key, option);
            if (!next) throw new Error(`${writeFactory(spec)}: ${one.path}.${key} = ${String(option)} was offered and gives nothing`);
            expect(readFactory(writeFactory(next)).spec).toEqual(next);
            expect(grave(next).filter(({ message }) => !known.has(message))).toEqual([]);
          }
        }
      }
    }), { numRuns: 60 });
  });
});

describe('terms put in, taken out and moved', () => {
  const after = (s: string, gap: number) => offersAt(specOf(s), gap, fit).map(({ spec }) => writeFactory(spec));

  it('puts transforms in front, cells before a code, a refinement behind, and nothing between cells and their code', () => {
    expect(after('IVF256,PQ32', 0)).toContain('OPQ32,IVF256,PQ32');
    expect(after('PQ32', 0)).toContain('IVF256,PQ32');
    expect(after('IVF256,PQ32', 2)).toContain('IVF256,PQ32,RFlat');
    expect(after('IVF256,PQ32', 1)).toEqual([]);
    expect([0, 1, 2].map((gap) => opensAt(specOf('IVF256,PQ32'), gap, fit))).toEqual([true, false, true]);
  });

  it('says what a vector takes with the term put in', () => {
    const [flat] = offersAt(specOf('PQ32'), 1, fit).filter(({ text }) => text === 'RFlat');
    expect(flat?.bytesPerVector).toBeCloseTo(32 + 512, 3);
  });

  it('exchanges a term for others that can stand there', () => {
    const codes = insteadOf(specOf('OPQ32,IVF256,PQ32,RFlat'), 'base.index.codec', fit).map(({ spec }) => writeFactory(spec));
    expect(codes).toContain('OPQ32,IVF256,SQ8,RFlat');
    expect(codes).not.toContain('OPQ32,IVF256,PQ32,RFlat');
  });

  it.each([
    ['OPQ32,IVF256,PQ32', 'chain.0', 'IVF256,PQ32'], ['IVF256,PQ32', 'coarse', 'PQ32'], ['IVF256,PQ32', 'codec', null], ['PQ32', 'codec', null],
    ['IVF256,PQ16,RFlat', '', 'IVF256,PQ16'], ['HNSW32,SQ8', 'storage', 'HNSW32'], ['HNSW32,SQ8', '', 'SQ8'], ['IDMap,PQ16', '', 'PQ16'],
    ['PQ16,Refine(SQ8)', '', 'PQ16'], ['OPQ16_120,PQ15', 'chain.0', null],
  ])('%s without %s is %s', (s, path, rest) => {
    expect(written(without(specOf(s), path, fit))).toBe(rest);
  });

  it.each([
    ['L2norm,PCA64,Flat', 'chain.0', 1, 'PCA64,L2norm,Flat'], ['L2norm,PCA64,Flat', 'chain.1', -1, 'PCA64,L2norm,Flat'],
    ['L2norm,PCA64,Flat', 'chain.0', -1, null], ['IVF256,PQ32', 'coarse', 1, null], ['OPQ32,IVF256,PQ32', 'chain.0', 1, null],
  ] as const)('%s: %s moved by %i is %s', (s, path, by, result) => {
    expect(written(moved(specOf(s), path, by, fit))).toBe(result);
  });

  it('makes of any tree only strings that read back, with no new mistake', () => {
    fc.assert(fc.property(anySpec, fc.nat(4), (spec, gap) => {
      const known = new Set(grave(spec).map(({ message }) => message));
      const blocks = blocksOf(spec, fit.d, fit.metric);
      const { path } = blocks[gap % blocks.length] ?? { path: '' };
      const made = [...offersAt(spec, gap % (blocks.length + 1), fit).map((offer) => offer.spec), without(spec, path, fit), moved(spec, path, 1, fit)];
      for (const next of made) {
        if (!next) continue;
        expect(readFactory(writeFactory(next)).spec).toEqual(next);
        expect(grave(next).filter(({ message }) => !known.has(message))).toEqual([]);
      }
    }), { numRuns: 40 });
  });
});
