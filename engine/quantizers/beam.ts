/** Beam search over the codebooks of an additive quantizer: the best few sums of rows so far are extended by every row of the next
 *  codebook (Babenko & Lempitsky, CVPR 2014, §3.3). Codes are chosen with it, and the next codebook is trained on what it leaves.
 *  Knows codebooks and candidates; not how codebooks are learnt or codes are packed. */
import { packRows } from '../dense';
import type { Packed } from '../dense';
import type { Thread } from '../thread';
import { scratch, scratchF32 } from '../thread';

/** A codebook ready for `products`, and 2⟨c', c⟩ of every row c' of the codebooks before it with its own rows (rows before, padded).
 *  No cross: there are none before, or the table would be too large and residuals are taken instead. */
export type Book = Packed & { cross?: number };

/** Floats of cross products kept for one quantizer. A fixed number, so that codes do not depend on the memory of a machine. */
const CROSS_MOST = 2 ** 24;

const CROSS_ROWS = 256;

/** What of a codebook can be told before it is trained: its columns in whole groups of eight, whether its cross products are kept. */
export type BookShape = { before: number; K: number; padded: number; crossed: boolean };

/** The codebooks of one quantizer, codebook m being rows first[m] … first[m + 1]. */
export function bookShapes(first: ArrayLike<number>): BookShape[] {
  let spent = 0;
  return Array.from({ length: first.length - 1 }, (_, m) => {
    const before = first[m] ?? 0, K = (first[m + 1] ?? 0) - before, padded = Math.ceil(K / 8) * 8;
    const crossed = before > 0 && spent + before * padded <= CROSS_MOST;
    if (crossed) spent += before * padded;
    return { before, K, padded, crossed };
  });
}

/** One codebook of those at address `codebooks` (rows, d). */
export function packBook(thread: Thread, place: (bytes: number) => number, codebooks: number, { before, K, crossed }: BookShape, d: number): Book {
  const packed = packRows(thread, place, codebooks + before * d * 4, K, d, 'L2');
  if (!crossed) return packed;
  const cross = place(Math.ceil(before / 4) * 4 * packed.padded * 4);
  for (let from = 0; from < before; from += CROSS_ROWS) {
    const top = thread.top, n = Math.min(CROSS_ROWS, before - from);
    doubleProducts(thread, codebooks + from * d * 4, n, packed, cross + from * packed.padded * 4);
    thread.top = top;
  }
  return { ...packed, cross };
}

/** out (n, padded) = 2⟨y_i, c_k⟩ of n rows with the rows of a packed book; whole groups of four rows are written. */
export function doubleProducts(thread: Thread, y: number, n: number, { panels, padded, d }: Packed, out: number): void {
  const whole = Math.ceil(n / 4) * 4, packed = scratch(thread, whole * d * 4), none = scratchF32(thread, padded).fill(0);
  thread.build.pack4(y, d, n, d, packed);
  thread.build.products(packed, whole, panels, padded, d, 2, none.byteOffset, out, padded);
}
export const doubleScratch = (n: number, { d, padded }: Packed) => Math.ceil(n / 4) * 16 * d + padded * 4 + 128;

/** First row of each codebook, and their number in all: (M + 1). */
export function firstRows(nbits: ArrayLike<number>): Uint32Array {
  const first = new Uint32Array(nbits.length + 1);
  for (let m = 0; m < nbits.length; m++) first[m + 1] = (first[m] ?? 0) + 2 ** (nbits[m] ?? 0);
  return first;
}

/** Candidates of the rows of x (n, d), rows `stride` floats apart: dist (n, beams) holds ‖x − x̂‖², codes (n, beams, M) i32.
 *  `first` and `codebooks` are the addresses of what packBooks was given. */
export type Candidates = { x: number; stride: number; d: number; beams: number; dist: number; codes: number; M: number; first: number; codebooks: number };

/** How many candidates there are after each codebook, `most` at any time. */
export function beamSizes(nbits: ArrayLike<number>, most: number): number[] {
  let beam = 1;
  return Array.from(nbits, (b) => (beam = Math.min(most, beam * 2 ** b)));
}

/** One vector at a time shares the terms of all its candidates where cross products are kept, or while there is one candidate. */
const isShared = (crossed: boolean, m: number) => crossed || m === 0;

/** Rows that one step takes at once: their terms stay in the second-level cache where a codebook allows it. */
export const stepRows = ({ padded, crossed }: BookShape, m: number, beam: number) =>
  Math.max(4, Math.min(64, 4 * Math.floor(2 ** 16 / (padded * (isShared(crossed, m) ? 1 : beam)))));

/** Extends the `beam` candidates of rows [from, from + n) by codebook m and keeps the best `keep`. n ≤ stepRows. */
export function step(thread: Thread, c: Candidates, from: number, n: number, book: Book, m: number, beam: number, keep: number): void {
  const { build } = thread, { x, stride, d, beams, M } = c, top = thread.top;
  const direct = isShared(book.cross !== undefined, m), rows = direct ? n : n * beam, whole = Math.ceil(rows / 4) * 4;
  const packed = scratch(thread, whole * d * 4), terms = scratch(thread, whole * book.padded * 4);
  if (m === 0) startDistances(thread, c, from, n);
  if (direct) build.pack4(x + from * stride * 4, stride, n, d, packed);
  else {
    const rest = scratch(thread, rows * d * 4);
    build.beamResiduals(x, stride, d, 0, from * beam, rows, beam, beams, c.codes, M, m, c.first, c.codebooks, rest);
    build.pack4(rest, d, rows, d, packed);
  }
  build.products(packed, whole, book.panels, book.padded, d, book.alpha, book.add, terms, book.padded);
  const room = scratch(thread, (book.padded * beam + (2 + M) * keep) * 4);
  build.beamStep(terms, book.padded, n, beam, keep, beams, c.dist + from * beams * 4, c.codes + from * beams * M * 4, M, m, c.first, book.cross ?? 0, room);
  thread.top = top;
}

/** Before the first codebook the one candidate is nothing, at distance ‖x‖². */
function startDistances(thread: Thread, { x, stride, d, dist, beams }: Candidates, from: number, n: number): void {
  const squares = scratchF32(thread, n), to = new Float32Array(thread.buffer, dist + from * beams * 4, n * beams);
  thread.build.normsSqr(x + from * stride * 4, stride, n, d, squares.byteOffset);
  for (let i = 0; i < n; i++) to[i * beams] = squares[i] ?? 0;
}

/** Bound of the scratch of `step` over all codebooks, `most` candidates kept. */
export function stepScratch(shapes: BookShape[], nbits: ArrayLike<number>, d: number, most: number): number {
  const sizes = beamSizes(nbits, most), M = nbits.length;
  return Math.max(0, ...shapes.map((shape, m) => {
    const beam = sizes[m - 1] ?? 1, rows = stepRows(shape, m, beam) * (isShared(shape.crossed, m) ? 1 : beam) + 4;
    return rows * (2 * d + shape.padded + 1) * 4 + (shape.padded * beam + (2 + M) * most) * 4 + 384;
  }));
}
