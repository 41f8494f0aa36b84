import { findBinaryTruth } from '../../binary/measure';
import { buildBinary } from '../../binary/build';
import type { BuiltBinary } from '../../binary/build';
import { searchBinary } from '../../binary/search';
import type { BinaryIndex, BinaryParams } from '../../binary/types';
import type { BitSet } from '../../data/bits';
import { readBinaryFactory } from '../../factory/index';
import { openArena, release, takeF32, takeI32, takeU8 } from '../../memory';
import type { Engine } from '../../pool';
import { mulberry32 } from '../../random';

/** Codes in `groups`: each a random centre with about d/8 bits flipped. Bytes (n, d/8). */
export function groupedBits(n: number, d: number, groups: number, seed: number): Uint8Array {
  const random = mulberry32(seed), size = d / 8, centres = Uint8Array.from({ length: groups * size }, () => random() & 255);
  return Uint8Array.from({ length: n * size }, (_, at) => {
    const group = Math.imul(Math.floor(at / size), 0x9e3779b1) >>> 0;
    return (centres[(group % groups) * size + (at % size)] ?? 0) ^ (random() & random() & random() & 255);
  });
}

/** The last nq codes are the queries. */
export async function openGroups(engine: Engine, n: number, d: number, nq = 40, groups = 30): Promise<BitSet> {
  const arena = openArena(engine.memory), all = takeU8(arena, ((n + nq) * d) / 8);
  all.set(groupedBits(n + nq, d, groups, 5));
  const base = all.subarray(0, (n * d) / 8), queries = all.subarray((n * d) / 8);
  const truth = await findBinaryTruth(engine, arena, { kind: 'BFlat', d, n, codeSize: d / 8, codes: base }, queries, Math.min(100, n));
  return { arena, n, d, nq, base, queries, truth };
}

export function buildOn(engine: Engine, { base, n, d }: BitSet, factory: string, seed = 0): Promise<BuiltBinary> {
  const { spec, problems } = readBinaryFactory(factory), bits = { at: base.byteOffset, n, d };
  if (!spec) throw new Error(`${factory}: ${problems[0]?.message}`);
  return buildBinary(engine, spec, bits, bits, { seed });
}

export type Found = { dis: number[]; ids: number[] };

/** The k nearest of every query. */
export async function searchAll(engine: Engine, { queries, nq }: BitSet, index: BinaryIndex, k: number, params: BinaryParams): Promise<Found[]> {
  const room = openArena(engine.memory), dis = takeF32(room, nq * k), ids = takeI32(room, nq * k);
  await searchBinary(engine, { index, queries: queries.byteOffset, nq, k, params, dis: dis.byteOffset, ids: ids.byteOffset, ms: 0, counts: 0, repeat: 1 });
  const found = Array.from({ length: nq }, (_, q) => ({ dis: [...dis.subarray(q * k, (q + 1) * k)], ids: [...ids.subarray(q * k, (q + 1) * k)] }));
  release(room);
  return found;
}
