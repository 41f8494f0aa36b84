/** What a layout of neighbours is made from, and where it puts the vectors that were not in it. Knows vectors and places; not how the
 *  layout is found. */
import type { OpenSet } from '../engine/data/open';
import { openArena, release, takeF32 } from '../engine/memory';
import { findTruth } from '../engine/measure/truth';
import type { Vectors } from '../engine/structures/coarse';
import type { Answer } from './protocol';
import { loaded } from './session';
import type { Session } from './session';

/** Vectors laid out, evenly spaced over the base, and neighbours of each, itself first. */
const [MOST, NEIGHBOURS] = [3000, 15];
/** A vector that was not laid out stands at the mean of so many that are nearest to it. */
const NEAREST = 3;

const sampleOf = ({ n }: OpenSet) => { const s = Math.min(MOST, n); return Array.from({ length: s }, (_, i) => Math.floor((i * n) / s)); };

/** Exact, by L2 in the data's own space. */
export async function knn(session: Session): Promise<Answer<'knn'>> {
  const set = loaded(session), { engine } = session, { d } = set, sample = sampleOf(set), arena = openArena(engine.memory), k = Math.min(NEIGHBOURS, sample.length);
  try {
    const rows = rowsOf(set, sample, takeF32(arena, sample.length * d, 'the neighbours of a layout'));
    const { ids, dis } = await findTruth(engine, arena, { base: rows.byteOffset, n: sample.length, d, metric: 'L2', queries: rows.byteOffset, nq: sample.length, k }, '');
    return { n: sample.length, k, ids: ids.slice(), distances: dis.map((squared) => Math.sqrt(Math.max(0, squared))).slice() };
  } finally {
    release(arena);
  }
}

function rowsOf({ base, d }: OpenSet, sample: number[], rows: Float32Array): Float32Array {
  sample.forEach((id, i) => rows.set(base.subarray(id * d, (id + 1) * d), i * d));
  return rows;
}

/** Places of n vectors at x (n, d): of those laid out their own, of others the mean of the nearest. → (n, 3), the third 0. */
export async function placesIn(session: Session, layout: Float32Array, { x, n }: Vectors): Promise<Float32Array> {
  const set = loaded(session), { engine } = session, { d } = set, sample = sampleOf(set), arena = openArena(engine.memory), k = Math.min(NEAREST, sample.length);
  try {
    const rows = rowsOf(set, sample, takeF32(arena, sample.length * d, 'the layout'));
    const { ids, dis } = await findTruth(engine, arena, { base: rows.byteOffset, n: sample.length, d, metric: 'L2', queries: x, nq: n, k }, '');
    const out = new Float32Array(n * 3);
    for (let i = 0; i < n; i++) {
      const used = dis[i * k] === 0 ? 1 : k;
      for (let j = 0; j < used; j++) for (const axis of [0, 1]) out[3 * i + axis] = (out[3 * i + axis] ?? 0) + (layout[2 * (ids[i * k + j] ?? 0) + axis] ?? 0) / used;
    }
    return out;
  } finally {
    release(arena);
  }
}
