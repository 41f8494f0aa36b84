import type { CodecSpec, CoarseSpec, Metric, Spec, TransformSpec } from './spec';
import type { Cursor } from './reader';
import type { Finding } from './problems';
import type { Sized } from './layout';

/** For highlighting, blocks and the reference. */
export type Role = 'transform' | 'coarse' | 'code' | 'graph' | 'refine' | 'wrapper';

/** Where a code may stand: by itself, after a coarse quantizer and its comma, or as the storage of a graph. */
export type Place = 'alone' | 'fine' | 'HNSW' | 'NSG';

/** What a field of a term may be set to; undefined leaves it out of the string, so that Faiss takes its own. */
export type Value = number | string | boolean | null | undefined;

/** A parameter that may be changed after building. */
export type Parameter = {
  /** As Faiss's ParameterSpace calls it; where that does not know it, the name of the field. */
  name: string;
  meaning: string;
  default: number;
  min: number;
  max: number;
  /** Values that ParameterSpace tries, powers of two mostly. */
  values: readonly number[];
  /** Of several, the one with the least trades recall for time first. */
  rank: number;
  /** The attribute of Faiss's index that holds it, where ParameterSpace does not know the name: 'nsg.search_L'. */
  attribute?: string;
};

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
  /** Each word that begins the term, as misspellings are held against, and a whole term to offer instead. */
  words: { readonly [word: string]: string };
  /** What completion offers for vectors of d dimensions: terms with the numbers one would choose. */
  offers(d: number): readonly string[];
  /** Values worth trying of each field of the tree, at d dimensions. One that may be left out has undefined among them. */
  choices: { readonly [field: string]: (d: number) => readonly Value[] };
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
export type Around = { d: number; metric: Metric; place: Place; /** Is there a rotation in front? */ rotated: boolean };

/** Methods, not function fields: a table of productions is read through the union of what they make. */
export type CodecProduction<S extends CodecSpec = CodecSpec> = Entry & {
  places: readonly Place[];
  /** The term at the cursor, or null. Whether it reaches the end of the term is the caller's question. */
  read(c: Cursor, place: Place): S | null;
  write(codec: S): string;
  /** Bytes of one code, without list number or id. */
  bytes(codec: S, d: number, metric: Metric): number;
  /** Bytes in an index file behind the header of its class: the quantizer, and n codes. */
  fileBytes(codec: S, place: Place, size: Sized): number;
  check(codec: S, around: Around): Finding[];
  /** Vectors below which Faiss refuses to train. */
  trainMin(codec: S, d: number): number;
  /** Does an IVF code x − centroid instead of x? Then the coarse quantizer must be able to reconstruct. */
  residual(codec: S): boolean;
  /** Number of k-means centroids trained at a time: 39 vectors each are advised. */
  centroids?(codec: S): number;
  parameters?(codec: S, place: Place, d: number): readonly Parameter[];
  /** Places where Faiss takes it for L2 whatever was asked for. */
  l2At?: readonly Place[];
  /** Places where single vectors can be scored, as an index inside Refine( ) must. */
  scoresAt: readonly Place[];
};

export type TransformProduction<S extends TransformSpec = TransformSpec> = Entry & {
  /** An index that shows what the transform is for, behind it. */
  followed: string;
  read(c: Cursor): S | null;
  write(transform: S): string;
  dOut(transform: S, d: number): number;
  check(transform: S, d: number): Finding[];
  trainMin(transform: S, d: number): number;
  /** Can Faiss turn its output back into an approximation of its input? */
  reversible(transform: S): boolean;
  /** Does it mix the components, so that none carries more than another? */
  rotates(transform: S): boolean;
  /** Bytes of the transform in an index file, fourcc included. */
  fileBytes(transform: S, d: number): number;
};

/** What stands before the comma of an inverted file. */
export type CoarseProduction<C extends CoarseSpec = CoarseSpec> = Entry & {
  write(nlist: number, coarse: C, writeIndex: (index: Spec) => string): string;
  /** Of the search among the lists. */
  parameters(nlist: number, coarse: C): readonly Parameter[];
  /** Of the search for the lists; the space calls them quantizer_… */
  inner?: readonly Parameter[];
};

/** A term that holds, or stands around, other terms. */
export type StructureProduction = Entry & { parameters?: readonly Parameter[] };
