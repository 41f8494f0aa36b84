import { expect, test } from 'vitest';
import { float16Table, toFloat16 } from '../../data/float16';
import { headRoom, prepareRows, readHead, readPrepared, rowsToFloat32, writePrepared, type Prepared } from '../../data/prepared';

const bytes: Prepared = {
  d: 3, n: 2, nq: 1, base: Uint8Array.of(1, 2, 3, 4, 5, 255), queries: Uint8Array.of(7, 8, 9),
  extras: { places: Uint8Array.of(5, 6), patches: new Uint8Array(9) },
};

test('a prepared set is read back as it was written', () => {
  expect(readPrepared(writePrepared(bytes))).toEqual(bytes);
  const halves: Prepared = { ...bytes, base: Uint16Array.of(1, 2, 3, 4, 5, 6), queries: Uint16Array.of(7, 8, 9), extras: {} };
  expect(readPrepared(writePrepared(halves))).toEqual(halves);
  const floats: Prepared = { ...halves, base: Float32Array.of(1, 2, 3, 4, 5, 6), queries: Float32Array.of(0.1, 8, 9) };
  expect(readPrepared(writePrepared(floats))).toEqual(floats);
});

test('rows of every type unpack to the same floats', () => {
  const values = [0, 1, 2, 3, 100, 255];
  const expected = Float32Array.of(3, 100, 255);
  for (const rows of [Uint8Array.from(values), Uint16Array.from(values, toFloat16), Float32Array.from(values)]) {
    const out = new Float32Array(3);
    rowsToFloat32(rows, 3, 1, 2, out);
    expect(out).toEqual(expected);
  }
  expect(() => rowsToFloat32(Uint8Array.from(values), 3, 0, 2, new Float32Array(5))).toThrow('rows 0 … 2 of 3 do not fit 5 floats');
});

test('its first rows and its queries are found by the head alone', () => {
  for (const set of [bytes, { ...bytes, base: Uint16Array.of(1, 2, 3, 4, 5, 6), queries: Uint16Array.of(7, 8, 9) }]) {
    const file = writePrepared(set), head = readHead(file.slice(0, headRoom)), part = (from: number, rows: number) => file.slice(from, from + rows * head.rowBytes);
    expect(prepareRows(head, part(head.base, 1), part(head.queries, 1))).toEqual({ ...set, n: 1, base: set.base.slice(0, 3), extras: {} });
    expect(head.end).toBe(file.byteLength);
  }
});

test('a file cut short is refused with both sizes', () => {
  const buffer = writePrepared(bytes);
  expect(() => readPrepared(buffer.slice(0, -8))).toThrow('2 + 1 vectors of 3 bytes takes 104 bytes, got 96');
  expect(() => readPrepared(new ArrayBuffer(64))).toThrow('not a prepared set of version 1');
});

test('every half-precision number survives the way to float32 and back', () => {
  const table = float16Table();
  const changed = [...table.keys()].filter((bits) => toFloat16(table[bits] ?? NaN) !== bits && !Number.isNaN(table[bits]));
  expect(changed).toEqual([]);
});

test('rounding to half precision takes the nearest, even at a tie', () => {
  const table = float16Table();
  const round = (value: number) => table[toFloat16(value)] ?? NaN;
  expect(round(1 + 2 ** -11)).toBe(1);
  expect(round(1 + 3 * 2 ** -11)).toBe(1 + 2 ** -9);
  expect(round(2 ** -25)).toBe(0);
  expect(round(3 * 2 ** -25)).toBe(2 ** -23);
  expect(round(65519)).toBe(65504);
  expect(round(65520)).toBe(Infinity);
  for (const value of [0.337, -5.2, 1e-5, 12345]) {
    expect(Math.abs(round(value) - value)).toBeLessThanOrEqual(Math.max(Math.abs(value) * 2 ** -11, 2 ** -25));
  }
});
