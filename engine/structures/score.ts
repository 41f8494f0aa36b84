/** Distances from a query to vectors named by their ids: what re-ranking asks of an index. */
import { DECODE_SCRATCH, aim, blockOf, decodeRows, distances, openProbe, probeBytes } from '../quantizers/codec';
import { chainScratch, transformQuery } from '../search';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { CodesIndex, Index, RefineCodes } from '../types';
import type { Work } from '../work';
import { refineCodesScratch, scoreRefineCodes } from './refine-codes';

/** out[i] = distance(query, vector ids[i]) for n ids; out has room for whole groups of four. Scratch: scoreScratch. */
export function scoreIds(thread: Thread, index: Index | RefineCodes, query: number, ids: Int32Array, n: number, out: number, work: Work): void {
  const { top } = thread;
  switch (index.kind) {
    case 'Flat': if (n) thread.search.toIds(query, index.vectors.byteOffset, ids.byteOffset, n, index.d, index.metric === 'IP' ? 1 : 0, out); break;
    case 'Codes': scoreCodes(thread, index, query, ids, n, out); break;
    case 'HNSW': case 'NSG': scoreIds(thread, index.storage, query, ids, n, out, work); break;
    case 'Refine': scoreIds(thread, index.refine, query, ids, n, out, work); break;
    case 'IDMap': scoreIds(thread, index.index, query, ids, n, out, work); break;
    case 'RefineCodes': scoreRefineCodes(thread, index, query, ids, n, out); break;
    case 'PreTransform': scoreIds(thread, index.index, transformQuery(thread, index.chain, query, work), ids, n, out, work); break;
    default: throw new Error(`scoreIds: ${index.kind} has no distances by id`);
  }
  thread.top = top;
}

const CHUNK = 64;

/** The codes of a chunk of ids are brought together and compared as if they stood so. */
function scoreCodes(thread: Thread, index: CodesIndex, query: number, ids: Int32Array, n: number, out: number): void {
  const { codec, codes, metric } = index, { codeSize } = codec;
  if (blockOf(codec).codes > 1) return scoreDecoded(thread, index, query, ids, n, out);
  const together = new Uint8Array(thread.buffer, scratch(thread, CHUNK * codeSize), CHUNK * codeSize), probe = openProbe(thread, codec, metric, query);
  aim(thread, probe, query);
  for (let from = 0; from < n; from += CHUNK) {
    const rows = Math.min(CHUNK, n - from);
    for (let i = 0; i < rows; i++) {
      const at = (ids[from + i] ?? 0) * codeSize;
      for (let j = 0; j < codeSize; j++) together[i * codeSize + j] = codes[at + j] ?? 0;
    }
    distances(thread, probe, together.byteOffset, rows, 0, out + from * 4);
  }
}

/** Codes that stand in blocks are decoded with their block. */
function scoreDecoded(thread: Thread, { codec, codes, n: all, metric }: CodesIndex, query: number, ids: Int32Array, n: number, out: number): void {
  const block = blockOf(codec), { d } = codec, rows = scratch(thread, block.codes * d * 4), { search } = thread;
  for (let i = 0; i < n; i++) {
    const id = ids[i] ?? 0, b = Math.floor(id / block.codes), row = rows + (id % block.codes) * d * 4;
    decodeRows(thread, codec, codes.byteOffset + b * block.bytes, Math.min(block.codes, all - b * block.codes), rows);
    if (metric === 'IP') search.ipToMany(query, row, 1, d, out + i * 4);
    else search.l2ToMany(query, row, 1, d, out + i * 4);
  }
}

export function scoreScratch(index: Index | RefineCodes): number {
  switch (index.kind) {
    case 'Codes': return Math.max(CHUNK * index.codec.codeSize + 64 + probeBytes(index.codec), blockOf(index.codec).codes * index.d * 4 + 64 + DECODE_SCRATCH);
    case 'HNSW': case 'NSG': return scoreScratch(index.storage);
    case 'Refine': return scoreScratch(index.refine);
    case 'IDMap': return scoreScratch(index.index);
    case 'RefineCodes': return refineCodesScratch(index);
    case 'PreTransform': return chainScratch(index.chain) + scoreScratch(index.index);
    default: return 0;
  }
}
