/** Spec × vectors → Index: the one switch over terms. Trains, then adds. Everything kept goes to one arena, which the caller
 *  releases with the index; what only training needs is given back on the way. */
import { assign, packLinear, packRows, placeIn, residuals, transformRows } from './dense';
import type { CodecSpec, CoarseSpec, IvfSpec, Metric, Spec, TransformSpec } from './factory/spec';
import { kmeans } from './kmeans';
import type { KMeansTrace } from './kmeans';
import type { Arena } from './memory';
import { freeBytes, openArena, release, takeF32, takeI32, takeU32, takeU8 } from './memory';
import type { Engine } from './pool';
import { run } from './pool';
import { encodeBlocks, encodeScratch, opsOf } from './quantizers/codec';
import { centroidNorms, trainPq } from './quantizers/pq';
import { trainSq } from './quantizers/sq';
import { permutation, shifted } from './random';
import { refuse } from './refusal';
import { assignByGraph, buildHnsw } from './structures/hnsw';
import { precomputeBlocks } from './structures/ivf';
import { OPQ_SETTINGS, trainOpq } from './transforms/opq';
import type { OpqSettingName } from './transforms/opq';
import { trainPca } from './transforms/pca';
import type { Codec, FlatIndex, Index, IvfIndex, Transform } from './types';

/** n rows of d floats at address x. `kept`: they outlive the index, so it may point to them. */
export type Rows = { x: number; n: number; d: number; kept: boolean };

export type BuildOptions = {
  metric: Metric;
  /** 0: Faiss's own seeds; another number shifts all of them. */
  seed: number;
  /** How OPQ is trained (transforms/opq.ts says what each costs): `quick` when absent. */
  opq?: OpqSettingName;
  trace?: BuildTrace;
};

export type BuildTrace = { kmeans?: KMeansTrace };
export type Stage = { name: string; ms: number };

type Context = BuildOptions & { engine: Engine; arena: Arena; stages: Stage[] };

export type Built = { index: Index; arena: Arena; stages: Stage[]; trainMs: number; addMs: number };

/** Trains on `learn`, adds `base`. On any failure everything taken is given back. */
export async function buildIndex(engine: Engine, spec: Spec, learn: Rows, base: Rows, options: BuildOptions): Promise<Built> {
  const arena = openArena(engine.memory), stages: Stage[] = [];
  try {
    const index = await build({ ...options, engine, arena, stages }, spec, learn, base);
    const sum = (add: boolean) => stages.reduce((ms, stage) => ms + (stage.name.startsWith('add') === add ? stage.ms : 0), 0);
    return { index, arena, stages, trainMs: sum(false), addMs: sum(true) };
  } catch (problem) {
    release(arena);
    throw problem;
  }
}

async function build(context: Context, spec: Spec, learn: Rows, base: Rows): Promise<Index> {
  const { metric } = context, { n, d } = base;
  switch (spec.kind) {
    case 'Flat': return flat(context, base);
    case 'Codes': {
      const codec = await trainCodec(context, spec.codec, learn);
      return { kind: 'Codes', d, n, metric, codec, codes: await addCodes(context, codec, base) };
    }
    case 'IVF': return buildIvf(context, spec, learn, base);
    case 'HNSW': {
      if (spec.storage.kind !== 'Flat') return notYet(`HNSW over ${spec.storage.kind} codes`);
      const { vectors } = flat(context, base);
      return stage(context, 'add: link the graph', () => buildHnsw(context.engine, context.arena, { vectors, n, d, metric, M: spec.M, efConstruction: 40, seed: context.seed, stage: 'add: link the graph' }));
    }
    case 'PreTransform': return buildPreTransform(context, spec.chain, spec.index, learn, base);
    case 'Refine': {
      if (spec.refine.kind !== 'Flat') return notYet('Refine(…) with anything but Flat');
      const inner = await build(context, spec.base, learn, base);
      return { kind: 'Refine', d, n, metric, base: inner, refine: flat(context, base) };
    }
    default: return notYet(`${spec.kind} indexes`);
  }
}

const notYet = (what: string): never => refuse(`The explorer reads ${what} but cannot build them yet. What it builds: Flat, PQ and SQ8 codes, IVF with flat or HNSW centroids, HNSW, PCA, OPQ and RFlat.`);

async function stage<T>({ stages, engine }: Context, name: string, step: () => Promise<T>): Promise<T> {
  const started = performance.now();
  engine.report(name, 0, 1);
  const result = await step();
  stages.push({ name, ms: performance.now() - started });
  return result;
}

/** The vectors themselves: pointed to where they stay, copied where they would not. */
function flat({ engine, arena, metric }: Context, { x, n, d, kept }: Rows): FlatIndex {
  const rows = new Float32Array(engine.memory.memory.buffer, x, n * d);
  if (kept) return { kind: 'Flat', d, n, metric, vectors: rows };
  const vectors = takeF32(arena, n * d, 'the stored vectors');
  vectors.set(rows);
  return { kind: 'Flat', d, n, metric, vectors };
}

async function buildPreTransform(context: Context, specs: TransformSpec[], inner: Spec, learn: Rows, base: Rows): Promise<Index> {
  const { engine, metric } = context, rooms = openArena(engine.memory), chain: Transform[] = [];
  try {
    let from = learn, to = base;
    for (const spec of specs) {
      const transform = await stage(context, `train ${spec.kind}`, () => trainTransform(context, spec, from));
      chain.push(transform);
      const [before, beforeBase] = [from, to];
      from = await mapRows(engine, rooms, transform, before);
      to = before === beforeBase ? from : await mapRows(engine, rooms, transform, beforeBase);
    }
    const index = await build(context, inner, from, to);
    return { kind: 'PreTransform', d: base.d, n: base.n, metric, chain, index };
  } finally {
    release(rooms);
  }
}

function trainTransform({ engine, arena, seed, opq = 'quick' }: Context, spec: TransformSpec, { x, n, d }: Rows): Promise<Transform> {
  switch (spec.kind) {
    case 'PCA': return trainPca(engine, arena, { ...spec, x, n, d, seed, stage: 'train PCA' });
    case 'OPQ': return trainOpq(engine, arena, { x, n, d, M: spec.M, dOut: spec.dOut ?? d, seed, stage: 'train OPQ', ...OPQ_SETTINGS[opq] });
    default: return notYet(`${spec.kind} transforms`);
  }
}

async function mapRows(engine: Engine, arena: Arena, { A, b, dIn, dOut }: Transform, rows: Rows): Promise<Rows> {
  const packed = openArena(engine.memory);
  const map = packLinear(engine.own, placeIn(packed), A.byteOffset, b, dIn, dOut);
  const out = takeF32(arena, rows.n * dOut, 'the transformed vectors');
  await transformRows(engine, { x: rows.x, n: rows.n, map, out: out.byteOffset }, 'transform vectors');
  release(packed);
  return { x: out.byteOffset, n: rows.n, d: dOut, kept: false };
}

async function buildIvf(context: Context, spec: IvfSpec, learn: Rows, base: Rows): Promise<IvfIndex> {
  const { engine, arena, metric, seed, trace } = context, { nlist } = spec, { n, d } = base;
  const centroids = takeF32(arena, nlist * d, 'the centroids');
  const kmeansTrace: KMeansTrace | undefined = trace && (trace.kmeans = { iterations: [], sampled: 0 });
  await stage(context, 'train cells', () =>
    kmeans(engine, { k: nlist, d, n: learn.n, x: learn.x, stride: d, metric, niter: 10, seed: shifted(1234, seed), stage: 'train cells', trace: kmeansTrace }, centroids));
  const coarse = await trainCoarse(context, spec.coarse, centroids, nlist, d);
  const byResidual = spec.codec.kind !== 'Flat';
  const codec = await trainListCodec(context, spec.codec, coarse, centroids, learn, byResidual);
  const lists = await addToLists(context, codec, coarse, centroids, base, byResidual);
  const index: IvfIndex = { kind: 'IVF', d, n, metric, nlist, coarse, centroids, codec, byResidual, ...lists };
  if (codec.kind === 'PQ' && byResidual && metric === 'L2') await precompute(context, index);
  return index;
}

async function trainCoarse(context: Context, spec: CoarseSpec, centroids: Float32Array, nlist: number, d: number): Promise<IvfIndex['coarse']> {
  const { engine, arena, metric, seed } = context;
  const over: FlatIndex = { kind: 'Flat', d, n: nlist, metric, vectors: centroids };
  if (spec.kind === 'Flat') return over;
  if (spec.kind !== 'HNSW') return notYet(`${spec.kind} as coarse quantizer`);
  return stage(context, 'train: link centroids', () => buildHnsw(engine, arena, { vectors: centroids, n: nlist, d, metric, M: spec.M, efConstruction: 40, seed, stage: 'train: link centroids' }));
}

/** The list of each row, through the same quantizer a search will use: exact over flat centroids, a walk over a graph. */
async function listsOf(context: Context, arena: Arena, coarse: IvfIndex['coarse'], centroids: Float32Array, rows: Rows, name: string): Promise<Int32Array> {
  const { engine, metric } = context, best = takeI32(arena, rows.n, name);
  if (coarse.kind === 'HNSW') {
    await assignByGraph(engine, coarse, rows.x, rows.n, best.byteOffset, name);
    return best;
  }
  const room = openArena(engine.memory), value = takeF32(room, rows.n);
  const to = packRows(engine.own, placeIn(room), centroids.byteOffset, coarse.n, rows.d, metric);
  await assign(engine, { x: rows.x, stride: rows.d, n: rows.n, to, best: best.byteOffset, value: value.byteOffset }, name);
  release(room);
  return best;
}

/** Trains the code of an inverted list, on residuals where the code is of residuals. */
async function trainListCodec(context: Context, spec: CodecSpec, coarse: IvfIndex['coarse'], centroids: Float32Array, learn: Rows, byResidual: boolean): Promise<Codec> {
  if (!byResidual) return trainCodec(context, spec, learn);
  const { engine } = context, room = openArena(engine.memory);
  try {
    const sample = sampleRows(context, room, learn, trainingPoints(spec));
    const list = await listsOf(context, room, coarse, centroids, sample, 'train: assign the sample');
    const rest = takeF32(room, sample.n * learn.d, 'the training residuals');
    await residuals(engine, { x: sample.x, n: sample.n, d: learn.d, centroids: centroids.byteOffset, list: list.byteOffset, out: rest.byteOffset });
    return await trainCodec(context, spec, { x: rest.byteOffset, n: sample.n, d: learn.d, kept: false });
  } finally {
    release(room);
  }
}

/** Faiss trains a code on at most this many vectors. */
const trainingPoints = (spec: CodecSpec) => (spec.kind === 'PQ' ? 256 * 2 ** spec.nbits : 100_000);

function sampleRows({ engine, seed }: Context, arena: Arena, rows: Rows, most: number): Rows {
  if (rows.n <= most) return rows;
  const from = new Float32Array(engine.memory.memory.buffer, rows.x, rows.n * rows.d);
  const out = takeF32(arena, most * rows.d, 'the training sample');
  permutation(rows.n, shifted(1234, seed), most).forEach((id, i) => out.set(from.subarray(id * rows.d, (id + 1) * rows.d), i * rows.d));
  return { x: out.byteOffset, n: most, d: rows.d, kept: false };
}

async function trainCodec(context: Context, spec: CodecSpec, learn: Rows): Promise<Codec> {
  const { engine, arena, seed } = context, { x, n, d } = learn;
  switch (spec.kind) {
    case 'Flat': return { kind: 'Flat', d, codeSize: d * 4 };
    case 'PQ': return stage(context, 'train PQ codebooks', () => trainPq(engine, arena, { M: spec.M, nbits: spec.nbits, d, n, x, seed: shifted(1234, seed), stage: 'train PQ codebooks' }));
    case 'SQ': {
      if (spec.qtype !== 'SQ8') return notYet(`${spec.qtype} codes`);
      return stage(context, 'train SQ ranges', async () => trainSq(arena, new Float32Array(engine.memory.memory.buffer, x, n * d), n, d));
    }
    default: return notYet(`${spec.kind} codes`);
  }
}

async function addCodes(context: Context, codec: Codec, { x, n }: Rows): Promise<Uint8Array> {
  const codes = takeU8(context.arena, n * codec.codeSize, 'the codes');
  await stage(context, 'add: encode', () => encode(context, codec, { x, n, centroids: 0, list: 0, place: 0, codes: codes.byteOffset }));
  return codes;
}

async function encode({ engine }: Context, codec: Codec, args: { x: number; n: number; centroids: number; list: number; place: number; codes: number }): Promise<void> {
  const room = openArena(engine.memory);
  try {
    const packed = opsOf(codec).pack(engine, room, codec);
    await run(engine, 'encode', { codec, packed, ...args }, encodeBlocks(args.n), encodeScratch(codec), 'add: encode');
  } finally {
    release(room);
  }
}

/** Base vectors to their lists, in order of id inside each list. */
async function addToLists(context: Context, codec: Codec, coarse: IvfIndex['coarse'], centroids: Float32Array, base: Rows, byResidual: boolean): Promise<Pick<IvfIndex, 'offsets' | 'ids' | 'codes'>> {
  const { engine, arena } = context, { n } = base, nlist = coarse.n, room = openArena(engine.memory);
  try {
    const offsets = takeU32(arena, nlist + 1), ids = takeI32(arena, n, 'the ids'), codes = takeU8(arena, n * codec.codeSize, 'the codes');
    const list = await stage(context, 'add: assign to cells', () => listsOf(context, room, coarse, centroids, base, 'add: assign to cells'));
    const place = takeI32(room, n);
    placeInLists(list, offsets, ids, place);
    await stage(context, 'add: encode', () => encode(context, codec, { x: base.x, n, centroids: byResidual ? centroids.byteOffset : 0, list: list.byteOffset, place: place.byteOffset, codes: codes.byteOffset }));
    return { offsets, ids, codes };
  } finally {
    release(room);
  }
}

/** Counting sort by list: offsets (nlist + 1), ids in list order, place[i] = where id i went. */
function placeInLists(list: Int32Array, offsets: Uint32Array, ids: Int32Array, place: Int32Array): void {
  offsets.fill(0);
  for (const l of list) offsets[l + 1] = (offsets[l + 1] ?? 0) + 1;
  for (let l = 1; l < offsets.length; l++) offsets[l] = (offsets[l] ?? 0) + (offsets[l - 1] ?? 0);
  const next = offsets.slice();
  list.forEach((l, id) => {
    const at = next[l] ?? 0;
    next[l] = at + 1;
    ids[at] = id;
    place[id] = at;
  });
}

/** Faiss keeps these tables up to 2 GB; a tab has less, so up to an eighth of what is free. Distances are the same without. */
async function precompute({ engine, arena }: Context, index: IvfIndex): Promise<void> {
  if (index.codec.kind !== 'PQ') return;
  const { codec: pq, nlist, centroids } = index, floats = nlist * pq.M * pq.ksub;
  if ((pq.M * pq.ksub) % 4 || floats * 4 > freeBytes(engine.memory) / 8) return;
  const table = takeF32(arena, floats), { norms, done } = centroidNorms(engine, pq);
  await run(engine, 'precompute', { pq, centroids: centroids.byteOffset, nlist, norms: norms.byteOffset, out: table.byteOffset }, precomputeBlocks(nlist));
  done();
  index.precomputed = table;
}
