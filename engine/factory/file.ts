import type { CodecSpec, Metric, Spec, SqType } from './spec';
import { codecOf, transformOf } from './grammar';
import { booksOf, totalBooks } from './terms/additive';
import { ceilDiv, listBytes } from './numbers';

/** Size of the file that Faiss's write_index makes, field by field: little-endian, no alignment, no checksum.
 *  Exact where it does not depend on the data; where absent, graphs take the expected number of links and cells are taken as filled. */

/** What only the built index tells. */
export type Counted = {
  /** Slots of links above level 0 of an HNSW, or links of an NSG, all vectors together; expected from M or R where absent. */
  links?: number;
  /** Lists of an IVF that hold something; all that n vectors could fill where absent. */
  filled?: number;
};

type Size = Counted & { d: number; n: number; metric: Metric };

const FOURCC = 4;
/** d, ntotal, two dummies, is_trained, metric. */
const HEADER = FOURCC + 4 + 8 + 8 + 8 + 1 + 4;
const VEC = 8;
const floats = (count: number) => VEC + 4 * count;

export function fileBytes(spec: Spec, size: Size): number {
  const { d, n, metric } = size;
  switch (spec.kind) {
    case 'Flat': return HEADER + floats(d * n);
    case 'Panorama': return FOURCC + 4 + 8 + 8 + 8 + 1 + panoramaBytes(spec.levels, spec.batch, d, n);
    case 'Codes': return codesBytes(spec.codec, size);
    case 'RCQ': case 'LSCQ': return HEADER + additiveBytes({ kind: spec.kind === 'RCQ' ? 'RQ' : 'LSQ', books: spec.books, norm: null }, d) + 4;
    case 'IVF': return ivfBytes(spec, size);
    case 'HNSW': return hnswBytes(spec.M, n, size.links) + HEADER + storageBytes(spec.storage, size);
    case 'NSG': return HEADER + 4 + 1 + 4 * 4 + (6 * 4 + 1) + 4 * (n + (size.links ?? n * NSG_USED * spec.R)) + storageBytes(spec.storage, size);
    case 'TwoLayer': return layerFile(spec, size);
    case 'PreTransform': return chainFile(spec, size);
    case 'Refine': case 'RefinePanorama': return HEADER + fileBytes(spec.base, size) + fileBytes(spec.refine, size) + 4;
    case 'IDMap': return HEADER + fileBytes(spec.index, size) + VEC + 8 * n;
    case 'MinMax': return HEADER + fileBytes(spec.index, { d, n: 0, metric });
  }
}

function chainFile({ chain, index }: Extract<Spec, { kind: 'PreTransform' }>, size: Size): number {
  let d = size.d;
  let bytes = HEADER + 4;
  for (const transform of chain) {
    bytes += transformOf(transform).fileBytes(transform, d);
    d = transformOf(transform).dOut(transform, d);
  }
  return bytes + fileBytes(index, { ...size, d });
}

/** Share of the R links of an NSG that are used, on isotropic data; only those are written. */
const NSG_USED = 2 / 3;

/** Whole batches of vectors, and their running sums at each level boundary. */
function panoramaBytes(levels: number, batch: number, d: number, n: number): number {
  const padded = ceilDiv(n, batch) * batch;
  return VEC + 4 * d * padded + floats(padded * (levels + 1));
}

const pqBytes = (d: number, nbits: number) => 8 + 8 + 8 + floats(d * 2 ** nbits);

function sqBytes(codec: Extract<CodecSpec, { kind: 'SQ' }>, d: number): number {
  const { qtype } = codec;
  return 4 + 4 + 4 + 8 + 8 + floats(sqTrained(qtype, d));
}

/** Minima and ranges per dimension, or the levels of the fixed quantizers and the bounds between them. */
function sqTrained(qtype: SqType, d: number): number {
  if (qtype === 'SQ8' || qtype === 'SQ6' || qtype === 'SQ4') return 2 * d;
  const bits = Number(/\d$/.exec(qtype)?.[0] ?? 0);
  if (qtype.startsWith('SQtqmse')) return 2 ** (bits + 1) - 1;
  return qtype.startsWith('SQtq') ? 2 ** bits + 2 : 0;
}

type Additive = Extract<CodecSpec, { kind: 'RQ' | 'LSQ' }>;

const NORM_TABLE: { [norm: string]: number } = { cqint8: 256, cqint4: 16, lsq2x4: 256, rq2x4: 256 };

/** The additive quantizer itself: one with M codebooks of 2^nbits rows of d floats. */
function additiveCore(M: number, rows: number, d: number, norm: string | null): number {
  const table = norm === null ? undefined : NORM_TABLE[norm];
  const tabs = norm === 'lsq2x4' || norm === 'rq2x4' ? floats(32) : 0;
  return 8 + 8 + VEC + 8 * M + 1 + floats(rows * d) + 4 + 4 + 4 + (table === undefined ? 0 : floats(table)) + tabs;
}
const RQ_TAIL = 4 + 4;
const LSQ_TAIL = 5 * 8 + 4 + 4 + 8 + 4 + 8 + 1;

function additiveBytes(codec: Additive, d: number): number {
  const books = booksOf(codec);
  const rows = books.reduce((sum, { M, nbits }) => sum + M * 2 ** nbits, 0);
  return additiveCore(totalBooks(books), rows, d, codec.norm) + (codec.kind === 'RQ' ? RQ_TAIL : LSQ_TAIL);
}

function productBytes(family: 'PRQ' | 'PLSQ', splits: number, M: number, nbits: number, d: number, norm: string | null): number {
  const sub = d / splits;
  const one = additiveCore(M, M * 2 ** nbits, sub, null) + (family === 'PRQ' ? RQ_TAIL : LSQ_TAIL);
  return additiveCore(splits * M, splits * M * 2 ** nbits, sub, norm) + 8 + splits * one;
}

/** The quantizer of a fast-scan additive code, and how many 4-bit parts it stores with the norm. */
function fastAdditive(codec: Extract<CodecSpec, { kind: 'AQfs' }>, d: number): { bytes: number; parts: number } {
  const { family, splits, M, norm } = codec;
  const bytes = family === 'RQ' || family === 'LSQ'
    ? additiveBytes({ kind: family, books: [{ M, nbits: 4 }], norm }, d)
    : productBytes(family, splits, M, 4, d, norm);
  return { bytes, parts: splits * M + (norm === 'lsq2x4' || norm === 'rq2x4' ? 2 : 0) };
}

const even = (M: number) => M + (M % 2);
/** Fast-scan codes: whole blocks of bbs vectors, two parts a byte. */
const blockCodes = (n: number, bbs: number, parts: number) => ceilDiv(n, bbs) * bbs * even(parts) / 2;

const RABITQ = 8 + 8 + 4;
const RABITQ_BITS = RABITQ + 8;
const EDEN_BYTES = 8 + 8 + 4 + 8 + 4;

function codesBytes(codec: CodecSpec, { d, n, metric }: Size): number {
  const size = codecOf(codec).bytes(codec, d, metric);
  const codes = VEC + n * size;
  switch (codec.kind) {
    case 'PQ': return HEADER + pqBytes(d, codec.nbits) + codes + 4 + 1 + 4;
    case 'SQ': return HEADER + sqBytes(codec, d) + codes;
    case 'LSH': {
      const nbits = codec.nbits ?? d;
      const rotation = FOURCC + 1 + floats(codec.rotate ? d * nbits : 0) + VEC + 9;
      return HEADER + 4 + 1 + 1 + floats(codec.train ? nbits : 0) + 4 + rotation + codes;
    }
    case 'ZnLattice': return HEADER + 4 + 4 + 4 + 4 + floats(2 * codec.M);
    case 'RQ': case 'LSQ': return HEADER + additiveBytes(codec, d) + 8 + codes;
    case 'PRQ': case 'PLSQ': return HEADER + productBytes(codec.kind, codec.splits, codec.M, codec.nbits, d, codec.norm) + 8 + codes;
    case 'PQfs': return HEADER + pqBytes(d, 4) + 4 + 4 + 4 + 8 + 8 + VEC + blockCodes(n, codec.bbs, codec.M);
    case 'AQfs': {
      const { bytes, parts } = fastAdditive(codec, d);
      return HEADER + bytes + 4 + 4 + 4 + 6 * 8 + 1 + 4 + 8 + VEC + blockCodes(n, codec.bbs, parts);
    }
    case 'RaBitQ': return HEADER + (codec.nbits === 1 ? RABITQ : RABITQ_BITS) + codes + floats(d) + 1;
    case 'RaBitQfs': return HEADER + RABITQ_BITS + floats(d) + 1 + 4 + 8 + 8 + 8 + VEC + rabitqBlocks(codec, d, n);
    case 'EDEN': return HEADER + EDEN_BYTES + codes + floats(d);
    default: return HEADER + codes;
  }
}

/** Signs in fast-scan layout, four dimensions a nibble; each block then carries its vectors' factors. */
function rabitqBlocks({ nbits, bbs }: { nbits: number; bbs: number }, d: number, n: number): number {
  const factors = nbits === 1 ? 8 : 12 + ceilDiv((nbits - 1) * d, 8) + 8;
  return ceilDiv(n, bbs) * bbs * (even(ceilDiv(d, 4)) / 2 + factors);
}

function storageBytes(storage: CodecSpec, size: Size): number {
  if (storage.kind === 'Flat') return HEADER + floats(size.d * size.n);
  if (storage.kind === 'FlatPanorama') return 8 + floats(size.n * (storage.levels + 1)) + HEADER + floats(size.d * size.n);
  if (storage.kind !== 'TwoLevel') return codesBytes(storage, size);
  const { coarse, M } = storage;
  return layerFile({ kind: 'TwoLayer', coarse: coarse.kind === 'Flat' ? coarse : { kind: 'IMI', M: 2, nbits: coarse.nbits }, M: M ?? 0, nbits: 8 }, size);
}

/** Level 0 has 2M slots; a vector reaches each further level with probability 1/M. */
function hnswBytes(M: number, n: number, links?: number): number {
  const levels = levelCount(M);
  const upper = links ?? (n * M) / (M - 1);
  return VEC + 8 * levels + VEC + 4 * (levels + 1) + VEC + 4 * n + VEC + 8 * (n + 1) + VEC + 4 * (n * 2 * M + upper) + 5 * 4;
}

/** Levels whose probability exp(−l·ln M)·(1 − 1/M) is at least 1e−9. */
function levelCount(M: number): number {
  let levels = 0;
  const scale = 1 / Math.log(M);
  while (Math.exp(-levels / scale) * (1 - Math.exp(-1 / scale)) >= 1e-9) levels++;
  return levels;
}

function layerFile({ coarse, M, nbits }: Extract<Spec, { kind: 'TwoLayer' }>, { d, n }: Size): number {
  const nlist = coarse.kind === 'Flat' ? coarse.nlist : 2 ** (coarse.M * coarse.nbits);
  const first = coarse.kind === 'Flat' ? HEADER + floats(nlist * d) : HEADER + 8 + 8 + 8 + floats(d * 2 ** coarse.nbits);
  return HEADER + first + 8 + 1 + pqBytes(d, nbits) + 8 + 8 + 8 + VEC + n * (listBytes(nlist) + ceilDiv(M * nbits, 8));
}

function ivfBytes({ nlist, coarse, codec }: Extract<Spec, { kind: 'IVF' }>, size: Size): number {
  const { d, n, metric } = size;
  const head = HEADER + 8 + 8 + coarseBytes(nlist, coarse, size) + 1 + VEC;
  const code = codecOf(codec).bytes(codec, d, metric);
  // ilar: number of lists, code size, a tag, one size per list (or a pair per filled list where under half are filled), then codes and ids.
  const filled = size.filled ?? Math.min(n, nlist);
  const lists = FOURCC + 8 + 8 + FOURCC + VEC + (filled > nlist / 2 ? 8 * nlist : 16 * filled) + n * (code + 8);
  switch (codec.kind) {
    case 'FlatDedup': return head + VEC + lists;
    case 'FlatPanorama': return head + 8 + 8 + 8 + 8 + panoramaLists(codec.levels, codec.batch, nlist, size) + lists - n * code;
    case 'SQ': return head + sqBytes(codec, d) + 8 + 1 + lists;
    case 'PQ': return head + 1 + 8 + pqBytes(d, codec.nbits) + lists;
    case 'PQR': return head + 1 + 8 + pqBytes(d, 8) + lists + pqBytes(d, 8) + VEC + n * codec.M2 + 4;
    case 'RQ': case 'LSQ': return head + 8 + additiveBytes(codec, d) + 1 + 4 + lists;
    case 'PRQ': case 'PLSQ': return head + 8 + productBytes(codec.kind, codec.splits, codec.M, codec.nbits, d, codec.norm) + 1 + 4 + lists;
    case 'PQfs': return head + 1 + 8 + 4 + 8 + 4 + 8 + pqBytes(d, 4) + blockLists(nlist, codec.bbs, even(codec.M) / 2, n);
    case 'AQfs': {
      const { bytes, parts } = fastAdditive(codec, d);
      return head + bytes + 1 + 4 + 4 + 4 + 4 * 8 + 8 + 8 + 1 + 4 + 8 + blockLists(nlist, codec.bbs, even(parts) / 2, n);
    }
    case 'RaBitQ': return head + (codec.nbits === 1 ? RABITQ : RABITQ_BITS) + 8 + 1 + 1 + lists;
    case 'RaBitQfs': return head + RABITQ_BITS + 1 + 8 + 4 + 8 + 8 + 4 + 1 + 1 + blockLists(nlist, codec.bbs, rabitqBlocks(codec, d, 1) / codec.bbs, n);
    case 'EDEN': return head + EDEN_BYTES + 8 + 1 + lists;
    case 'SH': return head + shBytes(codec, d) + 4 + 4 + 4 + VEC + shThresholds(codec, nlist, size) + lists;
    default: return head + lists;
  }
}

/** One threshold per bit: for each centroid, or (as Faiss leaves them) for each vector it took medians of. */
const shThresholds = ({ nbits, threshold }: Extract<CodecSpec, { kind: 'SH' }>, nlist: number, { d, n }: Size): number =>
  threshold === 'c' ? 4 * nlist * (nbits ?? d) : threshold === 'm' ? 4 * n * (nbits ?? d) : 0;

/** The transform of a spectral hash, as a file of its own inside. */
function shBytes({ transform, nbits }: Extract<CodecSpec, { kind: 'SH' }>, d: number): number {
  const dOut = nbits ?? d;
  if (transform === 'ITQ') return transformOf({ kind: 'ITQ' }).fileBytes({ kind: 'ITQ', dOut }, d);
  return transformOf({ kind: 'PCA', dOut, whiten: false, rotate: false }).fileBytes({ kind: 'PCA', dOut, whiten: false, rotate: false }, d);
}

/** Blocks of `size` vectors that n vectors in nlist lists fill: half a block is empty at the end of each list, on average. */
function expectedBlocks(n: number, nlist: number, size: number): number {
  const filled = Math.min(n, nlist);
  return size === 1 || filled === 0 ? n : Math.round(filled * Math.max(1, n / filled / size + 0.5));
}

function blockLists(nlist: number, bbs: number, code: number, n: number): number {
  return FOURCC + 4 * 8 + nlist * 2 * VEC + 8 * n + expectedBlocks(n, nlist, bbs) * bbs * code;
}

function panoramaLists(levels: number, batch: number, nlist: number, { d, n }: Size): number {
  return expectedBlocks(n, nlist, batch) * batch * 4 * (d + levels + 1);
}

function coarseBytes(nlist: number, coarse: Extract<Spec, { kind: 'IVF' }>['coarse'], { d, metric, links }: Size): number {
  const size: Size = links === undefined ? { d, n: nlist, metric } : { d, n: nlist, metric, links };
  switch (coarse.kind) {
    case 'Flat': return fileBytes({ kind: 'Flat' }, size);
    case 'HNSW': return fileBytes({ kind: 'HNSW', M: coarse.M, storage: { kind: 'Flat' } }, size);
    case 'NSG': return fileBytes({ kind: 'NSG', R: coarse.R, storage: { kind: 'Flat' } }, size);
    case 'IMI': return HEADER + pqBytes(d, coarse.nbits);
    case 'Index': return fileBytes(coarse.index, size);
  }
}

