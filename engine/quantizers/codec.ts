/** What stands behind each id in a list or a graph: the vector itself, a PQ code, an SQ code. One switch per operation:
 *  encode, decode, distances from a query to a run of codes. Knows codecs; not which structure holds them. */
import type { Packed } from '../dense';
import type { Metric } from '../factory/spec';
import type { Thread } from '../thread';
import { scratch, scratchF32 } from '../thread';
import type { Codec } from '../types';
import { decodePq, encodePq, encodePqScratch, joinTables, scanPq, tableFloats } from './pq';
import { decodeSq, encodeSq, prepareSqIp, prepareSqL2 } from './sq';

const ENCODE_ROWS = 256;

/** x (n, d) → codes, row i to place[i] (or i, where place = 0). By residual, `centroids` and `list` are given first. */
export type EncodeArgs = { codec: Codec; books: Packed[]; x: number; n: number; centroids: number; list: number; place: number; codes: number };

export function encodeBlock(thread: Thread, { codec, books, x, n, centroids, list, place, codes }: EncodeArgs, block: number): void {
  const { d, codeSize } = codec;
  const from = block * ENCODE_ROWS, rows = Math.min(ENCODE_ROWS, n - from);
  let input = x + from * d * 4;
  if (centroids) {
    const residual = scratch(thread, rows * d * 4);
    thread.build.subtractRows(input, rows, d, centroids, list + from * 4, residual);
    input = residual;
  }
  const out = codec.kind === 'Flat' ? input : scratch(thread, rows * codeSize);
  if (codec.kind === 'PQ') encodePq(thread, codec, books, input, rows, out);
  if (codec.kind === 'SQ') encodeSq(thread, codec, input, rows, out);
  const from8 = new Uint8Array(thread.buffer, out, rows * codeSize), all = new Uint8Array(thread.buffer, codes);
  const places = place ? new Int32Array(thread.buffer, place + from * 4, rows) : null;
  for (let i = 0; i < rows; i++) all.set(from8.subarray(i * codeSize, (i + 1) * codeSize), (places ? places[i] ?? 0 : from + i) * codeSize);
}
export const encodeBlocks = (n: number) => Math.ceil(n / ENCODE_ROWS);
export const encodeScratch = (codec: Codec) => ENCODE_ROWS * (codec.d * 4 + codec.codeSize) + 256 + (codec.kind === 'PQ' ? encodePqScratch(ENCODE_ROWS, codec) : 0);

/** Vectors from n codes: out (n, d). */
export function decodeRows(thread: Thread, codec: Codec, codes: number, n: number, out: number): void {
  if (codec.kind === 'PQ') decodePq(thread, codec, codes, n, out);
  else if (codec.kind === 'SQ') decodeSq(thread, codec, codes, n, out);
  else new Float32Array(thread.buffer, out, n * codec.d).set(new Float32Array(thread.buffer, codes, n * codec.d));
}

/** A query made ready for one codec: tables or shifted copies in scratch. `base` is added to every distance. */
export type Probe = { codec: Codec; metric: Metric; query: number; table: number; pairs: number; a: Float32Array; b: Float32Array; base: number };

export function openProbe(thread: Thread, codec: Codec, metric: Metric, query: number): Probe {
  const none = new Float32Array(thread.buffer, 64, 0);
  const probe: Probe = { codec, metric, query, table: 0, pairs: 0, a: none, b: none, base: 0 };
  if (codec.kind === 'PQ') {
    probe.table = scratch(thread, tableFloats(codec) * 4);
    probe.pairs = probe.table + codec.M * codec.ksub * 4;
  }
  if (codec.kind === 'SQ') {
    probe.a = scratchF32(thread, codec.d);
    probe.b = scratchF32(thread, codec.d);
  }
  return probe;
}
export const probeBytes = (codec: Codec) => (codec.kind === 'PQ' ? tableFloats(codec) * 4 : codec.kind === 'SQ' ? codec.d * 8 : 0) + 192;

/** Fills the probe for vector x (the query, or its residual to a list's centroid). */
export function aim(thread: Thread, probe: Probe, x: number): void {
  const { codec, metric } = probe;
  probe.query = x;
  probe.base = 0;
  if (codec.kind === 'PQ') {
    const { M, ksub, dsub, transposed } = codec;
    if (metric === 'L2') thread.search.l2Tables(x, transposed.byteOffset, M, ksub, dsub, probe.table);
    else thread.search.dotTables(x, transposed.byteOffset, M, ksub, dsub, -1, probe.table);
    joinTables(thread, codec, probe.table, probe.pairs);
  } else if (codec.kind === 'SQ') {
    const vector = new Float32Array(thread.buffer, x, codec.d);
    if (metric === 'L2') prepareSqL2(codec, vector, probe.a, probe.b);
    else probe.base = prepareSqIp(codec, vector, probe.a);
  }
}

/** out[i] = base + distance(query, code i) for n codes end to end. out has room for whole groups of four. */
export function distances(thread: Thread, probe: Probe, codes: number, n: number, base: number, out: number): void {
  const { codec, metric } = probe;
  if (codec.kind === 'PQ') scanPq(thread, codec, probe.table, probe.pairs, codes, n, base + probe.base, out);
  else if (codec.kind === 'SQ') {
    if (metric === 'L2') thread.search.sq8ScanL2(probe.a.byteOffset, probe.b.byteOffset, codes, n, codec.d, base, out);
    else thread.search.sq8ScanDot(probe.a.byteOffset, codes, n, codec.d, base + probe.base, out);
  } else if (metric === 'L2') thread.search.l2ToMany(probe.query, codes, n, codec.d, out);
  else thread.search.ipToMany(probe.query, codes, n, codec.d, out);
}
