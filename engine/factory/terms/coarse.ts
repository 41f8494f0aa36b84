import { count, countAfter, cursor, eat, atEnd } from '../reader';
import type { CoarseSpec } from '../spec';
import type { Entry } from '../production';
import { FAISS } from '../papers';

/** Coarse quantizers: what stands before the comma of an inverted file. */

export const IVF: Entry = {
  name: 'IVF', role: 'coarse', syntax: '"IVF" nlist ["k" | "M"]', examples: ['IVF256,Flat', 'IVF4k,PQ16'],
  meaning: 'Cuts space into nlist cells by k-means; a search visits the nprobe nearest.',
  limits: 'At least nlist vectors to train; 39 per list are advised.',
  parts: { nlist: 'cells', k: 'nlist times 1 024', M: 'nlist times 1 048 576' },
  builds: 'IndexIVF… over an IndexFlat',
  size: '⌈log2(nlist)/8⌉, the number of the cell; a list keeps an 8-byte id beside each code',
  training: 'k-means, 10 iterations over at most 256 vectors per cell.',
  traps: ['IVF256', 'IVF16K,Flat', 'ivf256,Flat'],
  paper: 'Sivic & Zisserman, Video Google, ICCV 2003',
};

export const IVF_HNSW: Entry = {
  name: 'IVF_HNSW', role: 'coarse', syntax: '"IVF" nlist "_HNSW" [M]', examples: ['IVF1024_HNSW32,Flat', 'IVF65536_HNSW32,PQ32'],
  meaning: 'Finds the cells with a graph over the centroids instead of comparing with all.',
  limits: 'M is at least 2; keep efSearch of the graph above nprobe.',
  parts: { nlist: 'cells', M: 'links of a centroid; 32 when left out' },
  builds: 'IndexIVF… over an IndexHNSWFlat',
  size: '⌈log2(nlist)/8⌉, the number of the cell',
  training: 'k-means as for IVF; then a graph over the centroids.',
  traps: ['IVF65536,HNSW32', 'IVF256_HNSW32'],
  paper: 'Baranchuk, Babenko & Malkov, Revisiting the inverted indices, ECCV 2018',
};

export const IVF_NSG: Entry = {
  name: 'IVF_NSG', role: 'coarse', syntax: '"IVF" nlist "_NSG" R', examples: ['IVF1024_NSG32,Flat', 'IVF4096_NSG16,PQ32'],
  meaning: 'Finds the cells with an NSG over the centroids.',
  limits: 'More than 100 cells; R is at least 2.',
  parts: { nlist: 'cells', R: 'links of a centroid' },
  builds: 'IndexIVF… over an IndexNSGFlat',
  size: '⌈log2(nlist)/8⌉, the number of the cell',
  training: 'k-means as for IVF; then one graph over all centroids.',
  traps: ['IVF64_NSG16,Flat'],
  paper: 'Fu, Xiang, Wang & Cai, Fast approximate nearest neighbor search with the navigating spreading-out graph, VLDB 2019',
};

export const IVF_Index: Entry = {
  name: 'IVF(…)', role: 'coarse', syntax: '"IVF" nlist "(" factory ")"', examples: ['IVF256(PQ16x4),Flat', 'IVF256(RCQ2x4),PQ16'],
  meaning: 'Finds the cells with any index over the centroids.',
  limits: 'The inner index is trained on the nlist centroids; RCQ needs nlist = 2^bits.',
  parts: { nlist: 'cells', factory: 'any index, filled with the centroids' },
  builds: 'IndexIVF… over any index',
  size: '⌈log2(nlist)/8⌉, the number of the cell',
  training: 'k-means as for IVF; then the inner index is trained on the centroids. An RCQ is trained on the vectors instead.',
  traps: ['IVF16(PQ8),Flat', 'IVF256(IVF16,Flat),PQ16'],
  paper: FAISS,
};

export const IMI: Entry = {
  name: 'IMI', role: 'coarse', syntax: '"IMI2x" nbits', examples: ['IMI2x8,PQ32', 'IMI2x4,Flat'],
  meaning: 'Cuts both halves of the vector into 2^nbits cells; every pair is a list, walked in order of summed distance.',
  limits: 'L2 only; d is even; 2^(2·nbits) lists have to fit in memory.',
  parts: { nbits: 'bits per half; nlist is 2^(2·nbits)' },
  builds: 'IndexIVF… over a MultiIndexQuantizer',
  size: '⌈2·nbits/8⌉, the number of the cell',
  training: 'k-means of 2^nbits centroids for each half, 25 iterations.',
  traps: ['IMI2x16,PQ8'],
  paper: 'Babenko & Lempitsky, The inverted multi-index, PAMI 2015',
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

export function writeCoarse(nlist: number, coarse: CoarseSpec, writeIndex: (index: Extract<CoarseSpec, { kind: 'Index' }>['index']) => string): string {
  switch (coarse.kind) {
    case 'Flat': return `IVF${writeNlist(nlist)}`;
    case 'HNSW': return `IVF${writeNlist(nlist)}_HNSW${coarse.M}`;
    case 'NSG': return `IVF${writeNlist(nlist)}_NSG${coarse.R}`;
    case 'IMI': return `IMI2x${coarse.nbits}`;
    case 'Index': return `IVF${writeNlist(nlist)}(${writeIndex(coarse.index)})`;
  }
}
