import { Worker } from 'node:worker_threads';
import type { Port } from '../engine/pool';

/** A pool worker as a Node thread; the bundle stands beside this one. */
export function spawnNode(): Port {
  const worker = new Worker(new URL('./pool.node.mjs', import.meta.url));
  let listen: (message: unknown) => void = () => {};
  worker.on('message', (message) => listen(message));
  worker.on('error', (problem) => { throw problem; });
  return { post: (message) => worker.postMessage(message), onMessage: (next) => { listen = next; }, stop: () => void worker.terminate() };
}
