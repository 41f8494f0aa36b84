import { takeF32 } from '../memory';
import type { FlatIndex } from '../types';
import type { Context, Rows } from './context';

/** The vectors themselves: pointed to where they stay, copied where they would not. */
export function flat({ engine, arena, metric }: Context, { x, n, d, kept }: Rows): FlatIndex {
  const rows = new Float32Array(engine.memory.memory.buffer, x, n * d);
  if (kept) return { kind: 'Flat', d, n, metric, vectors: rows };
  const vectors = takeF32(arena, n * d, 'the stored vectors');
  vectors.set(rows);
  return { kind: 'Flat', d, n, metric, vectors };
}
