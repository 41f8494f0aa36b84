/** 4-bit product codes in blocks of 32, so that a register holds the look-up table of a part: fast scan, André, Kermarrec & Le
 *  Scouarnec, VLDB 2015. Tables are rounded to 8 bits with one scale for all parts, sums are of 16 bits. Knows tables and
 *  blocks; the codebooks are those of a PQ. */
import type { Arena } from '../memory';
import type { Engine } from '../pool';
import { scratch } from '../thread';
import type { CodecOf, CodecOps, Probe } from './codec';
import type { PqOptions } from './pq';
import { pqOps, trainPq } from './pq';

export type PQfs = CodecOf<'PQfs'>;

export async function trainPqfs(engine: Engine, arena: Arena, { bbs, ...options }: Omit<PqOptions, 'nbits'> & { bbs: number }): Promise<PQfs> {
  const pq = await trainPq(engine, arena, { ...options, nbits: 4 });
  return { kind: 'PQfs', d: pq.d, M: pq.M, bbs, codeSize: pq.codeSize, pq };
}

const BLOCK = 32;
/** Parts of a block: an odd M is filled up. */
const even = ({ M }: PQfs) => M + (M % 2);

/** Where things stand in a probe: the step and the base of the rounded tables, room for the sums of one block, the rounded tables
 *  (M2, 16) u8, and the tables (M, 16) f32 they are made from. */
const SUMS = 64, TABLES = 128;
const sourceAt = (codec: PQfs) => TABLES + even(codec) * 16;

const stepOf = (buffer: ArrayBufferLike, { at }: Probe<PQfs>) => new Float32Array(buffer, at, 1)[0] ?? 0;

export const pqfsOps: CodecOps<PQfs> = {
  pack: (engine, arena, { pq }) => pqOps.pack(engine, arena, pq),
  encode: (thread, { pq }, packed, x, n, codes) => pqOps.encode(thread, pq, packed, x, n, codes),
  encodeScratch: ({ pq }, n) => pqOps.encodeScratch(pq, n),

  decode(thread, codec, codes, n, out) {
    const { pq, codeSize } = codec, { top } = thread, apart = scratch(thread, BLOCK * codeSize);
    for (let i = 0; i < n; i += BLOCK) {
      const rows = Math.min(BLOCK, n - i);
      thread.search.unpackBlocks(codes, i, rows, codeSize, even(codec), apart);
      pqOps.decode(thread, pq, apart, rows, out + i * codec.d * 4);
    }
    thread.top = top;
  },

  probeBytes: (codec) => sourceAt(codec) + codec.M * 16 * 4,

  aim(thread, probe, x) {
    const { codec: { M, pq }, at, metric } = probe, { ksub, dsub, transposed } = pq, source = at + sourceAt(probe.codec);
    if (metric === 'L2') thread.search.l2Tables(x, transposed.byteOffset, M, ksub, dsub, source);
    else thread.search.dotTables(x, transposed.byteOffset, M, ksub, dsub, -1, source);
    thread.search.roundTables(source, M, at + TABLES, at);
    probe.base = new Float32Array(thread.buffer, at, 2)[1] ?? 0;
  },

  distances(thread, probe, codes, n, base, out) {
    const { codec, at } = probe, step = stepOf(thread.buffer, probe), { search } = thread, bytes = even(codec) * 16;
    for (let i = 0; i < n; i += BLOCK) {
      const rows = Math.min(BLOCK, n - i);
      search.blockSums(at + TABLES, even(codec), codes + (i / BLOCK) * bytes, rows, at + SUMS);
      search.sumsToDistances(at + SUMS, rows, step, base, out + i * 4);
    }
  },

  blocks: {
    codes: BLOCK,
    bytes: (codec) => even(codec) * 16,
    pack: (thread, codec, codes, n, out) => thread.build.packBlocks(codes, n, codec.codeSize, even(codec), out),
  },

  offer(thread, probe, codes, n, base, ids, { dis, ids: found, k }) {
    const { codec, at } = probe;
    thread.search.blocksToHeap(at + TABLES, even(codec), codes, n, stepOf(thread.buffer, probe), base, ids.at, ids.first, at + SUMS, dis, found, k);
  },
};
