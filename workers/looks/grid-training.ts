/** What lists by parts are drawn from beside their walk: the plane they divide, and how their parts were learnt. */
import { openArena, release, takeF32, takeI32 } from '../../engine/memory';
import { assign, packRows, placeIn } from '../../engine/dense';
import { chainOf, project } from '../../engine/plane';
import type { KMeansTrace } from '../../engine/kmeans';
import type { CodecOf } from '../../engine/quantizers/codec';
import { mapAllRows, prepare } from '../../engine/transforms/apply';
import type { ImiIndex } from '../../engine/types';
import { loaded, ready } from '../session';
import type { Session } from '../session';

/** The vectors, on either axis the centroids of its half, and the query. */
export type GridPlane = { points: Float32Array /* (n, 3) */; sites: Sites; query: [x: number, y: number] };
type Sites = [first: Float32Array, second: Float32Array];

export type GridTraining = {
  /** Vectors that the centroids were learnt from. */
  sampled: number;
  iterations: {
    /** Mean squared distance of each part from its centroid, under the centroids before the iteration. */
    distortion: number[]; // (M)
    /** Parts whose nearest centroid was another one before, of M·sampled. */
    moved: number;
  }[];
  /** Centroids that were kept, after the iterations of these numbers. */
  states: GridState[];
  /** Base vectors that are placed under each state, evenly spaced. */
  ids: Int32Array;
};
export type GridState = {
  iteration: number;
  /** To the query, squared: (M) of (ksub). */
  near: Float32Array[];
  codes: Int32Array; // (M, ids)
  sites: Sites | null; // d = 2
};

/** Base vectors placed at most, and what placing them may take: states · vectors · ksub · d. Where that is long work, states go first. */
const [MOST_PLACED, MOST_WORK, LEAST_STATES, MOST_STATES] = [8192, 2 ** 30, 12, 64];

export async function planeOf(session: Session, { pq }: ImiIndex, query: Float32Array): Promise<GridPlane> {
  const { base, n } = loaded(session), arena = openArena(session.engine.memory);
  try {
    const axis = (j: number) => { const a = takeF32(arena, 2).fill(0); a[j] = 1; return a; };
    const points = await project(session.engine, { d: 2, origin: takeF32(arena, 2).fill(0), u: axis(0), v: axis(1) }, chainOf(ready(session).index), base.byteOffset, n);
    return { points, sites: sitesOf(pq.centroids, pq.ksub), query: [query[0] ?? 0, query[1] ?? 0] };
  } finally {
    release(arena);
  }
}

/** What does not depend on the query. */
type Placed = { ids: Int32Array; codes: Int32Array[] /* a state */ };
const placed = new WeakMap<object, Promise<Placed>>();

export async function trainingOf(session: Session, parts: CodecOf<'PQ'>, trace: KMeansTrace | undefined, query: Float32Array): Promise<GridTraining | null> {
  if (!trace?.iterations.length) return null;
  const built = ready(session), { d, M, ksub, dsub } = parts, { sampled } = trace, x = query.slice(), within = Math.floor(MOST_WORK / (ksub * d * Math.min(built.index.n, MOST_PLACED)));
  const kept = thinned([...trace.iterations.entries()].filter(([, { centroids }]) => centroids.length > 0), Math.min(MOST_STATES, Math.max(LEAST_STATES, within)));
  const known = placed.get(built) ?? place(session, parts, kept.map(([, { centroids }]) => centroids));
  placed.set(built, known);
  known.catch(() => placed.delete(built));
  const { ids, codes } = await known;
  return {
    sampled, ids,
    iterations: trace.iterations.map(({ parts: left, moved }) => ({ distortion: Array.from(left, (sum) => sum / sampled), moved })),
    states: kept.map(([iteration, { centroids }], i) => ({
      iteration, codes: codes[i] ?? new Int32Array(0), sites: d === 2 && M === 2 ? sitesOf(centroids, ksub) : null,
      near: Array.from({ length: M }, (_, m) => distances(x.subarray(m * dsub), centroids.subarray(m * ksub * dsub), ksub, dsub)),
    })),
  };
}

/** Evenly spread, the first and the last among them. */
function thinned<T>(all: T[], most: number): T[] {
  const take = Math.min(all.length, most);
  return Array.from({ length: take }, (_, i) => all[take < 2 ? 0 : Math.round((i * (all.length - 1)) / (take - 1))]).flatMap((one) => (one === undefined ? [] : [one]));
}

/** The nearest centroids of some base vectors, in each of these states. */
async function place(session: Session, parts: CodecOf<'PQ'>, states: Float32Array[]): Promise<Placed> {
  const { base, n, d } = loaded(session), { engine } = session, { M, ksub, dsub } = parts, room = openArena(engine.memory);
  const most = Math.max(256, Math.floor(MOST_WORK / (states.length * ksub * parts.d))), count = Math.min(n, MOST_PLACED, most);
  const ids = Int32Array.from({ length: count }, (_, i) => Math.floor((i * n) / count)), codes: Int32Array[] = [];
  try {
    let x = takeF32(room, count * d, 'the sample');
    ids.forEach((id, i) => x.set(base.subarray(id * d, (id + 1) * d), i * d));
    for (const transform of chainOf(ready(session).index)) {
      const out = takeF32(room, count * transform.dOut, 'the transformed sample');
      await mapAllRows(engine, { x: x.byteOffset, n: count, prepared: prepare(engine.own, placeIn(room), transform), out: out.byteOffset });
      x = out;
    }
    const best = takeI32(room, count + 3).subarray(0, count), value = takeF32(room, count + 3), centroids = takeF32(room, M * ksub * dsub); // whole groups of four are written
    for (const state of states) {
      const own = new Int32Array(M * count);
      centroids.set(state);
      for (let m = 0; m < M; m++) {
        const packed = openArena(engine.memory), to = packRows(engine.own, placeIn(packed), centroids.byteOffset + m * ksub * dsub * 4, ksub, dsub, 'L2');
        await assign(engine, { x: x.byteOffset + m * dsub * 4, stride: parts.d, n: count, to, best: best.byteOffset, value: value.byteOffset });
        own.set(best, m * count);
        release(packed);
      }
      codes.push(own);
    }
    return { ids, codes };
  } finally {
    release(room);
  }
}

const sitesOf = (centroids: Float32Array, ksub: number): Sites => [centroids.slice(0, ksub), centroids.slice(ksub, 2 * ksub)];

function distances(x: Float32Array, centroids: Float32Array, ksub: number, dsub: number): Float32Array {
  return Float32Array.from({ length: ksub }, (_, k) => {
    let sum = 0;
    for (let j = 0; j < dsub; j++) sum += ((x[j] ?? 0) - (centroids[k * dsub + j] ?? 0)) ** 2;
    return sum;
  });
}
