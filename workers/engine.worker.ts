/** The engine's worker: starts the pool, serves the protocol's calls over Comlink. No algorithm lives here. */
import { expose } from 'comlink';
import { cancel, resume, startEngine } from '../engine/pool';
import type { Port } from '../engine/pool';
import type { Answer, Ask, Call, EngineInfo, Failure, Progress } from './protocol';
import type { Session } from './session';
import { openSession, serve } from './session';
import { openSource } from './sources';

const GB = 2 ** 30;

function spawn(): Port {
  const worker = new Worker(new URL('./pool.worker.ts', import.meta.url), { type: 'module', name: 'pool' });
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listen) => { worker.onmessage = (event) => listen(event.data); },
    stop: () => worker.terminate(),
  };
}

let session: Session | undefined;
/** The long call under way: while it has not settled, a cancel stays in force. */
let busy: Promise<unknown> = Promise.resolve();

async function start({ threads, bytes, plain = false }: Ask<'start'>): Promise<EngineInfo> {
  const shared = self.crossOriginIsolated;
  const engine = await startEngine(shared ? spawn : null, threads ?? Math.min(8, navigator.hardwareConcurrency), bytes ? [bytes] : [2 * GB, GB, GB / 2, GB / 4]);
  if (plain) engine.own.search = engine.own.build;
  session = openSession(engine, openSource);
  return { threads: engine.threads, shared, simd: engine.modules.simd, memoryBytes: engine.memory.bytes };
}

const api = {
  /** Runs one call; `tell` hears its progress. Rejects with a Failure. */
  async call<C extends Call>(name: C, ask: Ask<C>, tell: (progress: Progress) => void): Promise<Answer<C>> {
    try {
      if (name === 'start') return await start(ask as Ask<'start'>) as Answer<C>;
      if (!session) throw new Error('the engine has not been started');
      const answer = serve[name as Exclude<C, 'start'>] as (session: Session, ask: Ask<C>, tell: (progress: Progress) => void) => Promise<Answer<C>>;
      const answered = answer(session, ask, tell);
      if (name === 'build' || name === 'load' || name === 'sweep' || name === 'curve') busy = answered.catch(() => {});
      return await answered;
    } catch (problem) {
      throw failure(problem);
    }
  },

  /** Stops the build (or load) under way at its next block; it rejects as cancelled and the last index stays. */
  async cancel(): Promise<void> {
    if (!session) return;
    const { engine } = session;
    session.sweep.stop = true;
    cancel(engine);
    await busy;
    resume(engine);
  },
};
export type EngineApi = typeof api;

/** Errors lose their names on the way through structured clone; a plain record keeps them. */
function failure(problem: unknown): Failure {
  const { name, message } = problem instanceof Error ? problem : { name: '', message: String(problem) };
  if (name === 'refused' || name === 'cancelled') return { name, message };
  return { name: 'broken', message };
}

expose(api);
