/** What the chain of transforms does to the vectors: the covariance before it and after each map, the same for rotations on the way
 *  as they were learnt, and where a few vectors stand. All of it is measured on rows that went through the trained maps. */
import { placeIn } from '../../engine/dense';
import { transformOf } from '../../engine/factory/grammar';
import { anatomyOf } from '../../engine/measure/recall';
import { openArena, release, takeF32 } from '../../engine/memory';
import type { Arena } from '../../engine/memory';
import { chainOf } from '../../engine/plane';
import type { Engine } from '../../engine/pool';
import { transformQuery } from '../../engine/search';
import { prepare } from '../../engine/transforms/apply';
import { eigenSteps } from '../../engine/transforms/eigen';
import { covarianceOf, mapSample, turnOf } from '../../engine/transforms/spread';
import { patiently } from '../../engine/transforms/steps';
import type { Codec, Index, SearchParams, Transform } from '../../engine/types';
import { newWork } from '../../engine/work';
import type { TransformTrace } from '../../engine/build/trace';
import type { QueryRef } from '../protocol';
import { queryVector } from '../picture';
import { loaded, ready } from '../session';
import type { Session } from '../session';
import { firstTwo, frameOf, framesOf, learntFrom, lengthOf, placeOf } from './transforms-frames';
import type { Around, Frame, Kept, Place, Rows } from './transforms-frames';
import { nearTo } from './transforms-near';

export type { Frame, Place } from './transforms-frames';

export type TransformsLook = {
  /** Vectors measured, evenly spaced over the base. */
  sampled: number;
  /** (m) base vectors that are drawn, evenly spaced too. */
  ids: Int32Array;
  /** (m) their lists, where the index has some. */
  lists: Int32Array | null;
  nlist: number;
  selected: number | null;
  /** Base vectors that the search returned, and the true neighbours. */
  near: Int32Array;
  /** Before the chain, then after each map of it. */
  spaces: Space[];
  maps: MapLook[]; // (spaces.length − 1)
};

export type Space = Frame & { norms: Norms; /** Length of the query. */ queryNorm: number };
export type Norms = { least: number; mean: number; most: number; /** How many vectors are so long, in equal steps from 0 to `most`. */ counts: Uint32Array };

export type MapLook = {
  /** As in the string. */
  name: string;
  kind: Transform['spec']['kind'];
  /** Of principal components: what all directions of the space before hold, descending; null where they would take too long. */
  spectrum: Float32Array | null; // (dIn)
  whitens: boolean;
  /** From a plane to a plane without stretching: by which angle, and where the origin goes. */
  turn: { angle: number; mirrored: boolean; shift: Place } | null;
  /** Between spaces of two components and more, without stretching: products of the first two axes before (rows) with those after
   *  (columns), in the larger of both spaces, and where the origin goes. */
  glide: { overlap: [number, number, number, number]; shift: Place } | null;
  training: Training | null;
};
export type Training = {
  /** OPQ: mean squared error of its product code; ITQ: mean squared distance to the nearest corner; each under the rotation before the round. */
  losses: number[];
  sampled: number;
  /** It began with principal axes shared out among the parts; else with a random rotation. */
  balanced: boolean;
  /** Frames of kept rotations; `round` −1 is the start, i after round i. */
  frames: (Frame & { round: number })[];
};

/** Of vectors measured; and of floats in them, but for the first thousand vectors. */
const SAMPLE = 4096, SAMPLE_FLOATS = 2 ** 21;
const DOTS = 400, MOST_SPECTRUM = 256, LENGTH_STEPS = 32;

type KeptSpace = Kept & { norms: Norms };
type KeptMap = MapLook & { states: { round: number; A: Float32Array; frame: Kept['frame'] }[] };
/** What does not depend on the query. */
type Measured = { sampled: number; ids: Int32Array; spaces: Omit<KeptSpace, 'covariance'>[]; maps: KeptMap[] };

const measured = new WeakMap<object, Promise<Measured>>();

type Asked = { query: QueryRef; selected: number | null; k: number; params: SearchParams };

export async function transforms(session: Session, ask: Asked): Promise<TransformsLook> {
  const set = loaded(session), built = ready(session), chain = chainOf(built.index), { selected } = ask;
  const known = measured.get(built) ?? measure(session);
  measured.set(built, known);
  known.catch(() => measured.delete(built));
  const { sampled, ids, spaces, maps } = await known, query = queryVector(session, set, ask.query), near = nearTo(session, query, Math.min(ask.k, set.n), ask.params);
  const rowOf = (id: number) => set.base.slice(id * set.d, (id + 1) * set.d);
  const moving = { query: pathOf(session.engine, chain, query), selected: selected === null ? null : pathOf(session.engine, chain, rowOf(selected)), near: Array.from(near, (id) => pathOf(session.engine, chain, rowOf(id))) };
  return {
    sampled, ids, selected, near,
    lists: built.listOf && Int32Array.from(ids, (id) => built.listOf?.[id] ?? -1), nlist: anatomyOf(built.index).ivf?.nlist ?? 0,
    spaces: spaces.map(({ frame, norms }, i) => ({ ...frame, norms, queryNorm: lengthOf(at(moving.query, i)), ...placesOf(moving, i, placeOf) })),
    maps: maps.map(({ states, ...map }, i) => {
      const frames = states.map(({ round, A, frame }) => ({ ...frame, round, ...placesOf(moving, i, (x) => placeOf(firstTwo(A, learntFrom(chain[i], x)))) }));
      return { ...map, training: map.training && { ...map.training, frames } };
    }),
  };
}

/** A vector before the chain and after each map. */
type Path = Float32Array[];
const at = (path: Path, i: number) => path[i] ?? new Float32Array(0);

/** Where `place` puts what depends on the query, from how it stands after i maps. */
function placesOf({ query, selected, near }: { query: Path; selected: Path | null; near: Path[] }, i: number, place: (x: Float32Array) => Place): Pick<Frame, 'query' | 'selected' | 'near'> {
  return {
    query: place(at(query, i)), selected: selected && place(at(selected, i)),
    near: Float32Array.from(near.flatMap((path) => { const { x, y } = place(at(path, i)); return [x, y]; })),
  };
}

async function measure(session: Session): Promise<Measured> {
  const { base, n, d } = loaded(session), { index, trace } = ready(session), { engine } = session, chain = chainOf(index), M = partsOf(index, chain);
  const sampled = Math.min(n, SAMPLE, Math.max(1000, Math.ceil(SAMPLE_FLOATS / d))), every = evenly(sampled, n), ids = Int32Array.from(evenly(Math.min(DOTS, sampled), sampled), (i) => every[i] ?? 0);
  const rooms = openArena(engine.memory), dots = Array.from(evenly(ids.length, sampled));
  try {
    const first = takeF32(rooms, sampled * d, 'the sample');
    every.forEach((id, i) => first.set(base.subarray(id * d, (id + 1) * d), i * d));
    let rows: Rows = { x: first.byteOffset, n: sampled, d };
    const spaces: KeptSpace[] = [await spaceOf(engine, rows, dots, M)], maps: KeptMap[] = [];
    for (const [i, transform] of chain.entries()) {
      const before = spaces.at(-1);
      if (!before) throw new Error('measure: a map without a space before it');
      const around = { rows, dots, covariance: before.covariance, M };
      rows = await mapped(engine, rooms, transform, rows);
      const after = await spaceOf(engine, rows, dots, M);
      maps.push(await mapOf(engine, transform, trace.transforms?.[i] ?? null, around, after.frame));
      spaces.push(after);
    }
    return { sampled, ids, maps, spaces: spaces.map(({ frame, norms }) => ({ frame, norms })) };
  } finally {
    release(rooms);
  }
}

/** Parts of the product code that follows the chain, or of the OPQ in it; 0 where nothing is cut. */
function partsOf(index: Index, chain: Transform[]): number {
  const opq = chain.findLast(({ spec }) => spec.kind === 'OPQ')?.spec;
  return partsInside(index) || (opq?.kind === 'OPQ' ? opq.M : 0);
}

function partsInside(index: Index): number {
  switch (index.kind) {
    case 'PreTransform': case 'IDMap': return partsInside(index.index);
    case 'Refine': return partsInside(index.base);
    case 'IVF': case 'Codes': return partsOfCodec(index.codec);
    case 'HNSW': case 'NSG': return partsInside(index.storage);
    default: return 0;
  }
}
const partsOfCodec = (codec: Codec) => (codec.kind === 'PQ' || codec.kind === 'PQfs' ? codec.M : 0);

async function spaceOf(engine: Engine, rows: Rows, dots: number[], M: number): Promise<KeptSpace> {
  const { x, n, d } = rows, all = new Float32Array(engine.memory.memory.buffer, x, n * d);
  const places = dots.map((row) => placeOf(all.subarray(row * d, (row + 1) * d)));
  const norms = normsOf(Float32Array.from({ length: n }, (_, i) => lengthOf(all.subarray(i * d, (i + 1) * d)))), covariance = await covarianceOf(engine, x, n, d);
  return { covariance, norms, frame: frameOf(covariance, d, M, places) };
}

function normsOf(lengths: Float32Array): Norms {
  const most = lengths.reduce((a, b) => Math.max(a, b), 0), counts = new Uint32Array(LENGTH_STEPS);
  for (const length of lengths) { const at = Math.min(LENGTH_STEPS - 1, Math.floor((length / (most || 1)) * LENGTH_STEPS)); counts[at] = (counts[at] ?? 0) + 1; }
  return { least: lengths.reduce((a, b) => Math.min(a, b), Infinity), mean: lengths.reduce((sum, v) => sum + v, 0) / lengths.length, most, counts };
}

async function mapOf(engine: Engine, transform: Transform, trace: TransformTrace | null, around: Around, finished: Kept['frame']): Promise<KeptMap> {
  const { spec, dIn, dOut } = transform, linear = transform.kind === 'Linear' ? transform : null, turn = linear && dIn === 2 && dOut === 2 ? turnOf(linear.A) : null;
  const { start, rounds } = (trace?.kind === 'OPQ' ? trace.opq : trace?.itq) ?? { rounds: [] };
  const states = [start, ...rounds.map(({ A }) => A)].flatMap((A, i) => (A ? [{ round: i - 1, A }] : [])), last = states.findLast(({ round }) => round === rounds.length - 1);
  const before = await framesOf(engine, transform, thinned(states.filter((state) => state !== last), mostFrames(dIn, dOut)), around);
  return {
    name: transformOf(spec).write(spec), kind: spec.kind,
    spectrum: spec.kind === 'PCA' && dIn <= MOST_SPECTRUM ? Float32Array.from((await patiently(engine, eigenSteps(around.covariance, dIn))).values) : null,
    whitens: spec.kind === 'PCA' && spec.whiten,
    glide: glideOf(engine, transform),
    turn: turn && { ...turn, shift: { x: linear?.b?.[0] ?? 0, y: linear?.b?.[1] ?? 0 } },
    training: trace && trainingOf(trace),
    states: last ? [...before, { ...last, frame: finished }] : before,
  };
}

/** What the map makes of the first two axes tells how the plane that is seen turns. */
function glideOf(engine: Engine, transform: Transform): MapLook['glide'] {
  const { spec, dIn, dOut } = transform, keeps = (transform.kind === 'Linear' && !(spec.kind === 'PCA' && spec.whiten)) || transform.kind === 'HR' || transform.kind === 'Pad';
  if (!keeps || dIn < 2 || dOut < 2) return null;
  const axis = (j: number) => { const x = new Float32Array(dIn); if (j >= 0) x[j] = 1; return placeOf(at(pathOf(engine, [transform], x), 1)); };
  const [origin, first, second] = [axis(-1), axis(0), axis(1)];
  return { overlap: [first.x - origin.x, first.y - origin.y, second.x - origin.x, second.y - origin.y], shift: origin };
}

function trainingOf(trace: TransformTrace): Training {
  if (trace.kind === 'ITQ') return { losses: trace.itq.rounds.map(({ loss }) => loss), sampled: trace.itq.sampled, balanced: false, frames: [] };
  const { rounds, sampled, from } = trace.opq;
  return { losses: rounds.map(({ distortion }) => distortion), sampled, balanced: from === 'balanced', frames: [] };
}

/** Frames before the last one: fifteen, fewer where each is long work, the first of all at least. */
const mostFrames = (dIn: number, dOut: number) => Math.max(1, Math.min(15, Math.floor(2 ** 30 / (dIn * dOut * (dIn + dOut)))));

/** So many, evenly spread from the first on. */
function thinned<T>(states: T[], most: number): T[] {
  const take = Math.min(states.length, most);
  return Array.from({ length: take }, (_, i) => states[Math.floor((i * states.length) / take)]).flatMap((state) => (state === undefined ? [] : [state]));
}

function pathOf(engine: Engine, chain: Transform[], vector: Float32Array): Path {
  const room = openArena(engine.memory), thread = engine.own, { top } = thread, path = [vector];
  try {
    for (const transform of chain) {
      const from = path.at(-1) ?? vector, x = takeF32(room, from.length);
      x.set(from);
      path.push(new Float32Array(thread.buffer, transformQuery(thread, [transform], x.byteOffset, newWork()), transform.dOut).slice());
      thread.top = top;
    }
    return path;
  } finally {
    release(room);
  }
}

async function mapped(engine: Engine, rooms: Arena, transform: Transform, { x, n }: Rows): Promise<Rows> {
  const packed = openArena(engine.memory);
  try {
    const out = takeF32(rooms, n * transform.dOut, 'the transformed sample');
    await mapSample(engine, { x, n, prepared: prepare(engine.own, placeIn(packed), transform), out: out.byteOffset });
    return { x: out.byteOffset, n, d: transform.dOut };
  } finally {
    release(packed);
  }
}

const evenly = (take: number, n: number) => Int32Array.from({ length: take }, (_, i) => Math.floor((i * n) / take));
