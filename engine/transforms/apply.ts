/** Vectors through a trained map, and back: one query, or all rows on all threads. Each kind of map has its row of operations, so
 *  that indexes and pictures need not know which one they hold. */
import { applyRows, packLinear, transformScratch } from '../dense';
import type { Linear } from '../dense';
import type { Engine } from '../pool';
import { run } from '../pool';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { Transform } from '../types';
import { hadamardBack } from './hadamard';

type Kind = Transform['kind'];
type TransformOf<K extends Kind> = Extract<Transform, { kind: K }>;

type TransformOps<T extends Transform> = {
  /** The matrix, packed once for many rows; null where there is none. */
  pack(thread: Thread, place: (bytes: number) => number, transform: T): Linear | null;
  /** out (n, dOut) of n rows x, with the kernels whose bits are the same everywhere. */
  rows(thread: Thread, transform: T, map: Linear | null, x: number, n: number, out: number): void;
  rowsScratch(transform: T, map: Linear | null, n: number): number;
  /** out (dOut) of one query. */
  one(thread: Thread, transform: T, x: number, out: number): void;
  oneScratch(transform: T): number;
  /** A vector (dIn) that the map sends to y (dOut), or as near to that as there is one; see invertOne. */
  back(transform: T, y: Float32Array, near?: Float32Array): Float32Array;
};

const noMap = { pack: () => null, rowsScratch: () => 0, oneScratch: () => 0 };

const linear: TransformOps<TransformOf<'Linear'>> = {
  pack: (thread, place, { A, b, dIn, dOut }) => packLinear(thread, place, A.byteOffset, b, dIn, dOut),
  rows: (thread, _, map, x, n, out) => applyRows(thread, x, n, packed(map), out),
  rowsScratch: (_, map, n) => transformScratch(n, packed(map)),
  one: (thread, { A, b, dIn, dOut }, x, out) => thread.search.affine(x, A.byteOffset, b?.byteOffset ?? 0, dOut, dIn, out),
  oneScratch: () => 0,
  back: ({ A, b, dIn, dOut }, y) => transposed(A, dIn, dOut, b ? y.map((v, i) => v - (b[i] ?? 0)) : y),
};

const unit: TransformOps<TransformOf<'L2norm'>> = {
  ...noMap,
  rows: (thread, { dIn }, _, x, n, out) => thread.build.unitRows(x, 0, n, dIn, out),
  one: (thread, { dIn }, x, out) => thread.search.unitRows(x, 0, 1, dIn, out),
  back: (_, y, near) => (near ? ofLength(y, length(near)) : y.slice()),
};

const pad: TransformOps<TransformOf<'Pad'>> = {
  ...noMap,
  rows(thread, { dIn, dOut }, _, x, n, out) {
    const from = new Float32Array(thread.buffer, x, n * dIn), to = new Float32Array(thread.buffer, out, n * dOut).fill(0);
    for (let i = 0; i < n; i++) to.set(from.subarray(i * dIn, (i + 1) * dIn), i * dOut);
  },
  one: (thread, transform, x, out) => pad.rows(thread, transform, null, x, 1, out),
  back: ({ dIn }, y) => y.slice(0, dIn),
};

const hadamard: TransformOps<TransformOf<'HR'>> = {
  ...noMap,
  rows: (thread, { dIn, dOut, signs }, _, x, n, out) => thread.build.hadamardRows(x, n, dIn, signs.byteOffset, dOut, out),
  one: (thread, { dIn, dOut, signs }, x, out) => thread.search.hadamardRows(x, 1, dIn, signs.byteOffset, dOut, out),
  back: hadamardBack,
};

const itq: TransformOps<TransformOf<'ITQ'>> = {
  pack: (thread, place, { A, dIn, dOut }) => packLinear(thread, place, A.byteOffset, undefined, dIn, dOut),
  rows(thread, { mean, dIn }, map, x, n, out) {
    const directions = scratch(thread, n * dIn * 4);
    thread.build.unitRows(x, mean.byteOffset, n, dIn, directions);
    applyRows(thread, directions, n, packed(map), out);
  },
  rowsScratch: ({ dIn }, map, n) => n * dIn * 4 + 64 + transformScratch(n, packed(map)),
  one(thread, { mean, A, dIn, dOut }, x, out) {
    const direction = scratch(thread, dIn * 4);
    thread.search.unitRows(x, mean.byteOffset, 1, dIn, direction);
    thread.search.affine(direction, A.byteOffset, 0, dOut, dIn, out);
  },
  oneScratch: ({ dIn }) => dIn * 4 + 64,
  back({ A, mean, dIn, dOut }, y, near) {
    const direction = transposed(A, dIn, dOut, y), from = near?.map((v, j) => v - (mean[j] ?? 0));
    return (from ? ofLength(direction, length(from)) : direction).map((v, j) => v + (mean[j] ?? 0));
  },
};

const table: { [K in Kind]: TransformOps<TransformOf<K>> } = { Linear: linear, L2norm: unit, Pad: pad, HR: hadamard, ITQ: itq };

function opsOf<K extends Kind>(transform: { kind: K }): TransformOps<TransformOf<K>> {
  return table[transform.kind];
}

function packed(map: Linear | null): Linear {
  if (!map) throw new Error('apply: a map with a matrix was not packed');
  return map;
}

/** Aᵀ·y, summed in double precision. */
function transposed(A: Float32Array, dIn: number, dOut: number, y: Float32Array): Float32Array {
  const sums = new Float64Array(dIn);
  for (let i = 0; i < dOut; i++) for (let j = 0; j < dIn; j++) sums[j] = (sums[j] ?? 0) + (y[i] ?? 0) * (A[i * dIn + j] ?? 0);
  return Float32Array.from(sums);
}

const length = (x: Float32Array) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));

function ofLength(x: Float32Array, wanted: number): Float32Array {
  const is = length(x);
  return x.map((v) => (is > 0 ? (v * wanted) / is : v));
}

/** out (dOut) for the vector x (dIn); both are addresses. Scratch: transformOneScratch. */
export const transformOne = (thread: Thread, transform: Transform, x: number, out: number): void => opsOf(transform).one(thread, transform, x, out);
export const transformOneScratch = (transform: Transform): number => opsOf(transform).oneScratch(transform);

/** out (dIn) = a vector whose image is y, where there is one. Linear with orthonormal rows: the one of the row space (with whitening
 *  it is not an inverse). L2norm and ITQ forget the length, from 0 or from the mean: y's own is left, or that of `near` is given back.
 *  Pad and HR: what stands in the added dimensions is dropped. */
export function invertOne(transform: Transform, y: Float32Array, out: Float32Array, near?: Float32Array): Float32Array {
  out.set(opsOf(transform).back(transform, y, near));
  return out;
}

/** A map made ready for many rows: goes to the threads as plain data. */
export type Prepared = { transform: Transform; map: Linear | null };

export const prepare = (thread: Thread, place: (bytes: number) => number, transform: Transform): Prepared =>
  ({ transform, map: opsOf(transform).pack(thread, place, transform) });

/** out (n, dOut) of n rows x. Scratch: rowsScratch(prepared, n). */
export const mapRows = (thread: Thread, { transform, map }: Prepared, x: number, n: number, out: number): void => opsOf(transform).rows(thread, transform, map, x, n, out);
export const rowsScratch = ({ transform, map }: Prepared, n: number): number => opsOf(transform).rowsScratch(transform, map, n) + 64;

export type MapArgs = { x: number; n: number; prepared: Prepared; out: number };
const ROWS = 256;

export function mapBlock(thread: Thread, { x, n, prepared, out }: MapArgs, block: number): void {
  const { dIn, dOut } = prepared.transform, from = block * ROWS;
  mapRows(thread, prepared, x + from * dIn * 4, Math.min(ROWS, n - from), out + from * dOut * 4);
}

/** out (n, dOut) of all rows. */
export const mapAllRows = (engine: Engine, args: MapArgs, stage?: string) =>
  run(engine, 'mapRows', args, Math.ceil(args.n / ROWS), rowsScratch(args.prepared, ROWS), stage);
