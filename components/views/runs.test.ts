import { expect, test } from 'vitest';
import { frontOf, steps } from './runs';

const at = (x: number, y: number) => ({ x, y });

test('the front holds what nothing beats in both, by rising recall', () => {
  expect(frontOf([at(0.5, 900), at(0.9, 100), at(0.7, 950), at(0.9, 80), at(0.8, 300), at(0.6, 200)])).toEqual([at(0.7, 950), at(0.8, 300), at(0.9, 100)]);
  expect(frontOf([])).toEqual([]);
});

test('between two points of the front only the slower speed is promised', () => {
  expect(steps([at(0.7, 950), at(0.8, 300)])).toEqual([at(0.7, 950), at(0.7, 300), at(0.8, 300)]);
});
