/** What every step of a build is given: the engine, the arena of what is kept, and the choices of the run. */
import type { Metric, Spec } from '../factory/spec';
import type { Arena } from '../memory';
import { takeF32 } from '../memory';
import type { Engine } from '../pool';
import { permutation, shifted } from '../random';
import type { OpqSettingName } from '../transforms/opq';
import type { Index } from '../types';
import type { BuildTrace } from './trace';

export type { BuildTrace };

/** n rows of d floats at address x. `kept`: they outlive the index, so it may point to them. */
export type Rows = {
  x: number; n: number; d: number; kept: boolean;
  /** Address of rows of whole numbers from 0 to 255, a byte each, that stand for the floats; x is 0. */
  bytes?: number;
  /** Writes rows [from, to) as floats to address `out`, where they are nowhere else; x is 0. */
  make?: (from: number, to: number, out: number) => Promise<void>;
};

export type BuildOptions = {
  metric: Metric;
  /** 0: Faiss's own seeds; another number shifts all of them. */
  seed: number;
  /** How OPQ is trained (transforms/opq.ts says what each costs): when absent `quick`, before a multi-index `matched`. */
  opq?: OpqSettingName;
  trace?: BuildTrace;
  /** Transformed vectors of more bytes are made in blocks and not held; 64 MB when absent. */
  blocksFrom?: number;
};

export type Stage = { name: string; ms: number };

export type Context = BuildOptions & {
  engine: Engine;
  arena: Arena;
  stages: Stage[];
  /** The driver, for parts that are indexes themselves. */
  build(context: Context, spec: Spec, learn: Rows, base: Rows): Promise<Index>;
};

/** Runs a step of training or adding, and notes how long it took. */
export async function stage<T>({ stages, engine }: Context, name: string, step: () => Promise<T>): Promise<T> {
  const started = performance.now();
  engine.report(name, 0, 1);
  const result = await step();
  stages.push({ name, ms: performance.now() - started });
  return result;
}

/** At most so many of the rows, drawn as Faiss draws them. */
export function sampleRows({ engine, seed }: Context, arena: Arena, rows: Rows, most: number): Rows {
  if (rows.n <= most) return rows;
  const from = new Float32Array(engine.memory.memory.buffer, rows.x, rows.n * rows.d);
  const out = takeF32(arena, most * rows.d, 'the training sample');
  permutation(rows.n, shifted(1234, seed), most).forEach((id, i) => out.set(from.subarray(id * rows.d, (id + 1) * rows.d), i * rows.d));
  return { x: out.byteOffset, n: most, d: rows.d, kept: false };
}
