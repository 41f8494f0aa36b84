import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readPrepared, rowsToFloat32, type Prepared } from '../../engine/data/prepared';
import * as fashion from './fashion';
import * as glove from './glove';
import { readArrays } from './json';
import type { PreparedFiles } from './set';

const folder = mkdtempSync(join(tmpdir(), 'data-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('arrays are cut out of a JSON file, brackets and accents in names or not', () => {
  const path = join(folder, 'words.json');
  writeFileSync(path, '{"words":["]","é"],"vectors":{"]":[1,-2.5],"é":[3],"e":[],"x":[4]}}');
  expect(readArrays(path, '"vectors":{', 2)).toBe('"]":[1,-2.5],"é":[3]');
  expect(() => readArrays(path, '"vectors":{', 4)).toThrow('3 arrays of numbers after "vectors":{, expected 4');
});

test('words: no query is in the base, and neighbours are those one expects', () => {
  const { set, labels } = unpack<{ words: string[]; queries: string[] }>(glove.prepare({ quick: true, log: () => undefined }), 'glove');
  const { words, queries } = labels;
  expect([set.n, set.d, words.length, queries.length]).toEqual([5000, 100, 5000, set.nq]);
  expect(words.filter((word) => queries.includes(word) || !/\p{L}/u.test(word))).toEqual([]);
  expect(nearest(set, queries.indexOf('tuesday')).map((i) => words[i])).toEqual(['thursday', 'wednesday', 'monday', 'friday', 'saturday']);
  expect(nearest(set, queries.indexOf('king')).map((i) => words[i])).toContain('queen');
});

test('images: classes are even in any beginning, and the nearest image is mostly of the same class', () => {
  const { set, labels } = unpack<{ labels: number[]; queries: number[] }>(fashion.prepare({ quick: true, log: () => undefined }), 'fashion-mnist');
  const sizes = Array.from({ length: 10 }, (_, label) => labels.labels.slice(0, 500).filter((other) => other === label).length);
  expect(Math.min(...sizes)).toBeGreaterThan(30);
  const asked = labels.queries.slice(0, 50);
  const right = asked.filter((label, q) => labels.labels[nearest(set, q)[0] ?? -1] === label).length;
  expect(right / asked.length).toBeGreaterThan(0.6);
});

function unpack<Labels>({ files }: PreparedFiles, name: string): { set: Prepared; labels: Labels } {
  const bin = files[`${name}.bin`];
  if (!(bin instanceof Uint8Array)) throw new Error(`${name}.bin is not bytes`);
  return { set: readPrepared(bin.slice().buffer), labels: files[`${name}.json`] as Labels };
}

/** The five base vectors nearest to a query, by L2. */
function nearest({ d, n, base, queries }: Prepared, q: number): number[] {
  const x = new Float32Array(d);
  const y = new Float32Array(d);
  rowsToFloat32(queries, d, q, q + 1, x);
  const distances = Array.from({ length: n }, (_, i) => {
    rowsToFloat32(base, d, i, i + 1, y);
    return { i, distance: y.reduce((sum, value, j) => sum + (value - (x[j] ?? 0)) ** 2, 0) };
  });
  return distances.sort((a, b) => a.distance - b.distance).slice(0, 5).map(({ i }) => i);
}
