/** What transforms learn from: a centred sample, and sums of products over its rows in double precision. */
import { gramMatrix } from '../dense';
import type { Arena, EngineMemory } from '../memory';
import { openArena, release, takeF32 } from '../memory';
import type { Engine } from '../pool';
import { permutation } from '../random';
import { patiently } from './steps';
import type { Steps } from './steps';

export type Sample = { rows: Float32Array /* (n, d), mean removed */; n: number; d: number; mean: Float64Array /* (d) */ };

/** At most `most` of the n rows at address x, chosen by Faiss's permutation, with their mean removed. */
export function centredSample(engine: Engine, arena: Arena, { x, n, d }: { x: number; n: number; d: number }, most: number, seed: number): Promise<Sample> {
  const take = Math.min(n, most);
  const rows = takeF32(arena, take * d, 'the training sample');
  return patiently(engine, centre(engine.memory, x, n < most ? null : permutation(n, seed, take), rows, take, d));
}

const STEP_ROWS = 4096;

function* centre({ memory }: EngineMemory, x: number, ids: Int32Array | null, rows: Float32Array, n: number, d: number): Steps<Sample> {
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    const row = new Float32Array(memory.buffer, x + (ids ? ids[i] ?? 0 : i) * d * 4, d);
    rows.set(row, i * d);
    for (let j = 0; j < d; j++) mean[j] = (mean[j] ?? 0) + (row[j] ?? 0);
    if (i % STEP_ROWS === 0) yield;
  }
  for (let j = 0; j < d; j++) mean[j] = (mean[j] ?? 0) / n;
  for (let i = 0; i < n; i++) {
    for (let j = 0, at = i * d; j < d; j++, at++) rows[at] = (rows[at] ?? 0) - (mean[j] ?? 0);
    if (i % STEP_ROWS === 0) yield;
  }
  return { rows, n, d, mean };
}

/** Xᵀ·Y (dx, dy) of rows at addresses x (n, dx) and y (n, dy). Single precision within 4096 rows, double beyond, always in the
 *  same order: small eigenvalues survive beside large ones. */
export async function productSums(engine: Engine, x: number, dx: number, y: number, dy: number, n: number): Promise<Float64Array> {
  const sums = new Float64Array(dx * dy);
  for (let from = 0; from < n; from += STEP_ROWS) {
    const arena = openArena(engine.memory);
    try {
      const part = await gramMatrix(engine, arena, x + from * dx * 4, dx, y + from * dy * 4, dy, Math.min(STEP_ROWS, n - from));
      for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (part[i] ?? 0);
    } finally {
      release(arena);
    }
  }
  return sums;
}
