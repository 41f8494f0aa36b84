import { afterAll } from 'vitest';
import { spawnNode } from '../../workers/spawn.node';
import { startEngine, stopEngine } from '../pool';
import type { Engine } from '../pool';

const spawn = spawnNode(new URL('../../.cache/pool.node.mjs', import.meta.url));

/** An engine for one test file: 0 threads = without shared memory. Stopped after the file. */
export async function testEngine(threads: number, bytes = 512 * 2 ** 20): Promise<Engine> {
  const engine = await startEngine(threads ? spawn : null, threads, [bytes]);
  afterAll(() => stopEngine(engine));
  return engine;
}
