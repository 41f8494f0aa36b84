import { count, countAfter, cursor, eat } from '../reader';
import type { CoarseCodesSpec, PanoramaSpec, Spec, TwoLayerSpec } from '../spec';
import type { Parameter, StructureProduction } from '../production';
import { divisors, powers, upTo } from '../numbers';
import { batchChoices, DEFAULT_BATCH, levelChoices } from './codes';
import { FAISS, PANORAMA } from '../papers';

/** Terms that stand around another index, and the few indexes that are neither code, graph nor inverted file. */

const kFactor: Parameter = {
  name: 'k_factor_rf', meaning: 'The base returns k·k_factor results, of which the refinement keeps the k best.',
  default: 1, min: 1, max: 1000, values: powers(1, 64), rank: 3,
};

export const FlatIndex: StructureProduction = {
  name: 'Flat', role: 'code', syntax: '"Flat"', examples: ['Flat', 'PCA64,Flat'],
  meaning: 'Keeps every vector and compares with all: exact.',
  limits: 'None.',
  parts: {},
  words: {},
  // The code of the same name has the word.
  offers: () => [],
  choices: {},
  builds: 'IndexFlat',
  size: '4·d',
  training: 'None.',
  traps: ['Flat,PQ8'],
  paper: FAISS,
};

export const Panorama: StructureProduction = {
  name: 'FlatL2Panorama', role: 'code', syntax: '"FlatL2Panorama" levels ["_" batch] | "FlatIPPanorama" levels ["_" batch]',
  examples: ['FlatL2Panorama8', 'FlatIPPanorama8_64'],
  meaning: 'Exact vectors cut into levels; a scan stops as soon as a vector is hopeless.',
  limits: 'Between 1 and d levels; the metric must be the one of its name.',
  parts: { levels: 'pieces a vector is cut into', batch: 'vectors scanned together; 1 024 when left out' },
  words: { FlatL2Panorama: 'FlatL2Panorama8', FlatIPPanorama: 'FlatIPPanorama8' },
  offers: () => ['FlatL2Panorama8', 'FlatIPPanorama8'],
  choices: { metric: () => ['L2', 'IP'], levels: levelChoices, batch: batchChoices },
  builds: 'IndexFlatL2Panorama, IndexFlatIPPanorama',
  size: '4·d',
  training: 'None.',
  traps: ['FlatPanorama8', 'FlatL2Panorama0'],
  paper: PANORAMA,
};

export const CoarseCodes: StructureProduction = {
  name: 'RCQ', role: 'coarse', syntax: '("RCQ" | "LSCQ") M "x" nbits {"_" M "x" nbits}', examples: ['IVF256(RCQ2x4),Flat', 'IVF1024(RCQ1x6_1x4),PQ16'],
  meaning: 'Centroids that are sums of codebook rows, never stored one by one; for the parentheses of an IVF.',
  limits: 'At most 63 bits; nlist must be 2^bits. It holds no vectors itself.',
  parts: { M: 'codebooks', nbits: 'bits per codebook' },
  words: { RCQ: 'RCQ2x4', LSCQ: 'LSCQ2x4' },
  offers: () => ['RCQ2x4'],
  choices: { M: () => upTo(16), nbits: () => upTo(16) },
  builds: 'ResidualCoarseQuantizer, LocalSearchCoarseQuantizer',
  size: '0',
  training: 'Codebook after codebook on what is left, with a beam; no k-means over all cells.',
  traps: ['RCQ2x4', 'IVF1000(RCQ2x4),Flat'],
  paper: 'Chen, Guan & Wang, Approximate nearest neighbor search by residual vector quantization, Sensors 2010',
};

export const TwoLayer: StructureProduction = {
  name: 'Residual', role: 'code', syntax: '("Residual" nlist | "Residual" M "x" nbits) ",PQ" M ["x" nbits]', examples: ['Residual256,PQ16', 'Residual2x4,PQ16'],
  meaning: 'The number of a centroid and a product code of what is left, one after the other: a codec.',
  limits: 'L2 only. It encodes and decodes; it cannot search.',
  parts: {
    nlist: 'centroids of the first layer',
    M: 'parts, of the first layer or of the product code',
    nbits: 'bits per part; 8 in the product code when left out',
  },
  words: { Residual: 'Residual256' },
  offers: () => ['Residual256'],
  choices: { nlist: () => powers(1, 2 ** 16), M: divisors, nbits: () => upTo(16) },
  builds: 'Index2Layer',
  size: '⌈log2(nlist)/8⌉ + ⌈M·nbits/8⌉',
  training: 'k-means for the first layer, then for each part of what is left.',
  traps: ['Residual256,PQ16'],
  paper: FAISS,
};

export const RFlat: StructureProduction = {
  name: 'RFlat', role: 'refine', syntax: 'factory ",RFlat"', examples: ['IVF256,PQ32,RFlat', 'PQ16x4fs,RFlat'],
  meaning: 'Keeps the vectors too and re-ranks the k·k_factor best with exact distances.',
  limits: 'Adds 4 bytes per dimension.',
  parts: { factory: 'the index that finds the candidates' },
  words: { RFlat: 'RFlat' },
  offers: () => ['RFlat'],
  choices: {},
  parameters: [kFactor],
  builds: 'IndexRefineFlat',
  size: '4·d',
  training: 'That of the index in front.',
  traps: ['RFlat'],
  paper: 'Jégou, Tavenard, Douze & Amsaleg, Searching in one billion vectors: re-rank with source coding, ICASSP 2011',
};

export const Refine: StructureProduction = {
  name: 'Refine', role: 'refine', syntax: 'factory ",Refine(" factory ")"', examples: ['IVF256,PQ16,Refine(SQ8)', 'PQ16x4fs,Refine(SQfp16)'],
  meaning: 'Re-ranks the k·k_factor best with the finer codes of a second index.',
  limits: 'No second Refine(…) inside the parentheses; the inner index must score single vectors.',
  parts: { factory: 'the index that finds the candidates; in parentheses the one that re-ranks them' },
  words: { Refine: 'Refine(SQ8)' },
  offers: () => ['Refine(SQ8)', 'Refine('],
  choices: {},
  parameters: [kFactor],
  builds: 'IndexRefine',
  size: 'inner, the code size of the index in parentheses',
  training: 'That of both indexes, each on the same vectors.',
  traps: ['PQ16,Refine(IVF256,Flat)'],
  paper: 'Jégou, Tavenard, Douze & Amsaleg, Searching in one billion vectors: re-rank with source coding, ICASSP 2011',
};

export const RefinePanorama: StructureProduction = {
  name: 'RefinePanorama', role: 'refine', syntax: 'factory ",RefinePanorama(" factory ")"', examples: ['IVF256,PQ16,RefinePanorama(FlatL2Panorama8_1)', 'PQ16,RefinePanorama(FlatL2Panorama4_1)'],
  meaning: 'Re-ranks level by level and drops hopeless candidates early.',
  limits: 'The inner index is a FlatL2Panorama or FlatIPPanorama with a batch of 1.',
  parts: { factory: 'the index that finds the candidates; in parentheses the Panorama that re-ranks them' },
  words: { RefinePanorama: 'RefinePanorama(FlatL2Panorama8_1)' },
  offers: () => ['RefinePanorama(FlatL2Panorama8_1)'],
  choices: {},
  parameters: [kFactor],
  builds: 'IndexRefinePanorama',
  size: '4·d',
  training: 'That of the index in front.',
  traps: ['PQ16,RefinePanorama(Flat)', 'PQ16,RefinePanorama(FlatL2Panorama8)'],
  paper: PANORAMA,
};

export const IDMap: StructureProduction = {
  name: 'IDMap', role: 'wrapper', syntax: '("IDMap" | "IDMap2") "," factory | factory "," ("IDMap" | "IDMap2")', examples: ['IDMap,PQ16', 'HNSW32,IDMap2'],
  meaning: 'Keeps ids of your own; IDMap2 also finds a vector by its id.',
  limits: 'Outermost only: it takes vectors by add_with_ids.',
  parts: { factory: 'the index whose vectors are numbered' },
  words: { IDMap: 'IDMap', IDMap2: 'IDMap2' },
  offers: () => ['IDMap', 'IDMap2'],
  choices: { version: () => [1, 2] },
  builds: 'IndexIDMap, IndexIDMap2',
  size: '8',
  training: 'That of the index inside.',
  traps: ['IDMap'],
  paper: FAISS,
};

export const MinMax: StructureProduction = {
  name: 'MinMax', role: 'wrapper', syntax: '("MinMax," | "MinMaxFP16,") factory', examples: ['MinMax,SQ8', 'MinMaxFP16,PQ16'],
  meaning: 'Scales every vector by its own least and largest value before coding it.',
  limits: 'A codec only: it neither adds nor searches. No parentheses after it.',
  parts: { factory: 'the codec that sees the scaled vectors' },
  words: { MinMax: 'MinMax', MinMaxFP16: 'MinMaxFP16' },
  offers: () => ['MinMax', 'MinMaxFP16'],
  choices: { half: () => [false, true] },
  builds: 'IndexRowwiseMinMax, IndexRowwiseMinMaxFP16',
  size: '8 (MinMax) or 4 (MinMaxFP16)',
  training: 'That of the codec inside, on scaled vectors.',
  traps: ['MinMax,SQ8'],
  paper: FAISS,
};

// Panorama → ("FlatL2Panorama" | "FlatIPPanorama") levels [ "_" batch ]      FlatL2Panorama8 · FlatIPPanorama8_64
export function readPanorama(c: ReturnType<typeof cursor>): PanoramaSpec | null {
  const metric = eat(c, 'FlatL2Panorama') ? 'L2' : eat(c, 'FlatIPPanorama') ? 'IP' : null;
  const levels = metric && count(c);
  const batch = countAfter(c, '_');
  return metric === null || levels === null || batch === null ? null : { kind: 'Panorama', metric, levels, batch: batch ?? DEFAULT_BATCH };
}

export const writePanorama = ({ metric, levels, batch }: PanoramaSpec): string => `Flat${metric}Panorama${levels}${batch === DEFAULT_BATCH ? '' : `_${batch}`}`;

// CoarseCodes → ("RCQ" | "LSCQ") books              RCQ2x4 · LSCQ2x4
// The norm suffix that Faiss also takes is ignored there, and dropped here.
export function readCoarseCodes(c: ReturnType<typeof cursor>, read: (codec: string) => Spec | null): CoarseCodesSpec | null {
  const kind = eat(c, 'RCQ') ? 'RCQ' : eat(c, 'LSCQ') ? 'LSCQ' : null;
  if (kind === null) return null;
  const inner = read(`${kind === 'RCQ' ? 'RQ' : 'LSQ'}${c.s.slice(c.at, c.to)}`);
  if (inner?.kind !== 'Codes' || (inner.codec.kind !== 'RQ' && inner.codec.kind !== 'LSQ')) return null;
  c.at = c.to;
  return { kind, books: inner.codec.books };
}

// TwoLayer → ("Residual" nlist | "Residual" M "x" nbits) ",PQ" M [ "x" nbits ]      Residual256,PQ16 · Residual2x4,PQ16
export function readResidual(c: ReturnType<typeof cursor>): TwoLayerSpec['coarse'] | null {
  if (!eat(c, 'Residual')) return null;
  const first = count(c);
  const nbits = countAfter(c, 'x');
  if (first === null || nbits === null) return null;
  return nbits === undefined ? { kind: 'Flat', nlist: first } : { kind: 'IMI', M: first, nbits };
}

export function writeResidual({ coarse, M, nbits }: TwoLayerSpec): string {
  const head = coarse.kind === 'Flat' ? `Residual${coarse.nlist}` : `Residual${coarse.M}x${coarse.nbits}`;
  return `${head},PQ${M}${nbits === 8 ? '' : `x${nbits}`}`;
}
