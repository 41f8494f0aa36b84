import { expect, test } from 'vitest';
import { catalogue, findDataSet } from '../../data/catalogue';
import { generate, isGenerated } from '../../data/generate';
import { toys } from '../../data/toys';

test('every generated set of the catalogue can be made at every size it offers, and every law is offered', () => {
  for (const { name, d, sizes, kind } of catalogue) {
    expect(isGenerated(name)).toBe(kind === 'generated');
    if (!isGenerated(name)) continue;
    const [n = 0] = sizes;
    const made = generate(name, n, 1);
    expect([made.d, made.base.length, made.queries.length % d]).toEqual([d, n * d, 0]);
  }
  expect(Object.keys(toys).filter((name) => !findDataSet(name))).toEqual([]);
});

test('sizes grow, end with all there is, and contain the default', () => {
  for (const { sizes, defaultN, nMax } of catalogue) {
    expect([...sizes].sort((a, b) => a - b)).toEqual([...sizes]);
    expect(sizes.at(-1)).toBe(nMax);
    expect(sizes).toContain(defaultN);
  }
});

test('what is called exact in two dimensions has two', () => {
  for (const { exact2d, d } of catalogue) expect(exact2d).toBe(d === 2);
});
