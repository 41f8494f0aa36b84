/** What every part of the codes view is made from: the codes of an index, the query, and vectors in the space where codes are made. */
import type { OpenSet } from '../../engine/data/open';
import type { Stored } from '../../engine/measure/codes';
import { decodedAt, placeOf, storedOf } from '../../engine/measure/codes';
import { vectorFor } from '../../engine/measure/lookups';
import { openArena, release, takeF32 } from '../../engine/memory';
import type { Arena } from '../../engine/memory';
import { chainOf } from '../../engine/plane';
import type { Engine } from '../../engine/pool';
import { refuse } from '../../engine/refusal';
import { transformQuery } from '../../engine/search';
import { invertOne } from '../../engine/transforms/apply';
import type { Codec, Index, Transform } from '../../engine/types';
import { newWork } from '../../engine/work';
import { queryVector } from '../picture';
import type { QueryRef } from '../protocol';
import { loaded, ready } from '../session';
import type { Session } from '../session';

export type Room = {
  engine: Engine; set: OpenSet; index: Index; stored: Stored; chain: Transform[];
  listOf: Int32Array | null;
  query: Float32Array; // (d) in the data's space
  inner: number;       // the same after the transforms, at an address, less `less` of the vector looked at
  /** Of second codes: what the first code of a vector stands for, of which these code the rest. */
  less: ((id: number) => Float32Array) | null;
};

/** The room lasts as long as `use` runs. */
export function withRoom<T>(session: Session, ref: QueryRef, use: (room: Room) => T): T {
  const set = loaded(session), { index, listOf } = ready(session), { engine } = session, thread = engine.own, { top } = thread, arena = openArena(engine.memory);
  const stored = storedOf(index) ?? refuse('This index keeps vectors as they are; it has no codes to show.'), chain = chainOf(index), query = queryVector(session, set, ref);
  try {
    const inner = takeF32(arena, stored.d);
    inner.set(throughChain(engine, arena, chain, query));
    return use({ engine, set, index, stored, chain, listOf, query, inner: inner.byteOffset, less: null });
  } finally {
    thread.top = top;
    release(arena);
  }
}

export function throughChain(engine: Engine, arena: Arena, chain: Transform[], vector: Float32Array): Float32Array {
  const thread = engine.own, { top } = thread, x = takeF32(arena, vector.length);
  x.set(vector);
  const out = new Float32Array(thread.buffer, transformQuery(thread, chain, x.byteOffset, newWork()), chain.at(-1)?.dOut ?? vector.length).slice();
  thread.top = top;
  return out;
}

export const baseVector = ({ set: { base, d } }: Room, id: number): Float32Array => base.slice(id * d, (id + 1) * d);
export const placeIn = ({ stored, listOf }: Room, id: number) => placeOf(stored, id, listOf);

/** A base vector in the space of the codes: after the transforms, by residual less its centroid, of second codes less its first. */
export function ownVector({ engine, set, stored, chain, less }: Room, id: number, list: number): Float32Array {
  const thread = engine.own, { top } = thread;
  const own = vectorFor(thread, stored, transformQuery(thread, chain, set.base.byteOffset + id * set.d * 4, newWork()), list);
  thread.top = top;
  return less ? minus(own, less(id)) : own;
}

export const minus = (x: Float32Array, y: Float32Array): Float32Array => x.map((v, j) => v - (y[j] ?? 0));
export const plus = (x: Float32Array, y: Float32Array): Float32Array => x.map((v, j) => v + (y[j] ?? 0));

/** A distance that is taken from a decoded vector, component by component: what each adds, after what an inner product has by residual. */
export type AddsLook = { query: Float32Array /* (d) as it is compared */; adds: Float32Array /* (d) */; before: number };

export function addsOf({ engine, stored, inner, index: { metric } }: Room, decoded: Float32Array, list: number): AddsLook {
  const { ivf, d } = stored, ip = metric === 'IP', query = vectorFor(engine.own, ip ? { ...stored, ivf: null } : stored, inner, list);
  const adds = query.map((v, j) => (ip ? v * (decoded[j] ?? 0) : (v - (decoded[j] ?? 0)) ** 2));
  return { query, adds, before: ip && ivf?.byResidual ? query.reduce((sum, v, j) => sum + v * (ivf.centroids[list * d + j] ?? 0), 0) : 0 };
}

/** What a code of list `list` stands for, back in the data's space. `own` in the space of the codes. */
export function restored(room: Room, own: Float32Array, list: number, id: number): Float32Array {
  const { stored: { ivf, d }, chain, less } = room, near = baseVector(room, id);
  let y: Float32Array = less ? plus(own, less(id)) : own.slice();
  if (ivf?.byResidual) for (let j = 0; j < d; j++) y[j] = (y[j] ?? 0) + (ivf.centroids[list * d + j] ?? 0);
  for (const transform of chain.toReversed()) y = invertOne(transform, y, new Float32Array(transform.dIn), near);
  return y;
}

const SAMPLE = 512;
export type Sample = { n: number; rows: Float32Array /* (n, d of the codes) */; decoded: Float32Array /* the same, coded */; ids: Int32Array };
const samples = new WeakMap<Codec, Sample>();

/** Evenly spaced base vectors in the space of the codes, and what their codes stand for; made once an index. */
export function sampleOf(room: Room): Sample {
  const { stored, set, engine } = room, { codec } = stored, known = samples.get(codec);
  if (known) return known;
  const n = Math.min(SAMPLE, set.n), { d } = codec, ids = Int32Array.from({ length: n }, (_, i) => Math.floor((i * set.n) / n));
  const sample: Sample = { n, ids, rows: new Float32Array(n * d), decoded: new Float32Array(n * d) };
  ids.forEach((id, i) => {
    const place = placeIn(room, id);
    sample.rows.set(ownVector(room, id, place.list), i * d);
    sample.decoded.set(decodedAt(engine.own, stored, place), i * d);
  });
  samples.set(codec, sample);
  return sample;
}

export function squaredDistance(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, v, j) => sum + (v - (b[j] ?? 0)) ** 2, 0);
}
