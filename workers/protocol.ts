import type { Metric } from '../engine/factory/spec';
import type { Label } from '../engine/data/labels';
import type { CurveParam, CurvePoint } from '../engine/measure/curves';
import type { Detail, Neighbour, TrueNeighbour as EngineTrueNeighbour } from '../engine/measure/detail';
import type { Measured } from '../engine/measure/sweep';
import type { Window2 } from '../engine/plane';
import type { OpqSettingName } from '../engine/transforms/opq';
import type { SearchParams } from '../engine/types';
import type { LookAnswer, LookAsk, LookKind, Looks } from './looks';

export type { CurvePoint, Label, LookAnswer, LookAsk, LookKind, Looks, Window2 };

/** Everything the page and the engine's worker may say to each other. Plain data only; typed arrays are copies, never
 *  views of the engine's memory. A call is one line here and one function in engine.worker.ts. */
export type Calls = {
  /** Starts memory, kernels and threads. Once, first. */
  start: { ask: { threads?: number; /** of memory; left out: as much as the machine grants */ bytes?: number; /** searches by the kernels whose bits are the same on every machine */ plain?: boolean }; answer: EngineInfo };
  /** Fetches and unpacks an embedded data set (or takes the visitor's vectors) and finds exact neighbours of its queries. */
  load: { ask: { name: string; n: number; metric: Metric; seed: number; /** nothing that only labels need is fetched */ vectorsOnly?: boolean }; answer: DataInfo };
  /** Trains and fills an index; the previous one stays until this one is ready. */
  build: { ask: BuildAsk; answer: IndexInfo };
  /** One query, in full detail. */
  search: { ask: { query: QueryRef; k: number; params: SearchParams }; answer: SearchAnswer };
  /** The query set at each value of one parameter; a point arrives through `progress.point` as soon as it is measured. */
  sweep: { ask: { k: number; param: keyof SearchParams | null; values: number[]; params: SearchParams }; answer: SweepPoint[] };
  /** Recall of the query set at every value, ascending, from a single pass; null where one pass cannot tell. */
  curve: { ask: { k: number; param: CurveParam; values: number[]; params: SearchParams }; answer: CurvePoint[] | null };
  /** A plane through the index's input space, and everything projected onto it. */
  plane: { ask: { kind: PlaneKind; query: QueryRef; /** of 'umap', once: see layout.ts */ layout?: Float32Array }; answer: PlaneAnswer };
  /** Neighbours of an evenly spaced sample of the base, within it: what a layout is made from. */
  knn: { ask: Record<string, never>; answer: KnnAnswer };
  /** Which cell owns each pixel of a window of the current plane: the exact slice of the Voronoi diagram.
   *  `iteration` ≥ 0 takes the centroids as they were after that k-means iteration. */
  slice: { ask: { window: Window2; width: number; height: number; iteration: number | null }; answer: SliceAnswer };
  /** The true nearest of a base vector, itself left out: exact, by the data's own metric. */
  near: { ask: { id: number; k: number }; answer: NearAnswer };
  /** What one of the further views of the stage is drawn from. */
  look: { ask: LookAsk; answer: LookAnswer };
  /** What the index is made of, as plain data: small ones only. */
  anatomy: { ask: Record<string, never>; answer: AnatomyAnswer };
};
export type Call = keyof Calls;
export type Ask<C extends Call = Call> = Calls[C]['ask'];
export type Answer<C extends Call = Call> = Calls[C]['answer'];

/** What a long call reports on its way. `left` in seconds, null while unknown. */
export type Progress = { stage: string; done: number; total: number; left: number | null; point?: SweepPoint };

/** A refusal or failure, crossing as plain data. `cancelled` and `stale` are not shown as errors. */
export type Failure = { name: 'refused' | 'cancelled' | 'broken'; message: string };

export type EngineInfo = {
  threads: number;
  /** One memory shared by several threads, or a single thread where the page is not cross-origin isolated. */
  shared: boolean;
  simd: 'relaxed' | 'plain';
  memoryBytes: number;
};

export type DataInfo = {
  name: string; title: string; n: number; d: number; metric: Metric; nq: number;
  /** Held-out queries' labels are asked for one at a time; these are short texts for the picker. */
  queryNames: string[];
  /** Seconds it took to find the exact neighbours of all queries. */
  truthMs: number;
  licence: string; attribution: string;
};

/** A query, so that it can stand in a URL: a held-out one by number, a base vector by id (said so on screen),
 *  or a point of the plane through held-out query `index` and its two nearest centroids. */
export type QueryRef =
  | { kind: 'heldOut'; index: number }
  | { kind: 'base'; id: number }
  | { kind: 'plane'; index: number; x: number; y: number };

export type BuildAsk = { factory: string; metric: Metric; seed: number; opq?: OpqSettingName };

export type IndexInfo = {
  factory: string; metric: Metric; n: number; d: number;
  /** Faiss's sa_code_size, null for graphs. */
  codeSize: number | null;
  /** Why it cannot be searched, where it is a codec only. */
  unsearchable?: string;
  /** Size of the .index file Faiss would write. */
  bytes: number;
  trainMs: number; addMs: number;
  /** Present when the string has cells. */
  ivf: null | { nlist: number; sizes: Uint32Array; imbalance: number; emptyLists: number; /** of a multi-index: list = first | second << nbits */ nbits?: number };
  /** k-means as it happened: objective and moved points per iteration, for the timeline. */
  kmeans: null | { iterations: { objective: number; empty: number; moved: number; imbalance: number; ms: number }[]; sampled: number };
  stages: { name: string; ms: number }[];
};

export type Hit = Neighbour & { label: Label };
/** `found`, or the one cause it was missed for; `listRank` (1-based) among all lists by distance to the query. */
export type TrueNeighbour = EngineTrueNeighbour & { label: Label };

/** Everything one search did: see engine/measure/detail.ts. */
export type SearchAnswer = Omit<Detail, 'hits' | 'truth'> & {
  query: { vector: Float32Array; label: Label; ref: QueryRef };
  hits: Hit[];
  truth: TrueNeighbour[];
};

export type SweepPoint = Measured & { value: number; params: SearchParams };

/** 'umap' is a layout, no plane: dots alone stand on it. */
export type PlaneKind = 'query' | 'pca' | 'data' | 'umap';

export type KnnAnswer = { n: number; k: number; ids: Int32Array /* (n, k) itself first */; distances: Float32Array /* (n, k) */ };

export type PlaneAnswer = {
  kind: PlaneKind;
  /** One triple per base vector: x, y on the plane and distance from it. */
  points: Float32Array; // (n, 3)
  /** List of each base vector, −1 where the index has none. */
  lists: Int32Array; // (n)
  centroids: Float32Array; // (nlist, 3)
  /** Centroids on this plane after each recorded k-means iteration, for the animation. */
  history: Float32Array[]; // each (nlist, 3)
  query: { x: number; y: number; height: number };
  badge: {
    /** Every mark lies in the plane (d = 2). */
    exact: boolean;
    /** Share of dots drawn over the cell that truly owns them. */
    agreement: number | null;
    /** Share of a point's 10 nearest neighbours that are also nearest on the plane, sampled. */
    knn10: number;
    /** Where the index over the centroids does not compare with all of them: share of sampled vectors that it sent to the list whose
     *  centroid is truly nearest, which is the cell that is drawn. */
    coarse?: number;
    /** Share of the data's variance that the plane keeps; null for a layout, which keeps none. */
    variance: number | null;
  };
};

export type NearAnswer = { id: number; ids: Int32Array /* (k) nearest first */ };

/** A small index taken apart: see anatomy.ts. */
export type AnatomyAnswer = {
  n: number; d: number;
  /** Dimensions after the transforms. */
  dInner: number;
  base: Float32Array;            // (n, d)
  inner: Float32Array;           // (n, dInner) after the transforms
  /** What the codes stand for, in the inner space; null where vectors are kept as they are. */
  decoded: Float32Array | null;  // (n, dInner)
  /** The same carried back through the transforms; null where the base itself would come back. */
  restored: Float32Array | null; // (n, d)
  graph: GraphAnatomy | null;
  /** Of sign codes: bit b is 1 where ⟨normals_b, x⟩ ≥ thresholds_b, x in the inner space. */
  signs: { nbits: number; normals: Float32Array /* (nbits, dInner) */; thresholds: Float32Array /* (nbits) */ } | null;
};
/** A graph over the vectors, or over the centroids where they are given. An NSG has one layer, and R for M. */
export type GraphAnatomy = {
  nodes: number; M: number; entry: number;
  levels: Uint8Array;             // (nodes) layers a node stands on
  links: Int32Array;              // (links, 3): from, to, layer
  centroids: Float32Array | null; // (nodes, dInner)
};

export type SliceAnswer = {
  cells: Int32Array; // (height, width) list owning each pixel centre
  width: number; height: number; window: Window2;
  /** During training: the list of each base vector by the centroids of that iteration. */
  lists?: Int32Array; // (n)
  ms: number;
};
