/** Long arithmetic on the coordinator's own thread, in steps: a test runs them through, a training run pauses between them so
 *  that progress leaves and a cancel arrives. */
import type { Engine } from '../pool';
import { cancelled } from '../refusal';

export type Steps<T> = Generator<void, T, void>;

export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

const PAUSE_MS = 40;

/** Runs the steps to their end, letting messages through every 40 ms; rejects as cancelled when the engine was told to stop. */
export async function patiently<T>(engine: Engine, steps: Steps<T>): Promise<T> {
  const breathe = breather(engine);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    const pause = breathe();
    if (pause) await pause;
  }
}

/** To be called between steps: lets messages through when 40 ms have gone by since the last time. */
export function breather(engine: Engine): () => Promise<void> | undefined {
  let started = performance.now();
  const pause = async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (Atomics.load(engine.control, 1)) throw cancelled();
    started = performance.now();
  };
  return () => (performance.now() - started < PAUSE_MS ? undefined : pause());
}
