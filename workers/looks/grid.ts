import { openArena, release, takeF32 } from '../../engine/memory';
import { anatomyOf } from '../../engine/measure/recall';
import { chainOf } from '../../engine/plane';
import { refuse } from '../../engine/refusal';
import { traceImi, waitingPairs } from '../../engine/structures/imi';
import { nprobeOf } from '../../engine/structures/ivf';
import { traceRcq } from '../../engine/structures/rcq';
import type { CodecOf } from '../../engine/quantizers/codec';
import type { ImiIndex, Index, IvfIndex, RcqIndex } from '../../engine/types';
import { queryVector, transformed } from '../picture';
import { loaded, ready } from '../session';
import type { Session } from '../session';
import { planeOf, trainingOf } from './grid-training';
import type { GridPlane, GridTraining } from './grid-training';
import type { LookAsk } from './index';

/** Lists whose number is a code of M symbols: of parts of the vector, or of codebooks whose rows are summed. */
export type GridLook = {
  by: 'parts' | 'codebooks';
  /** Width of each symbol; list = Σ symbol_m · 2^(bits before it). */
  bits: number[]; // (M)
  ksub: number[]; // (M)
  /** Lists that hold something: their symbols, and how many vectors. */
  held: { codes: Uint32Array /* (m, M) */; sizes: Uint32Array /* (m) */ };
  n: number;
  /** The squared distance of the query to a list, or to what its first symbols stand for, is
   *    start + Σ near[m][i_m] + Σ cross[m][(rows of codebook m′ before + i_m′)·ksub_m + i_m] over m′ < m.
   *  Parts: near are the distances of the parts; nothing is crossed. Codebooks: start is ‖q‖², near ‖c‖² − 2⟨q, c⟩, cross 2⟨c′, c⟩. */
  start: number;
  near: Float32Array[];  // (M) of (ksub_m)
  cross: Float32Array[]; // (M) of (rows before, ksub_m), or of nothing
  /** The search of lists; null for codes that are not searched. */
  walk: GridWalk | null;
  /** List of the vector looked at closely. */
  selected: number | null;
  /** Where the space has two dimensions, a multi-index is a lattice in it. */
  plane: GridPlane | null;
  training: GridTraining | null;
  /** Codebooks: mean ‖x − x̂‖² of the vectors learnt from, with each codebook. */
  books: { errors: number[] /* (M) */; sampled: number } | null;
};

export type GridWalk = {
  /** As the search took them, and their distances to the query (of inner product: the product). */
  lists: Int32Array; distance: Float32Array;
  /** Parts: pairs that wait in the heap after step s: lists[from[s]] … lists[from[s + 1] − 1]; the first steps only. */
  waiting: { from: Uint32Array; lists: Int32Array };
  /** Codebooks: what the beam goes on with after each codebook but the last, as list numbers of the first symbols, nearest first. */
  beams: Int32Array[]; // (M − 1)
};

type Asked = { session: Session; ask: LookAsk; query: Float32Array };
type Codes = Pick<GridLook, 'by' | 'bits' | 'ksub' | 'start' | 'near' | 'cross'>;

/** Steps whose heap is told. */
const MOST_STEPS = 1024;

export async function grid(session: Session, ask: LookAsk): Promise<GridLook> {
  const set = loaded(session), { index } = ready(session), { ivf } = anatomyOf(index), { engine } = session;
  const x = transformed(engine, chainOf(index), queryVector(session, set, ask.query)), arena = openArena(engine.memory), { top } = engine.own;
  try {
    const query = takeF32(arena, x.length);
    query.set(x);
    return await (ivf ? ofLists({ session, ask, query }, ivf) : ofCodes({ session, ask, query }, levelsOf(index)));
  } finally {
    engine.own.top = top;
    release(arena);
  }
}

async function ofLists({ session, ask: { params, selected }, query }: Asked, ivf: IvfIndex): Promise<GridLook> {
  const { coarse, offsets, nlist, n } = ivf, k = nprobeOf(ivf, params), thread = session.engine.own, { rcq } = ready(session).trace;
  if (coarse.kind !== 'IMI' && coarse.kind !== 'RCQ') return refuse('The lists of this index are no codes.');
  const { codes, walk } = coarse.kind === 'IMI' ? walkOfParts(thread, coarse, query, k) : walkOfBooks(thread, coarse, query, k);
  const lists = Array.from({ length: nlist }, (_, l) => l).filter((l) => offsets[l + 1] !== offsets[l]);
  return {
    ...codes, n, walk,
    held: { codes: symbolsOf(lists, codes.bits), sizes: Uint32Array.from(lists, (l) => (offsets[l + 1] ?? 0) - (offsets[l] ?? 0)) },
    selected: selected === null ? null : ready(session).listOf?.[selected] ?? null,
    plane: coarse.kind === 'IMI' && coarse.d === 2 ? await planeOf(session, coarse, query) : null,
    training: coarse.kind === 'IMI' ? await trainingOf(session, coarse.pq, ready(session).trace.halves, query) : null,
    books: rcq?.errors.length ? { errors: rcq.errors, sampled: rcq.sampled } : null,
  };
}

type TwoLevel = CodecOf<'TwoLevel'>;
type Levels = { codec: TwoLevel; codes: Uint8Array; n: number };

/** A code whose first level is a list number. */
function levelsOf(index: Index): Levels {
  switch (index.kind) {
    case 'PreTransform': case 'IDMap': return levelsOf(index.index);
    case 'Refine': return levelsOf(index.base);
    case 'HNSW': case 'NSG': return levelsOf(index.storage);
    case 'Codes': if (index.codec.kind === 'TwoLevel') return { codec: index.codec, codes: index.codes, n: index.n };
  }
  return refuse('This index has no lists.');
}

/** Of two-level codes the first level alone: lists that are kept in the code of each vector, and that nothing walks through. */
async function ofCodes({ session, ask: { selected }, query }: Asked, { codec: { first, codeSize }, codes, n }: Levels): Promise<GridLook> {
  const listAt = (id: number) => { let list = 0; for (let b = first.codeSize - 1; b >= 0; b--) list = list * 256 + (codes[id * codeSize + b] ?? 0); return list; };
  const sizes = new Map<number, number>(), parts = codesOfParts(first, query);
  for (let id = 0; id < n; id++) { const list = listAt(id); sizes.set(list, (sizes.get(list) ?? 0) + 1); }
  const lists = [...sizes.keys()].sort((a, b) => a - b);
  return {
    ...parts, n, held: { codes: symbolsOf(lists, parts.bits), sizes: Uint32Array.from(lists, (list) => sizes.get(list) ?? 0) },
    walk: null, selected: selected === null ? null : listAt(selected), plane: null,
    training: await trainingOf(session, first, ready(session).trace.levels?.first, query), books: null,
  };
}

/** The symbols of list numbers, first symbol lowest: (lists, M). */
function symbolsOf(lists: number[], bits: number[]): Uint32Array {
  const all = new Uint32Array(lists.length * bits.length);
  lists.forEach((list, i) => bits.reduce((rest, width, m) => { all[i * bits.length + m] = rest % 2 ** width; return Math.floor(rest / 2 ** width); }, list));
  return all;
}

function codesOfParts({ M, nbits, ksub, dsub, centroids }: CodecOf<'PQ'>, query: Float32Array): Codes {
  const near = Array.from({ length: M }, (_, m) => Float32Array.from({ length: ksub }, (_, k) => {
    let sum = 0;
    for (let j = 0; j < dsub; j++) sum += ((query[m * dsub + j] ?? 0) - (centroids[(m * ksub + k) * dsub + j] ?? 0)) ** 2;
    return sum;
  }));
  return { by: 'parts', bits: near.map(() => nbits), ksub: near.map(() => ksub), start: 0, near, cross: near.map(() => new Float32Array(0)) };
}

function codesOfBooks({ d, nbits, first, codebooks, books }: RcqIndex, query: Float32Array): Codes {
  const dot = (row: number) => { let sum = 0; for (let j = 0; j < d; j++) sum += (query[j] ?? 0) * (codebooks[row * d + j] ?? 0); return sum; };
  const ksub = nbits.map((bits) => 2 ** bits), from = (m: number) => first[m] ?? 0;
  return {
    by: 'codebooks', bits: nbits, ksub, start: query.reduce((sum, v) => sum + v * v, 0),
    near: ksub.map((K, m) => Float32Array.from({ length: K }, (_, k) => (books[m]?.norms[k] ?? 0) - 2 * dot(from(m) + k))),
    cross: ksub.map((K, m) => crossed(books[m]?.cross, from(m), K, books[m]?.norms.length ?? K)),
  };
}

/** 2⟨c′, c⟩ without the padding of its rows. */
function crossed(cross: Float32Array | undefined, before: number, K: number, padded: number): Float32Array {
  if (before && !cross?.length) return refuse('The codebooks are too long for a picture of their sums.');
  return Float32Array.from({ length: before * K }, (_, i) => cross?.[Math.floor(i / K) * padded + (i % K)] ?? 0);
}

type Thread = Session['engine']['own'];

type Walked = { codes: Codes; walk: GridWalk };

/** The tables of the search itself are told, so that its sums come out to the last bit. */
function walkOfParts(thread: Thread, index: ImiIndex, query: Float32Array, k: number): Walked {
  const { nbits, pq } = index, { ksub } = pq, { near, lists, distance } = traceImi(thread, index, query.byteOffset, k);
  const order = near.map(byDistance), [first, second] = order.map(ranksOf);
  const taken = Array.from(lists, (list) => ({ row: first?.[list % ksub] ?? 0, column: second?.[list >> nbits] ?? 0 }));
  const from = [0], waits: number[] = [];
  for (let step = 0; step <= Math.min(k, MOST_STEPS); step++) {
    for (const { row, column } of waitingPairs(taken.slice(0, step), ksub)) waits.push((order[0]?.[row] ?? 0) | ((order[1]?.[column] ?? 0) << nbits));
    from.push(waits.length);
  }
  return { codes: { ...codesOfParts(pq, query), near }, walk: { lists, distance, waiting: { from: Uint32Array.from(from), lists: Int32Array.from(waits) }, beams: [] } };
}

function walkOfBooks(thread: Thread, index: RcqIndex, query: Float32Array, k: number): Walked {
  const waiting = { from: new Uint32Array(1), lists: new Int32Array(0) };
  return { codes: codesOfBooks(index, query), walk: { ...traceRcq(thread, index, query.byteOffset, k), waiting } };
}

const byDistance = (near: Float32Array) => Int32Array.from(near.keys()).sort((a, b) => (near[a] ?? 0) - (near[b] ?? 0) || a - b);

function ranksOf(order: Int32Array): Int32Array {
  const ranks = new Int32Array(order.length);
  order.forEach((number, rank) => { ranks[number] = rank; });
  return ranks;
}
