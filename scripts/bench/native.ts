/** A child process with native Faiss (native.py): asked one thing at a time, so that the two sides never run together. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Seconds by the wall clock, and of processor time. */
export type Time = { wall: number; cpu: number };

type Calls = {
  about: { ask: object; answer: { version: string; options: string; blas: string } };
  load: { ask: { base: string; query: string }; answer: object };
  train: { ask: { index: string }; answer: Time | { unknown: string } };
  add: { ask: object; answer: (Time & { bytes: number }) | { unknown: string } };
  search: { ask: { params: string; k: number }; answer: { alone: Time; together: Time; ids: number[] } };
};

export type Native = {
  title: string;
  ask<C extends keyof Calls>(call: C, args: Calls[C]['ask']): Promise<Calls[C]['answer']>;
  stop(): void;
};

/** The first of these that can `import faiss`. */
export const usualPythons = ['python3', '/usr/bin/python3'];

/** null where this Python has no Faiss, or there is no such Python. */
export async function startNative(python: string): Promise<Native | null> {
  const child = spawn(python, ['scripts/bench/native.py'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '', ended = false;
  child.stderr.on('data', (text: Buffer) => { said = `${said}${text}`.slice(-2000); });
  child.stdin.on('error', () => {}); // a child that ended is told by `ended`
  child.on('error', () => { ended = true; });
  child.on('exit', () => { ended = true; });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask: Native['ask'] = async (call, args) => {
    child.stdin.write(`${JSON.stringify({ do: call, ...args })}\n`);
    const { value, done } = await lines.next();
    if (done || ended) throw new Error(`native Faiss ended while asked to ${call}: ${said}`);
    const answer: Calls[typeof call]['answer'] = JSON.parse(value);
    return answer;
  };
  try {
    const { version, options, blas } = await ask('about', {});
    return { title: `Faiss ${version} (${options.replace(/^OPTIMIZE ?/, '').trim() || 'no options told'}; ${blas})`, ask, stop: () => child.stdin.end() };
  } catch {
    return null;
  }
}
