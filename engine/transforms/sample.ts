/** What transforms learn from: a centred sample, and sums of products over its rows in double precision. */
import { gramMatrix } from '../dense';
import type { Arena } from '../memory';
import { openArena, release, take, takeF32, takeI32 } from '../memory';
import type { Engine } from '../pool';
import { permutation } from '../random';
import type { Thread } from '../thread';
import { patiently } from './steps';
import type { Steps } from './steps';

export type Sample = { rows: Float32Array /* (n, d), mean removed */; n: number; d: number; mean: Float64Array /* (d) */ };

/** At most `most` of the n rows at address x, chosen by Faiss's permutation, with their mean removed. */
export async function centredSample(engine: Engine, arena: Arena, { x, n, d }: { x: number; n: number; d: number }, most: number, seed: number): Promise<Sample> {
  const count = Math.min(n, most), rows = takeF32(arena, count * d, 'the training sample'), room = openArena(engine.memory);
  try {
    const ids = n < most ? null : takeI32(room, count), sums = new Float64Array(engine.memory.memory.buffer, take(room, d * 8), d).fill(0);
    ids?.set(permutation(n, seed, count));
    return await patiently(engine, centre(engine.own, x, ids, rows, sums, count, d));
  } finally {
    release(room);
  }
}

const STEP_ROWS = 4096;

function* centre({ build }: Thread, x: number, ids: Int32Array | null, rows: Float32Array, mean: Float64Array, n: number, d: number): Steps<Sample> {
  const out = rows.byteOffset, from = ids ? out : x, blocks = Array.from({ length: Math.ceil(n / STEP_ROWS) }, (_, b) => ({ first: b * STEP_ROWS, count: Math.min(STEP_ROWS, n - b * STEP_ROWS) }));
  for (const { first, count } of blocks) {
    if (ids) build.gatherParts(x, d, ids.byteOffset, first, first + count, n, d, 1, out);
    build.sumColumns(from + first * d * 4, count, d, mean.byteOffset);
    yield;
  }
  for (let j = 0; j < d; j++) mean[j] = (mean[j] ?? 0) / n;
  for (const { first, count } of blocks) {
    build.lessColumns(from + first * d * 4, count, d, mean.byteOffset, out + first * d * 4);
    yield;
  }
  return { rows, n, d, mean: mean.slice() };
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
