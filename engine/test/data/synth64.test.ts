import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { synth128, synth64, synthBase, synthQueries } from '../../data/synth64';

const sha256 = (x: Float32Array) => createHash('sha256').update(new Uint8Array(x.buffer)).digest('hex');

// The sums of the set that Faiss's reference recall was measured on.
test('synth64 is the reference set to the last bit', () => {
  expect(sha256(synthBase(synth64))).toBe('c285391303109c144686c96df551edbee6143edb31018e544860ed88e9f33777');
  expect(sha256(synthQueries(synth64))).toBe('b51efd06f233bb65239f6491414de715ac8d5da19059e20db1dfe1cb7a94d4ac');
});

test('synth128 follows the same text with twice the dimensions', () => {
  expect(sha256(synthQueries(synth128))).toBe('590d226b9878350a95e1f42d131f0369534769d3cb5ea1a342dd1d4aea5801b0');
});

test('a shorter set is the beginning of the longer one', () => {
  expect(synthBase(synth64, 20)).toEqual(synthBase(synth64, 100).subarray(0, 20 * 64));
});
