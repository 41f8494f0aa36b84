import { float16Table } from './float16';

/** Prepared data sets: one file per set, little-endian, made once from the packages' files and read by the page as it is.
 *
 *  | byte | content |
 *  | 0    | uint32 magic "IFXV" · version · dtype (0 u8, 1 f16, 2 f32) · d · n · nq · number of extras · 0 |
 *  | 32   | per extra: its name in 12 ASCII bytes, padded by zeros, then uint32 its length in bytes |
 *  | …    | base (n, d), queries (nq, d), the extras in order; each starts at a multiple of 8 |
 *
 *  The order of base vectors is such that the first rows of any number are a fair, smaller set. */
export type Dtype = 'u8' | 'f16' | 'f32';

/** Vectors as they are stored: bytes, half-precision bits, or floats. */
export type Stored = Uint8Array | Uint16Array | Float32Array;

export type Prepared = {
  d: number;
  n: number;
  nq: number;
  base: Stored;    // (n, d)
  queries: Stored; // (nq, d)
  /** What labels need beside the vectors, by name: at most 12 ASCII characters. */
  extras: Record<string, Uint8Array>;
};

const magic = 0x56584649;
const version = 1;
const headBytes = 32;
const extraBytes = 16;
const nameBytes = 12;

const dtypes: Dtype[] = ['u8', 'f16', 'f32'];

export function dtypeOf(vectors: Stored): Dtype {
  if (vectors instanceof Uint8Array) return 'u8';
  return vectors instanceof Uint16Array ? 'f16' : 'f32';
}

export function writePrepared({ d, n, nq, base, queries, extras }: Prepared): ArrayBuffer {
  if (base.length !== n * d) throw new Error(`base holds ${base.length} values, expected ${n} × ${d}`);
  if (queries.length !== nq * d) throw new Error(`queries hold ${queries.length} values, expected ${nq} × ${d}`);
  if (dtypeOf(base) !== dtypeOf(queries)) throw new Error(`base is ${dtypeOf(base)}, queries are ${dtypeOf(queries)}`);
  const named = Object.entries(extras);
  const sections = [base, queries, ...named.map(([, bytes]) => bytes)];
  const { starts, end } = layOut(headBytes + named.length * extraBytes, sections.map((section) => section.byteLength));

  const buffer = new ArrayBuffer(end);
  const view = new DataView(buffer);
  const head = [magic, version, dtypes.indexOf(dtypeOf(base)), d, n, nq, named.length];
  head.forEach((word, i) => view.setUint32(4 * i, word, true));
  named.forEach(([name, bytes], i) => writeExtraHead(view, headBytes + i * extraBytes, name, bytes.byteLength));
  sections.forEach(({ buffer: from, byteOffset, byteLength }, i) =>
    new Uint8Array(buffer, starts[i], byteLength).set(new Uint8Array(from, byteOffset, byteLength)));
  return buffer;
}

/** What the first bytes of a file tell: shapes, and where its sections start. */
export type Head = Pick<Prepared, 'd' | 'n' | 'nq'> & { dtype: Dtype; rowBytes: number; base: number; queries: number; extras: { name: string; start: number; length: number }[]; end: number };

/** Bytes that hold the head of any set we make. */
export const headRoom = headBytes + 16 * extraBytes;

export function readHead(buffer: ArrayBuffer): Head {
  if (buffer.byteLength < headBytes) throw new Error(`a prepared set has a head of ${headBytes} bytes, got ${buffer.byteLength} bytes`);
  const view = new DataView(buffer);
  const word = (i: number) => view.getUint32(4 * i, true);
  if (word(0) !== magic || word(1) !== version) {
    throw new Error(`not a prepared set of version ${version}: starts with ${word(0).toString(16)}, version ${word(1)}`);
  }
  const [dtype, d, n, nq] = [dtypes[word(2)], word(3), word(4), word(5)] as const;
  if (!dtype) throw new Error(`a prepared set has dtype 0 … ${dtypes.length - 1}, got ${word(2)}`);
  const heads = Array.from({ length: word(6) }, (_, i) => readExtraHead(view, headBytes + i * extraBytes));
  const rowBytes = { u8: 1, f16: 2, f32: 4 }[dtype] * d;
  const { starts: [base = 0, queries = 0, ...starts], end } = layOut(headBytes + heads.length * extraBytes, [n * rowBytes, nq * rowBytes, ...heads.map((head) => head.length)]);
  return { dtype, d, n, nq, rowBytes, base, queries, extras: heads.map((head, i) => ({ ...head, start: starts[i] ?? 0 })), end };
}

/** Views into `buffer`, nothing copied. */
export function readPrepared(buffer: ArrayBuffer): Prepared {
  const { dtype, d, n, nq, rowBytes, base, queries, extras, end } = readHead(buffer);
  if (end !== buffer.byteLength) {
    throw new Error(`a prepared set of ${n} + ${nq} vectors of ${rowBytes} bytes takes ${end} bytes, got ${buffer.byteLength}`);
  }
  return {
    d, n, nq,
    base: stored(dtype, buffer, base, n * d),
    queries: stored(dtype, buffer, queries, nq * d),
    extras: Object.fromEntries(extras.map(({ name, start, length }) => [name, new Uint8Array(buffer, start, length)])),
  };
}

/** The same of a part of the file: rows of its base from the first on, and its queries, each in a buffer of its own. */
export const prepareRows = ({ dtype, d, nq, rowBytes }: Head, base: ArrayBuffer, queries: ArrayBuffer): Prepared =>
  ({ d, n: base.byteLength / rowBytes, nq, base: stored(dtype, base, 0, (base.byteLength / rowBytes) * d), queries: stored(dtype, queries, 0, nq * d), extras: {} });

/** Unpacks rows [from, to) into out (to − from, d). */
export function rowsToFloat32(vectors: Stored, d: number, from: number, to: number, out: Float32Array): void {
  if (out.length < (to - from) * d) throw new Error(`rows ${from} … ${to} of ${d} do not fit ${out.length} floats`);
  const rows = vectors.subarray(from * d, to * d);
  if (!(rows instanceof Uint16Array)) return out.set(rows);
  const values = float16Table();
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i] ?? 0] ?? 0;
}

/** Where each section starts, and where the file ends. */
function layOut(after: number, lengths: number[]): { starts: number[]; end: number } {
  let end = align8(after);
  const starts = lengths.map((length) => {
    const start = end;
    end = align8(end + length);
    return start;
  });
  return { starts, end };
}

function align8(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}

function stored(dtype: Dtype, buffer: ArrayBuffer, start: number, length: number): Stored {
  if (dtype === 'u8') return new Uint8Array(buffer, start, length);
  return dtype === 'f16' ? new Uint16Array(buffer, start, length) : new Float32Array(buffer, start, length);
}

function writeExtraHead(view: DataView, at: number, name: string, length: number): void {
  if (!/^[!-~]{1,12}$/.test(name)) throw new Error(`an extra's name has 1 … ${nameBytes} ASCII characters, got "${name}"`);
  for (let i = 0; i < name.length; i++) view.setUint8(at + i, name.charCodeAt(i));
  view.setUint32(at + nameBytes, length, true);
}

function readExtraHead(view: DataView, at: number): { name: string; length: number } {
  const letters = Array.from({ length: nameBytes }, (_, i) => view.getUint8(at + i)).filter((letter) => letter !== 0);
  return { name: String.fromCharCode(...letters), length: view.getUint32(at + nameBytes, true) };
}
