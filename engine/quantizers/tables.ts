/** Distances to additive codes by look-up. With a norm in the code
 *    ‖x − x̂‖² = ‖x‖² + ‖x̂‖² − 2·Σ_m ⟨x, c_m⟩
 *  is a sum of table entries, the norm's code being one more look-up; an inner product always is (Babenko & Lempitsky, CVPR 2014,
 *  §3.4). */
import type { Metric } from '../factory/spec';
import type { Kernels } from '../kernels/index';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { CodecOf, Probe } from './codec';

type AQ = CodecOf<'AQ'>;

/** How codes are read: a byte per table; a byte for two 4-bit tables joined; bit by bit. */
function readingOf({ norm, nbits, splits, norms }: AQ): 'bytes' | 'pairs' | 'bits' {
  const M = splits * nbits.length, normed = norms.values.length, all = (width: number) => nbits.every((b) => b === width);
  if (norm === 'float') return 'bits';
  if (all(8) && normed !== 16) return 'bytes';
  return all(4) && (normed === 256 ? M % 2 === 0 : true) ? 'pairs' : 'bits';
}

const rowsOf = ({ codebooks, d, splits }: AQ) => codebooks.length / (d / splits);
const tableFloats = (aq: AQ) => rowsOf(aq) + aq.norms.values.length;
/** Tables of two 4-bit codes each; a norm of 8 bits keeps its table behind them. */
const pairFloats = (aq: AQ) => aq.codeSize * 256;

/** What ⟨x, c⟩ counts in a distance, negated. Faiss takes the product once where the code has no norm to it. */
const factorOf = ({ norm }: AQ, metric: Metric) => (metric === 'L2' && norm !== 'none' ? 2 : 1);

/** out[r] = −factor·⟨x, c_r⟩ for every row of every codebook; room: productBytes. */
export function rowProducts(thread: Thread, kernels: Kernels, { splits, d, codebooks }: AQ, x: number, factor: number, room: number, out: number): void {
  const dsub = d / splits, rows = codebooks.length / d, scaled = new Float32Array(thread.buffer, room, d);
  new Float32Array(thread.buffer, x, d).forEach((v, j) => { scaled[j] = v * factor; });
  for (let s = 0; s < splits; s++) kernels.ipToMany(room + s * dsub * 4, codebooks.byteOffset + s * rows * dsub * 4, rows, dsub, out + s * rows * 4);
}

export const productBytes = ({ d }: AQ) => d * 4;

/** Tables of the query, then the norms (zeros where they do not count). */
function fillTables(thread: Thread, { codec: aq, metric, at }: Probe<AQ>, x: number): void {
  rowProducts(thread, thread.search, aq, x, factorOf(aq, metric), at + tableFloats(aq) * 4, at);
  const last = new Float32Array(thread.buffer, at + rowsOf(aq) * 4, aq.norms.values.length);
  if (metric === 'L2') last.set(aq.norms.values);
  else last.fill(0);
}

/** Pairs of 4-bit tables joined, so that a byte of code costs one look-up. */
function pairUp(thread: Thread, aq: AQ, table: number, out: number): void {
  const M = aq.splits * aq.nbits.length + (aq.norms.values.length === 16 ? 1 : 0);
  thread.search.pairTables(table, M, out);
  if (aq.norms.values.length === 256) new Float32Array(thread.buffer, out + Math.ceil(M / 2) * 1024, 256).set(new Float32Array(thread.buffer, table + rowsOf(aq) * 4, 256));
}

// The tables, the scaled query, and behind them the joined tables.
const pairsAt = (aq: AQ) => (tableFloats(aq) + aq.d) * 4;

export const tableBytes = (aq: AQ) => pairsAt(aq) + (readingOf(aq) === 'pairs' ? pairFloats(aq) * 4 : 0);

/** Tables for vector x at probe.at. */
export function aimTables(thread: Thread, probe: Probe<AQ>, x: number): void {
  const { codec: aq, at } = probe;
  fillTables(thread, probe, x);
  if (readingOf(aq) === 'pairs') pairUp(thread, aq, at, at + pairsAt(aq));
}

/** out[i] = base + sum of the table entries of code i. */
export function distancesBy(thread: Thread, { codec: aq, metric, at }: Probe<AQ>, codes: number, n: number, base: number, out: number): void {
  const { codeSize, layout, norm, norms } = aq, M = layout.length / 4 - 1, reading = readingOf(aq);
  const floatBit = norm === 'float' && metric === 'L2' ? layout[M * 4] ?? 0 : -1;
  if (reading === 'bits') thread.search.scanSums(at, layout.byteOffset, M + (norms.values.length ? 1 : 0), codes, n, codeSize, floatBit, base, out);
  else thread.search.scan8(reading === 'pairs' ? at + pairsAt(aq) : at, codeSize, codes, n, base, out);
}

/** Floats of one list's table where lists have one: L2 with a norm in the code, by residual. 0 where the query's residual is taken. */
export const listFloats = (aq: AQ) => (aq.norm === null || rowsOf(aq) % 4 ? 0 : rowsOf(aq));

/** The tables of a residual are those of the query less those of the centroid: table(x − y_C) = table(x) − table(y_C). The second are
 *  `precomputed` (nlist, rows), the first are made here once. Scratch: listFloats floats. */
export function aimByLists(thread: Thread, probe: Probe<AQ>, x: number, precomputed: number): (list: number) => void {
  const { codec: aq, at } = probe, rows = listFloats(aq), perQuery = scratch(thread, rows * 4);
  fillTables(thread, probe, x);
  new Float32Array(thread.buffer, perQuery, rows).set(new Float32Array(thread.buffer, at, rows));
  return (list) => {
    thread.search.addRows(precomputed + list * rows * 4, perQuery, rows, at);
    if (readingOf(aq) === 'pairs') pairUp(thread, aq, at, at + pairsAt(aq));
  };
}

export type ListTableArgs = { aq: AQ; centroids: number; nlist: number; out: number };
const TABLE_LISTS = 16;

/** −table(y_C) for a run of lists. */
export function listTableBlock(thread: Thread, { aq, centroids, nlist, out }: ListTableArgs, block: number): void {
  const room = scratch(thread, aq.d * 4);
  for (let list = block * TABLE_LISTS; list < Math.min(nlist, (block + 1) * TABLE_LISTS); list++) {
    rowProducts(thread, thread.build, aq, centroids + list * aq.d * 4, -factorOf(aq, 'L2'), room, out + list * listFloats(aq) * 4);
  }
}
export const listTableBlocks = (nlist: number) => Math.ceil(nlist / TABLE_LISTS);
