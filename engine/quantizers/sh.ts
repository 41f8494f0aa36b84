/** Spectral hash: a bit a component after a map learnt from the data, whether it falls into an odd half period or an even one (Weiss,
 *  Torralba & Fergus, NIPS 2008); distances are counts of bits that differ. Halves are counted from 0, or from thresholds of the
 *  list: its mapped centroid, or the medians of its vectors. Without a period the bit is the sign. Knows the map, thresholds and
 *  codes; not the metric of the vectors. */
import { placeIn } from '../dense';
import type { CodecOf as SpecOf, TransformSpec } from '../factory/spec';
import type { Arena } from '../memory';
import { openArena, release, takeF32 } from '../memory';
import type { Engine } from '../pool';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import { invertOne, mapAllRows, mapRows, prepare, rowsScratch, transformOne, transformOneScratch } from '../transforms/apply';
import type { Prepared } from '../transforms/apply';
import { patiently } from '../transforms/steps';
import type { Steps } from '../transforms/steps';
import { trainTransform } from '../transforms/train';
import type { Book } from './beam';
import type { CodecOf, CodecOps, Probe } from './codec';

export type SH = CodecOf<'SH'>;

export type ShOptions = {
  /** Training vectors (n, d) at address x. */
  x: number; n: number; d: number;
  seed: number; // 0: Faiss's own
  centroids: Float32Array; // (nlist, d)
  /** The list of each training vector (n), for medians. */
  list: Int32Array | null;
};

/** So long that only the sign is left: what Faiss takes without a period. */
const FOR_EVER = -1e10;

export async function trainSh(engine: Engine, arena: Arena, spec: SpecOf<'SH'>, { x, n, d, seed, centroids, list }: ShOptions): Promise<SH> {
  const nbits = spec.nbits ?? d, { period = FOR_EVER, threshold = 'g' } = spec;
  const map = await trainTransform({ engine, arena, seed }, mapOf(spec, d), { x, n, d });
  const codec: SH = { kind: 'SH', d, nbits, codeSize: Math.ceil(nbits / 8), period, map };
  if (threshold === 'g') return codec;
  const nlist = centroids.length / d, room = openArena(engine.memory), thresholds = takeF32(arena, nlist * nbits, 'the thresholds');
  try {
    const prepared = prepare(engine.own, placeIn(room), map);
    if (threshold === 'c') await mapAllRows(engine, { x: centroids.byteOffset, n: nlist, prepared, out: thresholds.byteOffset });
    else if (list) {
      const mapped = takeF32(room, n * nbits, 'the mapped sample');
      await mapAllRows(engine, { x, n, prepared, out: mapped.byteOffset });
      await patiently(engine, medians(mapped, list, nlist, nbits, thresholds));
    }
    return { ...codec, thresholds };
  } finally {
    release(room);
  }
}

/** Faiss takes the components for ITQ only where it keeps fewer than there are. */
function mapOf({ transform, nbits = 0 }: SpecOf<'SH'>, d: number): TransformSpec {
  const dOut = nbits || d;
  if (transform === 'ITQ') return dOut === d ? { kind: 'ITQ' } : { kind: 'ITQ', dOut };
  return { kind: 'PCA', dOut, whiten: false, rotate: transform === 'PCAR' };
}

/** out (nlist, nbits): the median of each component over the rows (n, nbits) of each list, 0 for lists without any. */
function* medians(rows: Float32Array, list: Int32Array, nlist: number, nbits: number, out: Float32Array): Steps<void> {
  const members: number[][] = Array.from({ length: nlist }, () => []);
  list.forEach((l, i) => members[l]?.push(i));
  for (let l = 0; l < nlist; l++) {
    const ids = members[l] ?? [], column = new Float32Array(ids.length), half = ids.length >> 1;
    for (let j = 0; j < nbits; j++) {
      ids.forEach((id, i) => { column[i] = rows[id * nbits + j] ?? 0; });
      column.sort();
      out[l * nbits + j] = ids.length % 2 ? column[half] ?? 0 : ((column[half - 1] ?? 0) + (column[half] ?? 0)) / 2;
    }
    yield;
  }
}

const thresholdsAt = ({ thresholds }: SH) => thresholds?.byteOffset ?? 0;
const frequency = ({ period }: SH) => Math.fround(2 / period);

/** The map as encoders post it to threads, and as rows are mapped with it. */
const asBook = ({ map }: Prepared): Book[] => (map ? [{ panels: map.panels, add: map.bias, m: map.dOut, padded: map.padded, d: map.dIn, alpha: 1, cross: 0 }] : []);
function asPrepared({ map }: SH, [book]: Book[]): Prepared {
  return { transform: map, map: book ? { panels: book.panels, bias: book.add, dIn: book.d, dOut: book.m, padded: book.padded } : null };
}

const up = (bytes: number) => (bytes + 63) & ~63;
/** Codes compared at a time. */
const CHUNK = 1024;
/** A probe holds distances of a chunk, the query's code, the query mapped, and room to map it. */
const codeAt = CHUNK * 4, mappedAt = ({ codeSize }: SH) => codeAt + up(codeSize);
const roomAt = (codec: SH) => mappedAt(codec) + up(codec.nbits * 4);

/** The query's code by the thresholds at an address, or by 0. */
function codeQuery(thread: Thread, { codec, at }: Probe<SH>, thresholds: number): void {
  thread.search.halfPeriods(at + mappedAt(codec), 1, codec.nbits, thresholds, 0, frequency(codec), at + codeAt, codec.codeSize);
}

export const shOps: CodecOps<SH> = {
  pack: (engine, arena, { map }) => asBook(prepare(engine.own, placeIn(arena), map)),

  encode(thread, codec, packed, x, n, codes, cells) {
    const { top } = thread, mapped = scratch(thread, n * codec.nbits * 4);
    mapRows(thread, asPrepared(codec, packed), x, n, mapped);
    thread.build.halfPeriods(mapped, n, codec.nbits, thresholdsAt(codec), cells?.list ?? 0, frequency(codec), codes, codec.codeSize);
    thread.top = top;
  },
  encodeScratch: (codec, n) => {
    const { nbits, d } = codec, book: Book = { panels: 0, add: 0, m: nbits, padded: Math.ceil(nbits / 8) * 8, d, alpha: 1, cross: 0 };
    return n * nbits * 4 + 64 + rowsScratch(asPrepared(codec, [book]), n);
  },

  /** A vector that the map sends to ±1 by the bits: of half periods a code does not tell which. */
  decode(thread, { d, nbits, codeSize, map }, codes, n, out) {
    const bytes = new Uint8Array(thread.buffer, codes, n * codeSize), rows = new Float32Array(thread.buffer, out, n * d);
    for (let i = 0; i < n; i++) {
      const signs = Float32Array.from({ length: nbits }, (_, b) => (((bytes[i * codeSize + (b >> 3)] ?? 0) >> (b & 7)) & 1 ? 1 : -1));
      invertOne(map, signs, rows.subarray(i * d, (i + 1) * d));
    }
  },

  probeBytes: (codec) => roomAt(codec) + transformOneScratch(codec.map) + 64,

  aim(thread, probe, x) {
    const { codec, at } = probe, top = at + roomAt(codec);
    transformOne({ ...thread, top, end: top + transformOneScratch(codec.map) + 64 }, codec.map, x, at + mappedAt(codec));
    if (!codec.thresholds) codeQuery(thread, probe, 0);
  },

  toList(thread, probe, list) {
    const { codec } = probe;
    if (codec.thresholds) codeQuery(thread, probe, codec.thresholds.byteOffset + list * codec.nbits * 4);
  },

  distances: (thread, { codec: { codeSize }, at }, codes, n, base, out) => thread.search.hammingToMany(at + codeAt, codes, n, codeSize, base, out),

  offer(thread, probe, codes, n, base, ids, { dis, ids: found, k }) {
    const { at, codec: { codeSize } } = probe;
    for (let i = 0; i < n; i += CHUNK) {
      const rows = Math.min(CHUNK, n - i);
      shOps.distances(thread, probe, codes + i * codeSize, rows, base, at);
      thread.search.heapPushFirst(at, rows, ids.at && ids.at + i * 4, ids.first + i, dis, found, k);
    }
  },
};
