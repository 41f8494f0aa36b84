/** The centre that RaBitQ and EDEN take from every vector. */
import type { Arena } from '../memory';
import { takeF32 } from '../memory';
import type { Engine } from '../pool';
import { patiently } from '../transforms/steps';
import type { Steps } from '../transforms/steps';

const ROWS = 4096; // between two looks at the clock

/** The mean (d) of n rows at address x. None of no rows: inside inverted lists the centroids are the centres. */
export async function meanOf(engine: Engine, arena: Arena, x: number, n: number, d: number): Promise<{ centre?: Float32Array }> {
  if (n === 0) return {};
  const centre = takeF32(arena, d, 'the mean').fill(0);
  await patiently(engine, addRows(new Float32Array(engine.memory.memory.buffer, x, n * d), d, centre));
  centre.forEach((sum, j) => { centre[j] = sum / n; });
  return { centre };
}

function* addRows(rows: Float32Array, d: number, sums: Float32Array): Steps<void> {
  for (let i = 0; i < rows.length; i += d) {
    for (let j = 0; j < d; j++) sums[j] = (sums[j] ?? 0) + (rows[i + j] ?? 0);
    if (i % (ROWS * d) === 0) yield;
  }
}
