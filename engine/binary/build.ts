/** BinarySpec × codes → BinaryIndex, as Faiss's binary factory builds it. Everything kept goes to one arena, which the caller releases
 *  with the index. */
import { placeInLists } from '../build/ivf';
import type { BinarySpec } from '../factory/spec';
import { writeBinaryFactory } from '../factory/binary';
import { kmeans } from '../kmeans';
import type { KMeansTrace } from '../kmeans';
import type { Arena } from '../memory';
import { openArena, release, takeF32, takeI32, takeU32, takeU8 } from '../memory';
import type { Engine } from '../pool';
import { permutation, shifted } from '../random';
import { refuse } from '../refusal';
import { linkHnsw } from '../structures/hnsw';
import { bitRowsAt } from '../structures/walker';
import { makeTable } from './hash';
import { assignBinary } from './search';
import type { BinaryFlat, BinaryHash, BinaryHnsw, BinaryIndex, BinaryIvf, Bits } from './types';

export type BinaryOptions = {
  /** 0: Faiss's own seeds; another number shifts all of them. */
  seed: number;
  trace?: { kmeans?: KMeansTrace };
};
export type BuiltBinary = { index: BinaryIndex; arena: Arena; trainMs: number; addMs: number };

type Context = BinaryOptions & { engine: Engine; arena: Arena; ms: { train: number; add: number } };

/** Trains on `learn`, adds `base`, which the index may point to. On any failure everything taken is given back. */
export async function buildBinary(engine: Engine, spec: BinarySpec, learn: Bits, base: Bits, options: BinaryOptions): Promise<BuiltBinary> {
  const arena = openArena(engine.memory), ms = { train: 0, add: 0 };
  try {
    const index = await build({ ...options, engine, arena, ms }, spec, learn, base);
    return { index, arena, trainMs: ms.train, addMs: ms.add };
  } catch (problem) {
    release(arena);
    throw problem;
  }
}

async function build(context: Context, spec: BinarySpec, learn: Bits, base: Bits): Promise<BinaryIndex> {
  const { d, n } = base, codeSize = d / 8;
  if (d <= 0 || d % 8 !== 0) refuse(`Binary vectors have a multiple of 8 bits; these have ${d}.`);
  switch (spec.kind) {
    case 'BFlat': return flat(context, base);
    case 'BIVF': return ivf(context, spec, learn, base);
    case 'BHNSW': return timed(context, 'add', 'add: link the graph', () => hnsw(context, spec.M, base));
    case 'BHash': case 'BMultiHash': return timed(context, 'add', 'add: fill the buckets', async () => hash(context, spec, base));
    case 'BIDMap': {
      if (spec.index.kind === 'BIDMap') refuse('An IDMap takes vectors with ids only, and one inside of another is given none.');
      return { kind: 'BIDMap', d, n, codeSize, version: spec.version, index: await build(context, spec.index, learn, base) };
    }
  }
}

async function timed<T>({ engine, ms }: Context, duty: 'train' | 'add', name: string, step: () => Promise<T>): Promise<T> {
  const started = performance.now();
  engine.report(name, 0, 1);
  const result = await step();
  ms[duty] += performance.now() - started;
  return result;
}

const codesOf = ({ memory }: Engine, { at, n, d }: Bits) => new Uint8Array(memory.memory.buffer, at, (n * d) / 8);

const flat = ({ engine }: Context, base: Bits): BinaryFlat => ({ kind: 'BFlat', d: base.d, n: base.n, codeSize: base.d / 8, codes: codesOf(engine, base) });

/** Nodes are rows of whole words: the codes themselves where these are, else a copy. */
async function hnsw({ engine, arena, seed }: Context, M: number, base: Bits): Promise<BinaryHnsw> {
  if (M < 2) refuse(`A graph needs at least 2 links, and BHNSW${M} has ${M}.`);
  const { d, n } = base, codeSize = d / 8, words = Math.ceil(codeSize / 4), codes = codesOf(engine, base);
  let rows = codes;
  if (codeSize % 4 !== 0) {
    rows = takeU8(arena, n * words * 4, 'the nodes of the graph').fill(0);
    for (let i = 0; i < n; i++) rows.set(codes.subarray(i * codeSize, (i + 1) * codeSize), i * words * 4);
  }
  const links = await linkHnsw(engine, arena, bitRowsAt(rows.byteOffset, words), { n, M, seed, stage: 'add: link the graph' });
  return { kind: 'BHNSW', d, codeSize, words, rows, ...links };
}

async function ivf(context: Context, spec: Extract<BinarySpec, { kind: 'BIVF' }>, learn: Bits, base: Bits): Promise<BinaryIvf> {
  const { engine, arena } = context, { nlist, M } = spec, { d, n } = base, codeSize = d / 8, room = openArena(engine.memory);
  if (nlist < 1) refuse(`${writeBinaryFactory(spec)} has no list.`);
  try {
    const cells: Bits = { at: await trainCells(context, nlist, learn), n: nlist, d };
    const coarse = M === undefined ? flat(context, cells) : await timed(context, 'train', 'train: index the cells', () => hnsw(context, M, cells));
    const list = takeI32(room, n, 'the lists'), place = takeI32(room, n), offsets = takeU32(arena, nlist + 1), ids = takeI32(arena, n, 'the ids'), codes = takeU8(arena, n * codeSize, 'the codes');
    await timed(context, 'add', 'add: assign to cells', async () => {
      await assignBinary(engine, { index: coarse, x: base.at, n, best: list.byteOffset }, 'add: assign to cells');
      placeInLists(list, offsets, ids, place);
      const from = codesOf(engine, base);
      place.forEach((at, i) => codes.set(from.subarray(i * codeSize, (i + 1) * codeSize), at * codeSize));
    });
    return { kind: 'BIVF', d, n, codeSize, nlist, coarse, offsets, ids, codes };
  } finally {
    release(room);
  }
}

const POINTS = 256;       // training vectors per cell, as everywhere in Faiss
const LEAST = 2 ** -149;  // the least float above 0: a component of a centroid is a bit where it is positive

/** k-means of the bits as −1 and 1, 10 iterations; centroids are bits again, by their signs. Returns their address: (nlist, d/8). */
async function trainCells({ trace, ...context }: Context, nlist: number, learn: Bits): Promise<number> {
  const { engine, arena, seed } = context, { d } = learn, codeSize = d / 8, name = 'train cells', { build: kernels } = engine.own;
  const cells = takeU8(arena, nlist * codeSize, 'the centroids'), room = openArena(engine.memory), traced: KMeansTrace | undefined = trace && (trace.kmeans = { iterations: [], sampled: 0 });
  try {
    await timed(context, 'train', name, async () => {
      const n = Math.min(learn.n, nlist * POINTS), codes = n < learn.n ? sample(engine, room, learn, n, shifted(1234, seed)) : codesOf(engine, learn);
      const x = takeF32(room, n * d, 'the k-means sample'), centroids = takeF32(room, nlist * d, 'the centroids'), thresholds = takeF32(room, d).fill(LEAST);
      kernels.bitSigns(codes.byteOffset, n, codeSize, x.byteOffset);
      await kmeans(engine, { k: nlist, d, n, x: x.byteOffset, stride: d, metric: 'L2', niter: 10, seed: shifted(1234, seed), maxPointsPerCentroid: POINTS, stage: name, trace: traced }, centroids);
      kernels.signBits(centroids.byteOffset, d, nlist, d, thresholds.byteOffset, cells.byteOffset, codeSize);
    });
  } finally {
    release(room);
  }
  return cells.byteOffset;
}

/** The rows that k-means would draw itself, drawn before they are 32 times as large. */
function sample(engine: Engine, arena: Arena, rows: Bits, n: number, seed: number): Uint8Array {
  const from = codesOf(engine, rows), codeSize = rows.d / 8, out = takeU8(arena, n * codeSize, 'the training sample');
  permutation(rows.n, seed, n).forEach((id, i) => out.set(from.subarray(id * codeSize, (id + 1) * codeSize), i * codeSize));
  return out;
}

function hash({ engine, arena }: Context, spec: Extract<BinarySpec, { kind: 'BHash' | 'BMultiHash' }>, base: Bits): BinaryHash {
  const { nbits } = spec, multi = spec.kind === 'BMultiHash', nhash = multi ? spec.nhash : 1, { d, n } = base, codeSize = d / 8, name = writeBinaryFactory(spec);
  if (nbits < 1 || nhash < 1) refuse(`${name} hashes no bit. BHash16 is a start.`);
  if (nbits > 64) refuse(`${name}: a hash has at most 64 bits, as in Faiss.`);
  if (nhash * nbits > d) refuse(`${name} hashes ${nhash * nbits} bits, and vectors have ${d}.`);
  const all = codesOf(engine, base), tables = Array.from({ length: nhash }, (_, i) => makeTable(arena, all, codeSize, i * nbits, nbits));
  const codes = multi ? all : takeU8(arena, n * codeSize, 'the codes');
  if (!multi) tables[0]?.ids.forEach((id, at) => codes.set(all.subarray(id * codeSize, (id + 1) * codeSize), at * codeSize));
  return { kind: 'BHash', d, n, codeSize, nbits, tables, multi, codes };
}
