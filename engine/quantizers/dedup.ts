/** Vectors of inverted lists, of which equal ones are kept once: a code is the number of a row. Equal vectors have the same list, so
 *  that rows stand list by list, in the order in which a scan comes to them. */
import type { Arena } from '../memory';
import { takeF32, takeU8 } from '../memory';
import type { Steps } from '../transforms/steps';
import type { CodecOf, CodecOps } from './codec';

export type FlatDedup = CodecOf<'FlatDedup'>;

/** Lists end to end: list l holds the vectors ids[offsets[l]] … ids[offsets[l + 1] − 1]. */
export type Listed = { offsets: Uint32Array; ids: Int32Array };

const BYTES = 4;
/** Vectors between two breaths. */
const BREATH = 4096;

/** The codes of all lists end to end, and the codec that holds each distinct vector of x (n, d) once. */
export function* keepOnce(arena: Arena, x: Float32Array, d: number, { offsets, ids }: Listed): Steps<{ codec: FlatDedup; codes: Uint8Array }> {
  const codes = takeU8(arena, ids.length * BYTES, 'the codes'), rowOf = new Uint32Array(codes.buffer, codes.byteOffset, ids.length);
  const words = new Uint32Array(x.buffer, x.byteOffset, x.length), first: number[] = [];
  for (let l = 0; l + 1 < offsets.length; l++) {
    const rows = new Map<number, number[]>(); // hash → rows of this list
    for (let i = offsets[l] ?? 0; i < (offsets[l + 1] ?? 0); i++) {
      const at = (ids[i] ?? 0) * d, hash = hashOf(words, at, d), seen = rows.get(hash) ?? [];
      let row = seen.find((r) => equal(words, (first[r] ?? 0) * d, at, d));
      if (row === undefined) {
        row = first.push(ids[i] ?? 0) - 1;
        seen.push(row);
        rows.set(hash, seen);
      }
      rowOf[i] = row;
      if (i % BREATH === 0) yield;
    }
  }
  const vectors = takeF32(arena, first.length * d, 'the stored vectors');
  first.forEach((id, row) => vectors.set(x.subarray(id * d, (id + 1) * d), row * d));
  return { codec: { kind: 'FlatDedup', d, codeSize: BYTES, vectors }, codes };
}

/** FNV-1a over whole words. */
function hashOf(words: Uint32Array, at: number, d: number): number {
  let hash = 0x811c9dc5;
  for (let j = at; j < at + d; j++) hash = Math.imul(hash ^ (words[j] ?? 0), 0x01000193);
  return hash;
}

function equal(words: Uint32Array, a: number, b: number, d: number): boolean {
  for (let j = 0; j < d; j++) if (words[a + j] !== words[b + j]) return false;
  return true;
}

export const dedupOps: CodecOps<FlatDedup> = {
  pack: () => [],
  encode() { throw new Error('FlatDedup: a row has its number from the whole list'); },
  encodeScratch: () => 0,
  decode(thread, { d, vectors }, codes, n, out) {
    const rows = new Float32Array(thread.buffer, out, n * d);
    new Uint32Array(thread.buffer, codes, n).forEach((row, i) => rows.set(vectors.subarray(row * d, (row + 1) * d), i * d));
  },
  probeBytes: () => 0,
  aim: () => {},
  distances: (thread, { codec: { d, vectors }, metric, query }, codes, n, _, out) => thread.search.toIds(query, vectors.byteOffset, codes, n, d, metric === 'IP' ? 1 : 0, out),
};
