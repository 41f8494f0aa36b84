/** What a multi-index is drawn from beside its walk: the plane it divides, and how its two halves were learnt. */
import { openArena, release, takeF32, takeI32 } from '../../engine/memory';
import { placeIn } from '../../engine/dense';
import { chainOf, project } from '../../engine/plane';
import { assignByImi } from '../../engine/structures/imi';
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
    /** Mean squared distance of a half from its centroid, under the centroids before the iteration. */
    distortion: [first: number, second: number];
    /** Halves whose nearest centroid was another one before, of 2·sampled. */
    moved: number;
  }[];
  /** Centroids that were kept, after the iterations of these numbers. */
  states: GridState[];
  /** Base vectors that are placed under each state, evenly spaced. */
  ids: Int32Array;
};
export type GridState = {
  iteration: number;
  /** To the query, squared: (2) of (ksub). */
  near: Float32Array[];
  lists: Int32Array; // of `ids`
  sites: Sites | null; // d = 2
};

/** Base vectors placed at most, and what placing them may take: states · vectors · ksub · d. */
const [MOST_STATES, MOST_PLACED, MOST_WORK] = [12, 8192, 2 ** 30];

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
type Placed = { ids: Int32Array; lists: Int32Array[] /* a state */ };
const placed = new WeakMap<object, Promise<Placed>>();

export async function trainingOf(session: Session, index: ImiIndex, query: Float32Array): Promise<GridTraining | null> {
  const built = ready(session), trace = built.trace.halves, { pq: { ksub, dsub } } = index;
  if (!trace?.iterations.length) return null;
  const x = query.slice(), kept = thinned([...trace.iterations.entries()].filter(([, { centroids }]) => centroids.length > 0));
  const known = placed.get(built) ?? place(session, index, kept.map(([, { centroids }]) => centroids));
  placed.set(built, known);
  known.catch(() => placed.delete(built));
  const { ids, lists } = await known;
  return {
    sampled: trace.sampled, ids,
    iterations: trace.iterations.map(({ parts: [first = 0, second = 0], moved }) => ({ distortion: [first / trace.sampled, second / trace.sampled], moved })),
    states: kept.map(([iteration, { centroids }], i) => ({
      iteration, lists: lists[i] ?? new Int32Array(0), sites: index.d === 2 ? sitesOf(centroids, ksub) : null,
      near: [0, 1].map((half) => distances(x.subarray(half * dsub), centroids.subarray(half * ksub * dsub), ksub, dsub)),
    })),
  };
}

/** Evenly spread, the first and the last among them. */
function thinned<T>(all: T[]): T[] {
  const take = Math.min(all.length, MOST_STATES);
  return Array.from({ length: take }, (_, i) => all[take < 2 ? 0 : Math.round((i * (all.length - 1)) / (take - 1))]).flatMap((one) => (one === undefined ? [] : [one]));
}

/** The list of some base vectors under each of these centroids. */
async function place(session: Session, index: ImiIndex, states: Float32Array[]): Promise<Placed> {
  const { base, n, d } = loaded(session), { engine } = session, { pq } = index, room = openArena(engine.memory);
  const most = Math.max(256, Math.floor(MOST_WORK / (states.length * pq.ksub * index.d))), count = Math.min(n, MOST_PLACED, most);
  const ids = Int32Array.from({ length: count }, (_, i) => Math.floor((i * n) / count)), lists: Int32Array[] = [];
  try {
    let x = takeF32(room, count * d, 'the sample');
    ids.forEach((id, i) => x.set(base.subarray(id * d, (id + 1) * d), i * d));
    for (const transform of chainOf(ready(session).index)) {
      const out = takeF32(room, count * transform.dOut, 'the transformed sample');
      await mapAllRows(engine, { x: x.byteOffset, n: count, prepared: prepare(engine.own, placeIn(room), transform), out: out.byteOffset });
      x = out;
    }
    const best = takeI32(room, count), centroids = takeF32(room, pq.centroids.length);
    for (const state of states) {
      centroids.set(state);
      await assignByImi(engine, { ...index, pq: { ...pq, centroids } }, x.byteOffset, count, best, '');
      lists.push(best.slice());
    }
    return { ids, lists };
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
