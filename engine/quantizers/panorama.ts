/** Exact vectors cut into levels, so that a scan leaves a vector as soon as the lengths of the levels to come tell that it is too far
 *  (Ramani et al., Panorama, arXiv 2510.00566). Finds what Flat finds. `batch` is how many vectors stand together in a file; in memory
 *  each stands alone. */
import type { CodecOf as SpecOf } from '../factory/spec';
import { refuse } from '../refusal';
import type { Thread } from '../thread';
import type { CodecOf, CodecOps, Ids, Nearest, Probe } from './codec';

export type FlatPanorama = CodecOf<'FlatPanorama'>;

export function openPanorama({ levels, batch }: Pick<SpecOf<'FlatPanorama'>, 'levels' | 'batch'>, d: number): FlatPanorama {
  if (levels < 1 || levels > d) refuse(`Vectors of ${d} components are cut into 1 to ${d} levels, and ${levels} are asked for.`);
  const width = Math.ceil(d / levels);
  return { kind: 'FlatPanorama', d, levels, batch, width, codeSize: 4 * (d + Math.ceil(d / width) + 1) };
}

/** Where the vector stands in its code. */
const tailBytes = ({ d, codeSize }: FlatPanorama) => codeSize - 4 * d;

/** A probe: how many levels were computed, then the lengths of the query. */
export const TAILS = 16;

/** Levels that a probe computed since it was opened or last aimed. */
export const levelsComputed = (buffer: ArrayBufferLike, { at }: Probe) => new Uint32Array(buffer, at, 1)[0] ?? 0;

/** Offers n vectors, in a row or (`pick`) those whose ids are given. */
export function offerLevels(thread: Thread, { codec: { d, width, codeSize }, metric, query, at }: Probe<FlatPanorama>, codes: number, n: number, pick: boolean, ids: Ids, { dis, ids: found, k }: Nearest): void {
  thread.search.panoramaOffer(query, at + TAILS, codes, codeSize, n, d, width, metric === 'IP' ? 1 : 0, pick ? 1 : 0, ids.at, ids.first, dis, found, k, at);
}

export const panoramaOps: CodecOps<FlatPanorama> = {
  pack: () => [],
  encode(thread, codec, _, x, n, codes) {
    const all = new Uint8Array(thread.buffer), { d, width, codeSize } = codec, head = tailBytes(codec);
    for (let i = 0; i < n; i++) {
      const to = codes + i * codeSize, from = x + i * d * 4;
      thread.build.panoramaTails(from, d, width, to);
      all.copyWithin(to + head, from, from + d * 4);
    }
  },
  encodeScratch: () => 0,
  decode(thread, codec, codes, n, out) {
    const all = new Uint8Array(thread.buffer), { d, codeSize } = codec, head = tailBytes(codec);
    for (let i = 0; i < n; i++) all.copyWithin(out + i * d * 4, codes + i * codeSize + head, codes + (i + 1) * codeSize);
  },
  probeBytes: (codec) => TAILS + tailBytes(codec),
  aim(thread, { codec: { d, width }, at }, x) {
    new Uint32Array(thread.buffer, at, 1).fill(0);
    thread.search.panoramaTails(x, d, width, at + TAILS);
  },
  distances: (thread, { codec: { d, width, codeSize }, metric, query, at }, codes, n, _, out) =>
    thread.search.panoramaScan(query, at + TAILS, codes, codeSize, n, d, width, metric === 'IP' ? 1 : 0, at, out),
  offer: (thread, probe, codes, n, _, ids, nearest) => offerLevels(thread, probe, codes, n, false, ids, nearest),
};
