/** The plane the visitor looks at: how it is chosen, what falls on it, how far it may be trusted. */
import type { OpenSet } from '../engine/data/open';
import { placeIn } from '../engine/dense';
import { anatomyOf } from '../engine/measure/recall';
import type { Arena } from '../engine/memory';
import { openArena, release, takeF32, takeI32 } from '../engine/memory';
import type { Engine } from '../engine/pool';
import type { Plane, Sites } from '../engine/plane';
import { cellAt, cellSites, chainOf, orthonormalize, planeThrough, principalPlane, project, sitesOf, sliceCells } from '../engine/plane';
import { refuse } from '../engine/refusal';
import { transformQuery } from '../engine/search';
import { assignToLists } from '../engine/structures/coarse';
import { searchFlat } from '../engine/structures/flat';
import { invertOne, mapAllRows, prepare } from '../engine/transforms/apply';
import type { IvfIndex, Transform } from '../engine/types';
import { newWork } from '../engine/work';
import type { Answer, Ask, PlaneAnswer, PlaneKind, QueryRef, SliceAnswer } from './protocol';
import { placesIn } from './layout';
import { loaded, ready } from './session';
import type { Session } from './session';

export type Picture = {
  arena: Arena; plane: Plane; kind: PlaneKind; sites: Sites | null;
  /** The lists of the base during the training that was looked at last. */
  during: { iteration: number; lists: Int32Array } | null;
};

/** A query as a vector of the data's own space. A point of the query plane is carried back through the transforms. */
export function queryVector(session: Session, set: OpenSet, query: QueryRef): Float32Array {
  const { d } = set;
  if (query.kind === 'base') return set.base.slice(query.id * d, (query.id + 1) * d);
  const own = set.queries.slice(query.index * d, (query.index + 1) * d);
  if (query.kind === 'heldOut') return own;
  const arena = openArena(session.engine.memory);
  const plane = choosePlane(session, set, arena, 'query', own), { x, y } = query;
  let point: Float32Array = Float32Array.from(plane.origin, (o, j) => o + x * (plane.u[j] ?? 0) + y * (plane.v[j] ?? 0));
  release(arena);
  const chain = chainOf(ready(session).index);
  for (const [i, transform] of [...chain.entries()].reverse()) {
    // Where a map forgets the length, the point keeps that of the query it was dragged from.
    point = invertOne(transform, point, new Float32Array(transform.dIn), transformed(session.engine, chain.slice(0, i), own));
  }
  return point;
}

/** 'data': the axes themselves (d = 2). 'query': through the query and its two nearest centroids, so that it stands in its true
 *  cell; without cells, through its two nearest vectors. 'pca': the two main axes of the data. */
function choosePlane(session: Session, set: OpenSet, arena: Arena, kind: PlaneKind, query: Float32Array): Plane {
  const { engine } = session, { index } = ready(session), chain = chainOf(index), { ivf } = anatomyOf(index);
  const d = chain.at(-1)?.dOut ?? set.d;
  if (kind === 'data' || d === 2) {
    const plane: Plane = { d, origin: takeF32(arena, d).fill(0), u: takeF32(arena, d).fill(0), v: takeF32(arena, d).fill(0) };
    plane.u[0] = 1;
    plane.v[1] = 1;
    return plane;
  }
  const inner = transformed(engine, chain, query);
  if (kind === 'query') {
    const [b, c] = nearestTwo(inner, ivf?.centroids ?? transformedSample(session, set, arena).rows, d);
    return planeThrough(arena, inner, b, c);
  }
  const { rows, n } = transformedSample(session, set, arena);
  const plane = principalPlane(arena, rows, n, d);
  orthonormalize(plane);
  return plane;
}

const SAMPLE = 2048;

/** A vector of the data after the transforms. */
export function transformed(engine: Engine, chain: Transform[], query: Float32Array): Float32Array {
  const thread = engine.own, top = thread.top, arena = openArena(engine.memory);
  const x = takeF32(arena, query.length);
  x.set(query);
  const out = transformQuery(thread, chain, x.byteOffset, newWork());
  const copy = new Float32Array(thread.buffer, out, chain.at(-1)?.dOut ?? query.length).slice();
  thread.top = top;
  release(arena);
  return copy;
}

/** An evenly spaced sample of the base in the cells' space. */
function transformedSample({ engine, built }: Session, set: OpenSet, arena: Arena): { rows: Float32Array; n: number; ids: number[] } {
  const chain = built ? chainOf(built.index) : [], n = Math.min(SAMPLE, set.n), d = chain.at(-1)?.dOut ?? set.d;
  const ids = Array.from({ length: n }, (_, i) => Math.floor((i * set.n) / n)), rows = takeF32(arena, n * d);
  ids.forEach((id, i) => rows.set(transformed(engine, chain, set.base.slice(id * set.d, (id + 1) * set.d)), i * d));
  return { rows, n, ids };
}

function nearestTwo(x: Float32Array, rows: Float32Array, d: number): [Float32Array, Float32Array] {
  const none = { i: 0, dis: Infinity };
  let first = none, second = none;
  for (let i = 0; i < rows.length / d; i++) {
    const dis = squaredDistance(x, rows, i * d);
    // The query itself may be among the rows; two different others make a plane.
    if (dis === 0 || dis >= second.dis) continue;
    if (dis < first.dis) { second = first; first = { i, dis }; } else second = { i, dis };
  }
  const row = (i: number) => rows.slice(i * d, (i + 1) * d);
  return [row(first.i), row(second.i)];
}

function squaredDistance(x: Float32Array, rows: Float32Array, at: number): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += ((x[j] ?? 0) - (rows[at + j] ?? 0)) ** 2;
  return sum;
}

export async function openPicture(session: Session, set: OpenSet, kind: PlaneKind, query: QueryRef): Promise<{ picture: Picture; answer: PlaneAnswer }> {
  const { engine } = session, built = ready(session), arena = openArena(engine.memory);
  const { ivf } = anatomyOf(built.index), chain = chainOf(built.index);
  const anchor = query.kind === 'plane' ? queryVector(session, set, { kind: 'heldOut', index: query.index }) : queryVector(session, set, query);
  const plane = choosePlane(session, set, arena, kind, anchor);
  const points = await project(engine, plane, chain, set.base.byteOffset, set.n);
  const sites = ivf && cellSites(plane, ivf);
  const picture: Picture = { arena, plane, kind, sites, during: null };
  const at = placeOf(plane, transformed(engine, chain, queryVector(session, set, query)));
  return {
    picture,
    answer: {
      kind, points, lists: built.listOf?.slice() ?? new Int32Array(set.n).fill(-1),
      centroids: ivf ? placesOf(plane, ivf.centroids) : new Float32Array(0),
      history: ivf ? (built.trace.kmeans?.iterations ?? []).filter(({ centroids }) => centroids.length).map(({ centroids }) => placesOf(plane, centroids)) : [],
      query: { x: at[0], y: at[1], height: at[2] },
      badge: await judge(session, set, points, sites, ivf, plane.d),
    },
  };
}

/** Dots and the query where UMAP put them; nothing else has a place there. */
export async function laidOut(session: Session, query: QueryRef, layout: Float32Array | undefined): Promise<PlaneAnswer> {
  const set = loaded(session), { listOf } = ready(session);
  if (layout) session.laid = { layout, points: await placesIn(session, layout, { x: set.base.byteOffset, n: set.n }) };
  const laid = session.laid ?? refuse('No layout was sent yet.'), { points } = laid, arena = openArena(session.engine.memory);
  try {
    const x = takeF32(arena, set.d);
    x.set(queryVector(session, set, query));
    const [a = 0, b = 0] = await placesIn(session, laid.layout, { x: x.byteOffset, n: 1 }), { rows, n, ids } = transformedSample(session, set, arena), d = rows.length / n;
    return {
      kind: 'umap', points, lists: listOf?.slice() ?? new Int32Array(set.n).fill(-1), centroids: new Float32Array(0), history: [], query: { x: a, y: b, height: 0 },
      badge: { exact: false, agreement: null, knn10: neighboursKept(rows, n, d, ids, points), variance: null },
    };
  } finally {
    release(arena);
  }
}

/** (x, y, height) of one vector of the cells' space. */
function placeOf({ origin, u, v }: Plane, x: Float32Array): [number, number, number] {
  let a = 0, b = 0, all = 0;
  for (let j = 0; j < x.length; j++) {
    const t = (x[j] ?? 0) - (origin[j] ?? 0);
    a += t * (u[j] ?? 0);
    b += t * (v[j] ?? 0);
    all += t * t;
  }
  return [a, b, Math.sqrt(Math.max(0, all - a * a - b * b))];
}

function placesOf(plane: Plane, rows: Float32Array): Float32Array {
  const n = rows.length / plane.d, out = new Float32Array(n * 3);
  for (let i = 0; i < n; i++) out.set(placeOf(plane, rows.subarray(i * plane.d, (i + 1) * plane.d)), i * 3);
  return out;
}

/** The badge's numbers, each over an evenly spaced sample of the base. */
async function judge(session: Session, set: OpenSet, points: Float32Array, sites: Sites | null, ivf: IvfIndex | null, d: number): Promise<PlaneAnswer['badge']> {
  const { engine } = session, arena = openArena(engine.memory);
  try {
    const { rows, n, ids } = transformedSample(session, set, arena), listOf = ready(session).listOf;
    const owned = sites && ivf && listOf ? ids.filter((id) => cellAt(sites, points[id * 3] ?? 0, points[id * 3 + 1] ?? 0) === listOf[id]).length / n : null;
    const coarse = ivf && listOf && guesses(ivf) ? { coarse: await sentToNearest(engine, ivf, rows, n, ids.map((id) => listOf[id] ?? -1)) } : {};
    return { exact: d === 2, agreement: owned, ...coarse, knn10: neighboursKept(rows, n, d, ids, points), variance: varianceKept(rows, n, d, ids, points) };
  } finally {
    release(arena);
  }
}

/** Flat compares with every centroid, and of two halves the nearest pair is that of the nearest halves; all others may miss. */
const guesses = ({ coarse }: IvfIndex) => coarse.kind !== 'Flat' && coarse.kind !== 'IMI';

/** Share of the rows (n, d) whose list is that of the truly nearest centroid. */
async function sentToNearest(engine: Engine, { d, metric, nlist, centroids }: IvfIndex, rows: Float32Array, n: number, lists: number[]): Promise<number> {
  const arena = openArena(engine.memory);
  try {
    const best = takeI32(arena, n);
    await assignToLists(engine, { kind: 'Flat', d, n: nlist, metric, vectors: centroids }, centroids, { x: rows.byteOffset, n }, best, '');
    return lists.filter((list, i) => list === best[i]).length / n;
  } finally {
    release(arena);
  }
}

const PROBES = 128;

/** Share of the 10 nearest of a sampled vector, within the sample, that are also among its 10 nearest on the plane. */
export function neighboursKept(rows: Float32Array, n: number, d: number, ids: number[], points: Float32Array): number {
  const k = Math.min(10, n - 1), probes = Math.min(PROBES, n);
  if (k < 1) return 1;
  let kept = 0;
  for (let p = 0; p < probes; p++) {
    const i = Math.floor((p * n) / probes), x = rows.subarray(i * d, (i + 1) * d), at = (ids[i] ?? 0) * 3;
    const inSpace = nearestIds(n, i, k, (j) => squaredDistance(x, rows, j * d));
    const onPlane = new Set(nearestIds(n, i, k, (j) => { const b = (ids[j] ?? 0) * 3; return ((points[at] ?? 0) - (points[b] ?? 0)) ** 2 + ((points[at + 1] ?? 0) - (points[b + 1] ?? 0)) ** 2; }));
    kept += inSpace.filter((j) => onPlane.has(j)).length;
  }
  return kept / (probes * k);
}

function nearestIds(n: number, self: number, k: number, distance: (j: number) => number): number[] {
  const best: { j: number; dis: number }[] = [];
  for (let j = 0; j < n; j++) {
    if (j === self) continue;
    const dis = distance(j);
    if (best.length === k && dis >= (best[k - 1]?.dis ?? 0)) continue;
    const at = best.findIndex((b) => b.dis > dis);
    best.splice(at < 0 ? best.length : at, 0, { j, dis });
    if (best.length > k) best.pop();
  }
  return best.map(({ j }) => j);
}

export function varianceKept(rows: Float32Array, n: number, d: number, ids: number[], points: Float32Array): number {
  const spread = (count: number, value: (i: number, j: number) => number) => {
    let total = 0;
    for (let j = 0; j < count; j++) {
      let sum = 0, squares = 0;
      for (let i = 0; i < n; i++) { const v = value(i, j); sum += v; squares += v * v; }
      total += squares / n - (sum / n) ** 2;
    }
    return total;
  };
  const all = spread(d, (i, j) => rows[i * d + j] ?? 0);
  return all > 0 ? Math.min(1, spread(2, (i, j) => points[(ids[i] ?? 0) * 3 + j] ?? 0) / all) : 1;
}

/** The k nearest of a base vector by the data's own metric, without itself. */
export async function nearest(session: Session, { id, k }: Ask<'near'>): Promise<Answer<'near'>> {
  const { base, n, d, metric } = loaded(session), { engine } = session, arena = openArena(engine.memory), thread = engine.own, { top } = thread, wanted = Math.min(n, k + 1);
  try {
    const x = takeF32(arena, d), dis = takeF32(arena, wanted + 4), ids = takeI32(arena, wanted + 4);
    x.set(base.subarray(id * d, (id + 1) * d));
    searchFlat(thread, { kind: 'Flat', d, n, metric, vectors: base }, x.byteOffset, wanted, dis.byteOffset, ids.byteOffset, newWork());
    return { id, ids: ids.slice(0, wanted).filter((other) => other !== id).slice(0, k) };
  } finally {
    thread.top = top;
    release(arena);
  }
}

export async function sliceOf(session: Session, picture: Picture, { window, width, height, iteration }: Ask<'slice'>): Promise<Answer<'slice'>> {
  const started = performance.now(), { index, trace } = ready(session), { ivf } = anatomyOf(index);
  const recorded = iteration === null ? undefined : trace.kmeans?.iterations[iteration];
  const sites = recorded && ivf ? { parts: [sitesOf(picture.plane, recorded.centroids, ivf.metric)], nbits: 0 } : picture.sites;
  const cells = sites ? await sliceCells(session.engine, sites, window, width, height) : new Int32Array(width * height).fill(-1);
  const lists = recorded && ivf && iteration !== null ? await listsAt(session, picture, ivf, recorded.centroids, iteration) : null;
  const answer: SliceAnswer = { cells, width, height, window, ...(lists ? { lists: lists.slice() } : {}), ms: performance.now() - started };
  return answer;
}

/** The nearest of the recorded centroids for every base vector; kept while that iteration is looked at. */
async function listsAt(session: Session, picture: Picture, { d, metric }: IvfIndex, recorded: Float32Array, iteration: number): Promise<Int32Array> {
  if (picture.during?.iteration === iteration) return picture.during.lists;
  const { engine } = session, { base, n } = loaded(session), chain = chainOf(ready(session).index), arena = openArena(engine.memory);
  try {
    let x = base.byteOffset;
    for (const transform of chain) {
      const to = takeF32(arena, n * transform.dOut, 'the picture');
      await mapAllRows(engine, { x, n, prepared: prepare(engine.own, placeIn(arena), transform), out: to.byteOffset });
      x = to.byteOffset;
    }
    const centroids = takeF32(arena, recorded.length), best = takeI32(arena, n);
    centroids.set(recorded);
    await assignToLists(engine, { kind: 'Flat', d, n: recorded.length / d, metric, vectors: centroids }, centroids, { x, n }, best, '');
    picture.during = { iteration, lists: best.slice() };
    return picture.during.lists;
  } finally {
    release(arena);
  }
}
