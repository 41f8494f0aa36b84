import { expect, test } from 'vitest';
import { chooseData, chooseNumber, dragQuery, nextQuery } from './actions';
import { fit } from './fit';
import { readQuery } from './query';
import { defaults } from './setting';

const names = Array.from({ length: 1000 }, (_, i) => `query-${i}`);

test('new query meets every held-out query once before it meets one again', () => {
  let setting = { ...defaults(), query: '0' };
  const met = new Set<number>();
  for (let i = 0; i < names.length; i++) {
    const ref = readQuery(setting.query, names);
    if (ref?.kind !== 'heldOut') throw new Error(`${setting.query} is no held-out query`);
    met.add(ref.index);
    setting = nextQuery(setting, ref.index, names);
  }
  expect(met.size).toBe(names.length);
});

test('another data set comes at its own size and metric, and keeps the string', () => {
  const setting = chooseData({ ...defaults(), index: 'IVF64,Flat', query: 'king' }, 'rays');
  expect(setting).toMatchObject({ data: 'rays', n: 2_000, metric: 'IP', index: 'IVF64,Flat', query: '0' });
});

test('a number out of bounds becomes the nearest one in them, and no number changes nothing', () => {
  expect(chooseNumber(defaults(), 'k', 0).k).toBe(1);
  expect(chooseNumber(defaults(), 'k', NaN)).toEqual(defaults());
});

test('a dragged query is a point of the plane of its held-out query', () => {
  const { query } = dragQuery(defaults(), 17, 0.31, -0.2, ['']);
  expect(query).toBe('17@0.31,-0.2');
});

test('more lists than there are cannot be probed, more vectors than there are cannot be taken; both are said', () => {
  const { setting, notices } = fit({ ...defaults(), nprobe: 500, n: 1_000_000 }, [{ name: 'nprobe', min: 1, max: 256, default: 1 }]);
  expect(setting).toMatchObject({ nprobe: 256, n: 50_000 });
  expect(notices.map((notice) => notice.field)).toEqual(['n', 'nprobe']);
});

test('what is off at its top stays off for another code, without a word', () => {
  const { setting, notices } = fit(defaults(), [{ name: 'ht', min: 0, max: 256, default: 256 }]);
  expect([setting.ht, notices]).toEqual([defaults().ht, []]);
});
