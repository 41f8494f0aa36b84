/** An inverted file as a codec: the number of the list that a vector is nearest to, then the code of what its centroid leaves, or of the
 *  vector. What Faiss's sa_encode of an IVF writes. Knows lists as numbers; how the nearest is found is the coarse index's. */
import { listBytes } from '../factory/numbers';
import { nearestList, nearestScratch } from '../structures/coarse';
import type { Thread } from '../thread';
import { scratch, scratchI32 } from '../thread';
import type { Codec, CoarseIndex } from '../types';
import type { CodecOf, CodecOps, Inside } from './codec';
import { asDecoded, eachRun, joinCodes, runScratch } from './heads';

export type Listed = CodecOf<'Listed'>;

type Lists = { coarse: CoarseIndex; centroids: Float32Array; byResidual: boolean };

export const openListed = (inner: Codec, { coarse, centroids, byResidual }: Lists): Listed =>
  ({ kind: 'Listed', d: inner.d, coarse, centroids, byResidual, inner, codeSize: listBytes(coarse.n) + inner.codeSize });

const layoutOf = ({ codeSize, inner }: Listed) => ({ head: codeSize - inner.codeSize, size: inner.codeSize });

/** The list number at the head of a code, lowest byte first. */
export function listAt(code: Uint8Array, head: number): number {
  let list = 0;
  for (let b = head - 1; b >= 0; b--) list = list * 256 + (code[b] ?? 0);
  return list;
}

function writeList(code: Uint8Array, head: number, list: number): void {
  for (let b = 0; b < head; b++, list = Math.floor(list / 256)) code[b] = list % 256;
}

export const listedOps = ({ opsOf, decode, decodeScratch }: Inside): CodecOps<Listed> => asDecoded({
  pack: (engine, arena, { inner }) => opsOf(inner).pack(engine, arena, inner),

  encode(thread, codec, packed, x, n, codes) {
    const { d, inner, centroids, byResidual, codeSize } = codec, { top } = thread, { head } = layoutOf(codec);
    const lists = scratchI32(thread, n), rest = scratch(thread, n * d * 4), apart = scratch(thread, n * inner.codeSize);
    for (let i = 0; i < n; i++) {
      const list = nearestList(thread, codec, x + i * d * 4);
      lists[i] = list;
      writeList(new Uint8Array(thread.buffer, codes + i * codeSize, head), head, list);
    }
    if (byResidual) thread.build.subtractRows(x, n, d, centroids.byteOffset, lists.byteOffset, rest);
    opsOf(inner).encode(thread, inner, packed, byResidual ? rest : x, n, apart, { centroids: byResidual ? centroids.byteOffset : 0, list: lists.byteOffset });
    joinCodes(thread, layoutOf(codec), apart, n, codes);
    thread.top = top;
  },
  encodeScratch: ({ coarse, d, inner }, n) => n * (4 + d * 4 + inner.codeSize) + 192 + nearestScratch(coarse) + opsOf(inner).encodeScratch(inner, n),

  decode(thread, codec, codes, n, out) {
    const { d, inner, centroids, byResidual, codeSize } = codec, { head } = layoutOf(codec);
    eachRun(thread, layoutOf(codec), codes, n, (apart, from, count) => decode(thread, inner, apart, count, out + from * d * 4));
    if (byResidual) for (let i = 0; i < n; i++) addCentroid(thread, centroids, d, listAt(new Uint8Array(thread.buffer, codes + i * codeSize, head), head), out + i * d * 4);
  },
  decodeScratch: ({ inner }) => runScratch(inner.codeSize) + decodeScratch(inner),
});

function addCentroid(thread: Thread, centroids: Float32Array, d: number, list: number, out: number): void {
  const row = new Float32Array(thread.buffer, out, d), centre = centroids.subarray(list * d, (list + 1) * d);
  row.forEach((v, j) => { row[j] = v + (centre[j] ?? 0); });
}
