import { bitsAt, codeAt, usageOf } from '../../engine/measure/codes';
import { coded, vectorFor } from '../../engine/measure/lookups';
import { openArena, release, takeF32 } from '../../engine/memory';
import { principalPlane } from '../../engine/plane';
import type { KMeansTrace } from '../../engine/kmeans';
import type { Codec } from '../../engine/types';
import type { Sample } from './codes-room';
import { minus, ownVector, placeIn, sampleOf } from './codes-room';
import type { Room } from './codes-room';
import { mostRows, shownRows } from './codes-sums';

type PQ = Extract<Codec, { kind: 'PQ' }>;

/** The codebooks of a product code, each on a plane of its own. Rows of a codebook are those of `shown`. */
export type ProductLook = {
  kind: 'product';
  M: number; ksub: number; dsub: number;
  /** Sub-spaces of at most two components are drawn as they are. */
  exact: boolean;
  shown: Int32Array;     // (M, rows) codes
  rows: number;
  points: Float32Array;  // (M, rows, 2)
  usage: Uint32Array;    // (M, rows) vectors that have this code
  kept: Float32Array;    // (M) share of the variance of a sample that the plane keeps
  sample: Float32Array;  // (M, sampled, 2)
  sampled: number;
  /** The selected vector: its parts, and the rows of its code. */
  vector: Float32Array;  // (M, 2)
  chosen: Int32Array;    // (M)
  /** What it is compared with: the query, by residual less the centroid of the vector's list; and the rows it would be coded by. */
  query: Float32Array;   // (M, 2)
  queryRow: Int32Array;  // (M)
  parts: PartsLook;
  training: { objective: number; moved: number; sampled: number; points: Float32Array /* (M, rows, 2), or empty */ }[];
};

/** Distance of query and vector, part by part: of the vectors themselves, of the query and the code (asymmetric), of both codes
 *  (symmetric). `before` is added to each sum: by residual an inner product with the centroid. */
export type PartsLook = { exact: Float32Array; adc: Float32Array; sdc: Float32Array; before: number };

/** A two-dimensional frame of each part, and what of it does not change with the query; made once an index. */
type Frames = { kept: Float32Array; project: (m: number, part: Float32Array) => [number, number]; usage: Uint32Array[]; sample: Float32Array; drawn?: Pick<ProductLook, 'points' | 'training'> };
const framed = new WeakMap<Codec, Frames>();

const SAMPLED = 256;

export function productOf(codec: Codec): { pq: PQ; firstBit: number } | null {
  switch (codec.kind) {
    case 'PQ': return { pq: codec, firstBit: 0 };
    case 'PQfs': return { pq: codec.pq, firstBit: 0 };
    case 'TwoLevel': return { pq: codec.pq, firstBit: 8 * codec.first.codeSize };
    default: return null;
  }
}

export function productLook(room: Room, id: number, { pq, firstBit }: { pq: PQ; firstBit: number }, trace: KMeansTrace | undefined): ProductLook {
  const { engine, stored } = room, { M, ksub, dsub, nbits } = pq, place = placeIn(room, id), thread = engine.own;
  const frames = framesOf(room, pq, firstBit), code = codeAt(thread, stored, place), left = leftOf(room);
  const vector = left(ownVector(room, id, place.list), id), query = left(comparedWith(room, place.list), id), own = coded(engine, pq, query);
  const codes = Array.from({ length: M }, (_, m) => bitsAt(code, firstBit + m * nbits, nbits)), queryCodes = codes.map((_, m) => bitsAt(own.code, m * nbits, nbits));
  const shown = codes.map((k, m) => shownRows(ksub, [k, queryCodes[m] ?? 0], mostRows(M))), rows = Math.min(...shown.map(({ length }) => length));
  const perPart = (x: Float32Array) => places(M, (m) => frames.project(m, x.subarray(m * dsub, (m + 1) * dsub)));
  return {
    kind: 'product', ...drawnOf(frames, { pq, shown, trace }), M, ksub, dsub, exact: dsub <= 2, rows, kept: frames.kept, sample: frames.sample, sampled: frames.sample.length / (2 * M),
    shown: Int32Array.from(shown.flatMap((list) => [...list])),
    usage: Uint32Array.from(shown.flatMap((list, m) => [...list].map((k) => frames.usage[m]?.[k] ?? 0))),
    vector: perPart(vector), query: perPart(query),
    chosen: Int32Array.from(codes, (k, m) => shown[m]?.indexOf(k) ?? -1), queryRow: Int32Array.from(queryCodes, (k, m) => shown[m]?.indexOf(k) ?? -1),
    parts: partsLook(room, pq, { query, vector, code: rowsOf(pq, codes), queryCode: own.decoded }, place.list),
  };
}

/** The rows of a code end to end: what it stands for. */
function rowsOf({ d, dsub, ksub, centroids }: PQ, codes: number[]): Float32Array {
  const out = new Float32Array(d);
  codes.forEach((k, m) => out.set(centroids.subarray((m * ksub + k) * dsub, (m * ksub + k + 1) * dsub), m * dsub));
  return out;
}

/** The codebooks on their planes, as they are and as they were. Where all rows are shown they are the same for every query and vector. */
function drawnOf(frames: Frames, { pq, shown, trace }: { pq: PQ; shown: Int32Array[]; trace: KMeansTrace | undefined }): Pick<ProductLook, 'points' | 'training'> {
  if (frames.drawn) return frames.drawn;
  const { M, ksub, dsub } = pq, rows = shown[0]?.length ?? 0;
  const projected = (centroids: Float32Array) => {
    const out = new Float32Array(M * rows * 2);
    shown.forEach((list, m) => list.forEach((k, i) => out.set(frames.project(m, centroids.subarray((m * ksub + k) * dsub, (m * ksub + k + 1) * dsub)), (m * rows + i) * 2)));
    return out;
  };
  const training = (trace?.iterations ?? []).map(({ objective, moved, centroids }) => ({ objective, moved, sampled: trace?.sampled ?? 0, points: centroids.length === pq.centroids.length ? projected(centroids) : new Float32Array(0) }));
  const drawn = { points: projected(pq.centroids), training };
  if (rows === ksub) frames.drawn = drawn;
  return drawn;
}

const places = (M: number, at: (m: number) => [number, number]) => Float32Array.from(Array.from({ length: M }, (_, m) => at(m)).flat());

/** Of two-level codes, vectors less what the first level of this id stands for: the second codes the rest. */
function leftOf(room: Room): (x: Float32Array, id: number) => Float32Array {
  const { engine, stored } = room, { codec } = stored;
  if (codec.kind !== 'TwoLevel') return (x) => x;
  const { first } = codec, { M, nbits } = first;
  return (x, id) => {
    const code = codeAt(engine.own, stored, placeIn(room, id));
    return minus(x, rowsOf(first, Array.from({ length: M }, (_, m) => bitsAt(code, m * nbits, nbits))));
  };
}

/** By residual a query is compared as a residual, but inner products are taken with the query itself. */
function comparedWith({ engine, stored, index, inner }: Room, list: number): Float32Array {
  return vectorFor(engine.own, index.metric === 'IP' ? { ...stored, ivf: null } : stored, inner, list);
}

function partsLook(room: Room, pq: PQ, { query, vector, code, queryCode }: { query: Float32Array; vector: Float32Array; code: Float32Array; queryCode: Float32Array }, list: number): PartsLook {
  const { engine, index: { metric } } = room, { M, dsub } = pq, arena = openArena(engine.memory), { search } = engine.own;
  try {
    const a = takeF32(arena, pq.d), b = takeF32(arena, pq.d), out = takeF32(arena, 4);
    const between = (x: Float32Array, y: Float32Array) => {
      a.set(x);
      b.set(y);
      return Float32Array.from({ length: M }, (_, m) => {
        const toMany = metric === 'L2' ? search.l2ToMany : search.ipToMany;
        toMany(a.byteOffset + m * dsub * 4, b.byteOffset + m * dsub * 4, 1, dsub, out.byteOffset);
        return (metric === 'L2' ? 1 : -1) * (out[0] ?? 0);
      });
    };
    return { exact: between(query, vector), adc: between(query, code), sdc: between(queryCode, code), before: withCentroid(room, query, list) };
  } finally {
    release(arena);
  }
}

/** ⟨query, centroid⟩, where an inner product is the sum of that and of the parts' own. */
function withCentroid({ stored: { ivf, d }, index: { metric } }: Room, query: Float32Array, list: number): number {
  return ivf?.byResidual && metric === 'IP' ? query.reduce((sum, v, j) => sum + v * (ivf.centroids[list * d + j] ?? 0), 0) : 0;
}

function framesOf(room: Room, pq: PQ, firstBit: number): Frames {
  const { stored, engine } = room, known = framed.get(stored.codec);
  if (known) return known;
  const { M, nbits, dsub } = pq, all = sampleOf(room), sample = { ...all, rows: rowsLeft(room, all, pq.d) };
  const axes = Array.from({ length: M }, (_, m) => axesOf(room, sample, m, dsub, pq.d));
  const project = (m: number, part: Float32Array): [number, number] => axes[m]?.project(part) ?? [0, 0];
  const few = Math.min(SAMPLED, sample.n), points = new Float32Array(M * few * 2);
  for (let m = 0; m < M; m++) for (let i = 0; i < few; i++) {
    const row = Math.floor((i * sample.n) / few) * pq.d + m * dsub;
    points.set(project(m, sample.rows.subarray(row, row + dsub)), (m * few + i) * 2);
  }
  const bits = Array.from({ length: M }, (_, m) => firstBit + m * nbits);
  const frames: Frames = { kept: Float32Array.from(axes, ({ kept }) => kept), project, sample: points, usage: usageOf(engine.own, stored, bits, bits.map(() => nbits)) };
  framed.set(stored.codec, frames);
  return frames;
}

function rowsLeft(room: Room, { rows, n, ids }: Sample, d: number): Float32Array {
  if (room.stored.codec.kind !== 'TwoLevel') return rows;
  const left = leftOf(room), out = new Float32Array(n * d);
  ids.forEach((id, i) => out.set(left(rows.subarray(i * d, (i + 1) * d), id), i * d));
  return out;
}

/** Up to two components as they are; of more, the two main axes of the sample. */
function axesOf({ engine }: Room, { rows, n }: Sample, m: number, dsub: number, d: number): { kept: number; project: (part: Float32Array) => [number, number] } {
  if (dsub <= 2) return { kept: 1, project: (part) => [part[0] ?? 0, part[1] ?? 0] };
  const arena = openArena(engine.memory);
  try {
    const part = new Float32Array(n * dsub);
    for (let i = 0; i < n; i++) part.set(rows.subarray(i * d + m * dsub, i * d + (m + 1) * dsub), i * dsub);
    const plane = principalPlane(arena, part, n, dsub), origin = plane.origin.slice(), u = plane.u.slice(), v = plane.v.slice();
    const project = (x: Float32Array): [number, number] => {
      let a = 0, b = 0;
      x.forEach((value, j) => { const t = value - (origin[j] ?? 0); a += t * (u[j] ?? 0); b += t * (v[j] ?? 0); });
      return [a, b];
    };
    return { kept: keptBy(part, n, dsub, origin, project), project };
  } finally {
    release(arena);
  }
}

function keptBy(part: Float32Array, n: number, dsub: number, origin: Float32Array, project: (x: Float32Array) => [number, number]): number {
  let all = 0, kept = 0;
  for (let i = 0; i < n; i++) {
    const row = part.subarray(i * dsub, (i + 1) * dsub), [a, b] = project(row);
    all += row.reduce((sum, v, j) => sum + (v - (origin[j] ?? 0)) ** 2, 0);
    kept += a * a + b * b;
  }
  return all > 0 ? Math.min(1, kept / all) : 1;
}
