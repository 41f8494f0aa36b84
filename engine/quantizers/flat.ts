/** The vector itself as its code: d float32. */
import type { CodecOf, CodecOps } from './codec';

export const flatOps: CodecOps<CodecOf<'Flat'>> = {
  pack: () => [],
  encode: (thread, { codeSize }, _, x, n, codes) => void new Uint8Array(thread.buffer, codes, n * codeSize).set(new Uint8Array(thread.buffer, x, n * codeSize)),
  encodeScratch: () => 0,
  decode: (thread, { codeSize }, codes, n, out) => void new Uint8Array(thread.buffer, out, n * codeSize).set(new Uint8Array(thread.buffer, codes, n * codeSize)),
  probeBytes: () => 0,
  aim: () => {},
  distances(thread, { codec, metric, query }, codes, n, _, out) {
    if (metric === 'L2') thread.search.l2ToMany(query, codes, n, codec.d, out);
    else thread.search.ipToMany(query, codes, n, codec.d, out);
  },
};
