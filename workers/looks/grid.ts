import { openArena, release, takeF32 } from '../../engine/memory';
import { anatomyOf } from '../../engine/measure/recall';
import { chainOf, project } from '../../engine/plane';
import { refuse } from '../../engine/refusal';
import { traceImi, waitingPairs } from '../../engine/structures/imi';
import { nprobeOf } from '../../engine/structures/ivf';
import { traceRcq } from '../../engine/structures/rcq';
import type { ImiIndex, IvfIndex, RcqIndex } from '../../engine/types';
import { queryVector, transformed } from '../picture';
import { loaded, ready } from '../session';
import type { Session } from '../session';
import type { LookAsk } from './index';

/** Lists that stand in a square: each is a pair, of a first and a second half's centroid (IMI) or of a row of either codebook (RCQ).
 *  list = first | second << bits. */
export type GridLook = {
  by: 'IMI' | 'RCQ';
  bits: number;
  ksub: [first: number, second: number];
  sizes: Uint32Array; // (ksub₀·ksub₁)
  n: number;
  /** To the query, squared. IMI: of either half. RCQ: after the first codebook; and after both, the first being the nearest row. */
  near: [Float32Array, Float32Array];
  /** Centroids or rows by `near`, ties by number: the order of rows and columns. */
  order: [Int32Array, Int32Array];
  /** Lists as the search took them, and their distances to the query (of inner product: the product). */
  walk: { lists: Int32Array; distance: Float32Array };
  /** Pairs that wait in the heap after step s of the walk: lists[from[s]] … lists[from[s + 1] − 1]; IMI only, the first steps. */
  waiting: { from: Uint32Array; lists: Int32Array };
  /** RCQ: rows of the first codebook that the beam goes on with. */
  beam: Int32Array;
  /** List of the vector looked at closely. */
  selected: number | null;
  /** Where the space has two dimensions, a multi-index is a lattice in it. */
  plane: null | { points: Float32Array /* (n, 3) */; sites: [Float32Array, Float32Array]; query: [x: number, y: number] };
};

type Walk = Pick<GridLook, 'by' | 'bits' | 'ksub' | 'near' | 'order' | 'walk' | 'waiting' | 'beam'>;

/** Steps whose heap is told. */
const MOST_STEPS = 1024;

export async function grid(session: Session, { query, params, selected }: LookAsk): Promise<GridLook> {
  const set = loaded(session), { index, listOf } = ready(session), { ivf } = anatomyOf(index), { engine } = session;
  if (!ivf) return refuse('This index has no lists.');
  const x = transformed(engine, chainOf(index), queryVector(session, set, query)), { coarse, offsets, nlist } = ivf;
  const arena = openArena(engine.memory), thread = engine.own, { top } = thread;
  try {
    const held = takeF32(arena, x.length), k = nprobeOf(ivf, params);
    held.set(x);
    return {
      ...walk(session, ivf, held, k),
      sizes: Uint32Array.from({ length: nlist }, (_, l) => (offsets[l + 1] ?? 0) - (offsets[l] ?? 0)), n: set.n,
      selected: selected === null ? null : listOf?.[selected] ?? null,
      plane: coarse.kind === 'IMI' && coarse.d === 2 ? await planeOf(session, coarse, x) : null,
    };
  } finally {
    thread.top = top;
    release(arena);
  }
}

function walk({ engine: { own } }: Session, { coarse }: IvfIndex, query: Float32Array, k: number): Walk {
  if (coarse.kind === 'IMI') return imi(own, coarse, query, k);
  if (coarse.kind === 'RCQ' && coarse.nbits.length === 2) return rcq(own, coarse, query, k);
  return refuse('The lists of this index are no pairs.');
}

type Thread = Session['engine']['own'];

function imi(thread: Thread, index: ImiIndex, query: Float32Array, k: number): Walk {
  const { nbits, pq: { ksub } } = index, { near, lists, distance } = traceImi(thread, index, query.byteOffset, k);
  const order: Walk['order'] = [byDistance(near[0]), byDistance(near[1])], first = ranksOf(order[0]), second = ranksOf(order[1]);
  const taken = Array.from(lists, (list) => ({ row: first[list % ksub] ?? 0, column: second[list >> nbits] ?? 0 }));
  const from = [0], waits: number[] = [];
  for (let step = 0; step <= Math.min(k, MOST_STEPS); step++) {
    for (const { row, column } of waitingPairs(taken.slice(0, step), ksub)) waits.push((order[0][row] ?? 0) | ((order[1][column] ?? 0) << nbits));
    from.push(waits.length);
  }
  return { by: 'IMI', bits: nbits, ksub: [ksub, ksub], near, order, walk: { lists, distance }, waiting: { from: Uint32Array.from(from), lists: Int32Array.from(waits) }, beam: new Int32Array(0) };
}

function rcq(thread: Thread, index: RcqIndex, query: Float32Array, k: number): Walk {
  const { d, first, codebooks, nbits: [bits = 0] } = index, { beam, lists, distance } = traceRcq(thread, index, query.byteOffset, k);
  const rest = (row: number, x: Float32Array) => x.map((v, j) => v - (codebooks[row * d + j] ?? 0));
  const split = first[1] ?? 0, end = first[2] ?? 0, squared = (x: Float32Array) => x.reduce((sum, v) => sum + v * v, 0);
  const rows = Float32Array.from({ length: split }, (_, i) => squared(rest(i, query))), order = byDistance(rows);
  const left = rest(order[0] ?? 0, query), columns = Float32Array.from({ length: end - split }, (_, j) => squared(rest(split + j, left)));
  return { by: 'RCQ', bits, ksub: [split, end - split], near: [rows, columns], order: [order, byDistance(columns)], walk: { lists, distance }, waiting: { from: new Uint32Array(1), lists: new Int32Array(0) }, beam };
}

const byDistance = (near: Float32Array) => Int32Array.from(near.keys()).sort((a, b) => (near[a] ?? 0) - (near[b] ?? 0) || a - b);

function ranksOf(order: Int32Array): Int32Array {
  const ranks = new Int32Array(order.length);
  order.forEach((number, rank) => { ranks[number] = rank; });
  return ranks;
}

/** The vectors and, on either axis, the centroids of its half. */
async function planeOf(session: Session, { pq: { ksub, centroids } }: ImiIndex, query: Float32Array): Promise<GridLook['plane']> {
  const { base, n } = loaded(session), arena = openArena(session.engine.memory);
  try {
    const axis = (j: number) => { const a = takeF32(arena, 2).fill(0); a[j] = 1; return a; };
    const points = await project(session.engine, { d: 2, origin: takeF32(arena, 2).fill(0), u: axis(0), v: axis(1) }, chainOf(ready(session).index), base.byteOffset, n);
    return { points, sites: [centroids.slice(0, ksub), centroids.slice(ksub, 2 * ksub)], query: [query[0] ?? 0, query[1] ?? 0] };
  } finally {
    release(arena);
  }
}
