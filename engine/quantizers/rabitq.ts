/** RaBitQ: signs of a vector less its centre, with the factors that make an estimate of distances from them (Gao & Long, SIGMOD
 *  2024); with more than one bit, a grid for the codes that the estimate does not rule out (Gao et al., SIGMOD 2025). Knows centres,
 *  codes and one query at a time; rotations, which its bounds ask for, stand before it. The bytes of a code: assembly/rabitq.ts. */
import type { CodecOf as SpecOf, Metric } from '../factory/spec';
import type { Arena } from '../memory';
import type { Engine } from '../pool';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import { meanOf } from './centre';
import type { Cells, CodecOf, CodecOps, Probe } from './codec';

export type RaBitQ = CodecOf<'RaBitQ'>;
export type AnyRaBitQ = RaBitQ | CodecOf<'RaBitQfs'>;

export const signBytes = ({ d }: AnyRaBitQ) => Math.ceil(d / 8);
export const gridBits = ({ nbits }: AnyRaBitQ) => nbits - 1;
const sizeOf = (nbits: number, d: number) => Math.ceil(d / 8) + (nbits === 1 ? 8 : 12 + Math.ceil(((nbits - 1) * d) / 8) + 8);

export type RabitqOptions = { x: number; n: number; d: number; metric: Metric };

/** Centred at the mean of n training vectors at x; without any, at the centroids of inverted lists. */
export async function trainRabitq(engine: Engine, arena: Arena, { nbits }: SpecOf<'RaBitQ'>, { x, n, d, metric }: RabitqOptions): Promise<RaBitQ> {
  return { kind: 'RaBitQ', d, nbits, metric, codeSize: sizeOf(nbits, d), ...await meanOf(engine, arena, x, n, d) };
}

export function encodeRabitq(thread: Thread, codec: AnyRaBitQ, x: number, n: number, codes: number, cells?: Cells): void {
  const { d, metric, codeSize, centre } = codec, { top } = thread, ip = metric === 'IP' ? 1 : 0;
  let rest = x;
  if (centre) {
    rest = scratch(thread, n * d * 4);
    thread.build.subtractRows(x, n, d, centre.byteOffset, firstOf(thread, n), rest);
  }
  const room = scratch(thread, 20 * d), at = centre?.byteOffset ?? cells?.centroids ?? 0;
  thread.build.rabitqEncode(rest, n, d, gridBits(codec), ip, at, cells?.list ?? 0, codes, codeSize, room);
  thread.top = top;
}
export const encodeRabitqScratch = ({ d }: AnyRaBitQ, n: number) => n * d * 4 + n * 4 + 20 * d + 192;

/** A list that names row 0 for each of n. */
function firstOf(thread: Thread, n: number): number {
  const at = scratch(thread, n * 4);
  new Int32Array(thread.buffer, at, n).fill(0);
  return at;
}

/** Addresses of signs and factors, and the bytes from those of one code to the next. */
type Parts = { signs: number; toSigns: number; factors: number; stride: number };

/** What the signs alone stand for, as in Faiss, which decodes no grid. */
export function decodeSigns(thread: Thread, { d, centre }: AnyRaBitQ, { signs, toSigns, factors, stride }: Parts, n: number, out: number): void {
  const bytes = new DataView(thread.buffer), rows = new Float32Array(thread.buffer, out, n * d), root = Math.sqrt(d);
  for (let i = 0; i < n; i++) {
    const each = bytes.getFloat32(factors + i * stride + 4, true) / root, from = signs + i * toSigns;
    for (let j = 0; j < d; j++) rows[i * d + j] = ((bytes.getUint8(from + (j >> 3)) >> (j & 7)) & 1 ? each : -each) + (centre?.[j] ?? 0);
  }
}

/** A probe starts with the four terms of the rounded query (rabitqRound), then ‖c‖²/2 for inner products, which estimates need. */
export const TERMS = 64;
const up = (bytes: number) => (bytes + 63) & ~63;

/** Takes the query from its centre and rounds it: terms at probe.at, the query at `rest` where the codec centres it itself,
 *  the rounded at `rounded`. */
export function aimRabitq(thread: Thread, probe: Probe<AnyRaBitQ>, x: number, nbits: number, rest: number, rounded: number): void {
  const { codec: { d, centre }, metric, at } = probe, { search } = thread, head = new Float32Array(thread.buffer, at, TERMS / 4);
  const from = centre?.byteOffset ?? probe.centre ?? 0;
  head.fill(0);
  if (centre) {
    const q = new Float32Array(thread.buffer, rest, d), whole = new Float32Array(thread.buffer, x, d);
    for (let j = 0; j < d; j++) q[j] = (whole[j] ?? 0) - (centre[j] ?? 0);
    probe.query = rest;
  }
  search.rabitqRound(probe.query, d, nbits, rounded, at);
  if (metric === 'L2') probe.base = head[3] ?? 0;
  else if (from) {
    search.normsSqr(from, d, 1, d, at + 16);
    head[4] = (head[4] ?? 0) / 2;
    if (centre) search.ipToMany(x, from, 1, d, at + 32);
    probe.base = head[8] ?? 0;
  }
}

const BITS = 4; // of a query's components, Faiss's default
const restAt = TERMS;
const roundedAt = ({ d }: RaBitQ) => restAt + up(4 * d);
const planesAt = (codec: RaBitQ) => roundedAt(codec) + up(codec.d);
const estimatesAt = (codec: RaBitQ) => planesAt(codec) + up(BITS * Math.ceil(codec.d / 64) * 8);
const ESTIMATES = 1024;

/** Distances by signs, for n codes. */
function estimate(thread: Thread, { codec, at, metric }: Probe<RaBitQ>, codes: number, n: number, base: number, out: number): void {
  const shift = new Float32Array(thread.buffer, at, 5)[4] ?? 0;
  thread.search.rabitqEstimate(at + planesAt(codec), at, codes, codec.codeSize, n, codec.d, metric === 'IP' ? 0.5 : 1, base + shift, out);
}

export const rabitqOps: CodecOps<RaBitQ> = {
  pack: () => [],
  encode: (thread, codec, _, x, n, codes, cells) => encodeRabitq(thread, codec, x, n, codes, cells),
  encodeScratch: encodeRabitqScratch,
  decode(thread, codec, codes, n, out) {
    const { codeSize } = codec;
    decodeSigns(thread, codec, { signs: codes, toSigns: codeSize, factors: codes + signBytes(codec), stride: codeSize }, n, out);
  },
  probeBytes: (codec) => estimatesAt(codec) + ESTIMATES * 4,
  centred: true,

  aim(thread, probe, x) {
    const { codec, at } = probe, rounded = at + roundedAt(codec);
    aimRabitq(thread, probe, x, BITS, at + restAt, rounded);
    thread.search.rabitqPlanes(rounded, codec.d, BITS, at + planesAt(codec));
  },

  distances(thread, probe, codes, n, base, out) {
    const { codec, query, metric } = probe, bytes = signBytes(codec);
    if (codec.nbits === 1) estimate(thread, probe, codes, n, base, out);
    else thread.search.rabitqFull(query, codes, codec.codeSize, codes + bytes, codec.codeSize, n, codec.d, gridBits(codec), metric === 'IP' ? 1 : 0, base, out);
  },

  offer(thread, probe, codes, n, base, ids, { dis, ids: found, k }) {
    const { codec, at, query, metric } = probe, { d, codeSize, nbits } = codec, { search } = thread, out = at + estimatesAt(codec);
    const length = Math.sqrt(new Float32Array(thread.buffer, at, 4)[3] ?? 0);
    for (let i = 0; i < n; i += ESTIMATES) {
      const rows = Math.min(ESTIMATES, n - i), from = codes + i * codeSize, idOf = ids.at && ids.at + i * 4;
      estimate(thread, probe, from, rows, base, out);
      if (nbits === 1) search.heapPush(out, rows, idOf, ids.first + i, dis, found, k);
      else search.rabitqRefine(query, out, length, from, codeSize, from + signBytes(codec), codeSize, rows, d, gridBits(codec), metric === 'IP' ? 1 : 0, base, idOf, ids.first + i, dis, found, k);
    }
  },
};
