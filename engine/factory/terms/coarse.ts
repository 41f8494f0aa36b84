import { count, countAfter, cursor, eat, atEnd } from '../reader';
import type { CoarseSpec, Spec } from '../spec';
import type { CoarseProduction, Parameter } from '../production';
import { powers, upTo } from '../numbers';
import { FAISS } from '../papers';
import { efSearch, links } from './graphs';

/** Coarse quantizers: what stands before the comma of an inverted file. */

type Of<K extends CoarseSpec['kind']> = Extract<CoarseSpec, { kind: K }>;

export const nprobe = (nlist: number): Parameter => ({
  name: 'nprobe', meaning: 'How many cells are visited.', default: 1, min: 1, max: Math.max(1, nlist), values: powers(1, 4096).filter((v) => v < nlist), rank: 1,
});
const maxCodes: Parameter = {
  name: 'max_codes', meaning: 'Stop after this many codes; 0 is no bound.', default: 0, min: 0, max: 2 ** 31 - 1, values: powers(256, 524288), rank: 6,
};

const cellCounts = () => powers(1, 2 ** 20);
/** Ways to find the cells, that one can be exchanged for another. */
const finders = () => ['Flat', 'HNSW', 'NSG', 'IMI'];

export const IVF: CoarseProduction<Of<'Flat'>> = {
  name: 'IVF', role: 'coarse', syntax: '"IVF" nlist ["k" | "M"]', examples: ['IVF256,Flat', 'IVF4k,PQ16'],
  meaning: 'Cuts space into nlist cells by k-means; a search visits the nprobe nearest.',
  limits: 'At least nlist vectors to train; 39 per list are advised.',
  parts: { nlist: 'cells', k: 'nlist times 1 024', M: 'nlist times 1 048 576' },
  words: { IVF: 'IVF256' },
  offers: () => ['IVF256', 'IVF1024', 'IVF4096'],
  choices: { nlist: cellCounts, kind: finders },
  builds: 'IndexIVF… over an IndexFlat',
  size: '⌈log2(nlist)/8⌉, the number of the cell; a list keeps an 8-byte id beside each code',
  training: 'k-means, 10 iterations over at most 256 vectors per cell.',
  traps: ['IVF256', 'IVF16K,Flat', 'ivf256,Flat'],
  paper: 'Sivic & Zisserman, Video Google, ICCV 2003',
  write: (nlist) => `IVF${writeNlist(nlist)}`,
  parameters: (nlist) => [nprobe(nlist)],
};

export const IVF_HNSW: CoarseProduction<Of<'HNSW'>> = {
  name: 'IVF_HNSW', role: 'coarse', syntax: '"IVF" nlist "_HNSW" [M]', examples: ['IVF1024_HNSW32,Flat', 'IVF65536_HNSW32,PQ32'],
  meaning: 'Finds the cells with a graph over the centroids instead of comparing with all.',
  limits: 'M is at least 2; keep efSearch of the graph above nprobe.',
  parts: { nlist: 'cells', M: 'links of a centroid; 32 when left out' },
  words: {},
  offers: () => ['IVF1024_HNSW32', 'IVF65536_HNSW32'],
  choices: { nlist: cellCounts, kind: finders, M: links },
  builds: 'IndexIVF… over an IndexHNSWFlat',
  size: '⌈log2(nlist)/8⌉, the number of the cell',
  training: 'k-means as for IVF; then a graph over the centroids.',
  traps: ['IVF65536,HNSW32', 'IVF256_HNSW32'],
  paper: 'Baranchuk, Babenko & Malkov, Revisiting the inverted indices, ECCV 2018',
  write: (nlist, { M }) => `IVF${writeNlist(nlist)}_HNSW${M}`,
  parameters: (nlist) => [nprobe(nlist)],
  inner: [efSearch],
};

export const IVF_NSG: CoarseProduction<Of<'NSG'>> = {
  name: 'IVF_NSG', role: 'coarse', syntax: '"IVF" nlist "_NSG" R', examples: ['IVF1024_NSG32,Flat', 'IVF4096_NSG16,PQ32'],
  meaning: 'Finds the cells with an NSG over the centroids.',
  limits: 'More than 100 cells; R is at least 2.',
  parts: { nlist: 'cells', R: 'links of a centroid' },
  words: {},
  offers: () => ['IVF1024_NSG32'],
  choices: { nlist: cellCounts, kind: finders, R: links },
  builds: 'IndexIVF… over an IndexNSGFlat',
  size: '⌈log2(nlist)/8⌉, the number of the cell',
  training: 'k-means as for IVF; then one graph over all centroids.',
  traps: ['IVF64_NSG16,Flat'],
  paper: 'Fu, Xiang, Wang & Cai, Fast approximate nearest neighbor search with the navigating spreading-out graph, VLDB 2019',
  write: (nlist, { R }) => `IVF${writeNlist(nlist)}_NSG${R}`,
  parameters: (nlist) => [nprobe(nlist)],
};

export const IVF_Index: CoarseProduction<Of<'Index'>> = {
  name: 'IVF(…)', role: 'coarse', syntax: '"IVF" nlist "(" factory ")"', examples: ['IVF256(PQ16x4),Flat', 'IVF256(RCQ2x4),PQ16'],
  meaning: 'Finds the cells with any index over the centroids.',
  limits: 'The inner index is trained on the nlist centroids; RCQ needs nlist = 2^bits.',
  parts: { nlist: 'cells', factory: 'any index, filled with the centroids' },
  words: {},
  offers: () => ['IVF256('],
  choices: { nlist: cellCounts },
  builds: 'IndexIVF… over any index',
  size: '⌈log2(nlist)/8⌉, the number of the cell',
  training: 'k-means as for IVF; then the inner index is trained on the centroids. An RCQ is trained on the vectors instead.',
  traps: ['IVF16(PQ8),Flat', 'IVF256(IVF16,Flat),PQ16'],
  paper: FAISS,
  write: (nlist, { index }, writeIndex) => `IVF${writeNlist(nlist)}(${writeIndex(index)})`,
  parameters: (nlist) => [nprobe(nlist)],
};

export const IMI: CoarseProduction<Of<'IMI'>> = {
  name: 'IMI', role: 'coarse', syntax: '"IMI2x" nbits', examples: ['IMI2x8,PQ32', 'IMI2x4,Flat'],
  meaning: 'Cuts both halves of the vector into 2^nbits cells; every pair is a list, walked in order of summed distance.',
  limits: 'L2 only; d is even; 2^(2·nbits) lists have to fit in memory.',
  parts: { nbits: 'bits per half; nlist is 2^(2·nbits)' },
  words: { IMI2x: 'IMI2x8' },
  offers: () => ['IMI2x8'],
  choices: { kind: finders, nbits: () => upTo(16) },
  builds: 'IndexIVF… over a MultiIndexQuantizer',
  size: '⌈2·nbits/8⌉, the number of the cell',
  training: 'k-means of 2^nbits centroids for each half, 25 iterations.',
  traps: ['IMI2x16,PQ8'],
  paper: 'Babenko & Lempitsky, The inverted multi-index, PAMI 2015',
  write: (_, { nbits }) => `IMI2x${nbits}`,
  parameters: (nlist) => [nprobe(nlist), maxCodes],
};

/** "(": the text up to its partner is an index of its own, which the caller reads. */
export type CoarseHead = { nlist: number; coarse: CoarseSpec | 'parentheses'; overflow: { from: number; to: number } | null };

// coarse → "IVF" nlist [ "k" | "M" ] [ "_HNSW" [ M ] | "_NSG" R | "(" … ")" ] | "IMI2x" nbits
//                                                  IVF1024_HNSW32 · IMI2x8
export function readCoarse(s: string, from: number, to: number): CoarseHead | null {
  const c = cursor(s, from, to);
  if (eat(c, 'IMI2x')) {
    const nbits = count(c);
    return nbits !== null && atEnd(c) ? { nlist: 4 ** nbits, coarse: { kind: 'IMI', nbits }, overflow: c.overflow } : null;
  }
  if (!eat(c, 'IVF')) return null;
  const digits = count(c);
  if (digits === null) return null;
  const nlist = digits * (eat(c, 'k') ? 1024 : eat(c, 'M') ? 1048576 : 1);
  if (c.at < to && s.charAt(c.at) === '(') return { nlist, coarse: 'parentheses', overflow: c.overflow };
  const M = countAfter(c, '_HNSW');
  const R = M === undefined ? countAfter(c, '_NSG') : undefined;
  if (R === null || !atEnd(c)) return null;
  if (M !== undefined) return { nlist, coarse: { kind: 'HNSW', M: M ?? 32 }, overflow: c.overflow };
  return { nlist, coarse: R === undefined ? { kind: 'Flat' } : { kind: 'NSG', R }, overflow: c.overflow };
}

/** A count beyond 31 bits can only have been written with a suffix. */
export const writeNlist = (nlist: number): string => nlist <= 2147483647 ? String(nlist) : nlist % 1048576 === 0 ? `${nlist / 1048576}M` : `${nlist / 1024}k`;

/** Method syntax in the production lets one table hold them all. */
export const COARSE: { [K in CoarseSpec['kind']]: CoarseProduction } = { Flat: IVF, HNSW: IVF_HNSW, NSG: IVF_NSG, Index: IVF_Index, IMI };

export const writeCoarse = (nlist: number, coarse: CoarseSpec, writeIndex: (index: Spec) => string): string => COARSE[coarse.kind].write(nlist, coarse, writeIndex);
