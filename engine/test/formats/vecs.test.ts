import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bytesToFloat32, readBvecs, readFvecs, readIvecs, vecsShape, writeBvecs, writeFvecs, writeIvecs,
} from '../../formats/vecs';

/** Any n × d values of one kind; at least one row, since an empty file has no dimension. */
const vecs = <V>(make: (fill: fc.Arbitrary<number>, length: number) => fc.Arbitrary<V>, value: fc.Arbitrary<number>) =>
  fc.record({ n: fc.integer({ min: 1, max: 6 }), d: fc.integer({ min: 1, max: 9 }) })
    .chain(({ n, d }) => make(value, n * d).map((values) => ({ n, d, values })));
const array = (value: fc.Arbitrary<number>, length: number) => fc.array(value, { minLength: length, maxLength: length });

test('what was written is read back', () => {
  const floats = vecs((v, length) => array(v, length).map((a) => Float32Array.from(a)), fc.float());
  const bytes = vecs((v, length) => array(v, length).map((a) => Uint8Array.from(a)), fc.integer({ min: 0, max: 255 }));
  const ints = vecs((v, length) => array(v, length).map((a) => Int32Array.from(a)), fc.integer());
  fc.assert(fc.property(floats, (x) => { expect(readFvecs(writeFvecs(x))).toEqual(x); }));
  fc.assert(fc.property(bytes, (x) => { expect(readBvecs(writeBvecs(x))).toEqual(x); }));
  fc.assert(fc.property(ints, (x) => { expect(readIvecs(writeIvecs(x))).toEqual(x); }));
});

test('the bytes are those of the format', () => {
  expect([...new Uint8Array(writeBvecs({ n: 2, d: 3, values: Uint8Array.of(1, 2, 3, 4, 5, 255) }))])
    .toEqual([3, 0, 0, 0, 1, 2, 3, 3, 0, 0, 0, 4, 5, 255]);
  expect([...new Uint8Array(writeFvecs({ n: 1, d: 1, values: Float32Array.of(1) }))]).toEqual([1, 0, 0, 0, 0, 0, 0x80, 0x3f]);
});

test('a limit takes the first rows, and bytes become floats of the same value', () => {
  const read = readBvecs(writeBvecs({ n: 3, d: 2, values: Uint8Array.of(9, 8, 7, 6, 5, 255) }), 2);
  if ('problem' in read) throw new Error(read.problem);
  expect(bytesToFloat32(read)).toEqual({ n: 2, d: 2, values: Float32Array.of(9, 8, 7, 6) });
});

test('the shape of a file is known from its head and size', () => {
  const file = writeFvecs({ n: 5, d: 4, values: new Float32Array(20) });
  expect(vecsShape('fvecs', file.slice(0, 4), file.byteLength)).toEqual({ n: 5, d: 4, rowBytes: 20 });
});

test('a damaged file is refused with the numbers', () => {
  const file = writeFvecs({ n: 2, d: 3, values: new Float32Array(6) });
  expect(readFvecs(file.slice(0, 30))).toEqual({
    problem: 'The first row says d = 3, so rows of 16 bytes; 30 bytes are not a multiple of that.',
  });
  expect(readFvecs(new ArrayBuffer(2))).toEqual({ problem: 'A .fvecs file starts with the dimension in 4 bytes; this one has 2.' });
  expect(readIvecs(new ArrayBuffer(8))).toEqual({ problem: 'A .ivecs file starts with the dimension; 0 is not between 1 and 65536.' });
  new DataView(file).setInt32(16, 7, true);
  expect(readFvecs(file)).toEqual({
    problem: 'Row 1 says d = 7; the first row says 3. All rows of a .fvecs file have one dimension.',
  });
});
