import { Worker } from 'node:worker_threads';
import { afterAll } from 'vitest';
import { startEngine, stopEngine } from '../pool';
import type { Engine, Port } from '../pool';

/** Pool workers as Node threads, running the bundle that setup.ts made. */
export function spawnNode(): Port {
  const worker = new Worker(new URL('../../.cache/pool.node.mjs', import.meta.url));
  let listen: (message: unknown) => void = () => {};
  worker.on('message', (message) => listen(message));
  worker.on('error', (problem) => { throw problem; });
  return { post: (message) => worker.postMessage(message), onMessage: (next) => { listen = next; }, stop: () => void worker.terminate() };
}

/** An engine for one test file: 0 threads = without shared memory. Stopped after the file. */
export async function testEngine(threads: number, bytes = 512 * 2 ** 20): Promise<Engine> {
  const engine = await startEngine(threads ? spawnNode : null, threads, [bytes]);
  afterAll(() => stopEngine(engine));
  return engine;
}
