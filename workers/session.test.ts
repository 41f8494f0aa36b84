import { expect, it } from 'vitest';
import { findDataSet } from '../engine/data/catalogue';
import { isGenerated } from '../engine/data/generate';
import { sourceOfGenerated } from '../engine/data/source';
import { testEngine } from '../engine/test/engine';
import { openSession, serve } from './session';

it.each(['BFlat', 'BIVF16_HNSW8', 'IDMap,BHash4x8'])('a session says where %s works, and keeps the index it has', async (factory) => {
  const session = openSession(await testEngine(1), async ({ name, n, seed }) => {
    const set = findDataSet(name);
    if (!set || !isGenerated(set.name)) throw new Error(`${name} is not generated`);
    return sourceOfGenerated({ ...set, name: set.name }, n, seed);
  });
  await serve.load(session, { name: 'blobs', n: 500, metric: 'L2', seed: 1 }, () => {});
  await serve.build(session, { factory: 'Flat', metric: 'L2', seed: 0 }, () => {});
  await expect(serve.build(session, { factory, metric: 'L2', seed: 0 }, () => {})).rejects.toThrow(`index-factory bench ${factory}`);
  expect(session.built?.factory).toBe('Flat');
});
