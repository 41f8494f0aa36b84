import { count, countAfter, eat, eatOne, run, type Cursor } from '../reader';
import type { CodecOf } from '../spec';
import type { CodecProduction } from '../production';
import { advice, cannot, refused, say, unusable, type Finding } from '../problems';
import { arrayLists, blockLists, even, flatCodes, floats, FOURCC, VEC } from '../layout';
import { bitsFor, ceilDiv, divisors, nearestDivisors, powers, upTo, widths } from '../numbers';
import { blocks, blockSizes, MEMORY_CAP, someParts } from './codes';
import { TRANSFORMS } from './transforms';

/** Codes that keep signs, a few bits per rotated coordinate, or a lattice point. */

// LSH → "LSH" [ nbits ] [ "r" ] [ "t" ]             LSH · LSH256rt
export const LSH: CodecProduction<CodecOf<'LSH'>> = {
  name: 'LSH', role: 'code', syntax: '"LSH" [nbits] ["r"] ["t"]', examples: ['LSH', 'LSH256rt'],
  places: ['alone'],
  meaning: 'Keeps signs: of the components, or of nbits random projections (r), against learnt medians (t).',
  limits: 'L2 only; without r at most d bits. Not after IVF.',
  parts: { nbits: 'bits; one per dimension when left out', r: 'project at random first', t: 'compare with the median seen in training instead of 0' },
  words: { LSH: 'LSH' },
  offers: (d) => ['LSH', `LSH${2 * d}rt`],
  choices: { nbits: (d) => [undefined, ...powers(8, 8 * d), d, 2 * d], rotate: () => [false, true], train: () => [false, true] },
  builds: 'IndexLSH',
  size: '⌈nbits/8⌉',
  training: 'None, but for the medians of t.',
  traps: ['LSH', 'IVF256,LSH', 'LSH256'],
  paper: 'Charikar, Similarity estimation techniques from rounding algorithms, STOC 2002',
  read(c) {
    if (!eat(c, 'LSH')) return null;
    const nbits = count(c);
    const rotate = eat(c, 'r');
    const train = eat(c, 't');
    return nbits === null ? { kind: 'LSH', rotate, train } : { kind: 'LSH', nbits, rotate, train };
  },
  write: ({ nbits, rotate, train }) => `LSH${nbits ?? ''}${rotate ? 'r' : ''}${train ? 't' : ''}`,
  bytes: ({ nbits }, d) => ceilDiv(nbits ?? d, 8),
  check(lsh, { d, metric }) {
    const nbits = lsh.nbits ?? d;
    const findings: Finding[] = metric === 'IP' ? [refused(say.metricOnly('LSH', 'L2'))] : [];
    if (!lsh.rotate && nbits > d) findings.push(refused(say.lshBits(nbits, d), LSH.write({ ...lsh, rotate: true })));
    const square = 4 * Math.max(d, nbits) ** 2;
    if (lsh.rotate && square > MEMORY_CAP) findings.push(refused(say.noRotationSize(square)));
    if (!lsh.rotate && !lsh.train) findings.push(advice(say.lshSigns()));
    return findings;
  },
  trainMin: () => 0,
  fileBytes(lsh, _, { d, n }) {
    const nbits = lsh.nbits ?? d, rotation = FOURCC + 1 + floats(lsh.rotate ? d * nbits : 0) + VEC + 9;
    return 4 + 1 + 1 + floats(lsh.train ? nbits : 0) + 4 + rotation + flatCodes(n, ceilDiv(nbits, 8));
  },
  l2At: ['alone'],
  scoresAt: ['alone'],
  residual: () => false,
};

const LATTICE_CAP = 2 ** 27;

// ZnLattice → "ZnLattice" M "x" r2 "_" nbits        ZnLattice16x10_6 · ZnLattice8x6_4
export const ZnLattice: CodecProduction<CodecOf<'ZnLattice'>> = {
  name: 'ZnLattice', role: 'code', syntax: '"ZnLattice" M "x" r2 "_" nbits', examples: ['ZnLattice16x10_6', 'ZnLattice8x6_4'],
  places: ['alone'],
  meaning: 'Cuts the vector into M parts; of each keeps the length in nbits and the nearest integer point of squared length r2.',
  limits: 'M divides d into parts of 2 to 64 dimensions, best a power of two. Always L2. Files do not keep the codes.',
  parts: { M: 'parts', r2: 'squared length of the integer points', nbits: 'bits of the length' },
  words: { ZnLattice: 'ZnLattice16x10_6' },
  offers: (d) => [`ZnLattice${someParts(d)}x10_6`],
  choices: { M: divisors, r2: () => upTo(40), nbits: () => upTo(16) },
  builds: 'IndexLattice',
  size: '⌈M·(point + nbits)/8⌉, point being the bits that number the integer points',
  training: 'Least and greatest length of each part.',
  traps: ['ZnLattice16x10_6', 'IVF256,ZnLattice16x10_6'],
  paper: 'Sablayrolles, Douze, Schmid & Jégou, Spreading vectors for similarity search, ICLR 2019',
  read(c) {
    if (!eat(c, 'ZnLattice')) return null;
    const M = count(c);
    const r2 = countAfter(c, 'x');
    const nbits = countAfter(c, '_');
    if (M === null || r2 === null || r2 === undefined || nbits === null || nbits === undefined) return null;
    return { kind: 'ZnLattice', M, r2, nbits };
  },
  write: ({ M, r2, nbits }) => `ZnLattice${M}x${r2}_${nbits}`,
  bytes: ({ M, r2, nbits }, d) => ceilDiv(M * (pointBits(Math.floor(d / M), r2) + nbits), 8),
  check(lattice, { d, metric }) {
    const { M, r2 } = lattice;
    const dsub = Math.floor(d / M);
    const why = latticeRefusal(d, M, r2);
    if (why !== null) return [refused(say.lattice(why), latticeInstead(lattice, d))];
    const findings = r2 === 0 ? [unusable(say.nonsense('the only point of length 0 is the origin'))]
      : (dsub & (dsub - 1)) !== 0 ? [cannot('save', `files hold lattices of 2, 4, 8 … dimensions, and ${d}/${M} = ${dsub}`)]
        : [cannot('save', 'its file leaves the codes out, and Faiss refuses to read it back')];
    if (metric === 'IP') findings.push(advice(say.metricIgnored('ZnLattice')));
    return findings;
  },
  trainMin: () => 1,
  // Faiss leaves the codes out.
  fileBytes: ({ M }) => 4 + 4 + 4 + 4 + floats(2 * M),
  l2At: ['alone'],
  scoresAt: ['alone'],
  residual: () => false,
};

/** The nearest number of parts that a lattice can be made for. */
function latticeInstead({ M, r2, nbits }: CodecOf<'ZnLattice'>, d: number): string | undefined {
  const parts = nearestDivisors(d, -1).toSorted((a, b) => Math.abs(a - M) - Math.abs(b - M));
  const better = parts.find((m) => latticeRefusal(d, m, Math.min(r2, 10)) === null);
  return better === undefined ? undefined : ZnLattice.write({ kind: 'ZnLattice', M: better, r2: latticeRefusal(d, better, r2) === null ? r2 : 10, nbits });
}

/** Why Faiss does not construct the lattice of parts of d/M dimensions, or null. */
function latticeRefusal(d: number, M: number, r2: number): string | null {
  if (M === 0) return 'it has no parts';
  const dsub = Math.floor(d / M);
  if (dsub < 2 || dsub > 64) return `its parts have ${dsub} dimensions; 2 to 64 are possible`;
  if (d % M !== 0) return `${d} is not a multiple of ${M}`;
  if (r2 > 512) return `r2 is ${r2}; at most 512 is possible`;
  if ((dsub & (dsub - 1)) === 0) {
    // For powers of two Faiss keeps every point of an eighth of the part (at most 8 dimensions) up to r2, and bounds that table.
    const counts = pointCounts(Math.min(3, Math.log2(dsub) - 1), r2);
    const entries = counts.reduce((sum, n) => sum + n, 0);
    if (entries > LATTICE_CAP / dsub) return `its table would hold ${entries.toExponential(1)} points; write a smaller r2`;
  }
  return pointBits(dsub, r2) < 64 ? null : 'a point needs more than 63 bits';
}

/** counts[r] = number of integer points with squared length r in 2^level dimensions, by doubling. */
function pointCounts(level: number, r2: number): number[] {
  let counts: number[] = Array.from({ length: r2 + 1 }, (_, r) => (r === 0 ? 1 : Number.isInteger(Math.sqrt(r)) ? 2 : 0));
  for (let i = 0; i < level; i++) {
    const half = counts;
    counts = half.map((_, r) => half.slice(0, r + 1).reduce((sum, n, a) => sum + n * (half[r - a] ?? 0), 0));
  }
  return counts;
}

/** Bits that number the integer points of squared length r2 in dsub dimensions. Faiss counts them modulo 2^64. */
function pointBits(dsub: number, r2: number): number {
  if (!(dsub >= 1 && dsub <= 64 && r2 <= 512)) return 0; // no such lattice is made
  const points = spherePoints(dsub, r2);
  if (points < Number.MAX_SAFE_INTEGER) return bitsFor(points);
  const exact = BigInt.asUintN(64, spherePointsExact(dsub, r2));
  return exact <= 1n ? 0 : (exact - 1n).toString(2).length;
}

/** Integer points of squared length r2: one dimension at a time, O(dsub·r2^1.5). */
function spherePoints(dsub: number, r2: number): number {
  let counts: number[] = Array.from({ length: r2 + 1 }, (_, r) => (r === 0 ? 1 : 0));
  for (let i = 0; i < dsub; i++) {
    const before = counts;
    counts = before.map((_, r) => {
      let sum = 0;
      for (let a = 0; a * a <= r; a++) sum += (a === 0 ? 1 : 2) * (before[r - a * a] ?? 0);
      return sum;
    });
  }
  return counts[r2] ?? 0;
}

/** The same beyond 2^53. */
function spherePointsExact(dsub: number, r2: number): bigint {
  let counts: bigint[] = Array.from({ length: r2 + 1 }, (_, r) => (r === 0 ? 1n : 0n));
  for (let i = 0; i < dsub; i++) {
    const before = counts;
    counts = before.map((_, r) => {
      let sum = 0n;
      for (let a = 0; a * a <= r; a++) sum += (a === 0 ? 1n : 2n) * (before[r - a * a] ?? 0n);
      return sum;
    });
  }
  return counts[r2] ?? 0n;
}

const digit = (c: Cursor, most: number): number => {
  const value = c.s.charCodeAt(c.at) - 48;
  if (c.at >= c.to || !(value >= 1 && value <= most)) return 1;
  c.at++;
  return value;
};

/** Bytes of a RaBitQ code: signs and two floats; more bits add an error bound, their own plane and two more floats. */
const rabitqBytes = (nbits: number, d: number) =>
  nbits === 1 ? ceilDiv(d, 8) + 8 : ceilDiv(d, 8) + 12 + ceilDiv((nbits - 1) * d, 8) + 8;

/** The quantizer in a file, of one bit and of more. */
const RABITQ = 8 + 8 + 4;
const RABITQ_BITS = RABITQ + 8;

// RaBitQ → "RaBitQ" [ nbits ]                       RaBitQ · IVF256,RaBitQ4
export const RaBitQ: CodecProduction<CodecOf<'RaBitQ'>> = {
  name: 'RaBitQ', role: 'code', syntax: '"RaBitQ" [1…9]', examples: ['RaBitQ', 'IVF256,RaBitQ4'],
  places: ['alone', 'fine'],
  meaning: 'Keeps signs around the centre and two numbers that make the distance unbiased.',
  limits: '1 to 9 bits per dimension; rotate first for its guarantees.',
  parts: { '1…9': 'nbits, bits per dimension; 1 when left out' },
  words: { RaBitQ: 'RaBitQ' },
  offers: () => ['RaBitQ'],
  choices: { nbits: () => upTo(9) },
  builds: 'IndexRaBitQ; after a coarse quantizer IndexIVFRaBitQ',
  size: '⌈d/8⌉ + 8 (nbits = 1) or ⌈d/8⌉ + ⌈(nbits − 1)·d/8⌉ + 20',
  training: 'The mean of the vectors; after a coarse quantizer its centroids serve.',
  traps: ['RaBitQ10'],
  paper: 'Gao & Long, RaBitQ, SIGMOD 2024',
  read: (c) => eat(c, 'RaBitQ') ? { kind: 'RaBitQ', nbits: digit(c, 9) } : null,
  write: ({ nbits }) => `RaBitQ${nbits === 1 ? '' : nbits}`,
  bytes: ({ nbits }, d) => rabitqBytes(nbits, d),
  check: () => [],
  trainMin: () => 1,
  fileBytes({ nbits }, place, size) {
    const quantizer = nbits === 1 ? RABITQ : RABITQ_BITS, code = rabitqBytes(nbits, size.d);
    return place === 'fine' ? quantizer + 8 + 1 + 1 + arrayLists(size, code) : quantizer + flatCodes(size.n, code) + floats(size.d) + 1;
  },
  scoresAt: ['alone'],
  residual: () => true,
};

// RaBitQfs → "RaBitQfs" [ nbits ] [ "_" bbs ]       RaBitQfs · IVF256,RaBitQfs4_64
export const RaBitQfs: CodecProduction<CodecOf<'RaBitQfs'>> = {
  name: 'RaBitQfs', role: 'code', syntax: '"RaBitQfs" [1…9] ["_" bbs]', examples: ['RaBitQfs', 'IVF256,RaBitQfs4_64'],
  places: ['alone', 'fine'],
  meaning: 'RaBitQ laid out in blocks for look-up tables in a register.',
  limits: '1 to 9 bits per dimension; blocks of 32, 64, 96, 128 or 160 vectors.',
  parts: { '1…9': 'nbits, bits per dimension; 1 when left out', bbs: 'vectors per block; 32 when left out' },
  words: { RaBitQfs: 'RaBitQfs' },
  offers: () => ['RaBitQfs'],
  choices: { nbits: () => upTo(9), bbs: blockSizes },
  builds: 'IndexRaBitQFastScan; after a coarse quantizer IndexIVFRaBitQFastScan',
  size: '⌈d/8⌉ + 8 (nbits = 1) or ⌈d/8⌉ + ⌈(nbits − 1)·d/8⌉ + 20',
  training: 'The mean of the vectors; after a coarse quantizer its centroids serve.',
  traps: ['RaBitQfs_48'],
  paper: 'Gao & Long, RaBitQ, SIGMOD 2024',
  read(c) {
    if (!eat(c, 'RaBitQfs')) return null;
    const nbits = digit(c, 9);
    const bbs = countAfter(c, '_');
    return bbs === null ? null : { kind: 'RaBitQfs', nbits, bbs: bbs ?? 32 };
  },
  write: ({ nbits, bbs }) => `RaBitQfs${nbits === 1 ? '' : nbits}${bbs === 32 ? '' : `_${bbs}`}`,
  bytes: ({ nbits }, d) => rabitqBytes(nbits, d),
  check(codec, { d, place }) {
    const write = (bbs: number) => RaBitQfs.write({ ...codec, bbs });
    if (d <= 0) return [refused(say.dimension(d))];
    return codec.bbs === 0 && place === 'fine' ? [refused(say.block(codec.bbs), write(32))] : blocks(codec.bbs, write);
  },
  trainMin: () => 1,
  // Signs in fast-scan layout, four dimensions a nibble; each block then carries its vectors' factors.
  fileBytes({ nbits, bbs }, place, size) {
    const { d, n } = size, vector = even(ceilDiv(d, 4)) / 2 + (nbits === 1 ? 8 : 12 + ceilDiv((nbits - 1) * d, 8) + 8);
    if (place === 'fine') return RABITQ_BITS + 1 + 8 + 4 + 8 + 8 + 4 + 1 + 1 + blockLists(size, bbs, vector);
    return RABITQ_BITS + floats(d) + 1 + 4 + 8 + 8 + 8 + VEC + ceilDiv(n, bbs) * bbs * vector;
  },
  scoresAt: [],
  residual: () => true,
};

// EDEN → "EDEN" [ nbits ] [ "BIASED" | "BIAS" ]     EDEN4 · IVF256,EDEN2BIASED
export const EDEN: CodecProduction<CodecOf<'EDEN'>> = {
  name: 'EDEN', role: 'code', syntax: '"EDEN" [1…8] ["BIASED" | "BIAS"]', examples: ['EDEN4', 'IVF256,EDEN2BIASED'],
  places: ['alone', 'fine'],
  meaning: 'Rounds every coordinate to the best levels for a normal distribution, and keeps two numbers to scale it.',
  limits: '1 to 8 bits per dimension; rotate first.',
  parts: { '1…8': 'nbits, bits per dimension; 1 when left out', BIASED: 'scale for the least error instead of an unbiased distance' },
  words: { EDEN: 'EDEN4' },
  offers: () => ['EDEN4'],
  choices: { nbits: () => upTo(8), biased: () => [false, true] },
  builds: 'IndexEDEN; after a coarse quantizer IndexIVFEDEN',
  size: '⌈nbits·d/8⌉ + 8',
  training: 'The mean of the vectors; after a coarse quantizer its centroids serve.',
  traps: ['EDEN9'],
  paper: 'Vargaftik et al., EDEN, ICML 2022',
  read(c) {
    if (!eat(c, 'EDEN')) return null;
    const nbits = digit(c, 8);
    return { kind: 'EDEN', nbits, biased: eat(c, 'BIASED') || eat(c, 'BIAS') };
  },
  write: ({ nbits, biased }) => `EDEN${nbits === 1 ? '' : nbits}${biased ? 'BIASED' : ''}`,
  bytes: ({ nbits }, d) => ceilDiv(nbits * d, 8) + 8,
  check: () => [],
  trainMin: () => 1,
  fileBytes({ nbits }, place, size) {
    const quantizer = 8 + 8 + 4 + 8 + 4, code = ceilDiv(nbits * size.d, 8) + 8;
    return place === 'fine' ? quantizer + 8 + 1 + arrayLists(size, code) : quantizer + flatCodes(size.n, code) + floats(size.d);
  },
  scoresAt: ['alone'],
  residual: () => true,
};

// SH → ("ITQ" | "PCA" | "PCAR") [ nbits ] ",SH" [ period ] [ "g" | "c" | "m" ]     IVF256,ITQ64,SH · IVF256,PCAR32,SH1.5m
export const SH: CodecProduction<CodecOf<'SH'>> = {
  name: 'SH', role: 'code', syntax: '("ITQ" | "PCA" | "PCAR") [nbits] ",SH" [period] ["g" | "c" | "m"]', examples: ['IVF256,ITQ64,SH', 'IVF256,PCAR32,SH1.5m'],
  places: ['fine'],
  meaning: 'Spectral hashing: the sign, or the parity of a period, of projected components.',
  limits: 'At most d bits; always L2; threshold global (g), at the centroid (c) or at the median of a list (m).',
  parts: {
    nbits: 'components kept; d when left out',
    period: 'length of a period; the sign alone when left out',
    g: 'one threshold for all; the default',
    c: 'the threshold is the centroid of the list',
    m: 'the threshold is the median of the list',
  },
  words: { SH: 'SH' },
  offers: (d) => [`ITQ${Math.min(64, d)},SH`],
  choices: { transform: () => ['ITQ', 'PCA', 'PCAR'], nbits: (d) => [undefined, ...widths(d)], threshold: () => [undefined, 'g', 'c', 'm'] },
  builds: 'IndexIVFSpectralHash',
  size: '⌈nbits/8⌉',
  training: 'The transform, on vectors and not on residuals; medians with m.',
  traps: ['IVF256,ITQ256,SH'],
  paper: 'Weiss, Torralba & Fergus, Spectral hashing, NIPS 2008',
  read(c) {
    const transform = eatOne(c, ['ITQ', 'PCAR', 'PCA'] as const);
    if (!transform) return null;
    const nbits = count(c);
    if (!eat(c, ',SH')) return null;
    const period = readPeriod(c);
    if (period === null) return null;
    const threshold = eatOne(c, ['g', 'c', 'm'] as const);
    return {
      kind: 'SH', transform,
      ...(nbits === null ? {} : { nbits }), ...(period === undefined ? {} : { period }), ...(threshold === null ? {} : { threshold }),
    };
  },
  write: ({ transform, nbits, period, threshold }) => `${transform}${nbits ?? ''},SH${period === undefined ? '' : writePeriod(period)}${threshold ?? ''}`,
  bytes: ({ nbits }, d) => ceilDiv(nbits ?? d, 8),
  check({ nbits, transform }, { d, metric }) {
    const findings: Finding[] = metric === 'IP' ? [advice(say.metricIgnored(`${transform},SH`))] : [];
    const square = 4 * Math.max(d, nbits ?? d) ** 2;
    if (square > MEMORY_CAP) findings.push(refused(say.noRotationSize(square)));
    if (nbits === 0) findings.push(cannot('train', 'codes of 0 bits tell nothing'));
    if (nbits !== undefined && nbits > d) findings.push(cannot('train', `${transform} cannot take ${nbits} directions of ${d} dimensions`, `${transform}${d},SH`));
    return findings;
  },
  trainMin: ({ nbits }, d) => nbits ?? d,
  // The transform, and one threshold per bit for each centroid or (as Faiss leaves them) for each vector it took medians of.
  fileBytes({ transform, nbits, threshold }, _, size) {
    const dOut = nbits ?? size.d, rows = threshold === 'c' ? size.nlist : threshold === 'm' ? size.n : 0;
    const map = transform === 'ITQ' ? TRANSFORMS.ITQ.fileBytes({ kind: 'ITQ', dOut }, size.d) : TRANSFORMS.PCA.fileBytes({ kind: 'PCA', dOut, whiten: false, rotate: false }, size.d);
    return map + 4 + 4 + 4 + VEC + 4 * rows * dOut + arrayLists(size, ceilDiv(dOut, 8));
  },
  l2At: ['fine'],
  scoresAt: [],
  residual: () => false,
};

/** Faiss refuses a float that has lost bits to be this small. */
const LEAST_NORMAL = 2 ** -126;

/** Faiss takes any run of "-0123456789.e" and reads the float it begins with: `1.5.5` is 1.5. Undefined: absent; null: no float. */
function readPeriod(c: Cursor): number | undefined | null {
  const text = run(c, '-0123456789.e');
  if (text === '') return undefined;
  const value = Math.fround(Number.parseFloat(text));
  const tooSmall = value === 0 ? !/^-?[0.]+(e|-|$)/.test(text) : Math.abs(value) < LEAST_NORMAL;
  return Number.isFinite(value) && !tooSmall ? value : null;
}

/** Shortest decimal that reads back to the same 32-bit float, in characters a period may have. */
function writePeriod(period: number): string {
  for (let digits = 1; digits < 10; digits++) {
    const text = String(Number(period.toPrecision(digits))).replace('+', '');
    if (Math.fround(Number(text)) === period) return text;
  }
  return String(period).replace('+', '');
}
