/** A mistake of the visitor's is a value: where it stands in the string, what is wrong, what would work. */
export type Problem = {
  /** Characters [from, to) of the factory string. */
  from: number;
  to: number;
  message: string;
  /** The whole string with the mistake mended, where there is an obvious way. */
  fix?: string;
  /** 'refused': Faiss does not construct it · 'unusable': constructed, but cannot be trained, added to, searched or
   *  saved · 'data': fits the language, not this data (too few vectors, too little memory) · 'advice': works, could be better. */
  kind: 'refused' | 'unusable' | 'data' | 'advice';
  /** Of an unusable index: what fails first. What cannot be used at all fails at the start. */
  step?: Step;
  /** It encodes and decodes all the same, and was made for nothing else. */
  codec?: true;
  /** What to set instead, where the string may stay: a search parameter, or n. */
  set?: { name: string; value: number };
};

/** What one does with an index that Faiss has constructed. */
export type Step = 'train' | 'add' | 'search' | 'save' | 'use';

/** A problem before it has a place in the text: it knows its node of the tree. */
export type Finding = {
  kind: Problem['kind'];
  message: string;
  step?: Step;
  codec?: true;
  /** Node of the tree, '' for the one that was checked. */
  path: string;
  /** What to write instead of that node's own term. */
  replace?: string;
  /** What to write in front of the index that the node belongs to. */
  front?: string;
  set?: { name: string; value: number };
};

export const refused = (message: string, replace?: string): Finding => finding('refused', message, replace);
export const unusable = (message: string, replace?: string): Finding => finding('unusable', message, replace);
/** Constructed, and this step fails. */
export const cannot = (step: Step, why: string, replace?: string): Finding => ({ ...unusable(say.cannot(step, why), replace), step });
export const data = (message: string, replace?: string): Finding => finding('data', message, replace);
export const advice = (message: string, replace?: string): Finding => finding('advice', message, replace);

function finding(kind: Problem['kind'], message: string, replace?: string): Finding {
  return replace === undefined ? { kind, message, path: '' } : { kind, message, path: '', replace };
}

/** 1234567 → "1 234 567" */
export const number = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ' ');

/** 4294967296 → "4.3 GB" */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) { value /= 1000; unit++; }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A piece of the string, cut where it would drown the sentence. */
const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 56)} … ` : text);

const dimensions = (d: number): string => `${number(d)} dimension${d === 1 ? '' : 's'}`;

const list = (words: string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

/** Every sentence of the language that a visitor may read. Numbers are the visitor's own. */
export const say = {
  // the text itself
  tooLong: (length: number, cap: number) => `This string has ${number(length)} characters; more than ${number(cap)} are not read.`,
  tooDeep: (cap: number) => `Indexes are nested more than ${number(cap)} deep here.`,
  empty: () => 'Type a factory string such as IVF256,PQ16.',
  numberTooLarge: (text: string) => `${cut(text)} does not fit a 32-bit integer; the largest number is 2147483647.`,
  unbalanced: () => 'This parenthesis has no partner.',
  misplacedParenthesis: () => 'Parentheses stand only after IVF<n>, Refine and RefinePanorama.',
  parenthesisInMinMax: () => 'Faiss cannot read parentheses after MinMax.',
  unknown: (text: string) => text === '' ? 'An index is missing here.' : `${cut(text)} is not a term of the language.`,
  unknownNear: (text: string, near: string) => `${cut(text)} is not a term of the language. Did you mean ${cut(near)}?`,
  notACode: (text: string, coarse: string) =>
    text === '' ? `${cut(coarse)}, needs a code after its comma, such as Flat or PQ16.` : `${cut(text)} is not a code that can follow ${cut(coarse)}.`,
  notAStorage: (text: string, graph: string) => `${cut(text)} is not a storage that ${cut(graph)} can have.`,
  around: (text: string, example: string) => `${cut(text)} stands around another index: write ${example}.`,
  spelled: (text: string, word: string, syntax: string) => `${cut(text)} is not a term of the language; ${word} is written ${syntax}.`,
  needsCoarse: (text: string) => `${cut(text)} stands after a coarse quantizer only, as in IVF256,${cut(text)}.`,
  needsIndex: (text: string) => `${cut(text)} changes vectors; an index has to follow it after a comma.`,
  needsCode: (text: string) => `${cut(text)} needs a code after a comma, such as ${cut(text)},Flat.`,
  needsProduct: (text: string) => `${cut(text)} is followed by a product code and nothing else, as in ${cut(text)},PQ16.`,
  nothingFollows: (text: string, rest: string) => `${cut(text)} is complete; ${cut(rest)} cannot follow it.`,
  blank: () => 'Blanks are not skipped: write the string without them.',
  letterCase: (text: string, right: string) => `Upper and lower case matter: write ${cut(right)} instead of ${cut(text)}.`,
  pastedCall: () => 'This is a Python call; only the string inside its quotes is the factory string.',
  splitRefine: () => 'Faiss divides the string at its last ,Refine( even inside of other parentheses, which then lack their partner; RFlat may stand there.',
  ownCells: (text: string, around: string) => `${cut(text)} makes cells of its own and stands in place of ${cut(around)}(…), not inside of it.`,
  alone: (text: string, coarse: string) => `${cut(text)} is an index by itself and no code for the cells of ${cut(coarse)}.`,
  findsCells: (text: string, coarse: string) => `${cut(text)} finds cells: it stands in parentheses behind ${cut(coarse)}, and a code follows.`,
  binaryString: (text: string) => `${cut(text)} belongs to index_binary_factory, whose vectors are bits; these vectors are floats.`,
  noName: (text: string) => `${cut(text)} has a class in Faiss and no name in its factory language.`,
  svs: (text: string) => `${cut(text)} is read only by a Faiss built with Intel’s SVS library.`,
  ivfHnsw: (coarse: string, graph: string) => `${cut(coarse)},${cut(graph)} is not an index: a graph over the centroids is written ${cut(coarse)}_${cut(graph)}, and a code follows it.`,
  missingNumber: (text: string) => `${cut(text)} needs a number.`,
  missingComma: (left: string, right: string) => `A comma is missing between ${cut(left)} and ${cut(right)}.`,

  unknownBinary: (text: string) => `${text === '' ? 'Nothing' : cut(text)} is not a binary index; they are BFlat, BIVF<n>, BIVF<n>_HNSW<M>, BHNSW<M>, BHash<b> and BHash<h>x<b>.`,
  ignoredTail: (text: string) => `Faiss ignores ${cut(text)}.`,

  // numbers that do not fit the dimension
  notMultiple: (term: string, d: number, M: number, tries: string[], front: string | null) =>
    `${term} cuts ${dimensions(d)} into ${number(M)} parts; ${number(d)} is not a multiple of ${number(M)}. Try ${list(tries)}${front ? `, or put ${front} in front` : ''}.`,
  oddHalves: (d: number, parts: number) => `The quantizer cuts vectors into ${parts} equal parts; d = ${number(d)} is not a multiple of ${parts}.`,
  zeroParts: (term: string) => `${term} needs at least one part.`,
  dimension: (d: number) => `Vectors need at least one dimension; d is ${d}.`,
  bitsTooMany: (term: string, nbits: number, cap: number) => `${term} asks for ${number(nbits)} bits per code; Faiss takes at most ${cap}.`,
  booksTooMany: (bits: number) => `${number(bits)} bits number more centroids than fit; at most 63 bits in all.`,
  lshBits: (nbits: number, d: number) => `LSH without rotation takes one bit per dimension: ${number(nbits)} bits of ${number(d)} dimensions. Write LSH${nbits}r to rotate first.`,
  levels: (levels: number, d: number) => levels === 0 ? 'A Panorama needs at least one level.' : `${number(levels)} levels are more than the ${dimensions(d)}.`,
  block: (bbs: number) => `Fast-scan blocks hold a multiple of 32 vectors; ${number(bbs)} is not one.`,
  norm: (term: string) => `${term} has to store the norm for L2 in 8 bits: add _Nrq2x4 or _Nlsq2x4.`,
  normIP: (term: string) => `${term} needs no norm for inner product: leave the suffix away.`,
  lattice: (why: string) => `This lattice cannot be made: ${why}.`,
  noRotationSize: (size: number) => `The random rotation alone would take ${bytes(size)}.`,
  badPeriod: (text: string) => `${text} is not a period: write a number such as 1.5.`,

  wholeBytes: (d: number) => `Binary vectors have a multiple of 8 bits; d is ${d}.`,
  hashBits: (nhash: number, nbits: number, d: number) => `${nhash} hashes of ${nbits} bits need ${nhash * nbits} bits; a vector has ${d}.`,

  // metric
  metricOnly: (term: string, metric: 'L2' | 'IP') => `${term} exists for ${metric === 'L2' ? 'L2' : 'inner product'} only.`,
  metricIgnored: (term: string) => `${term} ignores inner product: Faiss builds it for L2 without a word.`,
  metricsDiffer: () => 'Base and refinement must use one metric; one of them falls back to L2.',
  normless: () => '_Nnone ranks L2 without the norms: wrong unless all vectors have the same length.',

  // memory
  memory: (what: string, size: number) => `${what} would take ${bytes(size)} before the first vector is added.`,
  overBudget: (total: number, budget: number, n: number, fit: number) =>
    `${number(n)} vectors would take ${bytes(total)}; there are ${bytes(budget)}.${fit > 0 ? ` About ${number(fit)} vectors would fit.` : ''}`,

  // constructed, but not usable
  cannot: (step: Step, why: string) => `Faiss constructs this index but cannot ${step === 'add' ? 'add to' : step} it: ${why}.`,
  nonsense: (why: string) => `Faiss constructs this index but answers nonsense: ${why}.`,

  // this data
  fewVectors: (term: string, needs: number, n: number) => `${term} needs at least ${number(needs)} vectors to train; there are ${number(n)}.`,
  fewPerCentroid: (term: string, advised: number, n: number) => `${term} is best trained on ${number(advised)} vectors or more (39 per centroid); there are ${number(n)}.`,
  booksLargerThanData: (term: string, books: number, vectors: number) => `The code books of ${term} take ${bytes(books)}, more than the ${bytes(vectors)} of vectors they code.`,
  polysemous: (term: string) => `${term} reorders its codes for Hamming distances by default; above 14 bits that needs more than 20 GB. Write np to leave it out.`,
  efBelowNprobe: () => 'The graph over the centroids returns the nprobe lists it found with efSearch 16 by default: raise quantizer_efSearch above nprobe.',
  efBelow: (efSearch: number, nprobe: number) => `The graph over the centroids looks for the ${number(nprobe)} nearest lists with only ${number(efSearch)} candidates in view: set quantizer_efSearch to ${number(nprobe)} or more.`,
  rotateFirst: (term: string) => `${term} expects components that are all alike, as after a rotation: put RR in front.`,
  unitVariance: (term: string, d: number) => `${term} has levels for components of variance 1, as of rotated vectors of length √d = ${Number(Math.sqrt(d).toPrecision(3))}; shorter vectors use only the middle levels. SQtq and EDEN scale each vector themselves.`,
  lshSigns: () => 'LSH without r takes the signs of raw components: on non-negative data all codes are equal. Write r or t, or put ITQ in front.',
  quantizerOnce: () => 'An IVF over the centroids assigns with nprobe 1 when vectors are added; raising quantizer_nprobe later does not repair it.',
  padded: (levels: number) => `Every list is padded to a multiple of ${number(levels)} vectors.`,
};
