import type { Kernels, KernelModules } from './kernels/index';
import type { Port } from './pool';
import { openThread } from './pool';
import type { TaskArgs, TaskName } from './tasks';
import { tasks } from './tasks';

/** What a task has at hand: kernels on the shared memory, and scratch that is its own between `top` and `end`. */
export type Thread = { build: Kernels; search: Kernels; buffer: ArrayBufferLike; top: number; end: number; known?: Map<string, unknown> };

/** Scratch for the rest of the block. The caller of the job proved the bound; passing it is a bug. */
export function scratch(thread: Thread, bytes: number): number {
  const at = thread.top;
  thread.top += (bytes + 63) & ~63;
  if (thread.top > thread.end) throw new Error(`scratch: ${thread.top - at} bytes wanted, ${thread.end - at} left`);
  return at;
}

export const scratchF32 = (thread: Thread, n: number) => new Float32Array(thread.buffer, scratch(thread, n * 4), n);
export const scratchI32 = (thread: Thread, n: number) => new Int32Array(thread.buffer, scratch(thread, n * 4), n);

type Message =
  | { call: 'open'; modules: KernelModules; memory: WebAssembly.Memory; control: number }
  | { call: 'know'; name: string; value: unknown }
  | { call: 'run'; task: TaskName; args: never; blocks: number; scratch: number; end: number };

/** The body of a pool worker: open once, then blocks of one job after the other. */
export function serveThread({ post, onMessage }: Omit<Port, 'stop'>): void {
  let thread: Thread | undefined;
  let control: Int32Array | undefined;
  const known = new Map<string, unknown>();
  onMessage(async (raw) => {
    const message = raw as Message;
    try {
      if (message.call === 'open') {
        thread = { ...await openThread(message.modules, message.memory, 0, 0), known };
        control = new Int32Array(message.memory.buffer, message.control, 2);
      } else if (message.call === 'know') {
        if (message.value === undefined) known.delete(message.name);
        else known.set(message.name, message.value);
      } else if (thread && control) {
        thread.top = message.scratch;
        thread.end = message.end;
        serveBlocks(thread, message.task, message.args, message.blocks, control, Infinity);
      }
      post({});
    } catch (problem) {
      post({ error: problem instanceof Error ? `${problem.message}\n${problem.stack}` : String(problem) });
    }
  });
}

const table: { [T in TaskName]: (thread: Thread, args: TaskArgs[T], block: number) => void } = tasks;

/** Takes blocks until none is left (true), the job is cancelled (true) or `budget` ms are used (false). */
export function serveBlocks<T extends TaskName>(thread: Thread, task: T, args: TaskArgs[T], blocks: number, control: Int32Array, budget: number): boolean {
  const started = performance.now(), top = thread.top;
  const work = table[task];
  for (;;) {
    if (Atomics.load(control, 1)) return true;
    const block = Atomics.add(control, 0, 1);
    if (block >= blocks) return true;
    work(thread, args, block);
    thread.top = top;
    if (performance.now() - started > budget) return false;
  }
}
