import { findDataSet } from '../../engine/data/catalogue';
import { isGenerated } from '../../engine/data/generate';
import { sourceOfGenerated } from '../../engine/data/source';
import { testEngine } from '../../engine/test/engine';
import { openSession } from '../session';
import type { Session } from '../session';

/** A session on an engine of one further thread that opens the generated sets. */
export const generatedSession = async (): Promise<Session> => openSession(await testEngine(1), async ({ name, n, seed }) => {
  const set = findDataSet(name);
  if (!set || !isGenerated(set.name)) throw new Error(`${name} is not generated`);
  return sourceOfGenerated({ ...set, name: set.name }, n, seed);
});
