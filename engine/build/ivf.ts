/** Cells, the code of their lists, and the vectors in them. */
import { residuals } from '../dense';
import type { CodecOf, CodecSpec, IvfSpec } from '../factory/spec';
import { openArena, release, takeF32, takeI32, takeU32 } from '../memory';
import { keepOnce } from '../quantizers/dedup';
import { bytesAsCodes } from '../quantizers/bytes';
import { trainSh } from '../quantizers/sh';
import { refuse } from '../refusal';
import { checkImi } from '../structures/imi';
import { precompute } from '../structures/precompute';
import { buildRefineCodes } from '../structures/refine-codes';
import { patiently } from '../transforms/steps';
import type { Codec, Index, IvfIndex } from '../types';
import { listsOf, trainCells } from './cells';
import { isCentred, ofResidual, storeCodes, trainCodec, trainingPoints } from './codes';
import type { Context, Rows } from './context';
import { sampleRows, stage } from './context';
import { openKmeans } from './trace';

export async function buildIvf(context: Context, spec: IvfSpec, learn: Rows, base: Rows): Promise<IvfIndex> {
  const { engine, arena, metric } = context, { nlist } = spec, { n, d } = base;
  if (spec.coarse.kind === 'IMI') checkImi(engine, { n: learn.n, d, nbits: spec.coarse.nbits, metric });
  const centroids = takeF32(arena, nlist * d, 'the centroids');
  const coarse = await trainCells(context, spec, centroids, learn);
  const byResidual = ofResidual(spec.codec);
  const codec = spec.codec.kind === 'Flat' && base.bytes !== undefined ? bytesAsCodes(arena, d) : await trainListCodec(context, spec.codec, coarse, centroids, learn, byResidual);
  const lists = await addToLists(context, codec, coarse, centroids, base, byResidual);
  const index: IvfIndex = { kind: 'IVF', d, n, metric, nlist, coarse, centroids, byResidual, ...lists };
  await precompute(engine, arena, index);
  return index;
}

/** An IVF with PQ codes, and second codes to re-rank by. */
export async function buildTwoCodes(context: Context, spec: IvfSpec, { M, M2 }: CodecOf<'PQR'>, learn: Rows, base: Rows): Promise<Index> {
  const { engine, arena, metric, seed, trace } = context, { n, d } = base, name = 'train the second PQ';
  if (metric === 'IP') refuse(`PQ${M}+${M2} adds up squared distances and knows L2 only. PQ${M} works with inner product.`);
  const ivf = await buildIvf(context, { ...spec, codec: { kind: 'PQ', M, nbits: 8, polysemous: false } }, learn, base);
  const room = openArena(engine.memory);
  try {
    const sample = sampleRows(context, room, learn, SECOND_POINTS);
    const refine = await stage(context, name, () => buildRefineCodes(engine, arena, ivf, sample, base, { M: M2, seed, stage: name, trace: trace && (trace.second = openKmeans()) }));
    return { kind: 'Refine', d, n, metric, base: ivf, refine };
  } finally {
    release(room);
  }
}

const SECOND_POINTS = 1000 * 256;

/** Trains the code of an inverted list, on residuals where the code is of residuals. */
export async function trainListCodec(context: Context, spec: CodecSpec, coarse: IvfIndex['coarse'], centroids: Float32Array, learn: Rows, byResidual: boolean): Promise<Codec> {
  if (spec.kind === 'SH') return trainHash(context, spec, coarse, centroids, learn);
  if (!byResidual) return trainCodec(context, spec, learn);
  if (isCentred(spec)) return trainCodec(context, spec, { ...learn, n: 0 });
  const { engine } = context, room = openArena(engine.memory);
  try {
    const sample = sampleRows(context, room, learn, trainingPoints(spec));
    const list = await listsOf(context, room, coarse, centroids, sample, 'train: assign the sample');
    const rest = takeF32(room, sample.n * learn.d, 'the training residuals');
    await residuals(engine, { x: sample.x, n: sample.n, d: learn.d, centroids: centroids.byteOffset, list: list.byteOffset, out: rest.byteOffset });
    return await trainCodec(context, spec, { x: rest.byteOffset, n: sample.n, d: learn.d, kept: false }, { centroids: centroids.byteOffset, list: list.byteOffset });
  } finally {
    release(room);
  }
}

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

/** Base vectors to their lists, in order of id inside each list. */
async function addToLists(context: Context, codec: Codec, coarse: IvfIndex['coarse'], centroids: Float32Array, base: Rows, byResidual: boolean): Promise<Pick<IvfIndex, 'codec' | 'offsets' | 'blocks' | 'ids' | 'codes'>> {
  const { engine, arena } = context, { x, n } = base, nlist = coarse.n, room = openArena(engine.memory);
  try {
    const offsets = takeU32(arena, nlist + 1), ids = takeI32(arena, n, 'the ids');
    const list = await stage(context, 'add: assign to cells', () => listsOf(context, room, coarse, centroids, base, 'add: assign to cells'));
    const place = takeI32(room, n);
    placeInLists(list, offsets, ids, place);
    if (codec.kind === 'FlatDedup') {
      const rows = new Float32Array(engine.memory.memory.buffer, x, n * codec.d);
      return { offsets, blocks: offsets, ids, ...await stage(context, 'add: keep each vector once', () => patiently(engine, keepOnce(arena, rows, codec.d, { offsets, ids }))) };
    }
    const stored = await storeCodes(context, codec, offsets, { rows: base, centroids: byResidual ? centroids.byteOffset : 0, list: list.byteOffset, place: place.byteOffset });
    return { codec, offsets, ids, ...stored };
  } finally {
    release(room);
  }
}

/** Counting sort by list: offsets (nlist + 1), ids in list order, place[i] = where id i went. */
export function placeInLists(list: Int32Array, offsets: Uint32Array, ids: Int32Array, place: Int32Array): void {
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
