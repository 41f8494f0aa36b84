/** Spec × vectors → Index: the one switch over terms. Trains, then adds. Everything kept goes to one arena, which the caller
 *  releases with the index; what only training needs is given back on the way. */
import { placeIn, residuals } from './dense';
import { metricOf } from './factory/cost';
import { canReconstruct } from './factory/duty';
import { codecOf } from './factory/grammar';
import type { CodecOf, CodecSpec, CoarseSpec, GraphSpec, IvfSpec, Metric, NsgSpec, Spec, TransformSpec } from './factory/spec';
import { writeFactory } from './factory/write';
import { kmeans } from './kmeans';
import type { KMeansTrace } from './kmeans';
import type { Arena } from './memory';
import { openArena, release, take, takeF32, takeI32, takeU32, takeU8 } from './memory';
import type { Engine } from './pool';
import { run } from './pool';
import { additivePoints, trainAdditive } from './quantizers/additive-train';
import { blockOf, decodeRows, encodeBlocks, encodeScratch, opsOf, packBlocks } from './quantizers/codec';
import { trainEden } from './quantizers/eden';
import { trainLattice } from './quantizers/lattice';
import { trainLsh } from './quantizers/lsh';
import { trainPq } from './quantizers/pq';
import { trainPqfs } from './quantizers/pqfs';
import { trainRabitq } from './quantizers/rabitq';
import { trainRabitqfs } from './quantizers/rabitqfs';
import { trainSh } from './quantizers/sh';
import { trainSq } from './quantizers/sq';
import { termsOf, trainTwoLevel } from './quantizers/two-level';
import { permutation, shifted } from './random';
import { refuse } from './refusal';
import { buildHnsw } from './structures/hnsw';
import { assignToLists } from './structures/coarse';
import type { CodedNodes } from './structures/hnsw-build';
import { checkImi, trainImi } from './structures/imi';
import { precompute } from './structures/precompute';
import { buildRefineCodes } from './structures/refine-codes';
import { reconstructAll, reconstructScratch } from './structures/reconstruct';
import { buildNsg } from './structures/nsg';
import { trainRcq } from './structures/rcq';
import { mapAllRows, prepare } from './transforms/apply';
import type { OpqSettingName } from './transforms/opq';
import { trainTransform } from './transforms/train';
import type { Codec, FlatIndex, HnswIndex, Index, IvfIndex, NsgIndex, Transform } from './types';

/** n rows of d floats at address x. `kept`: they outlive the index, so it may point to them. */
export type Rows = { x: number; n: number; d: number; kept: boolean };

export type BuildOptions = {
  metric: Metric;
  /** 0: Faiss's own seeds; another number shifts all of them. */
  seed: number;
  /** How OPQ is trained (transforms/opq.ts says what each costs): when absent `quick`, before a multi-index `matched`. */
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

async function build(given: Context, spec: Spec, learn: Rows, base: Rows): Promise<Index> {
  const context = { ...given, metric: metricOf(spec, given.metric) }, { metric } = context, { n, d } = base;
  switch (spec.kind) {
    case 'Flat': return flat(context, base);
    case 'Codes': {
      const codec = await trainCodec(context, spec.codec, learn);
      return { kind: 'Codes', d, n, metric, codec, codes: await addCodes(context, codec, base) };
    }
    case 'IVF': return spec.codec.kind === 'PQR' ? buildTwoCodes(context, spec, spec.codec, learn, base) : buildIvf(context, spec, learn, base);
    case 'HNSW': case 'NSG': return buildGraph(context, spec, learn, base);
    case 'IDMap': return { kind: 'IDMap', d, n, metric, version: spec.version, index: await build(context, spec.index, learn, base) };
    case 'PreTransform': return buildPreTransform(context, spec.chain, spec.index, learn, base);
    case 'Refine': {
      if (spec.refine.kind === 'IVF') refuse('Refine(…) asks for the distance of single vectors by id, and an IVF knows none. Refine(SQ8) or RFlat would do.');
      const inner = await build(context, spec.base, learn, base);
      return { kind: 'Refine', d, n, metric, base: inner, refine: await build(context, spec.refine, learn, base) };
    }
    default: return notYet(`${spec.kind} indexes`);
  }
}

const notYet = (what: string): never => refuse(`The explorer reads ${what} but cannot build them yet. What it does not build: Panorama and deduplicated lists, additive fast-scan codes, two-layer codecs, MinMax and the binary indexes.`);

async function stage<T>({ stages, engine }: Context, name: string, step: () => Promise<T>): Promise<T> {
  const started = performance.now();
  engine.report(name, 0, 1);
  const result = await step();
  stages.push({ name, ms: performance.now() - started });
  return result;
}

/** A graph over the vectors, or over codes: nodes are compared as the codes decode, on rows that building alone needs. */
async function buildGraph(context: Context, spec: GraphSpec | NsgSpec, learn: Rows, base: Rows): Promise<HnswIndex | NsgIndex> {
  const { engine, arena, metric, seed } = context, { n, d } = base, name = 'add: link the graph', rooms = openArena(engine.memory);
  const link = (vectors: Float32Array, coded: CodedNodes = {}) => stage<HnswIndex | NsgIndex>(context, name, () => {
    const options = { vectors, n, d, metric, seed, stage: name, ...coded };
    return spec.kind === 'HNSW' ? buildHnsw(engine, arena, { ...options, M: spec.M }) : buildNsg(engine, arena, { ...options, R: spec.R });
  });
  try {
    if (spec.storage.kind === 'Flat') return await link(flat(context, base).vectors);
    if (spec.storage.kind === 'SQ' && /^SQ(0|tq\d)$/.test(spec.storage.qtype)) refuse(`A graph is linked by distances between codes, and ${spec.storage.qtype} codes have none; Faiss crashes here.`);
    const codec = await trainCodec(context, spec.storage, learn), codes = await addCodes(context, codec, base), rows = takeF32(rooms, n * d, 'the decoded vectors');
    decodeRows({ ...engine.own, search: engine.own.build }, codec, codes.byteOffset, n, rows.byteOffset);
    const terms = codec.kind === 'TwoLevel' ? termsOf(codec, codes, rows, takeF32(arena, n)) : undefined;
    return await link(rows, { storage: { kind: 'Codes', d, n, metric, codec, codes }, terms, points: new Float32Array(engine.memory.memory.buffer, base.x, n * d) });
  } finally {
    release(rooms);
  }
}

/** The vectors themselves: pointed to where they stay, copied where they would not. */
function flat({ engine, arena, metric }: Context, { x, n, d, kept }: Rows): FlatIndex {
  const rows = new Float32Array(engine.memory.memory.buffer, x, n * d);
  if (kept) return { kind: 'Flat', d, n, metric, vectors: rows };
  const vectors = takeF32(arena, n * d, 'the stored vectors');
  vectors.set(rows);
  return { kind: 'Flat', d, n, metric, vectors };
}

/** Balanced axes serve a product code as well as the longest training, but not the two halves of a multi-index: 16 of the lists of an
 *  IMI2x8 then held 0.30 of the neighbours on synth64, where a rotation from a random start has 0.46, as Faiss. */
function opqBefore(spec: Spec): OpqSettingName {
  switch (spec.kind) {
    case 'IVF': return spec.coarse.kind === 'IMI' ? 'matched' : 'quick';
    case 'Refine': return opqBefore(spec.base);
    case 'PreTransform': case 'IDMap': return opqBefore(spec.index);
    default: return 'quick';
  }
}

async function buildPreTransform(context: Context, specs: TransformSpec[], inner: Spec, learn: Rows, base: Rows): Promise<Index> {
  const { engine, metric, opq = opqBefore(inner) } = context, rooms = openArena(engine.memory), chain: Transform[] = [];
  try {
    let from = learn, to = base;
    for (const spec of specs) {
      const transform = await stage(context, `train ${spec.kind}`, () => trainTransform({ ...context, opq }, spec, from));
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

async function mapRows(engine: Engine, arena: Arena, transform: Transform, rows: Rows): Promise<Rows> {
  const packed = openArena(engine.memory);
  try {
    const out = takeF32(arena, rows.n * transform.dOut, 'the transformed vectors');
    await mapAllRows(engine, { x: rows.x, n: rows.n, prepared: prepare(engine.own, placeIn(packed), transform), out: out.byteOffset }, 'transform vectors');
    return { x: out.byteOffset, n: rows.n, d: transform.dOut, kept: false };
  } finally {
    release(packed);
  }
}

async function buildIvf(context: Context, spec: IvfSpec, learn: Rows, base: Rows): Promise<IvfIndex> {
  const { engine, arena, metric } = context, { nlist } = spec, { n, d } = base;
  if (spec.coarse.kind === 'IMI') checkImi(engine, { n: learn.n, d, nbits: spec.coarse.nbits, metric });
  const centroids = takeF32(arena, nlist * d, 'the centroids');
  const coarse = await trainCells(context, spec, centroids, learn);
  const byResidual = ofResidual(spec.codec);
  const codec = await trainListCodec(context, spec.codec, coarse, centroids, learn, byResidual);
  const lists = await addToLists(context, codec, coarse, centroids, base, byResidual);
  const index: IvfIndex = { kind: 'IVF', d, n, metric, nlist, coarse, centroids, codec, byResidual, ...lists };
  await precompute(engine, arena, index);
  return index;
}

/** An IVF with PQ codes, and second codes to re-rank by. */
async function buildTwoCodes(context: Context, spec: IvfSpec, { M, M2 }: CodecOf<'PQR'>, learn: Rows, base: Rows): Promise<Index> {
  const { engine, arena, metric, seed } = context, { n, d } = base, name = 'train the second PQ';
  if (metric === 'IP') refuse(`PQ${M}+${M2} adds up squared distances and knows L2 only. PQ${M} works with inner product.`);
  const ivf = await buildIvf(context, { ...spec, codec: { kind: 'PQ', M, nbits: 8, polysemous: false } }, learn, base);
  const room = openArena(engine.memory);
  try {
    const sample = sampleRows(context, room, learn, SECOND_POINTS);
    const refine = await stage(context, name, () => buildRefineCodes(engine, arena, ivf, sample, base, { M: M2, seed, stage: name }));
    return { kind: 'Refine', d, n, metric, base: ivf, refine };
  } finally {
    release(room);
  }
}

const SECOND_POINTS = 1000 * 256;

/** Centroids, and what finds the nearest of them. */
async function trainCells(context: Context, { nlist, coarse, codec }: IvfSpec, centroids: Float32Array, { x, n, d }: Rows): Promise<IvfIndex['coarse']> {
  const { engine, arena, metric, seed, trace } = context, name = 'train cells';
  if (coarse.kind === 'Index' && coarse.index.kind === 'RCQ') {
    const nbits = coarse.index.books.flatMap((b) => Array.from({ length: b.M }, () => b.nbits)), bits = nbits.reduce((sum, b) => sum + b, 0);
    if (nlist !== 2 ** bits) refuse(`RCQ codebooks of ${bits} bits in all make 2^${bits} cells, and IVF${nlist} asks for ${nlist}. IVF${2 ** bits}(…) would do.`);
    return stage(context, name, () => trainRcq(engine, arena, { x, n, d, nbits, metric, seed, stage: name }, centroids));
  }
  if (coarse.kind === 'IMI') return stage(context, name, () => trainImi(engine, arena, { x, n, d, nbits: coarse.nbits, metric, seed, stage: name }, centroids));
  const kmeansTrace: KMeansTrace | undefined = trace && (trace.kmeans = { iterations: [], sampled: 0 });
  await stage(context, name, () => kmeans(engine, { k: nlist, d, n, x, stride: d, metric, niter: 10, seed: shifted(1234, seed), stage: name, trace: kmeansTrace }, centroids));
  return trainCoarse(context, coarse, ofResidual(codec), centroids, nlist, d);
}

async function trainCoarse(context: Context, spec: CoarseSpec, byResidual: boolean, centroids: Float32Array, nlist: number, d: number): Promise<IvfIndex['coarse']> {
  const { engine, arena, metric, seed } = context;
  const over: FlatIndex = { kind: 'Flat', d, n: nlist, metric, vectors: centroids };
  if (spec.kind === 'Flat' || (spec.kind === 'Index' && spec.index.kind === 'Flat')) return over;
  if (spec.kind === 'Index') return indexCells(context, spec.index, byResidual, centroids, nlist, d);
  if (spec.kind !== 'HNSW' && spec.kind !== 'NSG') return notYet(`${spec.kind} as coarse quantizer`);
  const name = 'train: link centroids', options = { vectors: centroids, n: nlist, d, metric, seed, stage: name };
  return stage(context, name, async () => spec.kind === 'HNSW' ? buildHnsw(engine, arena, { ...options, M: spec.M }) : buildNsg(engine, arena, { ...options, R: spec.R }));
}

/** Faiss's way with any other index over the centroids: it is trained on them, filled with them, and where it gives them back changed,
 *  residuals are to what it gives back. */
async function indexCells(context: Context, spec: Spec, byResidual: boolean, centroids: Float32Array, n: number, d: number): Promise<Index> {
  const { engine } = context, rows = { x: centroids.byteOffset, n, d, kept: false }, returns = canReconstruct(spec), factory = writeFactory(spec);
  if (byResidual && !returns) refuse(`The code is of differences to a centroid, and ${factory} cannot give its centroids back. ${factory},RFlat can, and so can codes without residuals, such as Flat.`);
  const index = await stage(context, 'train: index the cells', () => build({ ...context, stages: [], trace: undefined }, spec, rows, rows));
  if (!returns) return index;
  const room = openArena(engine.memory);
  try {
    const bytes = reconstructScratch(index), top = take(room, bytes);
    reconstructAll({ ...engine.own, top, end: top + bytes }, index, centroids);
  } finally {
    release(room);
  }
  return index;
}

/** The list of each row, through the same quantizer a search will use. */
async function listsOf({ engine }: Context, arena: Arena, coarse: IvfIndex['coarse'], centroids: Float32Array, rows: Rows, name: string): Promise<Int32Array> {
  const best = takeI32(arena, rows.n, name);
  await assignToLists(engine, coarse, centroids, rows, best, name);
  return best;
}

/** Trains the code of an inverted list, on residuals where the code is of residuals. */
async function trainListCodec(context: Context, spec: CodecSpec, coarse: IvfIndex['coarse'], centroids: Float32Array, learn: Rows, byResidual: boolean): Promise<Codec> {
  if (spec.kind === 'SH') return trainHash(context, spec, coarse, centroids, learn);
  if (!byResidual) return trainCodec(context, spec, learn);
  if (isCentred(spec)) return trainCodec(context, spec, { ...learn, n: 0 });
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

/** SQ0 keeps nothing of the residual, so that the centroid stands for the vector. */
const ofResidual = (spec: CodecSpec) => codecOf(spec).residual(spec) || (spec.kind === 'SQ' && spec.qtype === 'SQ0');

/** Bits by thresholds that depend on the list. */
async function trainHash(context: Context, spec: CodecOf<'SH'>, coarse: IvfIndex['coarse'], centroids: Float32Array, learn: Rows): Promise<Codec> {
  const { engine, arena, seed } = context, room = openArena(engine.memory);
  try {
    const list = spec.threshold === 'm' ? await listsOf(context, room, coarse, centroids, learn, 'train: assign the sample') : null;
    return await stage(context, 'train the hash', () => trainSh(engine, arena, spec, { ...learn, seed, centroids, list }));
  } finally {
    release(room);
  }
}

/** These take a mean from every vector, and inside a list its centroid: there is nothing to learn. */
const isCentred = ({ kind }: CodecSpec) => kind === 'RaBitQ' || kind === 'RaBitQfs' || kind === 'EDEN';

/** Faiss trains a code on at most this many vectors. */
function trainingPoints(spec: CodecSpec): number {
  switch (spec.kind) {
    case 'PQ': return 256 * 2 ** spec.nbits;
    case 'PQfs': return 256 * 16;
    case 'RQ': case 'LSQ': case 'PRQ': case 'PLSQ': return additivePoints(spec);
    default: return 100_000;
  }
}

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
    case 'PQfs': return stage(context, 'train PQ codebooks', () => trainPqfs(engine, arena, { M: spec.M, bbs: spec.bbs, d, n, x, seed: shifted(1234, seed), stage: 'train PQ codebooks' }));
    case 'TwoLevel': return stage(context, 'train both levels', () => trainTwoLevel(engine, arena, spec, { x, n, d, seed: shifted(1234, seed), stage: 'train both levels' }));
    case 'ZnLattice': return stage(context, 'train: lengths', () => trainLattice(engine, arena, spec, { x, n, d }));
    case 'EDEN': return stage(context, 'train: the mean', () => trainEden(engine, arena, spec, { x, n, d }));
    case 'RaBitQ': return stage(context, 'train: the mean', () => trainRabitq(engine, arena, spec, { x, n, d, metric: context.metric }));
    case 'RaBitQfs': return stage(context, 'train: the mean', () => trainRabitqfs(engine, arena, spec, { x, n, d, metric: context.metric }));
    case 'LSH': return stage(context, 'train LSH', () => trainLsh(engine, arena, { x, n, d, spec, seed }));
    case 'SQ': return stage(context, 'train SQ ranges', async () => trainSq(arena, spec.qtype, new Float32Array(engine.memory.memory.buffer, x, n * d), n, d));
    case 'RQ': case 'LSQ': case 'PRQ': case 'PLSQ': {
      const name = `train ${spec.kind} codebooks`;
      return stage(context, name, () => trainAdditive(engine, arena, spec, { x, n, d, seed, stage: name }));
    }
    default: return notYet(`${spec.kind} codes`);
  }
}

async function addCodes(context: Context, codec: Codec, { x, n }: Rows): Promise<Uint8Array> {
  const room = openArena(context.engine.memory);
  try {
    const offsets = takeU32(room, 2);
    offsets.set([0, n]);
    return (await storeCodes(context, codec, offsets, { x, n, centroids: 0, list: 0, place: 0 })).codes;
  } finally {
    release(room);
  }
}

type Encoding = { x: number; n: number; centroids: number; list: number; place: number };

/** Codes of all lists end to end; where a codec's codes stand in blocks, each list is filled up to whole ones. */
async function storeCodes(context: Context, codec: Codec, offsets: Uint32Array, args: Encoding): Promise<Pick<IvfIndex, 'blocks' | 'codes'>> {
  const { engine, arena } = context, block = blockOf(codec), nlist = offsets.length - 1;
  const code = (to: number) => stage(context, 'add: encode', () => encode(context, codec, { ...args, codes: to }));
  if (block.codes === 1) {
    const codes = takeU8(arena, args.n * codec.codeSize, 'the codes');
    await code(codes.byteOffset);
    return { blocks: offsets, codes };
  }
  const blocks = takeU32(arena, nlist + 1).fill(0), room = openArena(engine.memory);
  for (let l = 0; l < nlist; l++) blocks[l + 1] = (blocks[l] ?? 0) + Math.ceil(((offsets[l + 1] ?? 0) - (offsets[l] ?? 0)) / block.codes);
  try {
    const codes = takeU8(arena, (blocks[nlist] ?? 0) * block.bytes, 'the codes'), apart = takeU8(room, args.n * codec.codeSize, 'the codes');
    await code(apart.byteOffset);
    const pack = { codec, codes: apart.byteOffset, nlist, offsets: offsets.byteOffset, blocks: blocks.byteOffset, out: codes.byteOffset };
    await stage(context, 'add: pack blocks', () => run(engine, 'pack', pack, packBlocks(nlist), block.bytes + 64));
    return { blocks, codes };
  } finally {
    release(room);
  }
}

async function encode({ engine }: Context, codec: Codec, args: Encoding & { codes: number }): Promise<void> {
  const room = openArena(engine.memory);
  try {
    const packed = opsOf(codec).pack(engine, room, codec);
    await run(engine, 'encode', { codec, packed, ...args }, encodeBlocks(args.n), encodeScratch(codec), 'add: encode');
  } finally {
    release(room);
  }
}

/** Base vectors to their lists, in order of id inside each list. */
async function addToLists(context: Context, codec: Codec, coarse: IvfIndex['coarse'], centroids: Float32Array, base: Rows, byResidual: boolean): Promise<Pick<IvfIndex, 'offsets' | 'blocks' | 'ids' | 'codes'>> {
  const { engine, arena } = context, { x, n } = base, nlist = coarse.n, room = openArena(engine.memory);
  try {
    const offsets = takeU32(arena, nlist + 1), ids = takeI32(arena, n, 'the ids');
    const list = await stage(context, 'add: assign to cells', () => listsOf(context, room, coarse, centroids, base, 'add: assign to cells'));
    const place = takeI32(room, n);
    placeInLists(list, offsets, ids, place);
    const stored = await storeCodes(context, codec, offsets, { x, n, centroids: byResidual ? centroids.byteOffset : 0, list: list.byteOffset, place: place.byteOffset });
    return { offsets, ids, ...stored };
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
