/** `SQtq<b>`: b − 1 bits a component for a Lloyd–Max level of x/‖x‖, and one bit for the sign of a projection of what the level leaves,
 *  which makes inner products unbiased (Zandieh et al., arXiv 2504.19874, Algorithm 2). The projection is Faiss's: a Walsh–Hadamard
 *  transform of the remainder behind random signs. */
import type { SqType } from '../factory/spec';
import type { Arena } from '../memory';
import { takeF32 } from '../memory';
import { mt19937 } from '../random';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { CodecOps } from './codec';
import { lloydMax } from './lloyd-max';
import type { SQ } from './sq';

const SEED = 42; // Faiss's, and it is written to the file
const LEVELS = 16;

const bitsOf = ({ qtype }: SQ) => Number(qtype.slice('SQtq'.length)) - 1;
const paddedOf = ({ tables }: SQ) => tables.length - LEVELS;
const signsAt = ({ tables }: SQ) => tables.byteOffset + LEVELS * 4;
/** The weight of a remainder of length 1, with the scale of the transform. */
const shareOf = (sq: SQ) => Math.sqrt(Math.PI / 2) / (sq.d * Math.sqrt(paddedOf(sq)));

/** trained as in a file of Faiss: levels, bounds, the seed's 64 bits, 0 for this projection. tables: 16 levels over √d, the signs. */
export function trainTurbo(arena: Arena, qtype: SqType, d: number): SQ {
  const bits = Number(qtype.slice('SQtq'.length)), values = lloydMax(bits - 1);
  const padded = 2 ** Math.ceil(Math.log2(d)), random = mt19937(SEED);
  const trained = takeF32(arena, values.length + 3), tables = takeF32(arena, LEVELS + padded).fill(0);
  trained.set(values);
  new Uint32Array(trained.buffer, trained.byteOffset + values.length * 4, 3).set([SEED, 0, 0]);
  for (let i = 0; i < 2 ** (bits - 1); i++) tables[i] = (values[i] ?? 0) / Math.sqrt(d);
  for (let j = 0; j < padded; j++) tables[LEVELS + j] = random() % 2 === 0 ? 1 : -1;
  return { kind: 'SQ', qtype, d, codeSize: bits * Math.ceil(d / 8) + 8, trained, tables };
}

function withRoom(thread: Thread, bytes: number, use: (room: number) => void): void {
  const { top } = thread;
  use(scratch(thread, bytes));
  thread.top = top;
}

export const turboOps: CodecOps<SQ> = {
  pack: () => [],
  encode(thread, sq, _, x, n, codes) {
    const { d, codeSize, trained, tables } = sq, nbits = bitsOf(sq), padded = paddedOf(sq);
    new Uint8Array(thread.buffer, codes, n * codeSize).fill(0);
    withRoom(thread, (d + padded) * 4, (room) =>
      thread.build.turboEncode(x, n, d, nbits, tables.byteOffset, trained.byteOffset + 2 ** nbits * 4, signsAt(sq), padded, codes, codeSize, room));
  },
  encodeScratch: (sq) => (sq.d + paddedOf(sq)) * 4 + 64,
  decode(thread, sq, codes, n, out) {
    const { d, codeSize, tables } = sq, padded = paddedOf(sq);
    withRoom(thread, padded * 4, (room) =>
      thread.search.turboDecode(codes, n, d, bitsOf(sq), tables.byteOffset, signsAt(sq), padded, shareOf(sq), codeSize, room, out));
  },
  probeBytes: (sq) => paddedOf(sq) * 4,
  aim(thread, probe, x) {
    const { codec, at, metric } = probe, padded = paddedOf(codec), share = shareOf(codec);
    thread.search.signedHadamard(x, codec.d, signsAt(codec), padded, at);
    const turned = new Float32Array(thread.buffer, at, padded);
    turned.forEach((v, j) => { turned[j] = share * v; });
    if (metric === 'L2') probe.base = new Float32Array(thread.buffer, x, codec.d).reduce((sum, v) => sum + v * v, 0);
  },
  distances(thread, { codec, metric, query, at }, codes, n, base, out) {
    const { d, codeSize, tables } = codec;
    thread.search.turboScan(query, at, codes, n, d, bitsOf(codec), tables.byteOffset, codeSize, metric === 'IP' ? 1 : 0, base, out);
  },
};
