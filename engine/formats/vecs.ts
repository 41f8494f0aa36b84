/** The formats of the TEXMEX sets (SIFT1M and its kin): rows end to end, each an int32 d and then d values,
 *  little-endian: float32 in .fvecs, bytes in .bvecs, int32 in .ivecs. Knows bytes; not files or metrics. */
export type VecsKind = 'fvecs' | 'bvecs' | 'ivecs';

export type Vecs<Values> = { n: number; d: number; values: Values /* (n, d) */ };

/** What is wrong with a visitor's file, as a sentence. */
export type BadFile = { problem: string };

const valueBytes: Record<VecsKind, number> = { fvecs: 4, bvecs: 1, ivecs: 4 };
const maxD = 65_536;

/** n and d of a whole file from its first four bytes and its size, so that a reader can slice out just the rows it wants. */
export function vecsShape(kind: VecsKind, head: ArrayBuffer, fileBytes: number): { n: number; d: number; rowBytes: number } | BadFile {
  if (head.byteLength < 4) return { problem: `A .${kind} file starts with the dimension in 4 bytes; this one has ${head.byteLength}.` };
  const d = new DataView(head).getInt32(0, true);
  if (d < 1 || d > maxD) return { problem: `A .${kind} file starts with the dimension; ${d} is not between 1 and ${maxD}.` };
  const rowBytes = 4 + d * valueBytes[kind];
  if (fileBytes % rowBytes !== 0) {
    return { problem: `The first row says d = ${d}, so rows of ${rowBytes} bytes; ${fileBytes} bytes are not a multiple of that.` };
  }
  return { n: fileBytes / rowBytes, d, rowBytes };
}

export function readFvecs(buffer: ArrayBuffer, limit = Infinity): Vecs<Float32Array> | BadFile {
  return readRows('fvecs', buffer, limit, (length) => new Float32Array(length));
}

/** Bytes stay bytes; `bytesToFloat32` makes them vectors. */
export function readBvecs(buffer: ArrayBuffer, limit = Infinity): Vecs<Uint8Array> | BadFile {
  return readRows('bvecs', buffer, limit, (length) => new Uint8Array(length));
}

export function readIvecs(buffer: ArrayBuffer, limit = Infinity): Vecs<Int32Array> | BadFile {
  return readRows('ivecs', buffer, limit, (length) => new Int32Array(length));
}

export function bytesToFloat32(vecs: Vecs<Uint8Array>): Vecs<Float32Array> {
  return { ...vecs, values: Float32Array.from(vecs.values) };
}

export function writeFvecs(vecs: Vecs<Float32Array>): ArrayBuffer {
  return writeRows('fvecs', vecs, (buffer, start) => new Float32Array(buffer, start, vecs.d));
}

export function writeBvecs(vecs: Vecs<Uint8Array>): ArrayBuffer {
  return writeRows('bvecs', vecs, (buffer, start) => new Uint8Array(buffer, start, vecs.d));
}

export function writeIvecs(vecs: Vecs<Int32Array>): ArrayBuffer {
  return writeRows('ivecs', vecs, (buffer, start) => new Int32Array(buffer, start, vecs.d));
}

type Values = Float32Array | Uint8Array | Int32Array;

/** The first `limit` rows. */
function readRows<V extends Values>(kind: VecsKind, buffer: ArrayBuffer, limit: number, make: (length: number) => V): Vecs<V> | BadFile {
  const shape = vecsShape(kind, buffer, buffer.byteLength);
  if ('problem' in shape) return shape;
  const { d, rowBytes } = shape, n = Math.min(shape.n, limit), values = make(n * d);
  return unpackRows(kind, new Uint8Array(buffer, 0, n * rowBytes), d, 0, values) ?? { n, d, values };
}

/** Rows as they stand in a file → values end to end, bytes as numbers where `out` takes floats. `first` is the number of the first
 *  row; `rows` begins at a multiple of 4, so that values of 4 bytes can be read through a typed array. */
export function unpackRows(kind: VecsKind, rows: Uint8Array, d: number, first: number, out: Values): BadFile | null {
  const rowBytes = 4 + d * valueBytes[kind], n = rows.byteLength / rowBytes, view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength);
  for (let i = 0; i < n; i++) {
    const start = i * rowBytes, rowD = view.getInt32(start, true);
    if (rowD !== d) return { problem: `Row ${first + i} says d = ${rowD}; the first row says ${d}. All rows of a .${kind} file have one dimension.` };
    out.set(valuesAt(kind, rows.buffer, rows.byteOffset + start + 4, d), i * d);
  }
  return null;
}

function valuesAt(kind: VecsKind, buffer: ArrayBufferLike, start: number, d: number): Values {
  if (kind === 'bvecs') return new Uint8Array(buffer, start, d);
  return kind === 'fvecs' ? new Float32Array(buffer, start, d) : new Int32Array(buffer, start, d);
}

function writeRows<V extends Values>(
  kind: VecsKind, { n, d, values }: Vecs<V>, rowAt: (buffer: ArrayBuffer, start: number) => V,
): ArrayBuffer {
  if (values.length !== n * d) throw new Error(`expected ${n} × ${d} values, got ${values.length}`);
  const rowBytes = 4 + d * valueBytes[kind];
  const buffer = new ArrayBuffer(n * rowBytes);
  const view = new DataView(buffer);
  for (let i = 0; i < n; i++) {
    view.setInt32(i * rowBytes, d, true);
    rowAt(buffer, i * rowBytes + 4).set(values.subarray(i * d, (i + 1) * d));
  }
  return buffer;
}
