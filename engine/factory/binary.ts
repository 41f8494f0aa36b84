import type { BinarySpec } from './spec';
import type { Entry, Parameter } from './production';
import { at, LENGTH_CAP, DEPTH_CAP, type Reading, type Token } from './read';
import { advice, cannot, refused, say, unusable, type Finding, type Problem } from './problems';
import { MEMORY_CAP } from './terms/codes';
import { efSearch, HNSW } from './terms/graphs';
import { nprobe } from './terms/coarse';
import { upTo } from './numbers';
import { FAISS } from './papers';

/** The binary factory: vectors of d bits, Hamming distance. Faiss reads it by prefix, as C's scanf does: blanks and a
 *  sign before a number are taken, and what follows a complete term is ignored. Only BFlat must be exact. */
export const BINARY_ENTRIES: readonly Entry[] = [
  {
    name: 'BFlat', role: 'code', syntax: '"BFlat"', examples: ['BFlat', 'IDMap,BFlat'],
    meaning: 'Keeps all bits and compares with all: exact.', limits: 'd is a multiple of 8.',
    words: { BFlat: 'BFlat' }, offers: () => ['BFlat'], choices: {}, parts: {}, builds: 'IndexBinaryFlat', size: 'd/8', training: 'None.', traps: ['BFlat8'], paper: FAISS,
  },
  {
    name: 'BIVF', role: 'coarse', syntax: '"BIVF" nlist ["_HNSW" M]', examples: ['BIVF256', 'BIVF1024_HNSW32'],
    meaning: 'Cuts the bit vectors into nlist cells.', limits: 'No k or M suffix; no code after it.',
    words: { BIVF: 'BIVF256' }, offers: () => ['BIVF256'], choices: {}, parts: { nlist: 'cells', M: 'links of a centroid, where a graph finds the cells' }, builds: 'IndexBinaryIVF over an IndexBinaryFlat or IndexBinaryHNSW',
    size: 'd/8', training: 'k-means of the bits as −1 and 1, 10 iterations.', traps: ['BIVF16,Flat', 'BIVF4k'], paper: FAISS,
  },
  {
    name: 'BHNSW', role: 'graph', syntax: '"BHNSW" M', examples: ['BHNSW32', 'BHNSW16'],
    meaning: 'A layered graph over the bit vectors.', limits: 'M is at least 2.',
    words: { BHNSW: 'BHNSW32' }, offers: () => ['BHNSW32'], choices: {}, parts: { M: 'links per vector on an upper layer, twice as many on the lowest' }, builds: 'IndexBinaryHNSW',
    size: 'd/8', training: 'None.', traps: ['BHNSW1'], paper: HNSW.paper,
  },
  {
    name: 'BHash', role: 'code', syntax: '"BHash" nbits | "BHash" nhash "x" nbits', examples: ['BHash16', 'BHash4x8'],
    meaning: 'Hash tables on runs of bits; nhash of them, or one.', limits: 'nhash·nbits is at most d.',
    words: { BHash: 'BHash16' }, offers: () => ['BHash16', 'BHash4x8'], choices: {}, parts: { nbits: 'bits of a hash', nhash: 'hash tables' }, builds: 'IndexBinaryHash, IndexBinaryMultiHash',
    size: 'd/8', training: 'None.', traps: ['BHash4x64'], paper: 'Norouzi, Punjani & Fleet, Fast search in Hamming space with multi-index hashing, CVPR 2012',
  },
];

const graphWidth: Parameter = { ...efSearch, attribute: 'hnsw.efSearch' };
const nflip: Parameter = {
  name: 'nflip', meaning: 'Buckets whose hash differs in this many bits are looked into too.', default: 0, min: 0, max: 64, values: [0, ...upTo(4)], rank: 1,
};

/** A search parameter, and how Python names the index that holds it: no ParameterSpace is made for binary indexes. */
export type BinaryParameter = Parameter & { holder: string };

/** Search parameters of the innermost index, the main one first. */
export function binaryParameters(spec: BinarySpec, holder = 'index'): BinaryParameter[] {
  switch (spec.kind) {
    case 'BIDMap': return binaryParameters(spec.index, `faiss.downcast_IndexBinary(${holder}.index)`);
    case 'BIVF': return [
      { ...nprobe(spec.nlist), holder },
      ...(spec.M === undefined ? [] : [{ ...graphWidth, name: 'quantizer_efSearch', rank: 2, holder: `faiss.downcast_IndexBinary(${holder}.quantizer)` }]),
    ];
    case 'BHNSW': return [{ ...graphWidth, holder }];
    case 'BHash': case 'BMultiHash': return [{ ...nflip, holder }];
    case 'BFlat': return [];
  }
}

type State = { s: string; tokens: Token[]; problems: Problem[]; depth: number };

export function readBinaryFactory(s: string): Reading<BinarySpec> {
  const r: State = { s, tokens: [], problems: [], depth: 0 };
  if (s.length > LENGTH_CAP) return { spec: null, tokens: [], problems: [{ from: LENGTH_CAP, to: s.length, message: say.tooLong(s.length, LENGTH_CAP), kind: 'refused' }] };
  const spec = readIndex(r, 0, s.length, '');
  return { spec: r.problems.length > 0 ? null : spec, tokens: r.tokens.sort((a, b) => a.from - b.from), problems: r.problems };
}

const fail = (r: State, from: number, to: number, message: string): null => {
  r.problems.push({ from, to, message, kind: 'refused' });
  return null;
};

function readIndex(r: State, from: number, to: number, path: string): BinarySpec | null {
  if (++r.depth > DEPTH_CAP) return fail(r, from, to, say.tooDeep(DEPTH_CAP));
  for (const version of [2, 1] as const) {
    const word = version === 2 ? 'IDMap2' : 'IDMap';
    if (to - from <= word.length + 1) continue;
    const suffix = r.s.endsWith(`,${word}`, to);
    if (!suffix && !r.s.startsWith(`${word},`, from)) continue;
    if (/[\n\r]/.test(r.s.slice(from, to))) break; // Faiss looks for the map on one line, and then at the beginning of the text
    const start = suffix ? to - word.length : from;
    r.tokens.push({ from: start, to: start + word.length, role: 'wrapper', text: word, path });
    const index = suffix ? readIndex(r, from, start - 1, at(path, 'index')) : readIndex(r, start + word.length + 1, to, at(path, 'index'));
    return index && { kind: 'BIDMap', version, index };
  }
  return readTerm(r, from, to, path);
}

/** What C takes for a blank, and a whole number. */
const INT = '[ \\t\\n\\v\\f\\r]*([+-]?\\d+)';
const TERMS: readonly { pattern: RegExp; role: Token['role']; make: (a: number, b: number) => BinarySpec }[] = [
  // BIVF → "BIVF" nlist [ "_HNSW" M ]             BIVF256 · BIVF1024_HNSW32
  { pattern: new RegExp(`^BIVF${INT}_HNSW${INT}`), role: 'coarse', make: (nlist, M) => ({ kind: 'BIVF', nlist, M }) },
  { pattern: new RegExp(`^BIVF${INT}`), role: 'coarse', make: (nlist) => ({ kind: 'BIVF', nlist }) },
  // BHNSW → "BHNSW" M                             BHNSW32 · BHNSW16
  { pattern: new RegExp(`^BHNSW${INT}`), role: 'graph', make: (M) => ({ kind: 'BHNSW', M }) },
  // BHash → "BHash" nhash "x" nbits | "BHash" nbits        BHash4x8 · BHash16
  { pattern: new RegExp(`^BHash${INT}x${INT}`), role: 'code', make: (nhash, nbits) => ({ kind: 'BMultiHash', nhash, nbits }) },
  { pattern: new RegExp(`^BHash${INT}`), role: 'code', make: (nbits) => ({ kind: 'BHash', nbits }) },
  // BFlat → "BFlat"                               BFlat · IDMap,BFlat
  { pattern: /^BFlat$/, role: 'code', make: () => ({ kind: 'BFlat' }) },
];

function readTerm(r: State, from: number, to: number, path: string): BinarySpec | null {
  const text = r.s.slice(from, to);
  for (const { pattern, role, make } of TERMS) {
    const match = pattern.exec(text);
    if (!match) continue;
    r.tokens.push({ from, to: from + match[0].length, role, text: match[0], path });
    return make(toInt(match[1]), toInt(match[2]));
  }
  return fail(r, from, to, say.unknownBinary(text));
}

/** scanf clamps a number to 64 bits and keeps its low 32. */
function toInt(text: string | undefined): number {
  const value = BigInt((text ?? '0').replace(/^\+/, ''));
  const most = 2n ** 63n - 1n;
  return Number(BigInt.asIntN(32, value > most ? most : value < -most - 1n ? -most - 1n : value));
}

export function writeBinaryFactory(spec: BinarySpec): string {
  switch (spec.kind) {
    case 'BFlat': return 'BFlat';
    case 'BIVF': return `BIVF${spec.nlist}${spec.M === undefined ? '' : `_HNSW${spec.M}`}`;
    case 'BHNSW': return `BHNSW${spec.M}`;
    case 'BHash': return `BHash${spec.nbits}`;
    case 'BMultiHash': return `BHash${spec.nhash}x${spec.nbits}`;
    case 'BIDMap': return `${writeBinaryFactory(spec.index)},${spec.version === 2 ? 'IDMap2' : 'IDMap'}`;
  }
}

/** Bytes of one vector of d bits. */
export const binaryCodeSize = (d: number): number => Math.trunc(d / 8);

export function checkBinaryFactory(s: string, d: number): Problem[] {
  const { spec, tokens, problems } = readBinaryFactory(s);
  if (!spec) return problems;
  const rest = tokens.findLast((t) => t.role !== 'wrapper');
  const [from, to] = [rest?.from ?? 0, rest?.to ?? s.length];
  return checkBinary(spec, d, s.slice(to).split(',IDMap')[0] ?? '').map(({ kind, message, step }) => ({ kind, message, from, to, ...(step === undefined ? {} : { step }) }));
}

/** Bytes of the two empty vectors of one list. */
const LIST_BYTES = 48;

function checkBinary(spec: BinarySpec, d: number, ignored: string): Finding[] {
  if (spec.kind === 'BIDMap') {
    const inside = spec.index.kind === 'BIDMap' ? [cannot('add', 'IDMap takes vectors with ids only, and stands inside of an index that gives none')] : [];
    return [...inside, ...checkBinary(spec.index, d, ignored)];
  }
  const findings: Finding[] = d % 8 === 0 ? [] : [refused(say.wholeBytes(d))];
  if (d <= 0) findings.push(unusable(say.dimension(d)));
  if (ignored !== '') findings.push(advice(say.ignoredTail(ignored)));
  if (spec.kind === 'BMultiHash' && spec.nhash * spec.nbits > d) findings.push(refused(say.hashBits(spec.nhash, spec.nbits, d)));
  if (spec.kind === 'BIVF' && (spec.nlist < 0 || spec.nlist * LIST_BYTES > MEMORY_CAP)) findings.push(refused(say.memory(`BIVF${spec.nlist}'s empty lists`, Math.abs(spec.nlist) * LIST_BYTES)));
  return [...findings, ...useless(spec).map((why) => cannot('use', why))];
}

function useless(spec: BinarySpec): string[] {
  const links = spec.kind === 'BHNSW' ? spec.M : spec.kind === 'BIVF' ? spec.M : undefined;
  if (links !== undefined && links < 2) return ['a graph needs at least 2 links'];
  if (spec.kind === 'BIVF' && spec.nlist === 0) return ['there is no list'];
  if ((spec.kind === 'BHash' || spec.kind === 'BMultiHash') && spec.nbits <= 0) return ['a hash of 0 bits puts all vectors into one bucket'];
  return spec.kind === 'BMultiHash' && spec.nhash <= 0 ? ['there is no hash table'] : [];
}
