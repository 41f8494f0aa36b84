/** Transforms before a codec, as a codec: a code of the vector that they make, decoded back through them. What Faiss's sa_encode of a
 *  pre-transform writes. Knows chains; not what a code means. */
import type { Thread } from '../thread';
import { scratch, scratchF32 } from '../thread';
import { invertOne, transformOne, transformOneScratch } from '../transforms/apply';
import type { Codec, Transform } from '../types';
import type { CodecOf, CodecOps, Inside } from './codec';
import { asDecoded } from './heads';

export type Mapped = CodecOf<'Mapped'>;

export const openMapped = (inner: Codec, chain: Transform[], d: number): Mapped => ({ kind: 'Mapped', d, chain, inner, codeSize: inner.codeSize });

/** Vectors decoded at a time. */
const ROWS = 8;

/** One vector through the chain, with the kernels whose bits are the same everywhere; its address, in scratch. */
const through = (thread: Thread, chain: Transform[], x: number): number => chain.reduce((from, transform) => {
  const out = scratch(thread, transform.dOut * 4);
  transformOne(thread, transform, from, out);
  return out;
}, x);
const throughScratch = (chain: Transform[]) => chain.reduce((sum, transform) => sum + transform.dOut * 4 + 64 + transformOneScratch(transform), 0);

export const mappedOps = ({ opsOf, decode, decodeScratch }: Inside): CodecOps<Mapped> => asDecoded({
  pack: (engine, arena, { inner }) => opsOf(inner).pack(engine, arena, inner),

  encode(thread, { chain, inner, d }, packed, x, n, codes) {
    const { top } = thread, rows = scratchF32(thread, n * inner.d), plain = { ...thread, search: thread.build }, own = plain.top;
    for (let i = 0; i < n; i++) {
      rows.set(new Float32Array(thread.buffer, through(plain, chain, x + i * d * 4), inner.d), i * inner.d);
      plain.top = own;
    }
    opsOf(inner).encode(thread, inner, packed, rows.byteOffset, n, codes);
    thread.top = top;
  },
  encodeScratch: ({ chain, inner }, n) => n * inner.d * 4 + 128 + throughScratch(chain) + opsOf(inner).encodeScratch(inner, n),

  decode(thread, { chain, inner, d }, codes, n, out) {
    const { top } = thread, rows = scratchF32(thread, Math.min(n, ROWS) * inner.d), back = chain.toReversed();
    for (let from = 0; from < n; from += ROWS) {
      const count = Math.min(ROWS, n - from);
      decode(thread, inner, codes + from * inner.codeSize, count, rows.byteOffset);
      for (let i = 0; i < count; i++) {
        const row = back.reduce<Float32Array>((y, transform) => invertOne(transform, y, new Float32Array(transform.dIn)), rows.slice(i * inner.d, (i + 1) * inner.d));
        new Float32Array(thread.buffer, out + (from + i) * d * 4, d).set(row);
      }
    }
    thread.top = top;
  },
  decodeScratch: ({ inner }) => ROWS * inner.d * 4 + 64 + decodeScratch(inner),
});
