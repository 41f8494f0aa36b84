/** The codes that an index keeps, read one by one, and the distances that its searches take from them. Knows where codes lie and which
 *  parts are looked up; every number comes from the probe that a search itself aims. */
import type { Metric } from '../factory/spec';
import { openArena, release, takeF32, takeI32 } from '../memory';
import type { Engine } from '../pool';
import { aim, blockOf, decodeRows, distances, openProbe } from '../quantizers/codec';
import type { Probe } from '../quantizers/codec';
import { searchInto, searchScratch } from '../search';
import { addsCoarse, aimAtLists } from '../structures/ivf';
import type { Thread } from '../thread';
import { scratch, scratchF32 } from '../thread';
import type { Codec, Index, IvfIndex, SearchParams } from '../types';
import { newWork } from '../work';

/** What stands for the vectors: `ivf` where they stand in lists, `terms` of two-level codes (HnswIndex). */
export type Stored = { codec: Codec; codes: Uint8Array; d: number; n: number; metric: Metric; ivf: IvfIndex | null; terms: Float32Array | null };

/** The codes of an index, below its transforms and its refinement; null where vectors are kept as they are. */
export function storedOf(index: Index): Stored | null {
  switch (index.kind) {
    case 'PreTransform': case 'IDMap': return storedOf(index.index);
    case 'Refine': return storedOf(index.base);
    case 'HNSW': case 'NSG': {
      const stored = storedOf(index.storage);
      return stored && { ...stored, terms: index.kind === 'HNSW' ? index.terms ?? null : null };
    }
    case 'Codes': case 'IVF': {
      const { codec, codes, d, n, metric } = index;
      return codec.kind === 'Flat' || codec.kind === 'FlatDedup' || codec.kind === 'FlatPanorama' ? null : { codec, codes, d, n, metric, ivf: index.kind === 'IVF' ? index : null, terms: null };
    }
    case 'Flat': return null;
  }
}

/** Where the code of an id stands: its list, or −1, and its place in it. */
export type Place = { list: number; at: number };

export function placeOf({ ivf }: Stored, id: number, listOf: Int32Array | null): Place {
  if (!ivf) return { list: -1, at: id };
  const list = listOf?.[id] ?? 0, from = ivf.offsets[list] ?? 0;
  return { list, at: ivf.ids.subarray(from, ivf.offsets[list + 1] ?? from).indexOf(id) };
}

/** The block that holds a code: its address, how many codes it has, and which of them it is. */
export function blockAt({ codec, codes, n, ivf }: Stored, { list, at }: Place): { address: number; rows: number; row: number } {
  const { codes: per, bytes } = blockOf(codec), block = Math.floor(at / per);
  const all = ivf ? (ivf.offsets[list + 1] ?? 0) - (ivf.offsets[list] ?? 0) : n, first = ivf?.blocks[list] ?? 0;
  return { address: codes.byteOffset + (first + block) * bytes, rows: Math.min(per, all - block * per), row: at % per };
}

/** The bytes of one code. 4-bit parts that stand in blocks are taken out of theirs. */
export function codeAt(thread: Thread, stored: Stored, place: Place): Uint8Array {
  const { codec } = stored, { codeSize } = codec, { address, row } = blockAt(stored, place);
  if (blockOf(codec).codes === 1) return new Uint8Array(thread.buffer, address, codeSize).slice();
  const { top } = thread, size = codec.kind === 'RaBitQfs' ? Math.ceil(codec.d / 8) : codeSize, out = scratch(thread, size + 64);
  thread.search.unpackBlocks(address, row, 1, size, fastParts(codec), out);
  thread.top = top;
  return new Uint8Array(thread.buffer, out, size).slice();
}

/** 4-bit parts of a code in blocks, an even number. */
function fastParts(codec: Codec): number {
  if (codec.kind === 'RaBitQfs') return 2 * Math.ceil(codec.d / 8);
  return Math.floor(blockOf(codec).bytes / 16);
}

/** What one code stands for (d), in the space of the codec: a residual where codes are of residuals. */
export function decodedAt(thread: Thread, stored: Stored, place: Place): Float32Array {
  const { d } = stored.codec, { address, rows, row } = blockAt(stored, place), { top } = thread, out = scratchF32(thread, rows * d);
  decodeRows(thread, stored.codec, address, rows, out.byteOffset);
  thread.top = top;
  return out.slice(row * d, (row + 1) * d);
}

/** One number of `width` bits, from bit `first` of a code on. */
export function bitsAt(code: Uint8Array, first: number, width: number): number {
  let value = 0;
  for (let b = 0; b < width; b++) value += (((code[(first + b) >> 3] ?? 0) >> ((first + b) & 7)) & 1) * 2 ** b;
  return value;
}

/** How often each row of each part is used by all n codes: part m is `widths[m]` bits from bit `first[m]` on. */
export function usageOf(thread: Thread, stored: Stored, first: number[], widths: number[]): Uint32Array[] {
  const { codec, codes, n, ivf } = stored, { codeSize } = codec, block = blockOf(codec), counts = widths.map((width) => new Uint32Array(2 ** width)), { top } = thread;
  const count = (bytes: Uint8Array, rows: number) => counts.forEach((own, m) => countPart(own, bytes, rows, codeSize, first[m] ?? 0, widths[m] ?? 0));
  if (block.codes === 1) {
    count(codes, n);
    return counts;
  }
  const room = scratch(thread, block.codes * codeSize), blocks = (from: number, rows: number) => {
    for (let i = 0; i < rows; i += block.codes) {
      const some = Math.min(block.codes, rows - i);
      thread.search.unpackBlocks(codes.byteOffset + (from + i / block.codes) * block.bytes, 0, some, codeSize, fastParts(codec), room);
      count(new Uint8Array(thread.buffer, room, some * codeSize), some);
    }
  };
  if (ivf) for (let list = 0; list < ivf.nlist; list++) blocks(ivf.blocks[list] ?? 0, (ivf.offsets[list + 1] ?? 0) - (ivf.offsets[list] ?? 0));
  else blocks(0, n);
  thread.top = top;
  return counts;
}

/** Parts of up to eight bits lie in two bytes, the second of which may be the next code's. */
function countPart(counts: Uint32Array, bytes: Uint8Array, rows: number, codeSize: number, first: number, width: number): void {
  const shift = first & 7, mask = 2 ** width - 1;
  for (let i = 0, at = first >> 3; i < rows; i++, at += codeSize) {
    const row = width > 8 ? bitsAt(bytes, at * 8 + shift, width) : (((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)) >> shift) & mask;
    counts[row] = (counts[row] ?? 0) + 1;
  }
}

/** A probe as a search has it while it scans list `list`, and what is added to every distance in it. Takes scratch that it keeps. */
export function aimedAt(thread: Thread, { codec, metric, ivf }: Stored, query: number, list: number): { probe: Probe; coarse: number | null } {
  const probe = openProbe(thread, codec, metric, query);
  if (!ivf) {
    aim(thread, probe, query);
    return { probe, coarse: null };
  }
  aimAtLists(thread, ivf, probe, query)(list, Infinity);
  return { probe, coarse: addsCoarse(ivf) ? coarseDistance(thread, ivf, query, list) : null };
}

/** Distance of a vector to a list's centroid, as a search has it. */
export function coarseDistance(thread: Thread, { centroids, d, metric }: IvfIndex, query: number, list: number): number {
  const out = scratchF32(thread, 4), at = centroids.byteOffset + list * d * 4;
  if (metric === 'IP') thread.search.ipToMany(query, at, 1, d, out.byteOffset);
  else thread.search.l2ToMany(query, at, 1, d, out.byteOffset);
  return out[0] ?? 0;
}

/** Distance of one code, as a scan of its list takes it. */
export function distanceAt(thread: Thread, stored: Stored, query: number, place: Place): number {
  const { top } = thread, { probe, coarse } = aimedAt(thread, stored, query, place.list), { address, rows, row } = blockAt(stored, place);
  const out = scratchF32(thread, rows + 4);
  distances(thread, probe, address, rows, coarse ?? 0, out.byteOffset);
  thread.top = top;
  return out[row] ?? 0;
}

/** Everything that a search compares by code, nearest first, at most MOST of it; inner products negated. The search is the one that
 *  everybody runs, asked for as many neighbours as it scans; re-ranking is left out. */
export type Scanned = { ids: Int32Array; distances: Float32Array; all: number };
const MOST = 65_536;

export function scannedBy(engine: Engine, index: Index, query: Float32Array, params: SearchParams): Scanned {
  const base = withoutRefine(index), arena = openArena(engine.memory), thread = engine.own, { top } = thread;
  try {
    const x = takeF32(arena, query.length), work = newWork(), one = takeF32(arena, 8), oneId = takeI32(arena, 8);
    x.set(query);
    searchInto(thread, base, x.byteOffset, 1, params, one.byteOffset, oneId.byteOffset, work);
    let k = Math.max(1, Math.min(MOST, index.n, work.codes));
    while (k > 1 && searchScratch(base, k, params) > thread.end - thread.top) k >>= 1; // a walk keeps k nodes in its scratch
    const dis = takeF32(arena, k + 4), ids = takeI32(arena, k + 4);
    searchInto(thread, base, x.byteOffset, k, params, dis.byteOffset, ids.byteOffset, newWork());
    const missing = ids.subarray(0, k).indexOf(-1), found = missing < 0 ? k : missing;
    return { ids: ids.slice(0, found), distances: dis.slice(0, found), all: work.codes };
  } finally {
    thread.top = top;
    release(arena);
  }
}

function withoutRefine(index: Index): Index {
  if (index.kind === 'Refine') return withoutRefine(index.base);
  if (index.kind === 'PreTransform' || index.kind === 'IDMap') return { ...index, index: withoutRefine(index.index) };
  return index;
}
