/** Codes made of a head and another codec's code behind it: the scale of MinMax, the list number of an inverted file. The codes behind
 *  stand apart while that codec makes or reads them. Knows bytes; not what they mean. */
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { Codec } from '../types';
import type { CodecOps } from './codec';

/** An address for each of the 4096 codebooks that an additive code may have. */
export const DECODE_SCRATCH = 4 * 4 * 4097 + 64;

/** Codes taken apart at a time: what decoding takes stays small. */
const CHUNK_BYTES = 16_384;

/** Codes of `size` bytes, each behind `head` others. */
type Layout = { head: number; size: number };

/** Puts n codes that stand at `apart` behind their heads in `codes`. */
export function joinCodes(thread: Thread, { head, size }: Layout, apart: number, n: number, codes: number): void {
  const all = new Uint8Array(thread.buffer);
  for (let i = 0; i < n; i++) all.copyWithin(codes + i * (head + size) + head, apart + i * size, apart + (i + 1) * size);
}

/** Calls `use` with one run of the codes behind the heads after the other. */
export function eachRun(thread: Thread, { head, size }: Layout, codes: number, n: number, use: (apart: number, from: number, count: number) => void): void {
  const all = new Uint8Array(thread.buffer), { top } = thread, per = Math.min(n, perRun(size)), apart = scratch(thread, per * size), own = thread.top;
  for (let from = 0; from < n; from += per) {
    const count = Math.min(per, n - from);
    for (let i = 0; i < count; i++) all.copyWithin(apart + i * size, codes + (from + i) * (head + size) + head, codes + (from + i + 1) * (head + size));
    use(apart, from, count);
    thread.top = own;
  }
  thread.top = top;
}

const perRun = (size: number) => Math.max(1, Math.floor(CHUNK_BYTES / Math.max(1, size)));

/** Scratch of eachRun, without what `use` takes. */
export const runScratch = (size: number): number => Math.max(CHUNK_BYTES, size) + 64;

type ByDecoding = 'probeBytes' | 'aim' | 'distances';

/** Vectors compared at a time. */
const ROWS = 32;

/** Operations of a codec whose codes are compared as they decode, a few at a time: behind these stands the room that decoding takes. */
export function asDecoded<C extends Codec>(ops: Omit<CodecOps<C>, ByDecoding> & { decodeScratch(codec: C): number }): CodecOps<C> {
  return {
    ...ops,
    probeBytes: (codec) => ROWS * codec.d * 4 + ops.decodeScratch(codec) + 64,
    aim: () => {},
    distances(thread, { codec, metric, query, at }, codes, n, _, out) {
      const { d, codeSize } = codec, top = at + ROWS * d * 4, own = { ...thread, top, end: top + ops.decodeScratch(codec) + 64 };
      for (let i = 0; i < n; i += ROWS) {
        const rows = Math.min(ROWS, n - i);
        ops.decode(own, codec, codes + i * codeSize, rows, at);
        if (metric === 'L2') thread.search.l2ToMany(query, at, rows, d, out + i * 4);
        else thread.search.ipToMany(query, at, rows, d, out + i * 4);
      }
    },
  };
}
