import type { Metric, TransformSpec } from './factory/spec';

/** A trained index as plain data: records and typed arrays over the engine's one memory. Vectors are row-major
 *  float32: component j of vector i is x[i*d + j]. Functions take an index first; nothing here has methods.
 *  Ids are positions 0 … n−1 in the base set. */
export type Index = FlatIndex | CodesIndex | IvfIndex | HnswIndex | PreTransformIndex | RefineIndex;

export type FlatIndex = { kind: 'Flat'; d: number; n: number; metric: Metric; vectors: Float32Array /* (n, d) */ };

export type CodesIndex = { kind: 'Codes'; d: number; n: number; metric: Metric; codec: Codec; codes: Uint8Array /* (n, codeSize) */ };

export type IvfIndex = {
  kind: 'IVF'; d: number; n: number; metric: Metric; nlist: number;
  /** Finds the lists: Flat over the centroids, or HNSW over them. */
  coarse: FlatIndex | HnswIndex;
  centroids: Float32Array; // (nlist, d)
  codec: Codec;
  byResidual: boolean;
  /** Inverted lists end to end: list i holds entries [offsets[i], offsets[i+1]). */
  offsets: Uint32Array; // (nlist + 1)
  ids: Int32Array;      // (n)
  codes: Uint8Array;    // (n, codeSize)
  /** ‖y_R‖² + 2⟨y_C, y_R⟩ per list, sub-quantizer and centroid (IVFPQ, L2 by residual); absent when it would not fit. */
  precomputed?: Float32Array; // (nlist, M, ksub)
};

export type HnswIndex = {
  kind: 'HNSW'; d: number; n: number; metric: Metric; M: number;
  storage: FlatIndex | CodesIndex;
  efConstruction: number;
  entry: number;
  maxLevel: number;
  levels: Uint8Array;     // (n) number of levels of each point, ≥ 1
  offsets: Uint32Array;   // (n + 1) start of a point's links in `links`; level 0 has 2M slots, each upper level M
  links: Int32Array;      // free slots are −1, at the end of each level's slots
};

export type PreTransformIndex = { kind: 'PreTransform'; d: number; n: number; metric: Metric; chain: Transform[]; index: Index };

export type RefineIndex = { kind: 'Refine'; d: number; n: number; metric: Metric; base: Index; refine: Index };

/** y = A·x + b. A has dOut rows of dIn. */
export type Transform = { spec: TransformSpec; dIn: number; dOut: number; A: Float32Array; b?: Float32Array };

export type Codec =
  | { kind: 'Flat'; d: number; codeSize: number }
  | { kind: 'PQ'; d: number; M: number; nbits: number; ksub: number; dsub: number; codeSize: number; centroids: Float32Array /* (M, ksub, dsub) */; transposed: Float32Array /* (M, dsub, ksub), for tables */ }
  | { kind: 'SQ'; d: number; qtype: 'SQ8'; codeSize: number; trained: Float32Array /* (2, d): minima, then ranges */ };

/** Faiss ParameterSpace names → values. Absent = Faiss's default. */
export type SearchParams = { nprobe?: number; efSearch?: number; quantizer_efSearch?: number; k_factor_rf?: number };

/** Work of a search, counted where it is done. */
export type Counts = {
  /** Full distances computed (coarse centroids, graph nodes, scanned codes, re-ranked vectors). */
  ndis: number;
  lists: number;
  codes: number;
  hops: number;
};
