import type { AdditiveFamily, Metric, Norm, SqType, TransformSpec } from './factory/spec';
import type { Norms } from './quantizers/norms';

/** A trained index as plain data: records and typed arrays over the engine's one memory. Vectors are row-major
 *  float32: component j of vector i is x[i*d + j]. Functions take an index first; nothing here has methods.
 *  Ids are positions 0 … n−1 in the base set. */
export type Index = FlatIndex | CodesIndex | IvfIndex | HnswIndex | NsgIndex | PreTransformIndex | RefineIndex | IdMapIndex;

/** What may find the lists of an IVF. */
export type CoarseIndex = Index | RcqIndex | ImiIndex;

export type FlatIndex = { kind: 'Flat'; d: number; n: number; metric: Metric; vectors: Float32Array /* (n, d) */ };

export type CodesIndex = { kind: 'Codes'; d: number; n: number; metric: Metric; codec: Codec; codes: Uint8Array /* (n, codeSize), or whole blocks of the codec */; codecOnly?: true /* it encodes and decodes, and is not searched */ };

export type IvfIndex = {
  kind: 'IVF'; d: number; n: number; metric: Metric; nlist: number;
  /** Finds the lists: Flat over the centroids, a graph or any other index over them, or codebooks that stand for them. */
  coarse: CoarseIndex;
  centroids: Float32Array; // (nlist, d), as `coarse` gives them back where it can
  codec: Codec;
  byResidual: boolean;
  /** Inverted lists end to end: list i holds entries [offsets[i], offsets[i+1]), and their codes in blocks of the codec
   *  [blocks[i], blocks[i+1]). Where a code is a block of its own, `blocks` is `offsets`. */
  offsets: Uint32Array; // (nlist + 1)
  blocks: Uint32Array;  // (nlist + 1)
  ids: Int32Array;      // (n)
  codes: Uint8Array;    // (n, codeSize), or (blocks[nlist], bytes of a block)
  /** Per list and codebook row, where it fits: ‖y_R‖² + 2⟨y_C, y_R⟩ of PQ codes, 2⟨y_C, y_R⟩ of additive codes with a norm; L2 by residual. */
  precomputed?: Float32Array; // (nlist, M·ksub or all codebook rows)
  /** The first of an IMI, whose halves meet different sub-quantizers: per half and centroid of it. */
  halves?: Float32Array; // (2, 2^nbits, M/2, ksub)
};

export type HnswIndex = {
  kind: 'HNSW'; d: number; n: number; metric: Metric; M: number;
  storage: FlatIndex | CodesIndex;
  /** Two-level codes: what else of a node's distance does not depend on the query. */
  terms?: Float32Array; // (n)
  efConstruction: number;
  entry: number;
  maxLevel: number;
  levels: Uint8Array;     // (n) number of levels of each point, ≥ 1
  offsets: Uint32Array;   // (n + 1) start of a point's links in `links`; level 0 has 2M slots, each upper level M
  links: Int32Array;      // free slots are −1, at the end of each level's slots
};

/** Coarse quantizer only: centroid i is the sum of one row of each codebook, its number their codes packed from the lowest bits up. */
export type RcqIndex = {
  kind: 'RCQ'; d: number; n: number; metric: Metric;
  nbits: number[];         // (M)
  first: Uint32Array;      // (M + 1) first row of each codebook
  codebooks: Float32Array; // (first[M], d)
  centroids: Float32Array; // (n, d) the sums written out
  /** Per codebook, rows padded to whole groups of eight: ‖c‖² (3e38 for padding), and 2⟨c', c⟩ with all rows before: (first[m], padded). */
  books: { norms: Float32Array; cross: Float32Array }[];
};

/** Coarse quantizer only: list first | second << nbits has the centroid made of those two halves. */
export type ImiIndex = { kind: 'IMI'; d: number; n: number; metric: Metric; nbits: number; pq: Extract<Codec, { kind: 'PQ' }> /* M = 2 */; centroids: Float32Array /* (n, d) the pairs written out */ };

export type NsgIndex = {
  kind: 'NSG'; d: number; n: number; metric: Metric; R: number;
  storage: FlatIndex | CodesIndex;
  entry: number;
  links: Int32Array;  // (n, R), free slots −1, at the end
  starts: Int32Array; // ids, once each: with the links of the entry they fill the first list of a search
};

export type PreTransformIndex = { kind: 'PreTransform'; d: number; n: number; metric: Metric; chain: Transform[]; index: Index };

export type RefineIndex = { kind: 'Refine'; d: number; n: number; metric: Metric; base: Index; refine: Index | RefineCodes };

/** Only to re-rank by: PQ codes, in order of id, of what the first code of an IVF leaves. */
export type RefineCodes = {
  kind: 'RefineCodes'; d: number; n: number; metric: Metric;
  ivf: IvfIndex;
  first: Extract<Codec, { kind: 'PQ' }>; // the codec of `ivf`
  pq: Extract<Codec, { kind: 'PQ' }>;
  codes: Uint8Array;  // (n, M)
  listOf: Int32Array; // (n)
  place: Uint32Array; // (n) among the ids and codes of `ivf`
};

/** Ids are positions here, so that this changes nothing but the file. */
export type IdMapIndex = { kind: 'IDMap'; d: number; n: number; metric: Metric; version: 1 | 2; index: Index };

/** A trained map of vectors, from dIn to dOut components. */
export type Transform = LinearTransform | UnitTransform | PadTransform | HadamardTransform | ItqTransform;
type MapOf<K extends string> = { kind: K; spec: TransformSpec; dIn: number; dOut: number };
/** y = A·x + b (PCA, OPQ, RR). A has dOut rows of dIn. */
export type LinearTransform = MapOf<'Linear'> & { A: Float32Array; b?: Float32Array };
/** y = x/‖x‖; 0 stays 0. */
export type UnitTransform = MapOf<'L2norm'>;
/** y = x followed by zeros. */
export type PadTransform = MapOf<'Pad'>;
/** y = H·S₃·H·S₂·H·S₁·x, x followed by zeros: H the Walsh–Hadamard matrix, S diagonal matrices of signs. */
export type HadamardTransform = MapOf<'HR'> & { seed: number; signs: Float32Array /* (3, dOut) of ±1 */ };
/** y = A·(x − mean)/‖x − mean‖. */
export type ItqTransform = MapOf<'ITQ'> & { mean: Float32Array /* (dIn) */; A: Float32Array /* (dOut, dIn) */ };

export type Codec =
  | { kind: 'Flat'; d: number; codeSize: number }
  /** The number of a row; equal vectors of a list share it. vectors: each once, list by list. */
  | { kind: 'FlatDedup'; d: number; codeSize: number; vectors: Float32Array /* (·, d) */ }
  /** The lengths of what follows each level of `width` components, then the vector. `batch` is how many stand together in a file. */
  | { kind: 'FlatPanorama'; d: number; levels: number; batch: number; width: number; codeSize: number }
  | { kind: 'PQ'; d: number; M: number; nbits: number; ksub: number; dsub: number; codeSize: number; centroids: Float32Array /* (M, ksub, dsub) */; transposed: Float32Array /* (M, dsub, ksub), for tables */; order?: 'due' | 'done' /* rows are to be numbered so that bits tell distances, when first asked for (structures/polysemous.ts) */ }
  /** `bbs` is how many vectors a block holds in a file; in memory it is 32. */
  | { kind: 'PQfs'; d: number; M: number; bbs: number; codeSize: number; pq: Extract<Codec, { kind: 'PQ' }> }
  /** first: its code is the list number, of one part or two; pq: codes what it leaves. */
  | { kind: 'TwoLevel'; d: number; codeSize: number; first: Extract<Codec, { kind: 'PQ' }>; pq: Extract<Codec, { kind: 'PQ' }> }
  /** centre: the mean of the training vectors; absent inside inverted lists, whose centroids serve. Codes for L2 and for inner products
   *  differ. `bbs` is how many vectors a block holds in a file; in memory it is 32. */
  | { kind: 'RaBitQ'; d: number; nbits: number; metric: Metric; codeSize: number; centre?: Float32Array /* (d) */ }
  | { kind: 'RaBitQfs'; d: number; nbits: number; metric: Metric; codeSize: number; bbs: number; centre?: Float32Array /* (d) */ }
  | { kind: 'EDEN'; d: number; nbits: number; biased: boolean; codeSize: number; levels: Float32Array /* (2^nbits), at least 16 */; bounds: Float32Array /* (2^nbits − 1) */; centre?: Float32Array /* (d) */ }
  /** thresholds: where half periods are counted from in each list; from 0 where absent. */
  | { kind: 'SH'; d: number; nbits: number; codeSize: number; period: number; map: Transform; thresholds?: Float32Array /* (nlist, nbits) */ }
  | {
      kind: 'ZnLattice'; d: number; M: number; r2: number; codeSize: number;
      nbits: number;          // of the length of a part
      pointBits: number;      // of the number of its point
      ranges: Float32Array;   // (2, M) least and greatest length of each part
      atoms: Float32Array;    // (·, d/M) the points with coordinates ≥ 0 in descending order
      counts: BigUint64Array; // (d/M + 1, r2 + 1) integer points of each squared length in so many components
      points: Float32Array;   // (·, d/M) all points over √r2, or none where they are too many
    }
  /** inner: the code of the vector scaled to [0, 1]; its range and least value stand before it, in half precision or as floats. */
  | { kind: 'MinMax'; d: number; half: boolean; codeSize: number; inner: Codec }
  /** Whole indexes as MinMax codes with them: a list number before the code of a list; transforms before the code of what they make. */
  | { kind: 'Listed'; d: number; codeSize: number; coarse: CoarseIndex; centroids: Float32Array /* (nlist, d) */; byResidual: boolean; inner: Codec }
  | { kind: 'Mapped'; d: number; codeSize: number; chain: Transform[]; inner: Codec }
  | { kind: 'LSH'; d: number; nbits: number; codeSize: number; A?: Float32Array /* (nbits, d) */; thresholds?: Float32Array /* (nbits) */ }
  /** trained: what a file of Faiss holds, (2, d) minima and ranges, or levels and bounds. tables: what the kernels read (sq-*.ts). */
  | { kind: 'SQ'; d: number; qtype: SqType; codeSize: number; trained: Float32Array; tables: Float32Array }
  | {
      kind: 'AQ'; d: number; codeSize: number; family: AdditiveFamily;
      splits: number;           // 1 but for the product forms: the components are cut, each part has codebooks of its own
      nbits: number[];          // (M) width of each codebook of one split; all splits are alike
      first: Uint32Array;       // (M + 1) first row of each codebook of one split
      layout: Int32Array;       // (splits·M + 1, 4) first bit, width, first row, first component; the last is the norm's
      codebooks: Float32Array;  // (splits, first[M], d/splits)
      norm: Norm;
      norms: Norms;             // what the codes of ‖x̂‖² stand for
    }
  /** Additive codes of 4 bits in blocks. By residual their norm is that of centroid and residual together. `bbs` as for PQfs. */
  | { kind: 'AQfs'; d: number; bbs: number; codeSize: number; aq: Extract<Codec, { kind: 'AQ' }> };

/** Faiss ParameterSpace names → values. Absent = Faiss's default. */
export type SearchParams = {
  nprobe?: number;
  /** Codes that an IVF scans at most; 0 = all of the lists probed. */
  max_codes?: number;
  efSearch?: number; search_L?: number;
  /** Product codes that differ from the query's in this many bits or more are passed over; 8·M and more = off. */
  ht?: number;
  /** Candidates per result that are re-ranked: by a second index (1), by the second code of PQa+b (4). */
  k_factor_rf?: number; k_factor?: number;
  /** For the index over the centroids, and quantizer_quantizer_… for the one over its centroids. */
  [inner: `quantizer_${string}`]: number | undefined;
};

/** Work of a search, counted where it is done. Beside Faiss's own statistics: of an inverted file, indexIVF_stats.ndis are the codes
 *  and .nlist the lists that are not empty. Of a graph, hnsw_stats.ndis are ndis − ndisCoarse − ndisRefine, over centroids
 *  ndisCoarse, but for the node that a walk enters by, which Faiss compares without counting; .nhops are the hops. Distances to
 *  centroids that are all compared, and those of re-ranking, Faiss does not count; its .nheap_updates have no twin here. */
export type Counts = {
  /** Full distances computed: of centroids (ndisCoarse), of what is scanned or walked by, and of what is re-ranked (ndisRefine). Two
   *  halves of a vector are one distance. */
  ndis: number;
  ndisCoarse: number;
  ndisRefine: number;
  /** Lists scanned, empty ones included. */
  lists: number;
  /** Codes compared, in lists, all of them, or on a walk; not those that only re-rank. */
  codes: number;
  /** Nodes that a walk went on from, over the vectors and over the centroids. */
  hops: number;
};
