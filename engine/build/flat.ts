import { takeF32 } from '../memory';
import { bytesAsCodes } from '../quantizers/bytes';
import type { CodesIndex, FlatIndex } from '../types';
import type { Context, Rows } from './context';
import { keptBytes, writeAll } from './rows';

/** The vectors themselves: pointed to where they stay, copied where they would not. Bytes stay bytes. */
export async function flat({ engine, arena, metric }: Context, rows: Rows): Promise<FlatIndex | CodesIndex> {
  const { x, n, d, kept, bytes, make } = rows;
  if (bytes !== undefined) return { kind: 'Codes', d, n, metric, codec: bytesAsCodes(arena, d), codes: keptBytes(engine, arena, rows) };
  if (kept && !make) return { kind: 'Flat', d, n, metric, vectors: new Float32Array(engine.memory.memory.buffer, x, n * d) };
  const vectors = takeF32(arena, n * d, 'the stored vectors');
  await writeAll(engine, rows, vectors);
  return { kind: 'Flat', d, n, metric, vectors };
}
