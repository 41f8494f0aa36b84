import { expect, test } from 'vitest';
import type { Client } from '../workers/client';
import type { Answer, Ask, Call } from '../workers/protocol';
import { defaults } from './setting';
import { createTwins, twinKey, type Twin } from './twin';

/** Answers at once, and remembers what it was asked. */
function obliging() {
  const asked: { name: Call; ask: unknown }[] = [];
  const client: Client = {
    call: <C extends Call>(name: C, ask: Ask<C>) => {
      asked.push({ name, ask });
      const points = name === 'sweep' ? [{ value: (ask as Ask<'sweep'>).values[0] }] : {};
      return Promise.resolve(points as Answer<C>);
    },
    cancel: () => undefined, dropBackground: () => undefined, stop: () => undefined,
  };
  return { client, asked };
}

const setting = { ...defaults(), data: 'blobs' as const, index: 'IVF16,Flat' };
const of = { metric: 'L2', seed: 7, index: 'IVF16,Flat', opq: 'quick' } as const;

test('the same string, seed and parameters are measured on real vectors, at every value of the curve', async () => {
  const { client, asked } = obliging(), told: Twin[] = [];
  await createTwins(() => client).measure(setting, of, (twin) => told.push(twin));
  expect(asked.slice(0, 3)).toEqual([
    { name: 'start', ask: { threads: 1, bytes: 2 ** 28 } },
    { name: 'load', ask: { name: 'photo-sift', n: 5000, metric: 'L2', seed: 7, vectorsOnly: true } },
    { name: 'build', ask: { factory: 'IVF16,Flat', metric: 'L2', seed: 7, opq: 'quick' } },
  ]);
  expect(told.at(-1)).toMatchObject({ title: 'Photo SIFT', d: 128, n: 5000, knob: 'nprobe', wrong: null });
  expect(told.at(-1)?.points.map(({ value }) => value)).toEqual(told.at(-1)?.values);
  expect(told.map(({ points }) => points.length)).toEqual(told.map((_, i) => i));
});

test('a curve that was measured is not measured again, and the vectors are loaded once', async () => {
  const { client, asked } = obliging(), twins = createTwins(() => client);
  await twins.measure(setting, of, () => undefined);
  const calls = asked.length;
  await twins.measure({ ...setting, nprobe: 3 }, of, () => undefined);
  expect(asked).toHaveLength(calls);
  await twins.measure({ ...setting, k: 1 }, of, () => undefined);
  expect(asked.filter(({ name }) => name === 'load')).toHaveLength(1);
  expect(twinKey(setting, of)).not.toBe(twinKey({ ...setting, k: 1 }, of));
});

test('a string that real vectors do not allow is told with its reason, and nothing is asked', async () => {
  const { client, asked } = obliging(), told: Twin[] = [];
  await createTwins(() => client).measure(setting, { ...of, index: 'PQ6x4' }, (twin) => told.push(twin));
  expect(told.at(-1)?.wrong).toMatch(/6 does not divide|not a multiple of 6|128/);
  expect(asked).toEqual([]);
});

test('one setting alone is one point, at the value that is set', async () => {
  const { client, asked } = obliging(), told: Twin[] = [];
  await createTwins(() => client).measure({ ...setting, nprobe: 3 }, of, (twin) => told.push(twin), false);
  expect(asked.filter(({ name }) => name === 'sweep').map(({ ask }) => (ask as Ask<'sweep'>).values)).toEqual([[3]]);
  expect(told.at(-1)?.points.map(({ value }) => value)).toEqual([3]);
});
