import { bitsFor, ceilDiv } from './numbers';

/** Pieces that files of Faiss's write_index are made of, in bytes: little-endian, no alignment, no checksum. */

/** What only the built index tells. */
export type Counted = {
  /** Slots of links above level 0 of an HNSW, or links of an NSG, all vectors together; expected from M or R where absent. */
  links?: number;
  /** Lists of an IVF that hold something; all that n vectors could fill where absent. */
  filled?: number;
  /** Blocks that the lists of an IVF fill, where its codes stand in blocks; half of the last of each list is empty where absent. */
  blocks?: number;
  /** Vectors that equal another of their list, where such are kept once; none where absent. */
  duplicates?: number;
};

/** Codes of n vectors of d dimensions, cut into nlist lists where they stand in an IVF. */
export type Sized = Omit<Counted, 'links'> & { d: number; n: number; nlist: number };

export const FOURCC = 4;
/** d, ntotal, two dummies, is_trained, metric. */
export const HEADER = FOURCC + 4 + 8 + 8 + 8 + 1 + 4;
export const VEC = 8;
export const floats = (count: number): number => VEC + 4 * count;

/** d, M, nbits, and 2^nbits rows of each part. */
export const pqBytes = (d: number, nbits: number): number => 8 + 8 + 8 + floats(d * 2 ** nbits);

export const even = (M: number): number => M + (M % 2);
/** Fast-scan codes: whole blocks of bbs vectors, two parts a byte. */
export const blockCodes = (n: number, bbs: number, parts: number): number => ceilDiv(n, bbs) * bbs * even(parts) / 2;

/** Codes of n vectors end to end. */
export const flatCodes = (n: number, code: number): number => VEC + n * code;

/** ilar: number of lists, code size, a tag, one size per list (or a pair per filled list where under half are filled), then codes and ids. */
export function arrayLists({ n, nlist, filled = Math.min(n, nlist) }: Sized, code: number): number {
  return FOURCC + 8 + 8 + FOURCC + VEC + (filled > nlist / 2 ? 8 * nlist : 16 * filled) + n * (code + 8);
}

/** ilbl: lists of whole blocks of bbs vectors, `code` bytes each. */
export const blockLists = (size: Sized, bbs: number, code: number): number =>
  FOURCC + 4 * 8 + size.nlist * 2 * VEC + 8 * size.n + blocksOf(size, bbs) * bbs * code;

/** Blocks of `size` vectors that n vectors in nlist lists fill: half a block is empty at the end of each list, on average. */
export function blocksOf({ n, nlist, blocks }: Sized, size: number): number {
  if (blocks !== undefined) return blocks;
  const filled = Math.min(n, nlist);
  return size === 1 || filled === 0 ? n : Math.round(filled * Math.max(1, n / filled / size + 0.5));
}

/** Whole batches of vectors, and their running sums at each level boundary. */
export function panoramaBytes(levels: number, batch: number, d: number, n: number): number {
  const padded = ceilDiv(n, batch) * batch;
  return VEC + 4 * d * padded + floats(padded * (levels + 1));
}

/** Codes of two layers: the quantizer of the first with its nlist centroids, a PQ, and the codes. */
export function layerFile(coarse: { nlist: number } | { M: number; nbits: number }, pq: { M: number; nbits: number }, { d, n }: Sized): number {
  const nlist = 'nlist' in coarse ? coarse.nlist : 2 ** (coarse.M * coarse.nbits);
  const first = 'nlist' in coarse ? HEADER + floats(nlist * d) : HEADER + pqBytes(d, coarse.nbits);
  return first + 8 + 1 + pqBytes(d, pq.nbits) + 8 + 8 + 8 + VEC + n * (ceilDiv(bitsFor(nlist), 8) + ceilDiv(pq.M * pq.nbits, 8));
}
