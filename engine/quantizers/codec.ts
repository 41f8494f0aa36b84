/** What stands behind each id in a list or a graph: the vector itself, a PQ code, an SQ code. A codec is a record of plain
 *  data; its operations stand in one table by kind, so that structures need not know which one they hold. */
import type { Metric } from '../factory/spec';
import type { Arena } from '../memory';
import type { Engine } from '../pool';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { Codec } from '../types';
import { aqOps, isResidual } from './additive';
import { aqfsOps } from './aqfs';
import type { Book } from './beam';
import { edenOps } from './eden';
import { dedupOps } from './dedup';
import { flatOps } from './flat';
import { latticeOps } from './lattice';
import { DECODE_SCRATCH } from './heads';
import { listedOps } from './listed';
import { lshOps } from './lsh';
import { mappedOps } from './mapped';
import { minmaxOps } from './minmax';
import { panoramaOps } from './panorama';
import { pqOps } from './pq';
import { pqfsOps } from './pqfs';
import { rabitqOps } from './rabitq';
import { rabitqfsOps } from './rabitqfs';
import { shOps } from './sh';
import { sqOps } from './sq';
import { twoLevelOps } from './two-level';

type Kind = Codec['kind'];
export type CodecOf<K extends Kind> = Extract<Codec, { kind: K }>;

/** A query made ready for one codec. `at` is the codec's own room (probeBytes): tables, shifted copies. `centre` is
 *  the centroid (d) that the query was taken from, where it was. */
export type Probe<C extends Codec = Codec> = { codec: C; metric: Metric; query: number; at: number; base: number; centre?: number };

export type CodecOps<C extends Codec> = {
  /** Codebooks packed once for a whole job of encoding; goes to the threads as plain data. */
  pack(engine: Engine, arena: Arena, codec: C): Book[];
  /** codes (n, codeSize) of rows x (n, d); `cells` where they go to lists. */
  encode(thread: Thread, codec: C, packed: Book[], x: number, n: number, codes: number, cells?: Cells): void;
  encodeScratch(codec: C, n: number): number;
  /** Vectors from n codes: out (n, d). */
  decode(thread: Thread, codec: C, codes: number, n: number, out: number): void;
  /** Scratch that decoding takes, where it is more than DECODE_SCRATCH. */
  decodeScratch?(codec: C): number;
  probeBytes(codec: C): number;
  /** By residual, inner products too are taken with the query less its centroid. */
  centred?: true;
  /** Fills probe.at and probe.base for vector x (the query, or its residual to a list's centroid). */
  aim(thread: Thread, probe: Probe<C>, x: number): void;
  /** By residual, the query itself is compared, and `toList` told the centroid. */
  absolute?: true;
  /** After `aim`, for codes that depend on their list though they are not compared with residuals: makes the query ready for list `list`. */
  toList?(thread: Thread, probe: Probe<C>, list: number): void;
  /** out[i] = base + distance(x, code i) for n codes end to end. */
  distances(thread: Thread, probe: Probe<C>, codes: number, n: number, base: number, out: number): void;
  /** For codes that only exist in blocks, from the first of a block on. `encode` makes them one by one all the same. */
  blocks?: {
    codes: number;
    bytes(codec: C): number;
    /** n codes end to end → ⌈n / blocks.codes⌉ blocks. */
    pack(thread: Thread, codec: C, codes: number, n: number, out: number): void;
  };
  /** Distances of n codes offered to the k nearest so far, where that is faster in one go. */
  offer?(thread: Thread, probe: Probe<C>, codes: number, n: number, base: number, ids: Ids, nearest: Nearest): void;
};

/** Addresses: the list of each of n vectors (n) i32, and the centroids that they were taken from, or 0. */
export type Cells = { centroids: number; list: number };

/** Ids of n codes in a row: at address `at`, or first, first + 1, … where at = 0. */
export type Ids = { at: number; first: number };
/** A heap of the k nearest: addresses of distances and ids. */
export type Nearest = { dis: number; ids: number; k: number };

/** What a codec made of another is given: operations are looked up where all codecs are known. */
export type Inside = {
  opsOf(codec: Codec): CodecOps<Codec>;
  /** Vectors from n codes end to end, whether or not the codec keeps them in blocks. */
  decode(thread: Thread, codec: Codec, codes: number, n: number, out: number): void;
  decodeScratch(codec: Codec): number;
};

const inside: Inside = {
  opsOf: (codec) => opsOf(codec),
  decode(thread, codec, codes, n, out) {
    const { blocks, decode } = opsOf(codec), { top } = thread;
    if (!blocks) return decode(thread, codec, codes, n, out);
    const block = scratch(thread, blocks.bytes(codec));
    for (let i = 0; i < n; i += blocks.codes) {
      const rows = Math.min(blocks.codes, n - i);
      blocks.pack(thread, codec, codes + i * codec.codeSize, rows, block);
      decode(thread, codec, block, rows, out + i * codec.d * 4);
    }
    thread.top = top;
  },
  decodeScratch(codec) {
    const { blocks, decodeScratch } = opsOf(codec);
    return (decodeScratch?.(codec) ?? DECODE_SCRATCH) + (blocks ? blocks.bytes(codec) + blocks.codes * codec.codeSize + 256 : 0);
  },
};

type Table = { [K in Kind]: CodecOps<CodecOf<K>> };

/** Made when it is first asked for: an inverted file as a codec finds its lists by an index, and that holds codecs itself. */
const openTable = (): Table => ({ Flat: flatOps, FlatDedup: dedupOps, FlatPanorama: panoramaOps, PQ: pqOps, PQfs: pqfsOps, SQ: sqOps, LSH: lshOps, MinMax: minmaxOps(inside), Listed: listedOps(inside), Mapped: mappedOps(inside), RaBitQ: rabitqOps, RaBitQfs: rabitqfsOps, EDEN: edenOps, SH: shOps, ZnLattice: latticeOps, AQ: aqOps, AQfs: aqfsOps, TwoLevel: twoLevelOps });
let table: Table | undefined;

export function opsOf<K extends Kind>(codec: { kind: K }): CodecOps<CodecOf<K>> {
  return (table ??= openTable())[codec.kind];
}

export const probeBytes = (codec: Codec) => opsOf(codec).probeBytes(codec) + 64;

export function openProbe(thread: Thread, codec: Codec, metric: Metric, query: number): Probe {
  return { codec, metric, query, at: scratch(thread, opsOf(codec).probeBytes(codec)), base: 0 };
}

export function aim(thread: Thread, probe: Probe, x: number): void {
  probe.query = x;
  probe.base = 0;
  opsOf(probe.codec).aim(thread, probe, x);
}

/** out[i] = base + probe.base + distance(query, code i). out has room for whole groups of four. */
export function distances(thread: Thread, probe: Probe, codes: number, n: number, base: number, out: number): void {
  opsOf(probe.codec).distances(thread, probe, codes, n, base + probe.base, out);
}

/** Offers n codes to the k nearest so far. out: room for n distances in whole groups of four. */
export function offer(thread: Thread, probe: Probe, codes: number, n: number, base: number, ids: Ids, nearest: Nearest, out: number): void {
  const ops = opsOf(probe.codec);
  if (ops.offer) return ops.offer(thread, probe, codes, n, base + probe.base, ids, nearest);
  distances(thread, probe, codes, n, base, out);
  thread.search.heapPush(out, n, ids.at, ids.first, nearest.dis, nearest.ids, nearest.k);
}

/** How many codes stand together, and their bytes. */
export function blockOf(codec: Codec): { codes: number; bytes: number } {
  const { blocks } = opsOf(codec);
  return blocks ? { codes: blocks.codes, bytes: blocks.bytes(codec) } : { codes: 1, bytes: codec.codeSize };
}

/** codes (offsets[nlist], codeSize) end to end → the blocks of each list, at addresses. */
export type PackArgs = { codec: Codec; codes: number; nlist: number; offsets: number; blocks: number; out: number };
const PACK_LISTS = 8;

export function packBlock(thread: Thread, { codec, codes, nlist, offsets, blocks, out }: PackArgs, block: number): void {
  const { pack } = opsOf(codec).blocks ?? {}, { bytes } = blockOf(codec);
  if (!pack) throw new Error(`packBlock: ${codec.kind} codes stand alone`);
  const from = new Uint32Array(thread.buffer, offsets, nlist + 1), to = new Uint32Array(thread.buffer, blocks, nlist);
  for (let l = block * PACK_LISTS; l < Math.min(nlist, (block + 1) * PACK_LISTS); l++) {
    const first = from[l] ?? 0;
    pack(thread, codec, codes + first * codec.codeSize, (from[l + 1] ?? first) - first, out + (to[l] ?? 0) * bytes);
  }
}
export const packBlocks = (nlist: number) => Math.ceil(nlist / PACK_LISTS);

export { DECODE_SCRATCH };

export const decodeRows = (thread: Thread, codec: Codec, codes: number, n: number, out: number) => opsOf(codec).decode(thread, codec, codes, n, out);

/** x (n, d) → codes, row i to place[i] (or i, where place = 0). By residual, `centroids` and `list` are given first. */
export type EncodeArgs = { codec: Codec; packed: Book[]; x: number; n: number; centroids: number; list: number; place: number; codes: number };

const ENCODE_ROWS = 256, LEAST_ROWS = 16;

/** Rows of a block: 256, or of codes that take long, some tens of milliseconds of work. Where a code depends on the place of its vector
 *  in a block (encodeLsq) all blocks are alike. */
function encodeRows(codec: Codec): number {
  const rows = Math.min(ENCODE_ROWS, Math.max(LEAST_ROWS, 2 ** Math.floor(Math.log2(2 ** 14 / codec.d))));
  switch (codec.kind) {
    case 'RaBitQ': case 'RaBitQfs': return codec.nbits > 1 ? rows : ENCODE_ROWS;
    case 'AQ': return isResidual(codec.family) ? rows : ENCODE_ROWS;
    default: return ENCODE_ROWS;
  }
}

export function encodeBlock(thread: Thread, { codec, packed, x, n, centroids, list, place, codes }: EncodeArgs, block: number): void {
  const { d, codeSize } = codec, most = encodeRows(codec);
  const from = block * most, rows = Math.min(most, n - from);
  let input = x + from * d * 4;
  if (centroids) {
    const residual = scratch(thread, rows * d * 4);
    thread.build.subtractRows(input, rows, d, centroids, list + from * 4, residual);
    input = residual;
  }
  const out = scratch(thread, rows * codeSize);
  opsOf(codec).encode(thread, codec, packed, input, rows, out, list ? { centroids, list: list + from * 4 } : undefined);
  const from8 = new Uint8Array(thread.buffer, out, rows * codeSize), all = new Uint8Array(thread.buffer, codes);
  const places = place ? new Int32Array(thread.buffer, place + from * 4, rows) : null;
  for (let i = 0; i < rows; i++) all.set(from8.subarray(i * codeSize, (i + 1) * codeSize), (places ? places[i] ?? 0 : from + i) * codeSize);
}
export const encodeBlocks = (codec: Codec, n: number) => Math.ceil(n / encodeRows(codec));
export const encodeScratch = (codec: Codec) => ENCODE_ROWS * (codec.d * 4 + codec.codeSize) + 256 + opsOf(codec).encodeScratch(codec, ENCODE_ROWS);
