/** A code of vectors that were first scaled to [0, 1], each by its own least value and range; these two stand in front of the code, as
 *  floats or in half precision. Knows scaling; the code behind it is any other. */
import { float16Table, toFloat16 } from '../data/float16';
import type { Thread } from '../thread';
import { scratch, scratchF32 } from '../thread';
import type { Codec } from '../types';
import type { CodecOf, CodecOps, Inside } from './codec';
import { asDecoded, eachRun, joinCodes, runScratch } from './heads';

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

/** Rows to [0, 1] by their own scales as a code keeps them; a row of equal values becomes 0. */
export const scaleRows = (rows: Float32Array, d: number, half: boolean): void =>
  scaleBy(rows, d, (row) => half ? halfOf(scaleOf(row)) : scaleOf(row));

const halfOf = (scale: Scale): Scale => {
  const [range, least] = scale.map((v) => float16Table()[toFloat16(v)] ?? 0);
  return [range ?? 0, least ?? 0];
};

function scaleBy(rows: Float32Array, d: number, scaleAt: (row: Float32Array, i: number) => Scale): void {
  for (let i = 0; i * d < rows.length; i++) {
    const row = rows.subarray(i * d, (i + 1) * d), [range, least] = scaleAt(row, i), share = range === 0 ? 0 : Math.fround(1 / range);
    row.forEach((v, j) => { row[j] = Math.fround(v - least) * share; });
  }
}

function writeScale(code: DataView, half: boolean, [range, least]: Scale): void {
  if (half) { code.setUint16(0, toFloat16(range), true); code.setUint16(2, toFloat16(least), true); }
  else { code.setFloat32(0, range, true); code.setFloat32(4, least, true); }
}

/** The scale that stands at the head of a code. */
export function readScale(code: DataView, half: boolean): Scale {
  const table = half ? float16Table() : null;
  return table ? [table[code.getUint16(0, true)] ?? 0, table[code.getUint16(2, true)] ?? 0] : [code.getFloat32(0, true), code.getFloat32(4, true)];
}

const layoutOf = ({ codeSize, inner }: MinMax) => ({ head: codeSize - inner.codeSize, size: inner.codeSize });
const codeAt = (thread: Thread, { codeSize }: MinMax, codes: number, i: number) => new DataView(thread.buffer, codes + i * codeSize, codeSize);

export const minmaxOps = ({ opsOf, decode, decodeScratch }: Inside): CodecOps<MinMax> => asDecoded({
  pack: (engine, arena, { inner }) => opsOf(inner).pack(engine, arena, inner),

  encode(thread, codec, packed, x, n, codes) {
    const { d, inner, half } = codec, { top } = thread, rows = scratchF32(thread, n * d), apart = scratch(thread, n * inner.codeSize);
    rows.set(new Float32Array(thread.buffer, x, n * d));
    scaleBy(rows, d, (row, i) => {
      const code = codeAt(thread, codec, codes, i);
      writeScale(code, half, scaleOf(row));
      return readScale(code, half); // rounded, as decoding will find it
    });
    opsOf(inner).encode(thread, inner, packed, rows.byteOffset, n, apart);
    joinCodes(thread, layoutOf(codec), apart, n, codes);
    thread.top = top;
  },
  encodeScratch: ({ d, inner }, n) => n * (d * 4 + inner.codeSize) + 128 + opsOf(inner).encodeScratch(inner, n),

  decode(thread, codec, codes, n, out) {
    const { d, inner, half } = codec;
    eachRun(thread, layoutOf(codec), codes, n, (apart, from, count) => decode(thread, inner, apart, count, out + from * d * 4));
    for (let i = 0; i < n; i++) {
      const [range, least] = readScale(codeAt(thread, codec, codes, i), half), row = new Float32Array(thread.buffer, out + i * d * 4, d);
      row.forEach((v, j) => { row[j] = Math.fround(v * range) + least; });
    }
  },
  decodeScratch: ({ inner }) => runScratch(inner.codeSize) + decodeScratch(inner),
});
