/** A code of vectors that were first scaled to [0, 1], each by its own least value and range; these two stand in front of the code, as
 *  floats or in half precision. Knows scaling; the code behind it is any other. */
import { float16Table, toFloat16 } from '../data/float16';
import type { Thread } from '../thread';
import { scratch, scratchF32 } from '../thread';
import type { Codec } from '../types';
import type { CodecOf, CodecOps } from './codec';

export type MinMax = CodecOf<'MinMax'>;

export const openMinMax = (inner: Codec, half: boolean): MinMax => ({ kind: 'MinMax', d: inner.d, half, inner, codeSize: inner.codeSize + (half ? 4 : 8) });

/** The range of a row, then its least value. */
type Scale = [range: number, least: number];

function scaleOf(row: Float32Array): Scale {
  let least = Infinity, most = -Infinity;
  for (const v of row) {
    if (v < least) least = v;
    if (v > most) most = v;
  }
  return [Math.fround(most - least), least];
}

/** Rows to [0, 1] by their own scales; a row of equal values becomes 0. */
export function scaleRows(rows: Float32Array, d: number, scaleAt: (row: Float32Array, i: number) => Scale = scaleOf): void {
  for (let i = 0; i * d < rows.length; i++) {
    const row = rows.subarray(i * d, (i + 1) * d), [range, least] = scaleAt(row, i), share = range === 0 ? 0 : Math.fround(1 / range);
    row.forEach((v, j) => { row[j] = Math.fround(v - least) * share; });
  }
}

/** Codes read at a time: what is put together for the inner codec stays small. */
const CHUNK_BYTES = 32_768;
/** Vectors compared at a time, and bytes that decoding of any codec may take (DECODE_SCRATCH of codec.ts, one MinMax inside another). */
const ROWS = 32, DECODE_BYTES = 2 ** 17;

function writeScale(code: DataView, half: boolean, [range, least]: Scale): void {
  if (half) { code.setUint16(0, toFloat16(range), true); code.setUint16(2, toFloat16(least), true); }
  else { code.setFloat32(0, range, true); code.setFloat32(4, least, true); }
}

function readScale(code: DataView, half: boolean): Scale {
  const table = half ? float16Table() : null;
  return table ? [table[code.getUint16(0, true)] ?? 0, table[code.getUint16(2, true)] ?? 0] : [code.getFloat32(0, true), code.getFloat32(4, true)];
}

const codeAt = (thread: Thread, { codeSize }: MinMax, codes: number, i: number) => new DataView(thread.buffer, codes + i * codeSize, codeSize);

/** The operations of the codec inside are looked up where all codecs are known. */
export const minmaxOps = (opsOf: (codec: Codec) => CodecOps<Codec>): CodecOps<MinMax> => ({
  pack: (engine, arena, { inner }) => opsOf(inner).pack(engine, arena, inner),

  encode(thread, codec, packed, x, n, codes) {
    const { d, inner, half, codeSize } = codec, { top } = thread, rows = scratchF32(thread, n * d), apart = scratch(thread, n * inner.codeSize), head = codeSize - inner.codeSize;
    rows.set(new Float32Array(thread.buffer, x, n * d));
    scaleRows(rows, d, (row, i) => {
      const code = codeAt(thread, codec, codes, i);
      writeScale(code, half, scaleOf(row));
      return readScale(code, half); // rounded, as decoding will find it
    });
    opsOf(inner).encode(thread, inner, packed, rows.byteOffset, n, apart);
    const all = new Uint8Array(thread.buffer);
    for (let i = 0; i < n; i++) all.copyWithin(codes + i * codeSize + head, apart + i * inner.codeSize, apart + (i + 1) * inner.codeSize);
    thread.top = top;
  },
  encodeScratch: ({ d, inner }, n) => n * (d * 4 + inner.codeSize) + 128 + opsOf(inner).encodeScratch(inner, n),

  decode(thread, codec, codes, n, out) {
    const { d, inner, half, codeSize } = codec, head = codeSize - inner.codeSize, per = Math.max(1, Math.floor(CHUNK_BYTES / inner.codeSize));
    const all = new Uint8Array(thread.buffer), { top } = thread, apart = scratch(thread, Math.min(n, per) * inner.codeSize);
    for (let from = 0; from < n; from += per) {
      const count = Math.min(per, n - from);
      for (let i = 0; i < count; i++) all.copyWithin(apart + i * inner.codeSize, codes + (from + i) * codeSize + head, codes + (from + i + 1) * codeSize);
      opsOf(inner).decode(thread, inner, apart, count, out + from * d * 4);
      for (let i = 0; i < count; i++) {
        const [range, least] = readScale(codeAt(thread, codec, codes, from + i), half), row = new Float32Array(thread.buffer, out + (from + i) * d * 4, d);
        row.forEach((v, j) => { row[j] = Math.fround(v * range) + least; });
      }
    }
    thread.top = top;
  },

  // Compared as they decode, a few at a time. Behind these is the room that decoding takes: a chunk of codes, and what the codec inside does.
  probeBytes: ({ d, inner }) => ROWS * d * 4 + CHUNK_BYTES + inner.codeSize + DECODE_BYTES,
  aim: () => {},
  distances(thread, { codec, metric, query, at }, codes, n, _, out) {
    const { d, codeSize, inner } = codec, top = at + ROWS * d * 4, own = { ...thread, top, end: top + CHUNK_BYTES + inner.codeSize + DECODE_BYTES };
    for (let i = 0; i < n; i += ROWS) {
      const rows = Math.min(ROWS, n - i);
      opsOf(codec).decode(own, codec, codes + i * codeSize, rows, at);
      if (metric === 'L2') thread.search.l2ToMany(query, at, rows, d, out + i * 4);
      else thread.search.ipToMany(query, at, rows, d, out + i * 4);
    }
  },
});
