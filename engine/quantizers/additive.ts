/** Additive codes: a vector is a sum of one row of each of M codebooks, or one such sum per split of its components (RQ, LSQ and their
 *  product forms PRQ, PLSQ). Knows what all of them share: where codes lie, norms, decoding, tables, distances. How codebooks are
 *  learnt and codes are chosen is in rq.ts and lsq.ts. */
import { placeIn } from '../dense';
import type { AdditiveFamily, AdditiveSpec, Norm, ProductAdditiveSpec } from '../factory/spec';
import { booksOf } from '../factory/terms/additive';
import type { Arena } from '../memory';
import { takeF32, takeI32, takeU32 } from '../memory';
import type { Thread } from '../thread';
import { scratch, scratchF32 } from '../thread';
import { bookShapes, firstRows, packBook } from './beam';
import type { Book } from './beam';
import type { Cells, CodecOf, CodecOps, Probe } from './codec';
import { encodeLsq, encodeLsqScratch, packLsq } from './lsq';
import { encodeNorm, normBits, openNorms } from './norms';
import { encodeRq, encodeRqScratch } from './rq';
import { aimTables, distancesBy, tableBytes } from './tables';

export type AQ = CodecOf<'AQ'>;

export type AdditiveShape = { family: AdditiveFamily; splits: number; nbits: number[] /* of one split */; norm: Norm };

/** The tree's term as codebooks: `nbits` of one split. */
export function shapeOf(spec: AdditiveSpec | ProductAdditiveSpec): AdditiveShape {
  const { norm } = spec;
  if ('splits' in spec) return { family: spec.kind, norm, splits: spec.splits, nbits: Array.from({ length: spec.M }, () => spec.nbits) };
  return { family: spec.kind, norm, splits: 1, nbits: booksOf(spec).flatMap(({ M, nbits }) => Array.from({ length: M }, () => nbits)) };
}

export const isResidual = (family: AdditiveFamily) => family === 'RQ' || family === 'PRQ';

/** The record with room for its arrays; codebooks are not yet learnt. */
export function openCodec(arena: Arena, { family, splits, nbits, norm }: AdditiveShape, d: number): AQ {
  const first = takeU32(arena, nbits.length + 1), M = splits * nbits.length, per = firstRows(nbits).at(-1) ?? 0;
  first.set(firstRows(nbits));
  const layout = takeI32(arena, (M + 1) * 4);
  let bit = 0;
  for (let m = 0; m < M; m++) {
    const split = Math.floor(m / nbits.length), width = nbits[m % nbits.length] ?? 0;
    layout.set([bit, width, split * per + (first[m % nbits.length] ?? 0), split * (d / splits)], m * 4);
    bit += width;
  }
  layout.set([bit, normBits(norm), splits * per, 0], M * 4);
  const codebooks = takeF32(arena, splits * per * (d / splits), 'the codebooks');
  return { kind: 'AQ', family, d, splits, nbits, codeSize: Math.ceil((bit + normBits(norm)) / 8), norm, first, layout, codebooks, norms: openNorms(arena, norm) };
}

const DECODE_ROWS = 256;

/** ‖x̂‖² of n codes, or ‖y_C + x̂‖² where cells are given. Scratch: squaresScratch. */
export function squaresOf(thread: Thread, aq: AQ, codes: number, n: number, out: Float32Array, cells?: Cells): void {
  const top = thread.top, rows = scratch(thread, DECODE_ROWS * aq.d * 4);
  for (let i = 0; i < n; i += DECODE_ROWS) {
    const count = Math.min(DECODE_ROWS, n - i);
    decode(thread, aq, codes + i * aq.codeSize, count, rows);
    if (cells) addCentroids(thread, { centroids: cells.centroids, list: cells.list + i * 4 }, rows, count, aq.d);
    thread.build.normsSqr(rows, aq.d, count, aq.d, out.byteOffset + i * 4);
  }
  thread.top = top;
}

function addCentroids(thread: Thread, { centroids, list }: Cells, x: number, n: number, d: number): void {
  const rows = new Float32Array(thread.buffer, x, n * d), lists = new Int32Array(thread.buffer, list, n);
  lists.forEach((l, i) => new Float32Array(thread.buffer, centroids + l * d * 4, d).forEach((v, j) => { rows[i * d + j] = (rows[i * d + j] ?? 0) + v; }));
}

export const squaresScratch = ({ d, layout }: AQ) => (DECODE_ROWS * d + layout.length) * 4 + 128;

function decode(thread: Thread, aq: AQ, codes: number, n: number, out: number): void {
  const top = thread.top;
  decodeWith(thread, aq, codes, n, out, scratch(thread, aq.layout.length));
  thread.top = top;
}

/** `rows`: room for an address per codebook. Sums are of floats in one order in every binary, so decoded vectors may shape an index. */
function decodeWith(thread: Thread, { d, splits, codeSize, layout, codebooks }: AQ, codes: number, n: number, out: number, rows: number): void {
  thread.search.decodeSums(codes, n, codeSize, layout.byteOffset, layout.length / 4 - 1, codebooks.byteOffset, d, d / splits, rows, out);
}

const PIECE = 32; // vectors decoded at a time: they stay in the first-level cache

/** Norms of n codes behind the codes themselves. */
function writeNorms(thread: Thread, aq: AQ, codes: number, n: number, cells?: Cells): void {
  const top = thread.top, squares = scratchF32(thread, n), M = aq.layout.length / 4 - 1, bit = aq.layout[M * 4] ?? 0;
  squaresOf(thread, aq, codes, n, squares, cells);
  if (aq.norm === 'float') {
    const half = new Int32Array(squares.buffer, squares.byteOffset, n), low = half.map((word) => word & 0xffff), high = half.map((word) => word >>> 16);
    for (const [shift, words] of [[0, low], [16, high]] as const) {
      half.set(words);
      thread.build.packBits(squares.byteOffset, 1, n, bit + shift, 16, codes, aq.codeSize);
    }
  } else {
    const held = new Int32Array(squares.buffer, squares.byteOffset, n);
    held.set(Int32Array.from(squares, (square) => encodeNorm(aq.norms, aq.norm, square)));
    thread.build.packBits(squares.byteOffset, 1, n, bit, normBits(aq.norm), codes, aq.codeSize);
  }
  thread.top = top;
}

/** Books of one split, in order, for every split. */
const booksPerSplit = ({ family, nbits }: AQ) => (isResidual(family) ? nbits.length : 1);

/** `cells`: norms are of the codes and their centroids together. */
export function encodeAq(thread: Thread, aq: AQ, packed: Book[], x: number, n: number, codes: number, cells?: Cells): void {
  const { splits, d, nbits, first, codebooks, codeSize, layout } = aq, dsub = d / splits, Msub = nbits.length, top = thread.top;
  new Uint8Array(thread.buffer, codes, n * codeSize).fill(0);
  const found = new Int32Array(thread.buffer, scratch(thread, n * Msub * 4), n * Msub), per = booksPerSplit(aq);
  for (let split = 0; split < splits; split++) {
    const books = packed.slice(split * per, (split + 1) * per), part = x + split * dsub * 4;
    const [book] = books;
    if (isResidual(aq.family)) encodeRq(thread, { nbits, first, books, d: dsub, codebooks: codebooks.byteOffset + (split * codebooks.length * 4) / splits }, part, d, n, found);
    else if (book) encodeLsq(thread, book, Msub, nbits[0] ?? 0, part, d, n, found);
    for (let m = 0; m < Msub; m++) {
      const at = (split * Msub + m) * 4;
      thread.build.packBits(found.byteOffset + m * 4, Msub, n, layout[at] ?? 0, layout[at + 1] ?? 0, codes, codeSize);
    }
  }
  if (normBits(aq.norm)) writeNorms(thread, aq, codes, n, cells);
  thread.top = top;
}

export const aqOps: CodecOps<AQ> = {
  pack(engine, arena, { family, splits, d, nbits, first, codebooks }) {
    const dsub = d / splits, size = codebooks.length / splits, place = placeIn(arena);
    return Array.from({ length: splits }, (_, split) => {
      const rows = codebooks.subarray(split * size, (split + 1) * size);
      return isResidual(family) ? bookShapes(first).map((shape) => packBook(engine.own, place, rows.byteOffset, shape, dsub)) : [packLsq(engine.own, place, rows, nbits.length, 2 ** (nbits[0] ?? 0), dsub)];
    }).flat();
  },

  encode: (thread, aq, packed, x, n, codes) => encodeAq(thread, aq, packed, x, n, codes),
  encodeScratch({ family, splits, d, nbits }, n) {
    const dsub = d / splits, Msub = nbits.length, decoding = DECODE_ROWS * d * 4 + n * 8 + splits * Msub * 16 + 512;
    return n * Msub * 4 + 64 + decoding + (isResidual(family) ? encodeRqScratch(nbits, dsub) : encodeLsqScratch(Msub, nbits[0] ?? 0, dsub, n));
  },

  decode,

  // Either metric may come: a piece of decoded vectors and an address per codebook, or the tables.
  probeBytes: (aq) => Math.max(PIECE * aq.d * 4 + aq.layout.length, tableBytes(aq)),

  aim(thread, probe, x) {
    if (needsVectors(probe)) return;
    probe.base = probe.metric === 'L2' ? new Float32Array(thread.buffer, x, probe.codec.d).reduce((sum, v) => sum + v * v, 0) : 0;
    aimTables(thread, probe, x);
  },

  distances(thread, probe, codes, n, base, out) {
    if (!needsVectors(probe)) return distancesBy(thread, probe, codes, n, base, out);
    const { codec: aq, query, at } = probe;
    for (let i = 0; i < n; i += PIECE) {
      const rows = Math.min(PIECE, n - i);
      decodeWith(thread, aq, codes + i * aq.codeSize, rows, at, at + PIECE * aq.d * 4);
      thread.search.l2ToMany(query, at, rows, aq.d, out + i * 4);
    }
  },
};

/** L2 without a norm in the code: every vector is decoded. */
const needsVectors = ({ codec, metric }: Probe<AQ>) => metric === 'L2' && codec.norm === null;
