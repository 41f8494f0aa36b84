import type { CodecSpec, Metric, TransformSpec } from './spec';
import type { Cursor } from './reader';
import type { Finding } from './problems';

/** For highlighting, blocks and the reference. */
export type Role = 'transform' | 'coarse' | 'code' | 'graph' | 'refine' | 'wrapper';

/** Where a code may stand: by itself, after a coarse quantizer and its comma, or as the storage of a graph. */
export type Place = 'alone' | 'fine' | 'HNSW' | 'NSG';

/** What every production tells, whatever it makes. */
export type Entry = {
  name: string;
  role: Role;
  /** BNF, as the reference prints it. */
  syntax: string;
  examples: readonly [string, string];
  /** One line: what it does to a vector or a search. */
  meaning: string;
  /** What Faiss asks of the numbers, in words. */
  limits: string;
  /** What the names in `syntax` stand for, in its order, and what they are when left out. */
  parts: { readonly [name: string]: string };
  /** The classes that Faiss makes of it. */
  builds: string;
  /** Bytes a vector takes by this term: what leaves a transform, a code, what a graph, a refinement or a wrapper adds.
   *  A formula over the names of `syntax` and d; words may follow a comma. */
  size: string;
  /** What is learnt, from how much; the least number of vectors is `trainMin`. */
  training: string;
  /** Strings that go wrong in a way worth knowing. What is wrong with them the checks say. */
  traps: readonly string[];
  paper: string;
};

/** What a term is checked against. */
export type Around = { d: number; metric: Metric; place: Place };

/** Methods, not function fields: a table of productions is read through the union of what they make. */
export type CodecProduction<S extends CodecSpec = CodecSpec> = Entry & {
  places: readonly Place[];
  /** The term at the cursor, or null. Whether it reaches the end of the term is the caller's question. */
  read(c: Cursor, place: Place): S | null;
  write(codec: S): string;
  /** Bytes of one code, without list number or id. */
  bytes(codec: S, d: number, metric: Metric): number;
  check(codec: S, around: Around): Finding[];
  /** Vectors below which Faiss refuses to train. */
  trainMin(codec: S, d: number): number;
  /** Does an IVF code x − centroid instead of x? Then the coarse quantizer must be able to reconstruct. */
  residual(codec: S): boolean;
  /** Number of k-means centroids trained at a time: 39 vectors each are advised. */
  centroids?(codec: S): number;
};

export type TransformProduction<S extends TransformSpec = TransformSpec> = Entry & {
  /** An index that shows what the transform is for, behind it. */
  followed: string;
  read(c: Cursor): S | null;
  write(transform: S): string;
  dOut(transform: S, d: number): number;
  check(transform: S, d: number): Finding[];
  trainMin(transform: S, d: number): number;
  /** Bytes of the transform in an index file, fourcc included. */
  fileBytes(transform: S, d: number): number;
};
