/** Size of the file that Faiss's write_index_binary makes of a built index, field by field (`IBxF`, `IBwF`, `IBHf`, `IBHh`, `IBHm`,
 *  `IBMp`): little-endian, no alignment. */
import { levelChances } from '../structures/hnsw-build';
import type { BinaryHash, BinaryHnsw, BinaryIndex, HashTable } from './types';

/** Fourcc, d, bytes of a code, ntotal, is_trained, metric. */
const HEADER = 4 + 4 + 4 + 8 + 1 + 4;
const VEC = 8;

export function binaryFileBytes(index: BinaryIndex): number {
  const { n, codeSize } = index;
  switch (index.kind) {
    case 'BFlat': return HEADER + VEC + n * codeSize;
    case 'BHNSW': return HEADER + graphBytes(index) + HEADER + VEC + n * codeSize;
    case 'BIVF': {
      const { nlist, offsets, coarse } = index, filled = offsets.reduce((sum, from, l) => sum + (from < (offsets[l + 1] ?? from) ? 1 : 0), 0);
      // nlist, nprobe, the quantizer, an empty direct map; then lists with a tag and one size each, or pairs where under half hold anything.
      return HEADER + 8 + 8 + binaryFileBytes(coarse) + 1 + VEC + 4 + 8 + 8 + 4 + VEC + (filled > nlist / 2 ? 8 * nlist : 16 * filled) + n * (codeSize + 8);
    }
    case 'BHash': return index.multi ? multiHashBytes(index) : hashBytes(index);
    case 'BIDMap': return HEADER + binaryFileBytes(index.index) + VEC + 8 * n;
  }
}

const graphBytes = ({ M, n, links }: BinaryHnsw): number => {
  const levels = levelChances(M).length;
  return VEC + 8 * levels + VEC + 4 * (levels + 1) + VEC + 4 * n + VEC + 8 * (n + 1) + VEC + 4 * links.length + 5 * 4;
};

const bucketsOf = ({ offsets }: HashTable) => offsets.length - 1;
/** Bits that tell any number from 0 to `most`. */
const bitsFor = (most: number) => (most > 0 ? Math.floor(Math.log2(most)) + 1 : 0);

/** Hash and size of each bucket packed, then ids and codes of each. */
function hashBytes({ nbits, tables: [table], n, codeSize }: BinaryHash): number {
  if (!table) throw new Error('hashBytes: a hash has a table');
  const buckets = bucketsOf(table), largest = table.offsets.reduce((most, from, b) => Math.max(most, (table.offsets[b + 1] ?? from) - from), 0);
  return HEADER + 4 + 4 + 8 + 4 + VEC + Math.ceil(((nbits + bitsFor(largest)) * buckets) / 8) + buckets * 2 * VEC + n * (8 + codeSize);
}

/** The vectors, then per table hash, size and ids of each bucket, packed. */
function multiHashBytes({ nbits, tables, n, codeSize }: BinaryHash): number {
  const idBits = bitsFor(n - 1);
  const packed = tables.reduce((sum, table) => sum + 4 + 8 + VEC + Math.ceil(((nbits + idBits) * bucketsOf(table) + n * idBits) / 8), 0);
  return HEADER + HEADER + VEC + n * codeSize + 4 + 4 + 4 + packed;
}
