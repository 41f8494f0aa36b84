/** What of a graph does not depend on the query, found once a build: where its nodes stand, how its links are spread. */
import type { Metric } from '../../engine/factory/spec';
import type { Arena } from '../../engine/memory';
import { openArena, release, takeF32 } from '../../engine/memory';
import type { Plane, Window2 } from '../../engine/plane';
import { principalPlane, project } from '../../engine/plane';
import { slotsOfLevel } from '../../engine/structures/growth';
import type { CoarseIndex, HnswIndex, Index, IvfIndex, NsgIndex, Transform } from '../../engine/types';
import { neighboursKept, transformed, varianceKept } from '../picture';
import { loaded, ready } from '../session';
import type { Session } from '../session';

/** An inverted file that a search passes on its way to the graph, and the transforms before it. */
export type Passed = { ivf: IvfIndex; chain: Transform[] };

/** A graph over the vectors, or over the centroids of cells. */
export type Graph = {
  graph: HnswIndex | NsgIndex;
  /** Outermost first: the index over the centroids of each holds the next, that of the last the graph. Empty: its nodes are vectors. */
  passed: Passed[];
  /** Whose lists the nodes are; null where they are vectors. */
  cells: IvfIndex | null;
  /** From the data to what nodes are compared as, those between the centroids and the graph included. */
  chain: Transform[];
};

export type Level = {
  nodes: number;
  /** degrees[i]: nodes of the level with i links. */
  degrees: Uint32Array;
  links: number;
};

export type Ground = Graph & {
  levels: Level[];
  plane: { exact: boolean; /** Share of a node's 10 nearest that are also nearest on the plane, sampled. */ knn10: number; variance: number };
  at: Float32Array; // (n, 3): place on the plane and distance from it
  /** Where the nodes lie. */
  window: Window2;
  /** Where a vector before the transforms stands. */
  placeOf: (x: Float32Array) => [x: number, y: number];
  /** A node as it is compared, before it was coded: (d). */
  row: (id: number) => Float32Array;
  /** The squared length, or the negated inner product, from a vector to a node before it was coded; the vector is as the graph meets it. */
  distance: (x: Float32Array, id: number) => number;
};

type Built = NonNullable<Session['built']>;
const known = new WeakMap<Built, Promise<Ground>>();

/** Of the index at hand. */
export function groundOf(session: Session): Promise<Ground> {
  const built = ready(session), ground = known.get(built) ?? lay(session, built.index);
  known.set(built, ground);
  return ground;
}

/** The graph that a search walks, wherever in the tree it stands. What re-ranks is not walked. */
export function graphIn(index: CoarseIndex, chain: Transform[] = [], passed: Passed[] = []): Graph | null {
  switch (index.kind) {
    case 'PreTransform': return graphIn(index.index, [...chain, ...index.chain], passed);
    case 'IDMap': return graphIn(index.index, chain, passed);
    case 'Refine': return graphIn(index.base, chain, passed);
    case 'HNSW': case 'NSG': return { graph: index, passed, cells: passed.at(-1)?.ivf ?? null, chain };
    case 'IVF': return graphIn(index.coarse, chain, [...passed, { ivf: index, chain }]);
    default: return null;
  }
}

/** Transforms between the centroids and the graph over them; of a graph over vectors, all. */
const innerChain = ({ chain, passed }: Graph): Transform[] => chain.slice(passed.at(-1)?.chain.length ?? 0);

/** Links of a node on a level, free slots left out. */
export function linksOf(graph: Graph['graph'], id: number, level: number): Int32Array {
  const slots = graph.kind === 'NSG' ? graph.links.subarray(id * graph.R, (id + 1) * graph.R) : slotsOfLevel(graph, id, level), used = slots.indexOf(-1);
  return used < 0 ? slots : slots.subarray(0, used);
}
export const levelsOf = (graph: Graph['graph'], id: number) => (graph.kind === 'NSG' ? 1 : graph.levels[id] ?? 1);

/** Rows by which the plane is chosen and judged. */
const SAMPLE = 1024;

async function lay(session: Session, index: Index): Promise<Ground> {
  const found = graphIn(index), { engine } = session;
  if (!found) throw new Error(`groundOf: ${index.kind} has no graph`);
  const { graph, cells, chain } = found, { n, d } = graph, { base } = loaded(session), row = rowOf(session, found);
  const arena = openArena(engine.memory);
  try {
    const taken = Math.min(SAMPLE, n), ids = Array.from({ length: taken }, (_, i) => Math.floor((i * n) / taken)), rows = takeF32(arena, taken * d);
    ids.forEach((id, i) => rows.set(row(id), i * d));
    const plane = d === 2 ? theAxes(arena) : principalPlane(arena, rows, taken, d);
    const at = await project(engine, plane, innerChain(found), (cells?.centroids ?? base).byteOffset, n);
    const axes = { origin: plane.origin.slice(), u: plane.u.slice(), v: plane.v.slice() };
    return {
      ...found, at, window: windowOf(at, d === 2), row, distance: (x, id) => compared(graph.metric, x, row(id)), levels: levelCounts(graph), placeOf: (x) => placeOn(axes, transformed(engine, chain, x)),
      plane: { exact: d === 2, knn10: neighboursKept(rows, taken, d, ids, at), variance: varianceKept(rows, taken, d, ids, at) },
    };
  } finally {
    release(arena);
  }
}

/** All nodes in the plane; of a projection all but the outermost hundredth on each side, which would press the others together. */
function windowOf(at: Float32Array, exact: boolean): Window2 {
  const n = at.length / 3, cut = exact ? 0 : Math.floor(n / 100), axis = (j: number) => Float32Array.from({ length: n }, (_, i) => at[3 * i + j] ?? 0).sort(), [X, Y] = [axis(0), axis(1)];
  return { x0: X[cut] ?? 0, y0: Y[cut] ?? 0, x1: X[n - 1 - cut] ?? 0, y1: Y[n - 1 - cut] ?? 0 };
}

/** Two dimensions are their own plane. */
function theAxes(arena: Arena): Plane {
  const plane: Plane = { d: 2, origin: takeF32(arena, 2).fill(0), u: takeF32(arena, 2).fill(0), v: takeF32(arena, 2).fill(0) };
  plane.u[0] = plane.v[1] = 1;
  return plane;
}

function placeOn({ origin, u, v }: Omit<Plane, 'd'>, x: Float32Array): [number, number] {
  let a = 0, b = 0;
  for (let j = 0; j < x.length; j++) {
    const t = (x[j] ?? 0) - (origin[j] ?? 0);
    a += t * (u[j] ?? 0);
    b += t * (v[j] ?? 0);
  }
  return [a, b];
}

function rowOf(session: Session, found: Graph): Ground['row'] {
  const { graph: { storage, d }, cells } = found, inner = innerChain(found), { base, d: dIn } = loaded(session), rows = cells?.centroids ?? base, wide = cells?.d ?? dIn;
  if (storage.kind === 'Flat') return (id) => storage.vectors.subarray(id * d, (id + 1) * d);
  return (id) => transformed(session.engine, inner, rows.slice(id * wide, (id + 1) * wide));
}

function compared(metric: Metric, x: Float32Array, y: Float32Array): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += metric === 'IP' ? -(x[j] ?? 0) * (y[j] ?? 0) : ((x[j] ?? 0) - (y[j] ?? 0)) ** 2;
  return sum;
}

function levelCounts(graph: Graph['graph']): Level[] {
  const [widest, top] = graph.kind === 'NSG' ? [graph.R, 0] : [2 * graph.M, graph.maxLevel];
  const levels: Level[] = Array.from({ length: Math.max(0, top) + 1 }, (_, level) => ({ nodes: 0, links: 0, degrees: new Uint32Array((level === 0 || graph.kind === 'NSG' ? widest : widest / 2) + 1) }));
  for (let id = 0; id < graph.n; id++) {
    for (let level = 0; level < levelsOf(graph, id); level++) {
      const counts = levels[level], degree = linksOf(graph, id, level).length;
      if (!counts) continue;
      counts.nodes++;
      counts.links += degree;
      counts.degrees[degree] = (counts.degrees[degree] ?? 0) + 1;
    }
  }
  return levels;
}
