import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bounds, defaults, fields, parameters } from './setting';
import { views } from './views';
import type { Setting } from './setting';
import { printUrl, readUrl } from './url';

const whole = ([min, max]: readonly [number, number]) => fc.integer({ min, max });

const settings: fc.Arbitrary<Setting> = fc.record({
  data: fc.constantFrom('photo-sift', 'glove'),
  n: whole(bounds.n), metric: fc.constantFrom('L2' as const, 'IP' as const), seed: whole(bounds.seed),
  index: fc.string({ maxLength: 60 }).map((rest) => `OPQ16,${rest}`),
  opq: fc.constantFrom('quick' as const, 'matched' as const, 'faiss' as const),
  nprobe: whole(bounds.nprobe), max_codes: whole(bounds.max_codes), efSearch: whole(bounds.efSearch), k_factor_rf: whole(bounds.k_factor_rf),
  quantizer_nprobe: whole(bounds.quantizer_nprobe), quantizer_max_codes: whole(bounds.quantizer_max_codes), quantizer_efSearch: whole(bounds.quantizer_efSearch),
  quantizer_k_factor_rf: whole(bounds.quantizer_k_factor_rf), quantizer_quantizer_nprobe: whole(bounds.quantizer_quantizer_nprobe),
  quantizer_quantizer_efSearch: whole(bounds.quantizer_quantizer_efSearch), search_L: whole(bounds.search_L), ht: whole(bounds.ht), k_factor: whole(bounds.k_factor), k: whole(bounds.k),
  query: fc.constantFrom('king', '17', 'id:1234', '17@0.31,-0.2'),
  view: fc.constantFrom(...views), plane: fc.constantFrom('query' as const, 'pca' as const, 'data' as const),
  iteration: fc.option(fc.integer({ min: 0, max: 1000 })), selected: fc.option(fc.integer({ min: 0, max: bounds.n[1] - 1 })),
});

describe('the URL is the whole setting', () => {
  test('reading what was printed gives the same setting', () => {
    fc.assert(fc.property(settings, (setting) => {
      expect(readUrl(printUrl(setting, parameters))).toEqual({ setting, notices: [] });
    }));
  });

  test('it can be read and written by hand', () => {
    const { setting } = readUrl('?data=glove&n=50000&index=OPQ32,IVF256,PQ32,RFlat&metric=L2&nprobe=8&k=10&query=king&seed=1');
    expect(setting).toEqual({ ...defaults(), data: 'glove', n: 50000, index: 'OPQ32,IVF256,PQ32,RFlat', query: 'king', seed: 1 });
    expect(printUrl(setting, ['nprobe', 'k_factor_rf']))
      .toBe('?data=glove&n=50000&index=OPQ32,IVF256,PQ32,RFlat&metric=L2&opq=quick&nprobe=8&k_factor_rf=1&k=10&query=king&seed=1');
  });
});

test('without a seed it is 0: the seeds of Faiss itself', () => {
  expect(readUrl('').setting.seed).toBe(0);
  expect(printUrl(defaults(), [])).toContain('seed=0');
});

test('parameters of the index over the centroids and a budget of codes stand in it where the index has them', () => {
  const { setting } = readUrl('?index=IVF256(IVF16,Flat),PQ32&quantizer_nprobe=4&max_codes=5000');
  expect(setting).toMatchObject({ quantizer_nprobe: 4, max_codes: 5000 });
  expect(printUrl(setting, ['nprobe', 'quantizer_nprobe'])).toMatch(/nprobe=8&quantizer_nprobe=4&k=/);
});

describe('a bad value is named and the nearest good one is used', () => {
  test.each([
    ['?k=-3', 'k', 1, 'k: -3 is not a whole number from 1 to 100; 1 is used.'],
    ['?nprobe=lots', 'nprobe', 8, 'nprobe: “lots” is not a number; 8 is used.'],
    ['?n=1e9', 'n', 1_000_000, 'n: 1e9 is not a whole number from 2 to 1000000; 1000000 is used.'],
    ['?metric=cosine', 'metric', 'L2', 'metric: “cosine” is none of L2, IP; L2 is used.'],
    ['?query=a@b', 'query', '0', 'query: “a@b” names no query; query 0 is used. Write a word, a number, id:1234 or 17@0.31,-0.2.'],
  ] as const)('%s', (search, field, value, message) => {
    const { setting, notices } = readUrl(search);
    expect(setting[field]).toBe(value);
    expect(notices).toEqual([{ field, message }]);
  });

  test('what a data set takes by itself stands in for what is not said', () => {
    expect(readUrl('?data=rays').setting).toMatchObject({ n: 2_000, metric: 'IP' });
  });

  test('a name that is no setting is named', () => {
    expect(readUrl('?nprobes=4').notices).toEqual([{ field: 'nprobes', message: '“nprobes” is not a setting; it was left out.' }]);
  });

  test('no query string whatever breaks it, and all values are in bounds', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...fields), fc.string())), (pairs) => {
      const { setting } = readUrl(`?${new URLSearchParams(pairs)}`);
      for (const name of Object.keys(bounds) as (keyof typeof bounds)[]) {
        expect(setting[name]).toBeGreaterThanOrEqual(bounds[name][0]);
        expect(setting[name]).toBeLessThanOrEqual(bounds[name][1]);
      }
    }));
  });
});
