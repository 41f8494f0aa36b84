/** One walk over a graph as it happened: what the kernels write down hop by hop, read back as plain data. Knows the form of
 *  that record; not what the nodes are. */
import type { Arena } from '../memory';
import { takeU32 } from '../memory';

/** Nodes with their distances to the query, inner products negated. */
export type Nodes = { ids: Int32Array; dis: Float32Array };

export type Hop = {
  level: number;
  /** Walked from; its distance is NaN where it was not computed, as of the entry of an NSG. */
  node: number; distance: number;
  /** Compared on this hop, in order: links of the node; on upper levels all of them, on the lowest those not met before. Of the
   *  first hop of an NSG, the nodes that the list begins with. */
  met: Nodes;
  /** The list after the hop, nearest first, up to the sink's `longest`; on upper levels the node that is gone to. */
  list: Nodes & { walked: Uint8Array /* 1 where the walk went on from it */ };
  /** How many the list holds in all. */
  size: number;
};

/** Nodes that a walk keeps in its list, and how many of them must be nearer than the next to walk from for it to end. */
export type Breadth = { ef: number; stop: number };

/** `hops` are the first of hopCount in all, whole and without gaps. */
export type WalkTrace = Breadth & { hops: Hop[]; hopCount: number };

/** Room for the record of one walk, in the engine's memory, and what came of the last. */
export type WalkSink = { words: Uint32Array; longest: number; trace: WalkTrace };

/** Room for about `most` words; lists are kept up to `longest` nodes. */
export const openSink = (arena: Arena, most: number, longest: number): WalkSink =>
  ({ words: takeU32(arena, most, 'the record of the walk'), longest, trace: { hops: [], hopCount: 0, ef: 0, stop: 0 } });

/** Reads the first `used` words; `hopCount` as the walk counted. Twin: `openHop` and those below it in kernels/assembly/walk.ts. */
export function noteHops(sink: WalkSink, breadth: Breadth, used: number, hopCount: number): void {
  const { words } = sink, floats = new Float32Array(words.buffer, words.byteOffset, words.length), hops: Hop[] = [];
  for (let at = 0; at < used;) {
    const [level = 0, node = 0, , n = 0, kept = 0, size = 0] = words.subarray(at, at + 6), met = at + 6, list = met + 2 * n;
    hops.push({
      level, node, distance: floats[at + 2] ?? 0, size,
      met: { ids: Int32Array.from({ length: n }, (_, i) => words[met + 2 * i] ?? 0), dis: Float32Array.from({ length: n }, (_, i) => floats[met + 2 * i + 1] ?? 0) },
      list: keysAt(words, list, kept),
    });
    at = list + 2 * kept;
  }
  sink.trace = { ...breadth, hops, hopCount };
}

/** Keys as the kernels sort them: the id above a flag in the low word, the distance's bits made monotone in the high one. */
function keysAt(words: Uint32Array, at: number, n: number): Hop['list'] {
  const low = (i: number) => words[at + 2 * i] ?? 0, bits = new Uint32Array(n), dis = new Float32Array(bits.buffer);
  for (let i = 0; i < n; i++) {
    const order = words[at + 2 * i + 1] ?? 0;
    bits[i] = order ^ (order >>> 31 ? 0x80000000 : 0xffffffff);
  }
  return { ids: Int32Array.from({ length: n }, (_, i) => low(i) >>> 1), dis, walked: Uint8Array.from({ length: n }, (_, i) => low(i) & 1) };
}
