/** RaBitQ in blocks of 32, the signs of four components looked up at a time in registers, as the parts of fast-scan product codes are
 *  (pqfs.ts). A block is those signs, then the factors of its vectors one after the other. */
import type { CodecOf as SpecOf } from '../factory/spec';
import type { Arena } from '../memory';
import type { Engine } from '../pool';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { CodecOf, CodecOps, Probe } from './codec';
import { TERMS, aimRabitq, decodeSigns, encodeRabitq, encodeRabitqScratch, gridBits, signBytes, trainRabitq } from './rabitq';
import type { RabitqOptions } from './rabitq';

export type RaBitQfs = CodecOf<'RaBitQfs'>;

export async function trainRabitqfs(engine: Engine, arena: Arena, { nbits, bbs }: SpecOf<'RaBitQfs'>, options: RabitqOptions): Promise<RaBitQfs> {
  return { ...await trainRabitq(engine, arena, { kind: 'RaBitQ', nbits }, options), kind: 'RaBitQfs', bbs };
}

const BLOCK = 32, BITS = 8; // of a query's components, Faiss's default here
/** Parts of four components; signs and factors of a vector. */
const partsOf = (codec: RaBitQfs) => 2 * signBytes(codec);
const factorBytes = (codec: RaBitQfs) => codec.codeSize - signBytes(codec);
const signsOfBlock = (codec: RaBitQfs) => partsOf(codec) * 16;
const bytesOfBlock = (codec: RaBitQfs) => signsOfBlock(codec) + BLOCK * factorBytes(codec);

/** Where things stand in a probe. After the terms of the query: 1/a and Σ min of the rounded tables (roundTables). */
const up = (bytes: number) => (bytes + 63) & ~63;
const SCALE = 48, SUMS = TERMS, ESTIMATES = SUMS + 64, REST = ESTIMATES + 4 * BLOCK;
const roundedAt = ({ d }: RaBitQfs) => REST + up(4 * d);
const tablesAt = (codec: RaBitQfs) => roundedAt(codec) + up(codec.d);
const sourceAt = (codec: RaBitQfs) => tablesAt(codec) + partsOf(codec) * 16;
/** The signs of one block again; they share their room with what the tables were made from. */
const signsAt = sourceAt;

/** Distances by signs, for one block. */
function estimate(thread: Thread, { codec, at, metric }: Probe<RaBitQfs>, block: number, n: number, base: number, out: number): void {
  const { search } = thread, head = new Float32Array(thread.buffer, at, TERMS / 4), rest = head[2] ?? 0, shift = head[4] ?? 0, step = head[12] ?? 0, low = head[13] ?? 0;
  search.blockSums(at + tablesAt(codec), partsOf(codec), block, n, at + SUMS);
  search.rabitqFromSums(at + SUMS, n, step, low - rest, block + signsOfBlock(codec), factorBytes(codec), metric === 'IP' ? 0.5 : 1, base + shift, out);
}

export const rabitqfsOps: CodecOps<RaBitQfs> = {
  pack: () => [],
  encode: (thread, codec, _, x, n, codes, cells) => encodeRabitq(thread, codec, x, n, codes, cells),
  encodeScratch: encodeRabitqScratch,
  centred: true,

  decode(thread, codec, codes, n, out) {
    const bytes = signBytes(codec), { top } = thread, signs = scratch(thread, BLOCK * bytes), stride = factorBytes(codec);
    for (let i = 0; i < n; i += BLOCK) {
      const rows = Math.min(BLOCK, n - i), block = codes + (i / BLOCK) * bytesOfBlock(codec);
      thread.search.unpackBlocks(block, 0, rows, bytes, partsOf(codec), signs);
      decodeSigns(thread, codec, { signs, toSigns: bytes, factors: block + signsOfBlock(codec), stride }, rows, out + i * codec.d * 4);
    }
    thread.top = top;
  },

  probeBytes: (codec) => sourceAt(codec) + partsOf(codec) * 16 * 4,

  aim(thread, probe, x) {
    const { codec, at } = probe, rounded = at + roundedAt(codec), source = at + sourceAt(codec);
    aimRabitq(thread, probe, x, BITS, at + REST, rounded);
    thread.search.rabitqTables(rounded, codec.d, at, source);
    thread.search.roundTables(source, partsOf(codec), at + tablesAt(codec), at + SCALE);
  },

  distances(thread, probe, codes, n, base, out) {
    const { codec, query, at, metric } = probe, bytes = signBytes(codec);
    for (let i = 0; i < n; i += BLOCK) {
      const rows = Math.min(BLOCK, n - i), block = codes + (i / BLOCK) * bytesOfBlock(codec);
      if (codec.nbits === 1) {
        estimate(thread, probe, block, rows, base, out + i * 4);
        continue;
      }
      thread.search.unpackBlocks(block, 0, rows, bytes, partsOf(codec), at + signsAt(codec));
      thread.search.rabitqFull(query, at + signsAt(codec), bytes, block + signsOfBlock(codec), factorBytes(codec), rows, codec.d, gridBits(codec), metric === 'IP' ? 1 : 0, base, out + i * 4);
    }
  },

  blocks: {
    codes: BLOCK,
    bytes: bytesOfBlock,
    pack(thread, codec, codes, n, out) {
      const { top } = thread, bytes = signBytes(codec), { codeSize } = codec, signs = scratch(thread, BLOCK * bytes), all = new Uint8Array(thread.buffer);
      for (let i = 0; i < n; i += BLOCK) {
        const rows = Math.min(BLOCK, n - i), block = out + (i / BLOCK) * bytesOfBlock(codec);
        all.fill(0, block, block + bytesOfBlock(codec));
        for (let r = 0; r < rows; r++) {
          const from = codes + (i + r) * codeSize;
          all.copyWithin(signs + r * bytes, from, from + bytes);
          all.copyWithin(block + signsOfBlock(codec) + r * factorBytes(codec), from + bytes, from + codeSize);
        }
        thread.build.packBlocks(signs, rows, bytes, partsOf(codec), block);
      }
      thread.top = top;
    },
  },

  offer(thread, probe, codes, n, base, ids, { dis, ids: found, k }) {
    const { codec, at, query, metric } = probe, { d, nbits } = codec, { search } = thread, bytes = signBytes(codec), out = at + ESTIMATES, signs = at + signsAt(codec);
    const length = Math.sqrt(new Float32Array(thread.buffer, at, 4)[3] ?? 0);
    for (let i = 0; i < n; i += BLOCK) {
      const rows = Math.min(BLOCK, n - i), block = codes + (i / BLOCK) * bytesOfBlock(codec), idOf = ids.at && ids.at + i * 4;
      estimate(thread, probe, block, rows, base, out);
      if (nbits === 1) {
        search.heapPush(out, rows, idOf, ids.first + i, dis, found, k);
        continue;
      }
      search.unpackBlocks(block, 0, rows, bytes, partsOf(codec), signs);
      search.rabitqRefine(query, out, length, signs, bytes, block + signsOfBlock(codec), factorBytes(codec), rows, d, gridBits(codec), metric === 'IP' ? 1 : 0, base, idOf, ids.first + i, dis, found, k);
    }
  },
};
