/** Threads over one memory. A job is cut into blocks that do not depend on the number of threads; threads take the next
 *  block from an atomic counter, so a job's result is the same for 1 or 16 of them. Without shared memory the caller's own
 *  thread does the blocks and lets messages through between them. */
import type { Kernels, KernelModules } from './kernels/index';
import { compileKernels, instantiateKernels } from './kernels/index';
import type { EngineMemory } from './memory';
import { openArena, openMemory, release, take } from './memory';
import { cancelled } from './refusal';
import { serveBlocks } from './thread';
import type { Thread } from './thread';
import type { TaskArgs, TaskName } from './tasks';

/** Something that runs `serveThread` and can be spoken to: a Web Worker, a Node worker, a fake. */
export type Port = { post(message: unknown): void; onMessage(listen: (message: unknown) => void): void; stop(): void };
export type Spawn = () => Port;

export type Report = (stage: string, done: number, total: number) => void;

export type Engine = {
  memory: EngineMemory;
  modules: KernelModules;
  threads: number;
  ports: Port[];
  /** The coordinator's own thread: single queries, small work. */
  own: Thread;
  /** [next block, cancel flag] where all threads see it. */
  control: Int32Array;
  report: Report;
  /** Jobs wait here for the one before them. */
  queue: Promise<void>;
};

const OWN_SCRATCH = 32 * 2 ** 20;

/** Opens memory, compiles kernels and starts the threads. spawn = null: no shared memory, one thread. */
export async function startEngine(spawn: Spawn | null, threads: number, memorySizes: number[]): Promise<Engine> {
  const shared = spawn !== null;
  const memory = openMemory(memorySizes, shared);
  const modules = await compileKernels(shared);
  const arena = openArena(memory);
  const control = new Int32Array(memory.memory.buffer, take(arena, 64), 2);
  const own = await openThread(modules, memory.memory, take(arena, OWN_SCRATCH), OWN_SCRATCH);
  const ports = spawn ? await Promise.all(Array.from({ length: threads }, () => openPort(spawn, modules, memory, control))) : [];
  return { memory, modules, threads: Math.max(1, ports.length), ports, own, control, report: () => {}, queue: Promise.resolve() };
}

export function stopEngine(engine: Engine): void {
  for (const port of engine.ports) port.stop();
}

export async function openThread(modules: KernelModules, memory: WebAssembly.Memory, scratch: number, bytes: number): Promise<Thread> {
  const build: Kernels = await instantiateKernels(modules.build, memory);
  const search: Kernels = modules.search === modules.build ? build : await instantiateKernels(modules.search, memory);
  return { build, search, buffer: memory.buffer, top: scratch, end: scratch + bytes };
}

async function openPort(spawn: Spawn, modules: KernelModules, { memory }: EngineMemory, control: Int32Array): Promise<Port> {
  const port = spawn();
  const ready = new Promise<void>((resolve) => port.onMessage(() => resolve()));
  port.post({ call: 'open', modules, memory, control: control.byteOffset });
  await ready;
  return port;
}

/** Runs blocks 0 … blocks−1 of a task on all threads; each thread gets `scratch` bytes of its own. One job at a time. */
export async function run<T extends TaskName>(engine: Engine, task: T, args: TaskArgs[T], blocks: number, scratch = 0, stage?: string): Promise<void> {
  const before = engine.queue;
  const job = before.then(() => runNow(engine, task, args, blocks, scratch, stage));
  engine.queue = job.catch(() => {});
  await job;
}

async function runNow<T extends TaskName>(engine: Engine, task: T, args: TaskArgs[T], blocks: number, scratch: number, stage?: string): Promise<void> {
  if (Atomics.load(engine.control, 1)) throw cancelled();
  const arena = openArena(engine.memory);
  const bytes = (scratch + 127) & ~63; // rounding of each piece is the caller's, one line for the thread's own start
  const at = scratch ? take(arena, bytes * engine.threads, stage) : 0;
  Atomics.store(engine.control, 0, 0);
  const ticker = stage ? setInterval(() => engine.report(stage, Math.min(blocks, Atomics.load(engine.control, 0)), blocks), 80) : undefined;
  try {
    if (engine.ports.length) await Promise.all(engine.ports.map((port, i) => ask(port, { call: 'run', task, args, blocks, scratch: at + i * bytes, end: at + (i + 1) * bytes })));
    else await runHere(engine, task, args, blocks, at, at + bytes);
  } finally {
    clearInterval(ticker);
    release(arena);
  }
  if (Atomics.load(engine.control, 1)) throw cancelled();
}

function ask(port: Port, message: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    port.onMessage((answer) => {
      const { error } = answer as { error?: string };
      if (error === undefined) resolve();
      else reject(new Error(error));
    });
    port.post(message);
  });
}

async function runHere<T extends TaskName>(engine: Engine, task: T, args: TaskArgs[T], blocks: number, scratch: number, end: number): Promise<void> {
  const thread = { ...engine.own, top: scratch, end };
  while (!serveBlocks(thread, task, args, blocks, engine.control, 12)) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** Asks everything under way to stop at the next block; `resume` must follow before new work. */
export const cancel = (engine: Engine) => void Atomics.store(engine.control, 1, 1);
export const resume = (engine: Engine) => void Atomics.store(engine.control, 1, 0);

/** Gives every thread the index's records once; its arrays are views of the memory all share. */
export async function publish(engine: Engine, name: string, value: unknown): Promise<void> {
  engine.own.known?.set(name, value);
  await Promise.all(engine.ports.map((port) => ask(port, { call: 'know', name, value })));
}
