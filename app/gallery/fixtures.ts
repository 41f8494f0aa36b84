import type { Hit, IndexInfo, Label, NearAnswer, PlaneAnswer, QueryRef, SearchAnswer, SliceAnswer, TrueNeighbour, Window2 } from '@/workers/protocol';

/** A small, fixed index for looking at the views without the engine: seeded vectors, k-means, exact search inside the
 *  probed lists, in the plainest code that gives true answers. Answers have the shapes of workers/protocol.ts. */

export type World = {
  n: number; d: number; nlist: number;
  vectors: Float32Array;   // (n, d)
  centroids: Float32Array; // (nlist, d)
  states: Float32Array[];  // centroids before the first and after each iteration, each (nlist, d)
  lists: Int32Array;       // (n)
  index: IndexInfo;
};
/** An orthonormal plane in the space of the vectors. */
export type Basis = { o: Float32Array; u: Float32Array; v: Float32Array };

export type Recipe = { n: number; d: number; nlist: number; seed: number; iterations?: number };

export function makeWorld({ n, d, nlist, seed, iterations = 8 }: Recipe): World {
  const random = mulberry32(seed);
  const vectors = mixture(n, d, Math.max(4, Math.round(nlist * 0.6)), random);
  let centroids = Float32Array.from({ length: nlist * d }, (_, i) => (vectors[Math.floor(i / d) * d + (i % d)] ?? 0));
  let lists = new Int32Array(n).fill(-1);
  const states = [centroids];
  const recorded: NonNullable<IndexInfo['kmeans']>['iterations'] = [];
  for (let i = 0; i < iterations; i++) {
    const now = assign(vectors, centroids, d);
    const sizes = sizesOf(now.lists, nlist);
    recorded.push({
      objective: now.objective, moved: now.lists.filter((list, id) => list !== lists[id]).length, ms: 1,
      empty: sizes.filter((size) => size === 0).length, imbalance: imbalanceOf(sizes, n),
    });
    lists = now.lists;
    centroids = means(vectors, lists, centroids, d);
    states.push(centroids);
  }
  lists = assign(vectors, centroids, d).lists;
  const sizes = sizesOf(lists, nlist);
  const index: IndexInfo = {
    factory: `IVF${nlist},Flat`, metric: 'L2', n, d, codeSize: d * 4, bytes: n * (d * 4 + 8), trainMs: iterations, addMs: 1,
    ivf: { nlist, sizes, imbalance: imbalanceOf(sizes, n), emptyLists: sizes.filter((size) => size === 0).length },
    kmeans: { iterations: recorded, sampled: n }, stages: [],
  };
  return { n, d, nlist, vectors, centroids, states, lists, index };
}

export const vectorAt = ({ vectors, d }: World, id: number) => vectors.slice(id * d, (id + 1) * d);

/** Two dimensions are their own plane; more are cut through the query and its two nearest centroids. */
export function basisOf(world: World, query: Float32Array): Basis {
  const { d, centroids } = world;
  if (d === 2) return { o: new Float32Array(2), u: Float32Array.of(1, 0), v: Float32Array.of(0, 1) };
  const [a = 0, b = 1] = byDistance(query, centroids, d);
  const towards = (list: number) => Float32Array.from(query, (q, j) => (centroids[list * d + j] ?? 0) - q);
  const u = unit(towards(a));
  const w = towards(b);
  const along = dot(w, u);
  return { o: query, u, v: unit(w.map((x, j) => x - along * (u[j] ?? 0))) };
}

export function planeOf(world: World, basis: Basis, query: Float32Array): PlaneAnswer {
  const { d, vectors, centroids, states, lists } = world;
  const points = project(vectors, d, basis);
  const [x = 0, y = 0, height = 0] = project(query, d, basis);
  const projected = project(centroids, d, basis);
  const own = lists.filter((list, id) => ownerOf(projected, (points[3 * id] ?? 0), (points[3 * id + 1] ?? 0)) === list).length;
  return {
    kind: d === 2 ? 'data' : 'query', points, lists, centroids: projected,
    history: states.map((state) => project(state, d, basis)), query: { x, y, height },
    badge: { exact: d === 2, agreement: own / world.n, knn10: keptNeighbours(vectors, d, points), variance: keptVariance(points) },
  };
}

/** The exact slice: at (x, y) the list with the least (x − a)² + (y − b)² + h². */
export function sliceOf({ states, d, vectors }: World, basis: Basis, window: Window2, width: number, height: number, iteration: number | null): SliceAnswer {
  const centroids = project(states[iteration ?? states.length - 1] ?? new Float32Array(), d, basis);
  const cells = new Int32Array(width * height);
  for (let i = 0; i < cells.length; i++) {
    const x = window.x0 + (((i % width) + 0.5) / width) * (window.x1 - window.x0);
    const y = window.y0 + ((Math.floor(i / width) + 0.5) / height) * (window.y1 - window.y0);
    cells[i] = ownerOf(centroids, x, y);
  }
  const lists = iteration === null ? {} : { lists: assign(vectors, states[iteration] ?? new Float32Array(), d).lists };
  return { cells, width, height, window, ...lists, ms: 1 };
}

/** The k nearest of a vector, without itself. */
export const nearOf = (world: World, id: number, k = 10): NearAnswer => ({ id, ids: Int32Array.from(byDistance(vectorAt(world, id), world.vectors, world.d).filter((other) => other !== id).subarray(0, k)) });

/** A point of the plane as a vector. */
export const lift = ({ o, u, v }: Basis, x: number, y: number) => o.map((c, j) => c + x * (u[j] ?? 0) + y * (v[j] ?? 0));

export function searchOf(world: World, query: Float32Array, ref: QueryRef, nprobe: number, k = 10): SearchAnswer {
  const { d, n, vectors, centroids, lists, index } = world;
  const order = byDistance(query, centroids, d);
  const probed = order.slice(0, nprobe);
  const rankOf = new Map(Array.from(order, (list, i) => [list, i + 1]));
  const hit = (id: number): Hit => ({ id, distance: distance(query, 0, vectors, id, d), label: labelOf(id), list: (lists[id] ?? 0) });
  const nearest = byDistance(query, vectors, d);
  const scanned = nearest.filter((id) => probed.includes((lists[id] ?? 0)));
  const hits = Array.from(scanned.subarray(0, k), hit);
  const returned = new Set(hits.map(({ id }) => id));
  const truth = Array.from(nearest.subarray(0, k), (id): TrueNeighbour => ({
    ...hit(id), found: returned.has(id), lost: returned.has(id) ? null : 'coarse', rank: null, listRank: rankOf.get((lists[id] ?? 0)) ?? null, remedy: null,
  }));
  return {
    query: { vector: query, label: { kind: 'word', text: 'query' }, ref }, hits, truth, probed,
    listOrder: {
      list: order, distance: Float32Array.from(order, (list) => distance(query, 0, centroids, list, d)),
      size: Uint32Array.from(order, (list) => index.ivf?.sizes[list] ?? 0),
      trueNeighbours: Uint8Array.from(order, (list) => truth.filter((t) => t.list === list).length),
    },
    scanned, scannedTotal: scanned.length, counts: { ndis: order.length + scanned.length, ndisCoarse: order.length, ndisRefine: 0, lists: nprobe, codes: scanned.length, hops: 0 },
    usPerStage: { transform: 0, coarse: 1, tables: 0, scan: Math.max(1, Math.round(scanned.length / n)), refine: 0, total: 2 },
    recall: truth.filter(({ found }) => found).length / k,
  };
}

const syllables = ['ba', 'do', 'fe', 'gi', 'ku', 'la', 'me', 'ni', 'po', 'ra', 'su', 'te', 'vo'];

/** An invented word for every vector, so that names can be seen beside marks. */
export function labelOf(id: number): Label {
  const digits = [Math.floor(id / syllables.length ** 2), Math.floor(id / syllables.length), id];
  return { kind: 'word', text: digits.map((digit) => syllables[digit % syllables.length]).join('') };
}

function ownerOf(projected: Float32Array, x: number, y: number): number {
  let [best, least] = [0, Infinity];
  for (let c = 0; c < projected.length; c += 3) {
    const away = ((projected[c] ?? 0) - x) ** 2 + ((projected[c + 1] ?? 0) - y) ** 2 + (projected[c + 2] ?? 0) ** 2;
    if (away < least) [best, least] = [c / 3, away];
  }
  return best;
}

/** (m, d) → (m, 3): coordinates on the plane and distance from it. */
function project(from: Float32Array, d: number, { o, u, v }: Basis): Float32Array {
  const projected = new Float32Array((from.length / d) * 3);
  for (let i = 0; i < from.length / d; i++) {
    const x = from.slice(i * d, (i + 1) * d).map((c, j) => c - (o[j] ?? 0));
    const [a, b] = [dot(x, u), dot(x, v)];
    projected.set([a, b, Math.sqrt(Math.max(0, dot(x, x) - a * a - b * b))], 3 * i);
  }
  return projected;
}

function assign(vectors: Float32Array, centroids: Float32Array, d: number) {
  const lists = new Int32Array(vectors.length / d);
  let objective = 0;
  for (let id = 0; id < lists.length; id++) {
    let least = Infinity;
    for (let c = 0; c < centroids.length / d; c++) {
      const away = distance(vectors, id, centroids, c, d);
      if (away < least) [least, lists[id]] = [away, c];
    }
    objective += least;
  }
  return { lists, objective };
}

/** An empty list keeps its centroid. */
function means(vectors: Float32Array, lists: Int32Array, before: Float32Array, d: number): Float32Array<ArrayBuffer> {
  const sums = new Float32Array(before.length);
  const sizes = sizesOf(lists, before.length / d);
  for (const [id, list] of lists.entries()) for (let j = 0; j < d; j++) sums[list * d + j] = (sums[list * d + j] ?? 0) + (vectors[id * d + j] ?? 0);
  return sums.map((sum, i) => { const size = sizes[Math.floor(i / d)] ?? 0; return size ? sum / size : (before[i] ?? 0); });
}

function sizesOf(lists: Int32Array, nlist: number): Uint32Array {
  const sizes = new Uint32Array(nlist);
  for (const list of lists) sizes[list] = (sizes[list] ?? 0) + 1;
  return sizes;
}

/** Faiss's: nlist · Σ size² / n², 1 where all lists are equally long. */
const imbalanceOf = (sizes: Uint32Array, n: number) => (sizes.length * sizes.reduce((sum, size) => sum + size * size, 0)) / (n * n);

function distance(a: Float32Array, i: number, b: Float32Array, j: number, d: number): number {
  let sum = 0;
  for (let c = 0; c < d; c++) sum += ((a[i * d + c] ?? 0) - (b[j * d + c] ?? 0)) ** 2;
  return sum;
}

function byDistance(query: Float32Array, vectors: Float32Array, d: number): Int32Array {
  const away = Float32Array.from({ length: vectors.length / d }, (_, i) => distance(query, 0, vectors, i, d));
  return Int32Array.from(away.keys()).sort((a, b) => (away[a] ?? 0) - (away[b] ?? 0) || a - b);
}

/** Share of the ten nearest neighbours that are among the ten nearest dots, over 40 vectors. */
function keptNeighbours(vectors: Float32Array, d: number, points: Float32Array): number {
  const flat = Float32Array.from({ length: (points.length / 3) * 2 }, (_, i) => (points[Math.floor(i / 2) * 3 + (i % 2)] ?? 0));
  const sample = Array.from({ length: 40 }, (_, i) => Math.floor((i * (points.length / 3)) / 40));
  const tenNearest = (of: Float32Array, width: number, id: number) => byDistance(of.slice(id * width, (id + 1) * width), of, width).subarray(1, 11);
  const kept = sample.map((id) => { const near = new Set(tenNearest(vectors, d, id)); return tenNearest(flat, 2, id).filter((other) => near.has(other)).length; });
  return kept.reduce((sum, n) => sum + n, 0) / (sample.length * 10);
}

function keptVariance(points: Float32Array): number {
  const n = points.length / 3;
  const column = (axis: number) => Float32Array.from({ length: n }, (_, i) => (points[3 * i + axis] ?? 0));
  const spread = (X: Float32Array) => { const mean = X.reduce((s, x) => s + x, 0) / n; return X.reduce((s, x) => s + (x - mean) ** 2, 0); };
  const inside = spread(column(0)) + spread(column(1));
  return inside / (inside + column(2).reduce((sum, h) => sum + h * h, 0));
}

/** Gaussian clusters of uneven weight and width. Gaussians as sums of uniforms: the same on every machine. */
function mixture(n: number, d: number, clusters: number, random: () => number): Float32Array {
  const gaussian = () => random() + random() + random() + random() + random() + random() - 3;
  const centres = Float32Array.from({ length: clusters * d }, () => 6 * (random() - 0.5));
  const widths = Float32Array.from({ length: clusters }, () => 0.35 + 0.6 * random());
  return Float32Array.from({ length: n }, () => Math.floor(clusters * random() * (0.5 + 0.5 * random())))
    .reduce((vectors, cluster, i) => {
      for (let j = 0; j < d; j++) vectors[i * d + j] = (centres[cluster * d + j] ?? 0) + (widths[cluster] ?? 0) * gaussian();
      return vectors;
    }, new Float32Array(n * d));
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, j) => sum + x * (b[j] ?? 0), 0);
const unit = (a: Float32Array) => { const length = Math.sqrt(dot(a, a)) || 1; return a.map((x) => x / length); };
