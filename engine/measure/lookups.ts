/** A distance by look-up taken apart: what it starts from, the tables of the query, and the entry of one code in each. The tables are
 *  those that the search itself fills for the list; nothing is computed another way. */
import { scaleOf } from '../quantizers/fast-scan';
import { firstTable } from '../quantizers/two-level';
import type { Probe } from '../quantizers/codec';
import { opsOf } from '../quantizers/codec';
import type { Engine } from '../pool';
import { openArena, release } from '../memory';
import type { Thread } from '../thread';
import { scratch, scratchF32 } from '../thread';
import type { Codec } from '../types';
import { aimedAt, bitsAt, codeAt } from './codes';
import type { Place, Stored } from './codes';

/** Why a term stands before the tables, or after them. */
export type TermName = 'centroid' | 'query' | 'least' | 'first' | 'code' | 'norm';
export type Term = { name: TermName; value: number };

/** A distance is the sum of the terms and of one entry a table. Inner products stand negated. */
export type Lookups = {
  terms: Term[];
  /** Tables end to end: table m has rows [first[m], first[m + 1]). */
  table: Float32Array;
  first: Uint32Array; // (tables + 1)
  code: Int32Array;   // (tables) the row of each
  /** The last table is that of the norms. */
  normed: boolean;
  /** Of tables rounded to 8 bits: their step, and the sum that the tables had before. */
  rounded: { step: number; exact: number } | null;
};

/** Of the code at a place; null where distances are not sums of look-ups. `query` in the space of the codes. */
export function lookupsOf(thread: Thread, stored: Stored, query: number, place: Place, id: number): Lookups | null {
  const { top } = thread, { probe, coarse } = aimedAt(thread, stored, query, place.list);
  const code = codeAt(thread, stored, place), terms: Term[] = coarse === null ? [] : [{ name: 'centroid', value: coarse }];
  const found = tablesOf(thread, probe, stored, code, terms, id);
  thread.top = top;
  return found;
}

function tablesOf(thread: Thread, probe: Probe, { metric, terms: nodeTerms }: Stored, code: Uint8Array, terms: Term[], id: number): Lookups | null {
  const { codec, at } = probe, floats = (from: number, n: number) => new Float32Array(thread.buffer, from, n).slice();
  switch (codec.kind) {
    case 'PQ': {
      const { M, nbits, ksub } = codec;
      return plain(terms, floats(at, M * ksub), equalRows(M, ksub), Int32Array.from({ length: M }, (_, m) => bitsAt(code, m * nbits, nbits)));
    }
    case 'PQfs': return roundedTables(thread, { ...probe, codec }, code, terms);
    case 'TwoLevel': {
      const { first, pq } = codec, node = nodeTerms?.[id], list = bitsAt(code, 0, 8 * first.codeSize);
      if (node === undefined) return null;
      const own = floats(at + firstTable(codec), first.M * 2 ** first.nbits);
      const near = Array.from({ length: first.M }, (_, m) => own[m * first.ksub + Math.floor(list / first.ksub ** m) % first.ksub] ?? 0).reduce((sum, v) => sum + v, 0);
      const codes = Int32Array.from({ length: pq.M }, (_, m) => code[first.codeSize + m] ?? 0);
      return plain([{ name: 'first', value: near }, { name: 'code', value: node }], floats(at, pq.M * pq.ksub), equalRows(pq.M, pq.ksub), codes);
    }
    case 'AQ': return additiveTables(thread, { ...probe, codec }, code, terms, metric === 'L2');
    default: return null;
  }
}

const plain = (terms: Term[], table: Float32Array, first: Uint32Array, code: Int32Array, normed = false): Lookups => ({ terms, table, first, code, normed, rounded: null });
const equalRows = (M: number, ksub: number) => Uint32Array.from({ length: M + 1 }, (_, m) => m * ksub);

/** Fast scan keeps tables in 8 bits, from the least entry of each and in one step: the search's own are in its probe. */
function roundedTables(thread: Thread, { codec: { M, pq }, at, query, metric }: Probe<Extract<Codec, { kind: 'PQfs' }>>, code: Uint8Array, terms: Term[]): Lookups {
  const { ksub, dsub, transposed, nbits } = pq, { search } = thread, even = M + (M % 2), size = M * ksub;
  const exact = scratchF32(thread, size), rounded = new Uint8Array(thread.buffer, scratch(thread, even * ksub), even * ksub), [step = 0, least = 0] = scaleOf(thread.buffer, at);
  if (metric === 'L2') search.l2Tables(query, transposed.byteOffset, M, ksub, dsub, exact.byteOffset);
  else search.dotTables(query, transposed.byteOffset, M, ksub, dsub, -1, exact.byteOffset);
  search.roundTables(exact.byteOffset, M, rounded.byteOffset, scratch(thread, 64));
  const codes = Int32Array.from({ length: M }, (_, m) => bitsAt(code, m * nbits, nbits));
  const sum = codes.reduce((total, k, m) => total + (exact[m * ksub + k] ?? 0), terms.reduce((total, { value }) => total + value, 0));
  return {
    ...plain([...terms, { name: 'least', value: least }], Float32Array.from(rounded.subarray(0, size), (v) => v * step), equalRows(M, ksub), codes),
    rounded: { step, exact: sum },
  };
}

/** Layout of the tables: quantizers/tables.ts. Without a norm, squared distances are taken from decoded vectors. */
function additiveTables(thread: Thread, { codec, at, base }: Probe<Extract<Codec, { kind: 'AQ' }>>, code: Uint8Array, terms: Term[], squared: boolean): Lookups | null {
  const { layout, norm, norms, codebooks, d, splits } = codec, M = layout.length / 4 - 1, rows = codebooks.length / (d / splits);
  if (squared && norm === null) return null;
  const normBit = layout[M * 4] ?? 0, normed = squared && norms.values.length > 0, { length } = norms.values;
  const starts = Array.from({ length: M }, (_, m) => layout[m * 4 + 2] ?? 0), codes = starts.map((_, m) => bitsAt(code, layout[m * 4] ?? 0, layout[m * 4 + 1] ?? 0));
  const table = new Float32Array(thread.buffer, at, rows + (normed ? length : 0)).slice(), before: Term[] = base === 0 ? terms : [...terms, { name: 'query', value: base }];
  if (squared && norm === 'float') before.push({ name: 'norm', value: asFloat(bitsAt(code, normBit, 32)) });
  const ends = normed ? [rows, rows + length] : [rows], last = normed ? [bitsAt(code, normBit, Math.log2(length))] : [];
  return plain(before, table, Uint32Array.from([...starts, ...ends]), Int32Array.from([...codes, ...last]), normed);
}

const asFloat = (bits: number) => new Float32Array(Uint32Array.of(bits).buffer)[0] ?? 0;

export const sumOf = ({ terms, table, first, code }: Lookups): number =>
  code.reduce((sum, row, m) => sum + (table[(first[m] ?? 0) + row] ?? 0), terms.reduce((sum, { value }) => sum + value, 0));

/** The vector that a list's codes are compared with: the query, or by residual the query less the centroid. */
export function vectorFor(thread: Thread, { d, ivf }: Stored, query: number, list: number): Float32Array {
  const x = new Float32Array(thread.buffer, query, d).slice();
  if (ivf?.byResidual) for (let j = 0; j < d; j++) x[j] = (x[j] ?? 0) - (ivf.centroids[list * d + j] ?? 0);
  return x;
}

/** Code and decoded vector of a vector (d) of the codec's own space, as adding makes them. */
export function coded(engine: Engine, codec: Codec, vector: Float32Array): { code: Uint8Array; decoded: Float32Array } {
  const thread = engine.own, { top } = thread, arena = openArena(engine.memory), ops = opsOf(codec);
  try {
    const x = scratchF32(thread, codec.d), code = scratch(thread, codec.codeSize + 64), block = scratch(thread, 64 + (ops.blocks?.bytes(codec) ?? 0)), out = scratchF32(thread, 32 * codec.d);
    x.set(vector);
    ops.encode(thread, codec, ops.pack(engine, arena, codec), x.byteOffset, 1, code);
    ops.blocks?.pack(thread, codec, code, 1, block);
    ops.decode(thread, codec, ops.blocks ? block : code, 1, out.byteOffset);
    return { code: new Uint8Array(thread.buffer, code, codec.codeSize).slice(), decoded: out.slice(0, codec.d) };
  } finally {
    thread.top = top;
    release(arena);
  }
}
