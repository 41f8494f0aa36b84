/** Codes of 4-bit parts in blocks of 32, so that a register holds the look-up table of a part: fast scan, André, Kermarrec & Le
 *  Scouarnec, VLDB 2015. Tables are rounded to 8 bits with one scale for all parts, sums are of 16 bits. Knows tables and blocks; not
 *  what the parts stand for. */
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { CodecOf, CodecOps, Probe } from './codec';

type Fast = CodecOf<'PQfs'> | CodecOf<'AQfs'>;

/** What the blocks are made of. */
export type Parts<C extends Fast> = {
  count(codec: C): number;
  /** The tables (count, 16) of x, at an address. */
  tables(thread: Thread, probe: Probe<C>, x: number, out: number): void;
  /** Vectors of n codes that stand end to end. */
  decode(thread: Thread, codec: C, codes: number, n: number, out: number): void;
};

const BLOCK = 32;

/** Where things stand in a probe: the step and the base of the rounded tables and up to 56 bytes of the codec's own, room for the sums of one
 *  block, the rounded tables (an odd number of parts is filled up, 16) u8, and the tables (count, 16) f32 they are made from. */
const SUMS = 64, TABLES = 128;

/** Step and base of the rounded tables, then what is the codec's own. */
export const scaleOf = (buffer: ArrayBufferLike, at: number) => new Float32Array(buffer, at, SUMS / 4);

export function fastScan<C extends Fast>({ count, tables, decode }: Parts<C>): Pick<CodecOps<C>, 'decode' | 'probeBytes' | 'aim' | 'distances' | 'offer'> & { blocks: NonNullable<CodecOps<C>['blocks']> } {
  const even = (codec: C) => count(codec) + (count(codec) % 2), bytes = (codec: C) => even(codec) * 16;
  const sourceAt = (codec: C) => TABLES + bytes(codec), stepOf = (buffer: ArrayBufferLike, { at }: Probe<C>) => scaleOf(buffer, at)[0] ?? 0;
  return {
    decode: (thread, codec, codes, n, out) => decodeBlocks(thread, codec, even(codec), codes, n, out, decode),

    probeBytes: (codec) => sourceAt(codec) + count(codec) * 16 * 4,

    aim(thread, probe, x) {
      const { codec, at } = probe, source = at + sourceAt(codec);
      tables(thread, probe, x, source);
      thread.search.roundTables(source, count(codec), at + TABLES, at);
      probe.base = scaleOf(thread.buffer, at)[1] ?? 0;
    },

    distances(thread, probe, codes, n, base, out) {
      const { codec, at } = probe, step = stepOf(thread.buffer, probe), { search } = thread;
      for (let i = 0; i < n; i += BLOCK) {
        const rows = Math.min(BLOCK, n - i);
        search.blockSums(at + TABLES, even(codec), codes + (i / BLOCK) * bytes(codec), rows, at + SUMS);
        search.sumsToDistances(at + SUMS, rows, step, base, out + i * 4);
      }
    },

    blocks: {
      codes: BLOCK,
      bytes,
      pack: (thread, codec, codes, n, out) => thread.build.packBlocks(codes, n, codec.codeSize, even(codec), out),
    },

    offer(thread, probe, codes, n, base, ids, { dis, ids: found, k }) {
      const { codec, at } = probe;
      thread.search.blocksToHeap(at + TABLES, even(codec), codes, n, stepOf(thread.buffer, probe), base, ids.at, ids.first, at + SUMS, dis, found, k);
    },
  };
}

/** A block at a time is taken apart into codes end to end. */
function decodeBlocks<C extends Fast>(thread: Thread, codec: C, parts: number, codes: number, n: number, out: number, decode: Parts<C>['decode']): void {
  const { codeSize, d } = codec, { top } = thread, apart = scratch(thread, BLOCK * codeSize);
  for (let i = 0; i < n; i += BLOCK) {
    const rows = Math.min(BLOCK, n - i);
    thread.search.unpackBlocks(codes, i, rows, codeSize, parts, apart);
    decode(thread, codec, apart, rows, out + i * d * 4);
  }
  thread.top = top;
}
