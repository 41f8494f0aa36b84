/** What a factory string says, as a tree of plain data. `readFactory` makes it, `writeFactory` prints it back;
 *  every word of the language is a production in grammar.ts. Knows names and numbers; not vectors, bytes or screens. */

export type Metric = 'L2' | 'IP';

export type Spec =
  | FlatSpec | PanoramaSpec | CodesSpec | CoarseCodesSpec | IvfSpec | GraphSpec | NsgSpec | TwoLayerSpec
  | PreTransformSpec | RefineSpec | RefinePanoramaSpec | IdMapSpec | MinMaxSpec;

export type FlatSpec = { kind: 'Flat' };
/** `FlatL2Panorama8`: exact vectors cut into levels, so that a scan can stop early. */
export type PanoramaSpec = { kind: 'Panorama'; metric: Metric; levels: number; batch: number };
/** Codes without a coarse quantizer: `PQ32`, `SQ8`. */
export type CodesSpec = { kind: 'Codes'; codec: CodecSpec };
/** `RCQ2x4`, `LSCQ2x4`: implicit centroids for the parentheses of an IVF. They hold no vectors. */
export type CoarseCodesSpec = { kind: 'RCQ' | 'LSCQ'; books: Books };
/** `IVF256,PQ32` · `IVF1024_HNSW32,Flat` · `IMI2x8,PQ32` (nlist = 2^16) */
export type IvfSpec = { kind: 'IVF'; nlist: number; coarse: CoarseSpec; codec: CodecSpec };
/** `HNSW32` · `HNSW32,SQ8` */
export type GraphSpec = { kind: 'HNSW'; M: number; storage: CodecSpec };
/** `NSG32` · `NSG32,SQ8` */
export type NsgSpec = { kind: 'NSG'; R: number; storage: CodecSpec };
/** `Residual256,PQ16` (M = 1 part, all of nlist) · `Residual2x4,PQ16` (M parts of nbits each). */
export type TwoLayerSpec = {
  kind: 'TwoLayer';
  coarse: { kind: 'Flat'; nlist: number } | { kind: 'IMI'; M: number; nbits: number };
  M: number;
  nbits: number;
};
/** `OPQ32,…` : the chain is applied first to last, `index` sees its output. */
export type PreTransformSpec = { kind: 'PreTransform'; chain: TransformSpec[]; index: Spec };
/** `…,RFlat` has refine = { kind: 'Flat' } and exact = true; `…,Refine(SQ8)` names any index. */
export type RefineSpec = { kind: 'Refine'; base: Spec; refine: Spec; exact: boolean };
/** `…,RefinePanorama(FlatL2Panorama8_1)` */
export type RefinePanoramaSpec = { kind: 'RefinePanorama'; base: Spec; refine: Spec };
/** `IDMap,…` · `…,IDMap2` */
export type IdMapSpec = { kind: 'IDMap'; version: 1 | 2; index: Spec };
/** `MinMax,SQ8` · `MinMaxFP16,SQ8` (half = true) */
export type MinMaxSpec = { kind: 'MinMax'; half: boolean; index: Spec };

export type TransformSpec =
  | { kind: 'PCA'; dOut: number; whiten: boolean; rotate: boolean }
  | { kind: 'OPQ'; M: number; dOut?: number }
  | { kind: 'RR'; dOut?: number }
  | { kind: 'HR'; seed?: number }
  | { kind: 'ITQ'; dOut?: number }
  | { kind: 'L2norm' }
  | { kind: 'Pad'; dOut: number };

export type CoarseSpec =
  | { kind: 'Flat' }
  | { kind: 'HNSW'; M: number }
  | { kind: 'NSG'; R: number }
  /** Two halves of nbits each. */
  | { kind: 'IMI'; nbits: number }
  /** `IVF256(PQ16)` : any index over the centroids. */
  | { kind: 'Index'; index: Spec };

/** Consecutive codebooks of an additive quantizer: `1x16_6x8` is one of 16 bits, then six of 8. */
export type Books = { M: number; nbits: number }[];

export const SQ_TYPES = [
  'SQ8', 'SQ6', 'SQ4', 'SQfp16', 'SQbf16', 'SQ8_direct', 'SQ8_direct_signed', 'SQ0',
  'SQtqmse1', 'SQtqmse2', 'SQtqmse3', 'SQtqmse4', 'SQtqmse8', 'SQtq2', 'SQtq3', 'SQtq4', 'SQtq5',
] as const;
export type SqType = (typeof SQ_TYPES)[number];

/** How an additive quantizer keeps ‖x̂‖ for L2 search; null = no suffix. */
export const NORMS = ['none', 'float', 'qint8', 'qint4', 'cqint8', 'cqint4', 'lsq2x4', 'rq2x4'] as const;
export type Norm = (typeof NORMS)[number] | null;

export type AdditiveFamily = 'RQ' | 'LSQ' | 'PRQ' | 'PLSQ';

export type CodecSpec =
  | { kind: 'Flat' }
  | { kind: 'FlatDedup' }
  | { kind: 'FlatPanorama'; levels: number; batch: number }
  | { kind: 'PQ'; M: number; nbits: number; polysemous: boolean }
  /** `PQ8+16`: a second product quantizer of M2 parts codes what the first leaves. */
  | { kind: 'PQR'; M: number; M2: number }
  | { kind: 'PQfs'; M: number; residual: boolean; bbs: number }
  | { kind: 'SQ'; qtype: SqType }
  | AdditiveSpec
  | ProductAdditiveSpec
  | { kind: 'AQfs'; family: AdditiveFamily; splits: number; M: number; residual: boolean; bbs: number; norm: Norm }
  | { kind: 'RaBitQ'; nbits: number }
  | { kind: 'RaBitQfs'; nbits: number; bbs: number }
  | { kind: 'EDEN'; nbits: number; biased: boolean }
  | { kind: 'SH'; transform: 'ITQ' | 'PCA' | 'PCAR'; nbits?: number; period?: number; threshold?: 'g' | 'c' | 'm' }
  | { kind: 'LSH'; nbits?: number; rotate: boolean; train: boolean }
  | { kind: 'ZnLattice'; M: number; r2: number; nbits: number }
  /** HNSW only. `256+PQ16`: nlist centroids, then PQ of the residual · `2x8+PQ16`: two halves of nbits each. */
  | { kind: 'TwoLevel'; coarse: { kind: 'Flat'; nlist: number } | { kind: 'IMI'; nbits: number }; M?: number };

export type AdditiveSpec = { kind: 'RQ' | 'LSQ'; books: Books; norm: Norm };
export type ProductAdditiveSpec = { kind: 'PRQ' | 'PLSQ'; splits: number; M: number; nbits: number; norm: Norm };

export type CodecOf<K extends CodecSpec['kind']> = Extract<CodecSpec, { kind: K }>;
export type TransformOf<K extends TransformSpec['kind']> = Extract<TransformSpec, { kind: K }>;

/** The binary factory: vectors of d bits, Hamming distance. */
export type BinarySpec =
  | { kind: 'BFlat' }
  | { kind: 'BIVF'; nlist: number; M?: number }
  | { kind: 'BHNSW'; M: number }
  | { kind: 'BHash'; nbits: number }
  | { kind: 'BMultiHash'; nhash: number; nbits: number }
  | { kind: 'BIDMap'; version: 1 | 2; index: BinarySpec };
