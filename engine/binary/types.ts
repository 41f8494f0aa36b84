import type { HnswLinks } from '../structures/hnsw';

/** A binary index as plain data: vectors are codes of d bits, bit j in byte j/8 from the lowest, and a distance is how many bits
 *  differ. Codes are kept as they come, so that every returned distance is exact and only what is never compared can be missed. */
export type BinaryIndex = BinaryFlat | BinaryIvf | BinaryHnsw | BinaryHash | BinaryIdMap;

type Kept<K extends string> = { kind: K; d: number; n: number; codeSize: number /* d/8 */ };

export type BinaryFlat = Kept<'BFlat'> & { codes: Uint8Array /* (n, codeSize) */ };

export type BinaryIvf = Kept<'BIVF'> & {
  nlist: number;
  coarse: BinaryFlat | BinaryHnsw; // over the centroids
  /** Inverted lists end to end: list i holds entries [offsets[i], offsets[i+1]). */
  offsets: Uint32Array; // (nlist + 1)
  ids: Int32Array;      // (n)
  codes: Uint8Array;    // (n, codeSize)
};

export type BinaryHnsw = Kept<'BHNSW'> & HnswLinks & {
  words: number;
  rows: Uint8Array; // (n, 4·words): the codes, followed by zeros up to whole words of 32 bits
};

export type BinaryHash = Kept<'BHash'> & {
  nbits: number;
  tables: HashTable[];
  /** One table: its codes stand in its order. Several (`multi`): in order of id. */
  multi: boolean;
  codes: Uint8Array; // (n, codeSize)
};

/** Ids by a run of nbits ≤ 64 bits of their codes. */
export type HashTable = {
  from: number;         // the run's first bit
  keys: Uint32Array;    // (buckets, 2) the run of each bucket, low word first
  slots: Int32Array;    // a power of two, at least twice the buckets: the bucket whose key falls there or before, −1 = free
  offsets: Uint32Array; // (buckets + 1)
  ids: Int32Array;      // (n), ascending in each bucket
};

/** Ids are positions here, so that this changes nothing but the file. */
export type BinaryIdMap = Kept<'BIDMap'> & { version: 1 | 2; index: BinaryIndex };

/** Faiss's names; `nflip` is a field of its hash indexes: buckets whose hash differs in at most so many bits are looked into. */
export type BinaryParams = { nprobe?: number; max_codes?: number; efSearch?: number; quantizer_efSearch?: number; nflip?: number };

/** n codes of d bits at an address. */
export type Bits = { at: number; n: number; d: number };
