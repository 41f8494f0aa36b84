import { expect, it } from 'vitest';
import { serve } from './session';
import { generatedSession } from './test/session';

it.each(['BFlat', 'BIVF16_HNSW8', 'IDMap,BHash4x8'])('a session says where %s works, and keeps the index it has', async (factory) => {
  const session = await generatedSession();
  await serve.load(session, { name: 'blobs', n: 500, metric: 'L2', seed: 1 }, () => {});
  await serve.build(session, { factory: 'Flat', metric: 'L2', seed: 0 }, () => {});
  await expect(serve.build(session, { factory, metric: 'L2', seed: 0 }, () => {})).rejects.toThrow(`index-factory bench ${factory}`);
  expect(session.built?.factory).toBe('Flat');
});
