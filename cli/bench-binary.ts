/** `index-factory bench` of binary strings: bits and Hamming distance. */
import { buildBinary } from '../engine/binary/build';
import { measureBinary } from '../engine/binary/measure';
import { binaryFileBytes } from '../engine/binary/size';
import type { BinaryParams, Bits } from '../engine/binary/types';
import type { BitSet } from '../engine/data/bits';
import { checkBinaryFactory, readBinaryFactory, writeBinaryFactory } from '../engine/factory/index';
import { clockStep } from '../engine/measure/sweep';
import { peakOf, release } from '../engine/memory';
import type { Engine } from '../engine/pool';
import { refuse } from '../engine/refusal';
import type { Line } from './lines';

export const isBinary = (s: string) => readBinaryFactory(s).spec !== null;

export type BinaryRun = { seed: number; nq: number; k: number; settings: BinaryParams[]; print: (line: Line) => void };

export async function benchBinary(engine: Engine, set: BitSet, s: string, { seed, nq, k, settings, print }: BinaryRun): Promise<void> {
  const { spec } = readBinaryFactory(s), problem = checkBinaryFactory(s, set.d).find(({ kind }) => kind === 'refused' || kind === 'unusable');
  if (!spec || problem) return refuse(`${s}: ${problem?.message ?? 'not a binary index'}`);
  const base: Bits = { at: set.base.byteOffset, n: set.n, d: set.d }, clockMs = clockStep(), peak = peakOf(engine.memory);
  const { index, arena, trainMs, addMs } = await buildBinary(engine, spec, base, base, { seed });
  const built = { index: writeBinaryFactory(spec), codeSize: index.codeSize, bytes: binaryFileBytes(index), trainMs, addMs, threads: engine.threads, simd: engine.modules.simd };
  for (const params of settings) {
    const measured = await measureBinary(engine, { index, queries: set.queries, nq, k, params, truth: set.truth, clockMs });
    print({ ...built, ...measured, params, peakBytes: peak() });
  }
  release(arena);
}
