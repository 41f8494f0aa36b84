/** What one visitor has open: a data set, the last good index, and a plane to look at it. Answers every call of the
 *  protocol on the engine. Knows labels and files through the `open` it is given; not the page. */
import type { OpenSet, Source } from '../engine/data/open';
import { openSet } from '../engine/data/open';
import type { BuildTrace, Built } from '../engine/build';
import { buildIndex } from '../engine/build';
import { costOf, readBinaryFactory, readFactory } from '../engine/factory/index';
import type { Spec } from '../engine/factory/spec';
import { imbalance } from '../engine/kmeans';
import { curveOf } from '../engine/measure/curves';
import { searchInDetail } from '../engine/measure/detail';
import { anatomyOf, invertLists } from '../engine/measure/recall';
import { clockStep, measure } from '../engine/measure/sweep';
import { openArena, release } from '../engine/memory';
import type { Engine } from '../engine/pool';
import { publish } from '../engine/pool';
import { refuse } from '../engine/refusal';
import { prepareSearch, unsearchable } from '../engine/search';
import { countedOf } from '../engine/structures/size';
import type { Answer, Ask, Call, IndexInfo, Progress, QueryRef } from './protocol';
import { anatomy } from './anatomy';
import { look } from './looks';
import type { Picture } from './picture';
import { knn } from './layout';
import { laidOut, nearest, openPicture, queryVector, sliceOf } from './picture';

export type Session = {
  engine: Engine;
  open: (ask: Ask<'load'>) => Promise<Source>;
  set: OpenSet | null;
  built: (Built & { spec: Spec; factory: string; listOf: Int32Array | null; trace: BuildTrace; seed: number }) | null;
  picture: Picture | null;
  /** The base laid out by UMAP: where each vector stands, and the layout that queries are placed by. */
  laid: { layout: Float32Array; points: Float32Array /* (n, 3) */ } | null;
  /** Raised to end the sweep under way. */
  sweep: { stop: boolean };
  clockMs: number;
};

export type Tell = (progress: Progress) => void;
export type Serve = { [C in Exclude<Call, 'start'>]: (session: Session, ask: Ask<C>, tell: Tell) => Promise<Answer<C>> };

export const openSession = (engine: Engine, open: Session['open']): Session => ({ engine, open, set: null, built: null, picture: null, laid: null, sweep: { stop: false }, clockMs: clockStep() });

export const serve: Serve = {
  async load(session, ask, tell) {
    const { engine } = session, source = await session.open(ask);
    engine.report = reporter(tell);
    const set = await openSet(engine, source, ask.n, ask.metric);
    await dropIndex(session);
    if (session.set) release(session.set.arena);
    session.set = set;
    session.laid = null;
    const { n, d, metric, nq, truthMs } = set, { name, title, licence, attribution } = source;
    return { name, title, n, d, metric, nq, truthMs, licence, attribution, queryNames: Array.from({ length: nq }, (_, i) => source.queryName(i)) };
  },

  async build(session, ask, tell) {
    const set = loaded(session), { engine } = session;
    const { spec, problems } = readFactory(ask.factory);
    if (!spec) return refuse(elsewhere(ask.factory) ?? problems[0]?.message ?? `${ask.factory} is not a factory string.`);
    if (ask.metric !== set.metric) refuse(`The data was opened for ${set.metric}, the index is for ${ask.metric}. Open the data again with the other metric.`);
    engine.report = reporter(tell);
    const trace: BuildTrace = {}, rows = { x: set.base.byteOffset, n: set.n, d: set.d, kept: true };
    const built = await buildIndex(engine, spec, rows, rows, { metric: ask.metric, seed: ask.seed, opq: ask.opq, trace });
    await dropIndex(session);
    const { ivf } = anatomyOf(built.index);
    session.built = { ...built, spec, factory: ask.factory, trace, seed: ask.seed, listOf: ivf && invertLists(ivf) };
    await publish(engine, 'index', built.index);
    return describe(session, ask.factory);
  },

  async search(session, { query, k, params }) {
    const set = loaded(session), { index, listOf } = ready(session), { source } = set;
    const vector = queryVector(session, set, query);
    const base = { x: set.base.byteOffset, n: set.n, d: set.d };
    await prepareSearch(session.engine, index, params);
    const detail = searchInDetail(session.engine, { index, listOf, base, query: vector, k: checkK(k, set.n), params });
    const label = (id: number) => source.baseLabel(id);
    return {
      ...detail,
      query: { vector, ref: query, label: queryLabel(source, query) },
      hits: detail.hits.map((hit) => ({ ...hit, label: label(hit.id) })),
      truth: detail.truth.map((hit) => ({ ...hit, label: label(hit.id) })),
    };
  },

  async sweep(session, { k, param, values, params }, tell) {
    const set = loaded(session), { index, listOf } = ready(session), sweep = { stop: false };
    session.sweep.stop = true;
    session.sweep = sweep;
    const points: Answer<'sweep'> = [];
    for (const [i, value] of values.entries()) {
      if (sweep.stop || session.built?.index !== index) throw Object.assign(new Error('another sweep or index took its place'), { name: 'cancelled' });
      const at = param ? { ...params, [param]: value } : params;
      const measured = await measure(session.engine, { index, published: 'index', listOf, queries: set.queries.byteOffset, nq: set.nq, d: set.d, k: checkK(k, set.n), params: at, truth: set.truth, clockMs: session.clockMs });
      const point = { ...measured, value, params: at };
      points.push(point);
      tell({ stage: 'sweep', done: i + 1, total: values.length, left: null, point });
    }
    return points;
  },

  async curve(session, { k, param, values, params }) {
    const { queries, nq, d, n, truth } = loaded(session), { index, listOf } = ready(session);
    return curveOf(session.engine, { index, published: 'index', listOf, queries: queries.byteOffset, nq, d, k: checkK(k, n), params, param, values, truth });
  },

  async plane(session, { kind, query, layout }) {
    if (kind === 'umap') return laidOut(session, query, layout);
    const { picture, answer } = await openPicture(session, loaded(session), kind, query);
    if (session.picture) release(session.picture.arena);
    session.picture = picture;
    return answer;
  },

  async slice(session, ask) {
    if (!session.picture) return refuse('There is no plane to slice yet.');
    return sliceOf(session, session.picture, ask);
  },

  knn: (session) => knn(session),

  near: nearest,

  look,

  anatomy: (session) => anatomy(session),
};

/** Where a string works that the page does not build. */
const elsewhere = (factory: string): string | null => (readBinaryFactory(factory).spec
  ? `${factory} is a binary index: it holds bits and compares by Hamming distance, and the page holds numbers. On the command line it works: index-factory bench ${factory} --data photo-sift.` : null);

export const loaded = ({ set }: Session): OpenSet => set ?? refuse('No data set is open yet.');
export const ready = ({ built }: Session): NonNullable<Session['built']> => built ?? refuse('No index is built yet.');

function checkK(k: number, n: number): number {
  if (k > n) refuse(`k = ${k} neighbours were asked for, the data set has ${n} vectors. Choose k up to ${Math.min(n, 100)}.`);
  if (!(k >= 1 && k <= 100)) refuse(`k = ${k} is outside 1 to 100.`);
  return k;
}

function queryLabel(source: Source, query: QueryRef) {
  if (query.kind === 'heldOut') return source.queryLabel(query.index);
  if (query.kind === 'base') return source.baseLabel(query.id);
  return { kind: 'number' as const, text: `near ${source.queryName(query.index)}` };
}

async function dropIndex(session: Session): Promise<void> {
  if (session.picture) release(session.picture.arena);
  session.picture = null;
  if (!session.built) return;
  await publish(session.engine, 'index', undefined);
  release(session.built.arena);
  session.built = null;
}

function describe(session: Session, factory: string): IndexInfo {
  const { index, spec, trace, trainMs, addMs, stages } = ready(session), { n, d, metric } = loaded(session);
  const cost = costOf(spec, d, n, metric, countedOf(index));
  const { ivf } = anatomyOf(index), problem = unsearchable(index);
  const sizes = ivf && Uint32Array.from({ length: ivf.nlist }, (_, l) => (ivf.offsets[l + 1] ?? 0) - (ivf.offsets[l] ?? 0));
  return {
    factory, metric, n, d, codeSize: cost.codeSize, bytes: cost.totalBytes, trainMs, addMs, stages, ...(problem ? { unsearchable: problem } : {}),
    ivf: ivf && sizes && { nlist: ivf.nlist, sizes, imbalance: imbalance(sizes), emptyLists: sizes.filter((s) => s === 0).length, ...(ivf.coarse.kind === 'IMI' ? { nbits: ivf.coarse.nbits } : {}) },
    kmeans: trace.kmeans ? { sampled: trace.kmeans.sampled, iterations: trace.kmeans.iterations.map(({ objective, empty, moved, imbalance: factor, ms }) => ({ objective, empty, moved, imbalance: factor, ms })) } : null,
  };
}

/** Progress with a guess of the time left, from the pace of the current stage. */
function reporter(tell: Tell) {
  let stage = '', started = 0, last = 0;
  return (name: string, done: number, total: number) => {
    const now = performance.now();
    if (name !== stage) { stage = name; started = now; } else if (now - last < 60 && done < total) return;
    last = now;
    const left = done > 0 && now - started > 200 ? ((now - started) / 1000) * ((total - done) / done) : null;
    tell({ stage: name, done, total, left });
  };
}

/** Memory that only one call needs. */
export async function withArena<T>(engine: Engine, use: (arena: ReturnType<typeof openArena>) => Promise<T>): Promise<T> {
  const arena = openArena(engine.memory);
  try { return await use(arena); } finally { release(arena); }
}
