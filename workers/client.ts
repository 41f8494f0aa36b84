import * as Comlink from 'comlink';
import type { EngineApi } from './engine.worker';
import { asFailure } from './failure';
import type { Answer, Ask, Call, Failure, KnnAnswer, Progress } from './protocol';
import type { UmapApi } from './umap.worker';

/** The worker's side as promises. One call is under way at a time and the rest wait here, those of a person before those
 *  of the background, so that a sweep never stands before a search by more than one of its points. */
export type Client = {
  call<C extends Call>(name: C, ask: Ask<C>, options?: CallOptions): Promise<Answer<C>>;
  /** Ends the call under way and drops those waiting; each rejects with `cancelled`. */
  cancel(): void;
  /** Drops background calls that have not begun. */
  dropBackground(): void;
  stop(): void;
};
export type CallOptions = { onProgress?: (progress: Progress) => void; background?: boolean };

/** What the client needs of a worker: a port, and word of its death. */
export type EnginePort = Comlink.Endpoint & {
  terminate?: () => void;
  onerror?: ((event: ErrorEvent) => unknown) | null;
};

type Waiting = { run: () => Promise<void>; reject: (failure: Failure) => void; background: boolean };

const cancelled: Failure = { name: 'cancelled', message: 'Cancelled.' };

export function connect(port: EnginePort): Client {
  const api = Comlink.wrap<EngineApi>(port);
  const queue = createQueue();
  let dead: Failure | null = null;

  function die(message: string) {
    dead = { name: 'broken', message };
    queue.current()?.reject(dead);
    queue.drop(() => true, dead);
  }
  port.onerror = (event) => die(`The engine stopped: ${event.message || 'its worker could not be started'}.`);

  return {
    call(name, ask, { onProgress, background = false } = {}) {
      return new Promise((resolve, reject) => {
        if (dead) return reject(dead);
        const report = Comlink.proxy((progress: Progress) => onProgress?.(progress));
        queue.add({ run: () => api.call(name, ask, report).then(resolve, (thrown: unknown) => reject(asFailure(thrown))), reject, background });
      });
    },
    cancel() {
      queue.drop(() => true, cancelled);
      if (queue.current() && !dead) void queue.hold(() => api.cancel());
    },
    dropBackground: () => queue.drop((one) => one.background, cancelled),
    stop() {
      die('The engine was stopped.');
      port.terminate?.();
    },
  };
}

/** One at a time, those of the background last. */
function createQueue() {
  let waiting: Waiting[] = [];
  let current: Waiting | null = null;
  let held = false;

  function next() {
    if (current || held) return;
    const at = waiting.findIndex((one) => !one.background);
    const one = waiting.splice(Math.max(at, 0), 1)[0];
    if (!one) return;
    current = one;
    void one.run().finally(() => { current = null; next(); });
  }

  return {
    current: () => current,
    add(one: Waiting) { waiting.push(one); next(); },
    drop(which: (one: Waiting) => boolean, failure: Failure) {
      const dropped = waiting.filter(which);
      waiting = waiting.filter((one) => !which(one));
      for (const one of dropped) one.reject(failure);
    },
    /** Begins nothing while this lasts: the engine is still putting down what it was told to cancel. */
    async hold(during: () => Promise<unknown>) {
      if (held) return;
      held = true;
      await during().catch(() => undefined);
      held = false;
      next();
    },
  };
}

/** An engine of its own, for work beside the page's. Not started before it is asked. */
export const newEngine = (): Client => connect(new Worker(new URL('../workers/engine.worker.ts', import.meta.url), { type: 'module' }));

/** Lays vectors out in a thread of its own, which ends with it. */
export async function layOut(knn: KnnAnswer, onEpoch: (done: number, total: number) => void): Promise<Float32Array> {
  const worker = new Worker(new URL('../workers/umap.worker.ts', import.meta.url), { type: 'module' });
  try {
    return await Promise.race([
      Comlink.wrap<UmapApi>(worker).layOut(knn, Comlink.proxy(onEpoch)),
      new Promise<never>((_, reject) => { worker.onerror = (event) => reject(new Error(event.message || 'the layout’s worker could not be started')); }),
    ]);
  } finally {
    worker.terminate();
  }
}

let engine: Client | null = null;

/** The page's one engine. React may run effects twice; workers are not started twice. */
export function theEngine(): Client {
  engine ??= newEngine();
  return engine;
}
