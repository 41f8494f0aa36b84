import { atEnd, count, countAfter, eat, type Cursor } from '../reader';
import { NORMS, type AdditiveFamily, type AdditiveSpec, type Books, type CodecOf, type Metric, type Norm, type ProductAdditiveSpec } from '../spec';
import type { CodecProduction, Place } from '../production';
import { advice, cannot, number, refused, say, type Finding } from '../problems';
import { arrayLists, blockCodes, blockLists, even, flatCodes, floats, VEC } from '../layout';
import { ceilDiv, divisors, nearDivisor, upTo } from '../numbers';
import { blocks, blockSizes, MEMORY_CAP, parts } from './codes';

/** Additive codes: a vector is a sum of one row of each of M codebooks. */

const BOOK_BITS_CAP = 30;
/** More codebooks than this do not finish training in any useful time (one hundred thousand ran for minutes without end). */
const BOOKS_CAP = 4096;
/** Width and first row of a codebook, as Faiss notes them when it constructs. */
const BOOK_BYTES = 24;

const NORM_BITS: { [N in Exclude<Norm, null>]: number } = {
  none: 0, float: 32, qint8: 8, cqint8: 8, lsq2x4: 8, rq2x4: 8, qint4: 4, cqint4: 4,
};
const normBits = (norm: Norm) => norm === null ? 0 : NORM_BITS[norm];
const writeNorm = (norm: Norm) => norm === null ? '' : `_N${norm}`;

/** "_N…" up to the end of the term, or nothing; undefined where something else stands there. */
function readNorm(c: Cursor): Norm | undefined {
  if (atEnd(c)) return null;
  const rest = c.s.slice(c.at, c.to);
  const norm = NORMS.find((n) => `_N${n}` === rest);
  if (norm !== undefined) c.at = c.to;
  return norm;
}

/** M "x" nbits { "_" M "x" nbits } */
function readBooks(c: Cursor, most: number): Books | null {
  const books: Books = [];
  do {
    const M = count(c);
    const nbits = countAfter(c, 'x');
    if (M === null || nbits === null || nbits === undefined) return null;
    books.push({ M, nbits });
  } while (books.length < most && c.s.charAt(c.at) === '_' && c.s.charAt(c.at + 1) !== 'N' && eat(c, '_'));
  return books;
}

export const writeBooks = (books: Books): string => books.map(({ M, nbits }) => `${M}x${nbits}`).join('_');
export const totalBits = (books: Books): number => books.reduce((sum, { M, nbits }) => sum + M * nbits, 0);
export const totalBooks = (books: Books): number => books.reduce((sum, { M }) => sum + M, 0);

/** LSQ takes the long form after IVF, but gives every codebook the bits of the first. */
export function booksOf({ kind, books }: AdditiveSpec): Books {
  if (kind === 'RQ') return books;
  const first = books.find(({ M }) => M > 0);
  return [{ M: totalBooks(books), nbits: first?.nbits ?? 0 }];
}

/** What Faiss asks of codebooks, and what it forgets to ask. */
function checkBooks(term: string, books: Books, instead?: string): Finding[] {
  const M = totalBooks(books);
  const widest = Math.max(0, ...books.filter((b) => b.M > 0).map((b) => b.nbits));
  if (widest > BOOK_BITS_CAP) return [refused(say.bitsTooMany(term, widest, BOOK_BITS_CAP), instead)];
  if (M * BOOK_BYTES > MEMORY_CAP) return [refused(say.memory(`A list of ${number(M)} codebooks`, M * BOOK_BYTES))];
  if (M === 0) return [cannot('use', 'there is no codebook')];
  if (books.some((b) => b.M > 0 && b.nbits === 0)) return [cannot('use', 'a codebook of 0 bits tells nothing')];
  return M > BOOKS_CAP ? [cannot('train', `${M} codebooks, one after the other, do not end`)] : [];
}

const norms = () => [null, ...NORMS];
const bookCounts = () => [...upTo(16), 24, 32];

const NORM_TABLE: { [N in Exclude<Norm, null>]?: number } = { cqint8: 256, cqint4: 16, lsq2x4: 256, rq2x4: 256 };

/** The additive quantizer in a file: one with M codebooks, of `rows` rows of d floats in all. */
function coreBytes(M: number, rows: number, d: number, norm: Norm): number {
  const table = norm === null ? undefined : NORM_TABLE[norm];
  const tabs = norm === 'lsq2x4' || norm === 'rq2x4' ? floats(32) : 0;
  return 8 + 8 + VEC + 8 * M + 1 + floats(rows * d) + 4 + 4 + 4 + (table === undefined ? 0 : floats(table)) + tabs;
}
/** Training settings of the two families. */
const TAIL = { RQ: 4 + 4, LSQ: 5 * 8 + 4 + 4 + 8 + 4 + 8 + 1 };

/** The quantizer of RQ or LSQ in a file. */
export function additiveBytes(codec: AdditiveSpec, d: number): number {
  const books = booksOf(codec);
  return coreBytes(totalBooks(books), books.reduce((sum, { M, nbits }) => sum + M * 2 ** nbits, 0), d, codec.norm) + TAIL[codec.kind];
}

/** That of a product form, and then the quantizer of each part. */
function productBytes({ kind, splits, M, nbits, norm }: ProductAdditiveSpec, d: number): number {
  const dsub = d / splits, rows = M * 2 ** nbits;
  return coreBytes(splits * M, splits * rows, dsub, norm) + 8 + splits * (coreBytes(M, rows, dsub, null) + TAIL[kind === 'PRQ' ? 'RQ' : 'LSQ']);
}

/** RQ trains by a progressive-dimension k-means, whose PCA of n < d vectors has only n directions; LSQ starts from random codes and
 *  takes any number. A norm that is clustered needs a vector a cluster. */
function learnMin(family: AdditiveFamily, nbits: number[], d: number, norm: Norm): number {
  const books = family === 'LSQ' || family === 'PLSQ' ? 1 : Math.max(d, ...nbits.map((bits) => 2 ** bits));
  return Math.max(books, norm === null ? 0 : NORM_CLUSTERS[norm] ?? 0);
}
const NORM_CLUSTERS: { [N in Exclude<Norm, null>]?: number } = { cqint8: 256, cqint4: 16, rq2x4: 16 };

const checkNorm = (norm: Norm, metric: Metric): Finding[] => norm === 'none' && metric === 'L2' ? [advice(say.normless())] : [];

function additive(name: 'RQ' | 'LSQ', entry: Pick<CodecProduction, 'meaning' | 'paper' | 'limits' | 'builds' | 'training'>): CodecProduction<AdditiveSpec> {
  return {
    name, role: 'code', syntax: `"${name}" M "x" nbits {"_" M "x" nbits} ["_N" norm]`, examples: [`${name}8x8`, `IVF256,${name}4x8_Nqint8`],
    places: ['alone', 'fine'], ...entry,
    parts: { M: 'codebooks', nbits: 'bits per codebook', norm: 'how ‖x̂‖ is kept: float 32 bits, qint8 cqint8 rq2x4 lsq2x4 8, qint4 cqint4 4, none 0; when left out L2 decodes every vector' },
    words: { [name]: `${name}8x8` },
    offers: () => [`${name}8x8`],
    choices: { M: bookCounts, nbits: () => upTo(16), norm: norms },
    size: '⌈(M·nbits + norm)/8⌉', traps: [`${name}8x8_Nnone`, `${name}8x31`],
    read(c, place) {
      if (!eat(c, name)) return null;
      const books = readBooks(c, name === 'LSQ' && place === 'alone' ? 1 : Infinity);
      const norm = books && readNorm(c);
      return books && norm !== undefined ? { kind: name, books, norm } : null;
    },
    write: ({ books, norm }) => `${name}${writeBooks(books)}${writeNorm(norm)}`,
    bytes: (codec) => ceilDiv(totalBits(booksOf(codec)) + normBits(codec.norm), 8),
    check(codec, { metric, place }) {
      if (name === 'LSQ' && place === 'fine' && totalBooks(codec.books) === 0) return [refused(say.zeroParts(`${name}0`))];
      const instead = `${name}${writeBooks(codec.books.map(({ M }) => ({ M, nbits: 8 })))}${writeNorm(codec.norm)}`;
      return [...checkBooks(`${name}${writeBooks(codec.books)}`, booksOf(codec), instead), ...checkNorm(codec.norm, metric)];
    },
    trainMin: (codec, d) => learnMin(name, booksOf(codec).map(({ nbits }) => nbits), d, codec.norm),
    fileBytes(codec, place, size) {
      const code = ceilDiv(totalBits(booksOf(codec)) + normBits(codec.norm), 8);
      return place === 'fine' ? 8 + additiveBytes(codec, size.d) + 1 + 4 + arrayLists(size, code) : additiveBytes(codec, size.d) + 8 + flatCodes(size.n, code);
    },
    scoresAt: ['alone'],
    residual: () => true,
    centroids: (codec) => Math.max(1, ...booksOf(codec).map(({ nbits }) => 2 ** nbits)),
  };
}

// RQ → "RQ" M "x" nbits { "_" M "x" nbits } [ "_N" norm ]     RQ8x8 · IVF256,RQ4x8_Nqint8
export const RQ = additive('RQ', {
  meaning: 'Codes what is left over again and again: a sum of M codebook rows, chosen by beam search.',
  limits: 'At most 30 bits per codebook; training takes at least d and 2^nbits vectors.',
  builds: 'IndexResidualQuantizer; after a coarse quantizer IndexIVFResidualQuantizer',
  training: 'Codebook after codebook: k-means of what the best five codes of each vector leave, in more and more of its principal directions.',
  paper: 'Chen, Guan & Wang, Approximate nearest neighbor search by residual vector quantization, Sensors 2010',
});

// LSQ → "LSQ" M "x" nbits [ "_N" norm ]                       LSQ8x8 · IVF256,LSQ4x8_Nqint8
export const LSQ = additive('LSQ', {
  meaning: 'A sum of M codebook rows, chosen together by local search.',
  limits: 'At most 30 bits per codebook.',
  builds: 'IndexLocalSearchQuantizer; after a coarse quantizer IndexIVFLocalSearchQuantizer',
  training: '25 rounds: codebooks by least squares, shaken by a falling noise, then codes again by local search.',
  paper: 'Martinez, Zakhmi, Hoos & Little, LSQ++, ECCV 2018',
});

function product(name: 'PRQ' | 'PLSQ', inner: string, entry: Pick<CodecProduction, 'paper' | 'builds' | 'training'>): CodecProduction<ProductAdditiveSpec> {
  return {
    name, role: 'code', syntax: `"${name}" splits "x" M "x" nbits ["_N" norm]`, examples: [`${name}2x4x8`, `IVF256,${name}2x4x8_Nqint8`],
    places: ['alone', 'fine'],
    meaning: `Cuts the vector into parts and codes each with its own ${inner}.`,
    limits: 'The number of parts divides d; at most 30 bits per codebook.',
    parts: { splits: 'parts the vector is cut into', M: 'codebooks of a part', nbits: 'bits per codebook', norm: 'how ‖x̂‖ is kept, as for RQ' },
    words: { [name]: `${name}2x4x8` },
    offers: (d) => [`${name}${nearDivisor(d, 2)}x4x8`],
    choices: { splits: divisors, M: bookCounts, nbits: () => upTo(16), norm: norms },
    size: '⌈(splits·M·nbits + norm)/8⌉', traps: [`${name}3x4x8`, `${name}0x4x8`], ...entry,
    read(c) {
      if (!eat(c, name)) return null;
      const splits = count(c);
      const M = countAfter(c, 'x');
      const nbits = countAfter(c, 'x');
      if (splits === null || M === null || M === undefined || nbits === null || nbits === undefined) return null;
      const norm = readNorm(c);
      return norm === undefined ? null : { kind: name, splits, M, nbits, norm };
    },
    write: ({ splits, M, nbits, norm }) => `${name}${splits}x${M}x${nbits}${writeNorm(norm)}`,
    bytes: ({ splits, M, nbits, norm }) => ceilDiv(splits * M * nbits + normBits(norm), 8),
    check({ splits, M, nbits, norm }, { d, metric }) {
      if (splits === 0) return [cannot('save', 'it has no codebook, and a file without one is not read back')];
      return [
        ...parts(name, splits, `x${M}x${nbits}${writeNorm(norm)}`, d),
        ...checkBooks(`${name}${splits}x${M}x${nbits}`, [{ M, nbits }]),
        ...checkNorm(norm, metric),
      ];
    },
    trainMin: ({ splits, nbits, norm }, d) => learnMin(name, [nbits], splits > 0 ? d / splits : 0, norm),
    fileBytes(codec, place, size) {
      const code = ceilDiv(codec.splits * codec.M * codec.nbits + normBits(codec.norm), 8);
      return place === 'fine' ? 8 + productBytes(codec, size.d) + 1 + 4 + arrayLists(size, code) : productBytes(codec, size.d) + 8 + flatCodes(size.n, code);
    },
    scoresAt: ['alone'],
    residual: () => true,
    centroids: ({ nbits }) => 2 ** nbits,
  };
}

// PRQ → "PRQ" splits "x" M "x" nbits [ "_N" norm ]            PRQ2x4x8 · IVF256,PRQ2x4x8_Nqint8
export const PRQ = product('PRQ', 'residual quantizer', {
  builds: 'IndexProductResidualQuantizer; after a coarse quantizer IndexIVFProductResidualQuantizer',
  training: 'That of RQ, for each part.', paper: RQ.paper,
});
// PLSQ → "PLSQ" splits "x" M "x" nbits [ "_N" norm ]          PLSQ2x4x8 · IVF256,PLSQ2x4x8_Nqint8
export const PLSQ = product('PLSQ', 'local-search quantizer', {
  builds: 'IndexProductLocalSearchQuantizer; after a coarse quantizer IndexIVFProductLocalSearchQuantizer',
  training: 'That of LSQ, for each part.', paper: LSQ.paper,
});

const FAMILIES: readonly AdditiveFamily[] = ['PRQ', 'PLSQ', 'RQ', 'LSQ'];
const inParts = (family: AdditiveFamily): family is 'PRQ' | 'PLSQ' => family === 'PRQ' || family === 'PLSQ';

// AQfs → family [ splits "x" ] M "x4fs" [ "r" ] [ "_" bbs ] [ "_N" norm ]   RQ8x4fs_Nrq2x4 · IVF256,PLSQ2x4x4fsr_64_Nlsq2x4
export const AQfs: CodecProduction<CodecOf<'AQfs'>> = {
  name: 'AQfs', role: 'code',
  syntax: '("RQ" | "LSQ" | "PRQ" splits "x" | "PLSQ" splits "x") M "x4fs" ["r"] ["_" bbs] ["_N" norm]',
  examples: ['RQ8x4fs_Nrq2x4', 'IVF256,PLSQ2x4x4fsr_64_Nlsq2x4'],
  places: ['alone', 'fine'],
  meaning: 'Additive codes of 4 bits laid out for look-up tables in a register.',
  limits: 'L2 needs _Nrq2x4 or _Nlsq2x4; inner product takes no norm. Blocks of 32, 64, 96, 128 or 160 vectors.',
  parts: {
    splits: 'parts the vector is cut into; 1 for RQ and LSQ',
    M: 'codebooks of a part, of 4 bits each',
    r: 'code residuals; without it the vectors themselves',
    bbs: 'vectors per block; 32 when left out',
    norm: 'rq2x4 or lsq2x4, 8 bits; inner product takes none',
  },
  words: {},
  offers: () => ['RQ8x4fs_Nrq2x4'],
  choices: { family: () => [...FAMILIES], splits: divisors, M: bookCounts, residual: () => [false, true], bbs: blockSizes, norm: norms },
  builds: 'IndexResidualQuantizerFastScan, IndexLocalSearchQuantizerFastScan and their product forms; after a coarse quantizer IndexIVF…FastScan',
  size: '⌈(4·splits·M + norm)/8⌉',
  training: 'That of RQ, LSQ, PRQ or PLSQ with 16 rows a codebook.',
  traps: ['RQ8x4fs'],
  paper: 'André, Kermarrec & Le Scouarnec, Cache locality is not enough, VLDB 2015',
  read(c, place) {
    const family = FAMILIES.find((f) => eat(c, f));
    if (!family) return null;
    const splits = inParts(family) ? count(c) : 1;
    if (splits === null || (inParts(family) && !eat(c, 'x'))) return null;
    const M = count(c);
    if (M === null || !eat(c, 'x4fs')) return null;
    return readLayout(c, place, { kind: 'AQfs', family, splits, M });
  },
  write: ({ family, splits, M, residual, bbs, norm }) =>
    `${family}${inParts(family) ? `${splits}x` : ''}${M}x4fs${residual ? 'r' : ''}${bbs === 32 ? '' : `_${bbs}`}${writeNorm(norm)}`,
  bytes: ({ splits, M, norm }) => ceilDiv(4 * splits * M + normBits(norm), 8),
  check(codec, { d, metric }) {
    const { family, splits, M, bbs, norm } = codec;
    const findings: Finding[] = [];
    if (inParts(family) && splits > 0 && d % splits !== 0) findings.push(...parts(family, splits, AQfs.write(codec).slice(`${family}${splits}`.length), d));
    if (metric === 'L2' && norm !== 'lsq2x4' && norm !== 'rq2x4') findings.push(refused(say.norm(AQfs.write(codec)), AQfs.write({ ...codec, norm: 'rq2x4' })));
    if (metric === 'IP' && norm !== null && norm !== 'none') findings.push(refused(say.normIP(AQfs.write(codec)), AQfs.write({ ...codec, norm: null })));
    if (M === 0 || splits === 0) findings.push(refused(say.zeroParts(AQfs.write(codec))));
    findings.push(...checkBooks(AQfs.write(codec), [{ M: splits * M, nbits: 4 }]).filter(({ kind }) => kind === 'refused'));
    return [...findings, ...blocks(bbs, (size) => AQfs.write({ ...codec, bbs: size }))];
  },
  trainMin: ({ family, splits, norm }, d) => learnMin(family, [4], inParts(family) && splits > 0 ? d / splits : d, norm),
  fileBytes({ family, splits, M, norm, bbs }, place, size) {
    const quantizer = inParts(family) ? productBytes({ kind: family, splits, M, nbits: 4, norm }, size.d) : additiveBytes({ kind: family, books: [{ M, nbits: 4 }], norm }, size.d);
    const stored = splits * M + (norm === 'lsq2x4' || norm === 'rq2x4' ? 2 : 0);
    if (place === 'fine') return quantizer + 1 + 4 + 4 + 4 + 4 * 8 + 8 + 8 + 1 + 4 + 8 + blockLists(size, bbs, even(stored) / 2);
    return quantizer + 4 + 4 + 4 + 6 * 8 + 1 + 4 + 8 + VEC + blockCodes(size.n, bbs, stored);
  },
  scoresAt: [],
  residual: ({ residual }) => residual,
  centroids: () => 16,
};

function readLayout(c: Cursor, place: Place, head: Pick<CodecOf<'AQfs'>, 'kind' | 'family' | 'splits' | 'M'>): CodecOf<'AQfs'> | null {
  const residual = place === 'fine' && eat(c, 'r');
  const bbs = c.s.charAt(c.at + 1) === 'N' ? undefined : countAfter(c, '_');
  if (bbs === null) return null;
  const norm = readNorm(c);
  return norm === undefined ? null : { ...head, residual, bbs: bbs ?? 32, norm };
}
