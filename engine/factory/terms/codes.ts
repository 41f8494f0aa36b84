import { count, countAfter, eat } from '../reader';
import { SQ_TYPES, type CodecOf, type SqType } from '../spec';
import type { Around, CodecProduction, Parameter } from '../production';
import { advice, cannot, data, refused, say, unusable, type Finding } from '../problems';
import { arrayLists, blockCodes, blockLists, blocksOf, even, flatCodes, floats, pqBytes, VEC } from '../layout';
import { ceilDiv, divisors, nearDivisor, nearestDivisors, powers, upTo } from '../numbers';
import { FAISS, PANORAMA } from '../papers';

/** Codes that keep a vector exactly, coordinate by coordinate, or part by part. */

const BITS_CAP = 24;
export const DEFAULT_BATCH = 1024;

/** Numbers of parts that leave 2, 4, 8 and 16 dimensions each, or nearly; and the one of them that completion counts with. */
const fewParts = (d: number): number[] => [...new Set([2, 4, 8, 16].map((dsub) => nearDivisor(d, Math.max(1, Math.round(d / dsub)))))];
export const someParts = (d: number): number => nearDivisor(d, Math.max(1, Math.round(d / 4)));
const POLYSEMOUS_CAP = 14;
/** Fast-scan kernels exist for these block sizes; others construct and cannot search. */
const BLOCKS = [32, 64, 96, 128, 160];
export const blockSizes = (): number[] => [...BLOCKS];

export const levelChoices = (d: number): number[] => [...powers(1, d), d];
export const batchChoices = (): number[] => [1, 64, 128, 256, 512, 1024];

// Flat → "Flat"                         Flat · IVF256,Flat
export const Flat: CodecProduction<CodecOf<'Flat'>> = {
  name: 'Flat', role: 'code', syntax: '"Flat"', examples: ['Flat', 'IVF256,Flat'],
  places: ['fine', 'HNSW', 'NSG'],
  meaning: 'Keeps the vector as it is, 4 bytes per dimension.',
  limits: 'None.',
  parts: {},
  words: { Flat: 'Flat' },
  offers: () => ['Flat'],
  choices: {},
  builds: 'IndexIVFFlat; in a graph IndexHNSWFlat, IndexNSGFlat',
  size: '4·d',
  training: 'None.',
  traps: [],
  paper: FAISS,
  read: (c, place) => eat(c, 'Flat') || (place !== 'fine' && c.at === c.to) ? { kind: 'Flat' } : null,
  write: () => 'Flat',
  bytes: (_, d) => 4 * d,
  check: () => [],
  trainMin: () => 0,
  fileBytes: (_, place, size) => (place === 'fine' ? arrayLists(size, 4 * size.d) : floats(size.d * size.n)),
  scoresAt: ['alone'],
  residual: () => false,
};

// FlatDedup → "FlatDedup"               IVF256,FlatDedup · IVF1024,FlatDedup
export const FlatDedup: CodecProduction<CodecOf<'FlatDedup'>> = {
  name: 'FlatDedup', role: 'code', syntax: '"FlatDedup"', examples: ['IVF256,FlatDedup', 'IVF1024,FlatDedup'],
  places: ['fine'],
  meaning: 'Keeps equal vectors once.',
  limits: 'After IVF only.',
  parts: {},
  words: { FlatDedup: 'FlatDedup' },
  offers: () => ['FlatDedup'],
  choices: {},
  builds: 'IndexIVFFlatDedup',
  size: '4·d',
  training: 'None.',
  traps: ['FlatDedup'],
  paper: FAISS,
  read: (c) => eat(c, 'FlatDedup') ? { kind: 'FlatDedup' } : null,
  write: () => 'FlatDedup',
  bytes: (_, d) => 4 * d,
  check: () => [],
  trainMin: () => 0,
  // pairs of ids: one that is kept, and one that equals it
  fileBytes: (_, __, { duplicates = 0, ...size }) => VEC + 16 * duplicates + arrayLists({ ...size, n: size.n - duplicates }, 4 * size.d),
  scoresAt: [],
  residual: () => false,
};

// FlatPanorama → "FlatPanorama" [ levels ] [ "_" batch ]     IVF256,FlatPanorama8 · HNSW32,FlatPanorama4
export const FlatPanorama: CodecProduction<CodecOf<'FlatPanorama'>> = {
  name: 'FlatPanorama', role: 'code', syntax: '"FlatPanorama" [levels] ["_" batch]', examples: ['IVF256,FlatPanorama8', 'HNSW32,FlatPanorama4'],
  places: ['fine', 'HNSW'],
  meaning: 'Exact vectors cut into levels; a scan stops as soon as a vector is hopeless.',
  limits: 'Between 1 and d levels. Under HNSW for L2 only.',
  parts: { levels: 'pieces a vector is cut into; 8 when left out', batch: 'vectors scanned together, after IVF only; 1 024 when left out' },
  words: { FlatPanorama: 'FlatPanorama8' },
  offers: () => ['FlatPanorama8'],
  choices: { levels: levelChoices, batch: batchChoices },
  builds: 'IndexIVFFlatPanorama; in a graph IndexHNSWFlatPanorama',
  size: '4·d',
  training: 'None.',
  traps: ['IVF256,FlatPanorama8', 'IVF256,FlatPanorama0'],
  paper: PANORAMA,
  read(c, place) {
    if (!eat(c, 'FlatPanorama')) return null;
    const levels = count(c) ?? 8;
    const batch = place === 'fine' ? countAfter(c, '_') : undefined;
    return batch === null ? null : { kind: 'FlatPanorama', levels, batch: batch ?? DEFAULT_BATCH };
  },
  write: ({ levels, batch }) => `FlatPanorama${levels}${batch === DEFAULT_BATCH ? '' : `_${batch}`}`,
  bytes: (_, d) => 4 * d,
  check({ levels, batch }, { d, metric, place }) {
    const findings = panorama(levels, batch, d, (fewer) => FlatPanorama.write({ kind: 'FlatPanorama', levels: fewer, batch }));
    if (place === 'HNSW' && metric === 'IP') findings.push(refused(say.metricOnly('HNSW,FlatPanorama', 'L2')));
    if (place === 'fine' && batch > 1) findings.push(advice(say.padded(batch)));
    return findings;
  },
  trainMin: () => 0,
  fileBytes({ levels: cuts, batch }, place, size) {
    const { d, n } = size;
    if (place === 'HNSW') return 8 + floats(n * (cuts + 1)) + floats(d * n);
    return 4 * 8 + blocksOf(size, batch) * batch * 4 * (d + cuts + 1) + arrayLists(size, 0);
  },
  scoresAt: ['alone'],
  residual: () => false,
};

/** `write` prints the term with another number of levels. */
export function panorama(levels: number, batch: number, d: number, write: (levels: number) => string): Finding[] {
  if (levels === 0 || levels > d) return [refused(say.levels(levels, d), write(Math.max(1, Math.min(8, d))))];
  return batch === 0 ? [cannot('add', 'a batch holds no vector')] : [];
}

// PQ → "PQ" M [ "x" nbits ] [ "np" ]    PQ16 · PQ16x4
export const PQ: CodecProduction<CodecOf<'PQ'>> = {
  name: 'PQ', role: 'code', syntax: '"PQ" M ["x" nbits] ["np"]', examples: ['PQ16', 'PQ16x4'],
  places: ['alone', 'fine', 'HNSW', 'NSG'],
  meaning: 'Cuts the vector into M parts and keeps the number of the nearest centroid of each.',
  limits: 'M divides d; at most 24 bits per part; training takes at least 2^nbits vectors.',
  parts: { M: 'parts', nbits: 'bits per part; 8 when left out', np: 'no polysemous training, which orders the centroids so that ht can skip codes' },
  words: { PQ: 'PQ16' },
  offers: (d) => [...fewParts(d).map((M) => `PQ${M}`), `PQ${someParts(d)}x4`],
  choices: { M: divisors, nbits: () => upTo(16), polysemous: () => [true, false] },
  builds: 'IndexPQ; after a coarse quantizer IndexIVFPQ; in a graph IndexHNSWPQ, IndexNSGPQ',
  size: '⌈M·nbits/8⌉',
  training: 'k-means of 2^nbits centroids for each part, 25 iterations over at most 256 vectors per centroid.',
  traps: ['PQ30', 'IVF256, PQ32', 'PQ8x16'],
  paper: 'Jégou, Douze & Schmid, Product quantization for nearest neighbor search, PAMI 2011',
  read(c) {
    if (!eat(c, 'PQ')) return null;
    const M = count(c);
    const nbits = countAfter(c, 'x');
    if (M === null || nbits === null) return null;
    return { kind: 'PQ', M, nbits: nbits ?? 8, polysemous: !eat(c, 'np') };
  },
  write: ({ M, nbits, polysemous }) => `PQ${M}${nbits === 8 ? '' : `x${nbits}`}${polysemous ? '' : 'np'}`,
  bytes: ({ M, nbits }) => ceilDiv(M * nbits, 8),
  check(pq, around) {
    const tail = `${pq.nbits === 8 ? '' : `x${pq.nbits}`}${pq.polysemous ? '' : 'np'}`;
    const findings = parts('PQ', pq.M, tail, around.d);
    findings.push(...centroidBits(PQ.write(pq), pq.nbits, around.d).map((f) => ({ ...f, replace: PQ.write({ ...pq, nbits: 8 }) })));
    if (pq.nbits === 0) findings.push(cannot('use', 'codes of 0 bits tell nothing'));
    if (pq.nbits > POLYSEMOUS_CAP && pq.nbits <= BITS_CAP && pq.polysemous) findings.push(data(say.polysemous(PQ.write(pq)), PQ.write({ ...pq, polysemous: false })));
    if (around.metric === 'IP' && (around.place === 'HNSW' || around.place === 'NSG')) findings.push(data(say.metricIgnored(`${around.place},PQ`)));
    return findings;
  },
  trainMin: ({ nbits }) => 2 ** nbits,
  fileBytes({ M, nbits }, place, size) {
    const code = ceilDiv(M * nbits, 8);
    return place === 'fine' ? 1 + 8 + pqBytes(size.d, nbits) + arrayLists(size, code) : pqBytes(size.d, nbits) + flatCodes(size.n, code) + 4 + 1 + 4;
  },
  parameters: ({ M, nbits, polysemous }, place) => (nbits === 8 && polysemous && (place === 'alone' || place === 'fine') ? [hammingThreshold(M)] : []),
  l2At: ['HNSW', 'NSG'],
  scoresAt: ['alone'],
  residual: () => true,
  centroids: ({ nbits }) => 2 ** nbits,
};

/** 8 bits a part are compared as bytes, which a reordering of the centroids made for Hamming distances. */
const hammingThreshold = (M: number): Parameter => ({
  name: 'ht', meaning: 'Skip codes that differ from the query’s in this many bits or more.', default: 8 * M, min: 0, max: 8 * M, rank: 5,
  values: [...(M % 4 === 0 ? upTo(2 * M).map((i) => 2 * i) : []), 8 * M],
});

/** What Faiss could not allocate on an ordinary machine: refused before building. */
export const MEMORY_CAP = 3e9;

/** 2^nbits centroids of d floats in all: at most 24 bits, and they have to fit in memory. */
export function centroidBits(term: string, nbits: number, d: number): Finding[] {
  if (nbits > BITS_CAP) return [refused(say.bitsTooMany(term, nbits, BITS_CAP))];
  const bytes = 4 * d * 2 ** nbits;
  return bytes > MEMORY_CAP ? [refused(say.memory('The centroids', bytes))] : [];
}

/** M parts of d dimensions: M ≥ 1 and a divisor of d. */
export function parts(name: string, M: number, tail: string, d: number): Finding[] {
  if (M === 0) return [refused(say.zeroParts(`${name}0`), `${name}${nearestDivisors(d, 16)[0] ?? 1}${tail}`)];
  if (d % M === 0) return [];
  const tries = nearestDivisors(d, M).slice(0, 2);
  const front = M < d ? `OPQ${M}_${d - (d % M)}` : null;
  return [refused(
    say.notMultiple(`${name}${M}`, d, M, tries.map((t) => `${name}${t}${tail}`), front),
    `${name}${tries[0] ?? 1}${tail}`,
  )];
}

// PQR → "PQ" M "+" M2                   IVF256,PQ8+16 · IMI2x8,PQ16+16
export const PQR: CodecProduction<CodecOf<'PQR'>> = {
  name: 'PQ+', role: 'code', syntax: '"PQ" M "+" M2', examples: ['IVF256,PQ8+16', 'IMI2x8,PQ16+16'],
  places: ['fine'],
  meaning: 'A product quantizer, and a second one of M2 parts on what the first leaves, for re-ranking.',
  limits: 'M and M2 divide d; L2 only.',
  parts: { M: 'parts of the first code', M2: 'parts of the second' },
  words: {},
  offers: (d) => [`PQ${someParts(d)}+${someParts(d)}`],
  choices: { M: divisors, M2: divisors },
  builds: 'IndexIVFPQR',
  size: 'M, and M2 more are kept beside the lists',
  training: 'k-means of 256 centroids for each part, then for each part of what the first code leaves.',
  traps: ['PQ8+16'],
  paper: 'Jégou, Tavenard, Douze & Amsaleg, Searching in one billion vectors: re-rank with source coding, ICASSP 2011',
  read(c) {
    if (!eat(c, 'PQ')) return null;
    const M = count(c);
    const M2 = countAfter(c, '+');
    return M === null || M2 === null || M2 === undefined ? null : { kind: 'PQR', M, M2 };
  },
  write: ({ M, M2 }) => `PQ${M}+${M2}`,
  bytes: ({ M }) => M,
  check({ M, M2 }, { d, metric }) {
    const first = parts('PQ', M, `+${M2}`, d);
    const second = parts('', M2, '', d).map((f) => ({ ...f, replace: `PQ${M}+${f.replace ?? M2}` }));
    return [...first, ...second, ...(metric === 'IP' ? [refused(say.metricOnly(`PQ${M}+${M2}`, 'L2'), `PQ${M}`)] : [])];
  },
  trainMin: () => 256,
  fileBytes: ({ M, M2 }, _, size) => 1 + 8 + pqBytes(size.d, 8) + arrayLists(size, M) + pqBytes(size.d, 8) + VEC + size.n * M2 + 4,
  parameters: () => [{
    name: 'k_factor', meaning: 'How many first-level results the second code re-ranks, per result.', default: 4, min: 1, max: 64, values: powers(1, 64), rank: 4,
  }],
  scoresAt: [],
  residual: () => true,
  centroids: () => 256,
};

// PQfs → "PQ" M "x4fs" [ "r" ] [ "_" bbs ]          PQ16x4fs · IVF256,PQ16x4fsr_64
export const PQfs: CodecProduction<CodecOf<'PQfs'>> = {
  name: 'PQfs', role: 'code', syntax: '"PQ" M "x4fs" ["r"] ["_" bbs]', examples: ['PQ16x4fs', 'IVF256,PQ16x4fsr_64'],
  places: ['alone', 'fine'],
  meaning: '4-bit product codes laid out so that a register holds the look-up table; r codes residuals.',
  limits: 'M divides d; blocks of 32, 64, 96, 128 or 160 vectors; r after IVF only.',
  parts: { M: 'parts, of 4 bits each', r: 'code residuals; without it the vectors themselves', bbs: 'vectors per block; 32 when left out' },
  words: {},
  offers: (d) => [`PQ${someParts(d)}x4fs`],
  choices: { M: divisors, residual: () => [false, true], bbs: blockSizes },
  builds: 'IndexPQFastScan; after a coarse quantizer IndexIVFPQFastScan',
  size: '⌈M/2⌉',
  training: 'k-means of 16 centroids for each part, 25 iterations.',
  traps: ['PQ16x4fs_256', 'PQ16x4fsr'],
  paper: 'André, Kermarrec & Le Scouarnec, Cache locality is not enough, VLDB 2015',
  read(c, place) {
    if (!eat(c, 'PQ')) return null;
    const M = count(c);
    if (M === null || !eat(c, 'x4fs')) return null;
    const residual = place === 'fine' && eat(c, 'r');
    const bbs = countAfter(c, '_');
    return bbs === null ? null : { kind: 'PQfs', M, residual, bbs: bbs ?? 32 };
  },
  write: ({ M, residual, bbs }) => `PQ${M}x4fs${residual ? 'r' : ''}${bbs === 32 ? '' : `_${bbs}`}`,
  bytes: ({ M }) => ceilDiv(M, 2),
  check: (codec, { d }) => [
    ...parts('PQ', codec.M, PQfs.write(codec).slice(`PQ${codec.M}`.length), d),
    ...blocks(codec.bbs, (bbs) => PQfs.write({ ...codec, bbs })),
  ],
  trainMin: () => 16,
  fileBytes({ M, bbs }, place, size) {
    const { d, n } = size;
    return place === 'fine' ? 1 + 8 + 4 + 8 + 4 + 8 + pqBytes(d, 4) + blockLists(size, bbs, even(M) / 2) : pqBytes(d, 4) + 4 + 4 + 4 + 8 + 8 + VEC + blockCodes(n, bbs, M);
  },
  scoresAt: [],
  residual: ({ residual }) => residual,
  centroids: () => 16,
};

/** Fast-scan block sizes: a multiple of 32 to construct, one that has a kernel to search. */
export function blocks(bbs: number, write: (bbs: number) => string): Finding[] {
  const nearest = write(BLOCKS.toSorted((a, b) => Math.abs(a - bbs) - Math.abs(b - bbs))[0] ?? 32);
  if (bbs % 32 !== 0) return [refused(say.block(bbs), nearest)];
  if (bbs === 0) return [cannot('add', 'a block holds no vector', nearest)];
  return BLOCKS.includes(bbs) ? [] : [cannot('search', `there is no fast-scan kernel for blocks of ${bbs}`, nearest)];
}

/** Bits per dimension where that is all; the tq family adds a sign bit and two floats. */
const SQ_BITS: { [Q in SqType]: number } = {
  SQ8: 8, SQ6: 6, SQ4: 4, SQfp16: 16, SQbf16: 16, SQ8_direct: 8, SQ8_direct_signed: 8, SQ0: 0,
  SQtqmse1: 1, SQtqmse2: 2, SQtqmse3: 3, SQtqmse4: 4, SQtqmse8: 8, SQtq2: 2, SQtq3: 3, SQtq4: 4, SQtq5: 5,
};
/** Minima and ranges per dimension, or the levels of the fixed quantizers and the bounds between them. */
function trainedFloats(qtype: SqType, d: number): number {
  if (qtype === 'SQ8' || qtype === 'SQ6' || qtype === 'SQ4') return 2 * d;
  const bits = Number(/\d$/.exec(qtype)?.[0] ?? 0);
  if (qtype.startsWith('SQtqmse')) return 2 ** (bits + 1) - 1;
  return qtype.startsWith('SQtq') ? 2 ** bits + 2 : 0;
}
const isTq = (qtype: SqType) => qtype.startsWith('SQtq') && !qtype.startsWith('SQtqmse');

// SQ → "SQ8" | "SQ6" | "SQ4" | "SQfp16" | …         SQ8 · IVF256,SQfp16
export const SQ: CodecProduction<CodecOf<'SQ'>> = {
  name: 'SQ', role: 'code', syntax: SQ_TYPES.map((t) => `"${t}"`).join(' | '), examples: ['SQ8', 'IVF256,SQfp16'],
  places: ['alone', 'fine', 'HNSW', 'NSG'],
  meaning: 'Rounds every coordinate by itself.',
  limits: 'SQtq expects rotated components; SQtqmse components of variance 1, as of rotated vectors of length √d. SQ8_direct casts the value to a byte.',
  parts: {
    SQ8: '2^8 even steps between the least and greatest value seen in training; SQ6 and SQ4 with fewer',
    SQfp16: 'half-precision floats, as SQbf16 in the other format; no range',
    SQ8_direct: 'the value itself, cast to a byte',
    SQ0: 'nothing: the cell alone',
    SQtqmse1: 'fixed best steps for a normal distribution, 1 to 8 bits',
    SQtq2: 'the same with one bit less, a sign of what is left and two floats: nbits·⌈d/8⌉ + 8 bytes',
  },
  words: { SQ: 'SQ8', SQfp16: 'SQfp16', SQbf16: 'SQbf16', SQtqmse: 'SQtqmse4', SQtq: 'SQtq4', SQ8_direct_signed: 'SQ8_direct_signed', SQ8_direct: 'SQ8_direct' },
  offers: () => ['SQ8', 'SQ6', 'SQ4', 'SQfp16', 'SQbf16', 'SQ8_direct', 'SQtqmse4', 'SQtq4'],
  choices: { qtype: () => [...SQ_TYPES] },
  builds: 'IndexScalarQuantizer; after a coarse quantizer IndexIVFScalarQuantizer; in a graph IndexHNSWSQ, IndexNSGSQ',
  size: '⌈nbits·d/8⌉, nbits being the number in the name',
  training: 'SQ8, SQ6 and SQ4 take the range of each component over at most 100 000 vectors; the others need none.',
  traps: ['SQ0', 'SQtq4'],
  paper: FAISS,
  read(c) {
    const rest = c.s.slice(c.at, c.to);
    const qtype = SQ_TYPES.find((t) => t === rest);
    if (qtype === undefined) return null;
    c.at = c.to;
    return { kind: 'SQ', qtype };
  },
  write: ({ qtype }) => qtype,
  bytes: ({ qtype }, d) => isTq(qtype) ? SQ_BITS[qtype] * ceilDiv(d, 8) + 8 : ceilDiv(SQ_BITS[qtype] * d, 8),
  check({ qtype }, around) {
    if (qtype === 'SQ0') return zeroBits(around);
    if (isTq(qtype) && (around.place === 'HNSW' || around.place === 'NSG')) {
      return [cannot('add', `${qtype} offers no distance between two codes, which a graph needs`)];
    }
    if (qtype.startsWith('SQtqmse')) return [advice(say.unitVariance(qtype, around.d))];
    return isTq(qtype) && !around.rotated ? [{ ...advice(say.rotateFirst(qtype)), front: 'RR,' }] : [];
  },
  trainMin: ({ qtype }) => qtype === 'SQ8' || qtype === 'SQ6' || qtype === 'SQ4' ? 1 : 0,
  fileBytes(codec, place, size) {
    const quantizer = 4 + 4 + 4 + 8 + 8 + floats(trainedFloats(codec.qtype, size.d)), code = SQ.bytes(codec, size.d, 'L2');
    return place === 'fine' ? quantizer + 8 + 1 + arrayLists(size, code) : quantizer + flatCodes(size.n, code);
  },
  scoresAt: ['alone'],
  residual: ({ qtype }) => qtype !== 'SQ0' && !isTq(qtype),
};

function zeroBits({ place }: Around): Finding[] {
  if (place === 'fine') return [unusable(say.nonsense('SQ0 claims to be trained at birth, and vectors added before train() are lost'))];
  return [cannot(place === 'alone' ? 'search' : 'add', 'codes of 0 bytes have no distance; SQ0 is for IVF')];
}
