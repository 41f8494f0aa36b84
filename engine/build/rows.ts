/** Vectors that are not all held as floats: bytes, or what transforms make of others. They are made in blocks when they are asked for,
 *  so that a million of them need no second copy. Knows where rows come from; not what becomes of them. */
import type { Arena } from '../memory';
import { openArena, release, takeF32, takeU8 } from '../memory';
import type { Engine } from '../pool';
import { breather } from '../transforms/steps';
import type { Rows } from './context';

/** Rows at a time: whole blocks of every task, so that what is made of them does not depend on it. 4 MB at d = 128. */
const BLOCK_ROWS = 8192;

/** Calls `use` with one run of rows after the other, as floats at address x: all at once where they are floats already. */
export async function eachBlock(engine: Engine, rows: Rows, stage: string, use: (x: number, from: number, n: number, stage?: string) => Promise<void>): Promise<void> {
  if (!isMade(rows)) return use(rows.x, 0, rows.n, stage);
  const room = openArena(engine.memory), { n, d } = rows, breathe = breather(engine);
  try {
    const x = takeF32(room, Math.min(n, BLOCK_ROWS) * d, 'a block of vectors').byteOffset;
    for (let from = 0; from < n; from += BLOCK_ROWS) {
      const to = Math.min(n, from + BLOCK_ROWS);
      await writeRows(engine, rows, from, to, x);
      await use(x, from, to - from);
      engine.report(stage, to, n);
      await breathe();
    }
  } finally {
    release(room);
  }
}

/** Whether there are no floats to point to. */
export const isMade = ({ bytes, make }: Rows) => bytes !== undefined || make !== undefined;

/** Rows [from, to) as floats, to address `out`. */
export async function writeRows(engine: Engine, { x, d, bytes, make }: Rows, from: number, to: number, out: number): Promise<void> {
  const { buffer } = engine.memory.memory, count = (to - from) * d, at = new Float32Array(buffer, out, count);
  if (make) await make(from, to, out);
  else at.set(bytes === undefined ? new Float32Array(buffer, x + from * d * 4, count) : new Uint8Array(buffer, bytes + from * d, count));
}

/** All rows as floats: where they are, or written to the arena. */
export async function asFloats(engine: Engine, arena: Arena, rows: Rows): Promise<Rows> {
  if (!isMade(rows)) return rows;
  const { n, d } = rows, all = takeF32(arena, n * d, 'the vectors as floats');
  await writeAll(engine, rows, all);
  return { x: all.byteOffset, n, d, kept: false };
}

/** out (n, d) = all rows. */
export async function writeAll(engine: Engine, rows: Rows, out: Float32Array): Promise<void> {
  const { n, d } = rows, breathe = breather(engine);
  for (let from = 0; from < n; from += BLOCK_ROWS) {
    await writeRows(engine, rows, from, Math.min(n, from + BLOCK_ROWS), out.byteOffset + from * d * 4);
    await breathe();
  }
}

/** Bytes for as long as the index: where they are, or copied. */
export function keptBytes(engine: Engine, arena: Arena, { n, d, kept, bytes = 0 }: Rows): Uint8Array {
  const rows = new Uint8Array(engine.memory.memory.buffer, bytes, n * d);
  if (kept) return rows;
  const own = takeU8(arena, n * d, 'the stored vectors');
  own.set(rows);
  return own;
}
