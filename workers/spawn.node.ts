import { Worker } from 'node:worker_threads';
import type { Port, Spawn } from '../engine/pool';

/** Pool workers as Node threads; `bundle` is workers/pool.node.ts as JavaScript. */
export function spawnNode(bundle: URL): Spawn {
  return (): Port => {
    const worker = new Worker(bundle);
    let listen: (message: unknown) => void = () => {};
    worker.on('message', (message) => listen(message));
    worker.on('error', (problem) => { throw problem; });
    return { post: (message) => worker.postMessage(message), onMessage: (next) => { listen = next; }, stop: () => void worker.terminate() };
  };
}
