/** Exhaustive search of many queries together: rows are compared with all of them in tiles. The answers are those of searchFlat,
 *  bit for bit (kernels/assembly/group.ts says why). */
import { isBytes } from '../quantizers/bytes';
import { decodeRows } from '../quantizers/codec';
import type { SQ } from '../quantizers/sq';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { CodesIndex, FlatIndex, Index } from '../types';
import type { Work } from '../work';
import { timed } from '../work';
import { searchCodes, searchFlat } from './flat';

/** As `Group` in kernels/assembly/group.ts. */
const FIELDS = ['x', 'vectors', 'dis', 'ids', 'packed', 'shifts', 'limits', 'waiting', 'tiles', 'add', 'lanes', 'nq', 'k', 'd', 'ip'] as const;

const STRIPE = 64; // rows packed at a time: 32 kB at d = 128, which the queries then come to
const RARE = 16;   // where more than one row in 16 is returned, most are candidates and nothing is saved

/** queries (nq, d) → dis, ids (nq, k), each ascending; of bytes a stripe at a time is made floats. Scratch: flatGroupScratch. */
export function searchFlatGroup(thread: Thread, index: FlatIndex | BytesIndex, queries: number, nq: number, k: number, dis: number, ids: number, work: Work): void {
  const { n, d, metric } = index, { search, top } = thread, whole = (nq + 3) & ~3;
  if (nq < 4 || k * RARE > n) {
    for (let q = 0; q < nq; q++, thread.top = top) searchOne(thread, index, queries + q * d * 4, k, dis + q * k * 4, ids + q * k * 4, work);
    return;
  }
  const fields: Record<(typeof FIELDS)[number], number> = {
    x: queries, vectors: index.kind === 'Flat' ? index.vectors.byteOffset : 0, dis, ids, nq, k, d, ip: metric === 'IP' ? 1 : 0,
    packed: scratch(thread, whole * d * 4), shifts: scratch(thread, whole * 4), limits: scratch(thread, whole * 4), waiting: scratch(thread, whole * 32),
    tiles: scratch(thread, STRIPE * d * 4), add: scratch(thread, STRIPE * 4), lanes: scratch(thread, 16),
  };
  const group = scratch(thread, FIELDS.length * 4);
  new Uint32Array(thread.buffer, group, FIELDS.length).set(FIELDS.map((field) => fields[field]));
  timed(work, 'scan', () => {
    search.groupOpen(group);
    if (index.kind === 'Flat') for (let i = 0; i < n; i += STRIPE) search.groupRows(group, i, Math.min(STRIPE, n - i));
    else stripesOfBytes(thread, index, group);
    search.groupClose(group);
  });
  work.ndis += n * nq;
  if (index.kind === 'Codes') work.codes += n * nq;
  thread.top = top;
}

/** Codes that are the vectors themselves, a byte for a number. */
export type BytesIndex = CodesIndex & { codec: SQ };
export const isBytesIndex = (index: Index): index is BytesIndex => index.kind === 'Codes' && isBytes(index.codec);

const searchOne = (thread: Thread, index: FlatIndex | BytesIndex, ...rest: [number, number, number, number, Work]) =>
  index.kind === 'Flat' ? searchFlat(thread, index, ...rest) : searchCodes(thread, index, ...rest);

function stripesOfBytes(thread: Thread, { codec, codes, n, d }: BytesIndex, group: number): void {
  const rows = scratch(thread, STRIPE * d * 4);
  for (let i = 0; i < n; i += STRIPE) {
    const count = Math.min(STRIPE, n - i);
    decodeRows(thread, codec, codes.byteOffset + i * d, count, rows);
    thread.search.groupStripe(group, i, count, rows);
  }
}

/** Packed queries, a stripe twice, per query 40 bytes and what searching one takes, and at most 63 bytes of rounding for each of the ten. */
export const flatGroupScratch = (nq: number, d: number) => (nq + 3 + 2 * STRIPE) * (d + 10) * 4 + 16 + FIELDS.length * 4 + 10 * 63 + 4096 + 64 + d * 4;
