/** Binary vectors: codes of d bits. Made of a set of floats, bit j says whether component j is above its mean over the base; given as
 *  bytes, they are taken as they are. */
import { findBinaryTruth } from '../binary/measure';
import type { Arena } from '../memory';
import { openArena, release, takeF32, takeU8 } from '../memory';
import type { Truth } from '../measure/truth';
import type { Engine } from '../pool';
import { refuse } from '../refusal';
import type { Source } from './open';
import { TRUE_K } from './open';

export type BitSet = {
  arena: Arena; n: number; d: number; nq: number;
  base: Uint8Array;    // (n, d/8)
  queries: Uint8Array; // (nq, d/8)
  truth: Truth;        // distances are counts of bits
};

/** The first n vectors of a source and all its queries, as bits. A source that holds bytes holds bits: d/8 bytes a vector. */
export async function openBits(engine: Engine, source: Source, n: number): Promise<BitSet> {
  if (!(n >= 1 && n <= source.nMax)) refuse(`${source.title} has ${source.nMax} vectors; ${n} were asked for. Choose 1 to ${source.nMax}.`);
  const { nq, bytes } = source, arena = openArena(engine.memory), codeSize = bytes ? source.d : Math.floor(source.d / 8), d = 8 * codeSize;
  if (codeSize < 1) refuse(`${source.title} has ${source.d} dimensions. A bit is made of each, and binary vectors have a multiple of 8; at least 8 are needed.`);
  try {
    const base = takeU8(arena, n * codeSize, `${n} vectors of ${d} bits`), queries = takeU8(arena, nq * codeSize);
    if (bytes) {
      bytes.writeBase(0, n, base);
      bytes.writeQueries(queries);
    } else cutAtMeans(engine, source, n, codeSize, base, queries);
    const truth = await findBinaryTruth(engine, arena, { kind: 'BFlat', d, n, codeSize, codes: base }, queries, Math.min(TRUE_K, n));
    return { arena, n, d, nq, base, queries, truth };
  } catch (problem) {
    release(arena);
    throw problem;
  }
}

const ROWS = 4096; // read at a time, so that the floats of the whole set are never held

/** Components past the last whole byte are left out. */
function cutAtMeans(engine: Engine, { d, nq, writeBase, writeQueries }: Source, n: number, codeSize: number, base: Uint8Array, queries: Uint8Array): void {
  const room = openArena(engine.memory), { build } = engine.own, nbits = 8 * codeSize;
  try {
    const rows = takeF32(room, Math.max(ROWS, nq) * d), means = takeF32(room, nbits), sums = new Float64Array(d);
    const blocks = Array.from({ length: Math.ceil(n / ROWS) }, (_, b) => ({ from: b * ROWS, to: Math.min(n, (b + 1) * ROWS) }));
    for (const { from, to } of blocks) {
      writeBase(from, to, rows);
      for (let i = 0; i < to - from; i++) for (let j = 0; j < nbits; j++) sums[j] = (sums[j] ?? 0) + (rows[i * d + j] ?? 0);
    }
    means.forEach((_, j) => { means[j] = (sums[j] ?? 0) / n; });
    const cut = (count: number, codes: number) => build.signBits(rows.byteOffset, d, count, nbits, means.byteOffset, codes, codeSize);
    for (const { from, to } of blocks) {
      writeBase(from, to, rows);
      cut(to - from, base.byteOffset + from * codeSize);
    }
    writeQueries(rows.subarray(0, nq * d));
    cut(nq, queries.byteOffset);
  } finally {
    release(room);
  }
}
