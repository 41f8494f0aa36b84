/** Codes: trained on a sample, then made of every vector. */
import { codecOf } from '../factory/grammar';
import type { CodecOf, CodecSpec } from '../factory/spec';
import { openArena, release, takeU32, takeU8 } from '../memory';
import { run } from '../pool';
import { shapeOf } from '../quantizers/additive';
import { additivePoints, trainAdditive } from '../quantizers/additive-train';
import { aqfsPoints, trainAqfs } from '../quantizers/aqfs';
import { blockOf, encodeBlocks, encodeScratch, opsOf, packBlocks } from '../quantizers/codec';
import type { Cells } from '../quantizers/codec';
import { trainEden } from '../quantizers/eden';
import { trainLattice } from '../quantizers/lattice';
import { trainLsh } from '../quantizers/lsh';
import { openPanorama } from '../quantizers/panorama';
import { trainPq } from '../quantizers/pq';
import { trainPqfs } from '../quantizers/pqfs';
import { trainRabitq } from '../quantizers/rabitq';
import { trainRabitqfs } from '../quantizers/rabitqfs';
import { trainSq } from '../quantizers/sq';
import { trainTwoLevel } from '../quantizers/two-level';
import type { Levels } from '../quantizers/two-level';
import { shifted } from '../random';
import type { Codec, IvfIndex } from '../types';
import type { Context, Rows } from './context';
import { sampleRows, stage } from './context';
import { eachBlock } from './rows';
import { openKmeans } from './trace';
import type { BuildTrace } from './trace';

/** SQ0 keeps nothing of the residual, so that the centroid stands for the vector. */
export const ofResidual = (spec: CodecSpec) => codecOf(spec).residual(spec) || (spec.kind === 'SQ' && spec.qtype === 'SQ0');

/** These take a mean from every vector, and inside a list its centroid: there is nothing to learn. */
export const isCentred = ({ kind }: CodecSpec) => kind === 'RaBitQ' || kind === 'RaBitQfs' || kind === 'EDEN';

/** Faiss trains a code on at most this many vectors. */
export function trainingPoints(spec: CodecSpec): number {
  switch (spec.kind) {
    case 'PQ': return 256 * 2 ** spec.nbits;
    case 'PQfs': return 256 * 16;
    case 'RQ': case 'LSQ': case 'PRQ': case 'PLSQ': return additivePoints(spec);
    case 'AQfs': return aqfsPoints(spec);
    default: return 100_000;
  }
}

/** `cells`: where `learn` are residuals, the centroids that they were taken from. */
export async function trainCodec(context: Context, spec: CodecSpec, learn: Rows, cells?: Cells): Promise<Codec> {
  const { engine, arena, seed, trace } = context, { x, n, d } = learn;
  switch (spec.kind) {
    case 'Flat': return { kind: 'Flat', d, codeSize: d * 4 };
    case 'FlatDedup': return { kind: 'FlatDedup', d, codeSize: 4, vectors: new Float32Array(0) };
    case 'FlatPanorama': return openPanorama(spec, d);
    case 'PQ': {
      const pq = await stage(context, 'train PQ codebooks', () => trainPq(engine, arena, { M: spec.M, nbits: spec.nbits, d, n, x, seed: shifted(1234, seed), stage: 'train PQ codebooks', trace: partsOf(trace) }));
      return spec.polysemous && spec.nbits === 8 ? { ...pq, order: 'due' } : pq;
    }
    case 'PQfs': return stage(context, 'train PQ codebooks', () => trainPqfs(engine, arena, { M: spec.M, bbs: spec.bbs, d, n, x, seed: shifted(1234, seed), stage: 'train PQ codebooks', trace: partsOf(trace) }));
    case 'TwoLevel': return trainLevels(context, { coarse: spec.coarse.kind === 'IMI' ? { ...spec.coarse, M: 2 } : spec.coarse, M: spec.M ?? 0, nbits: 8 }, learn);
    case 'ZnLattice': return stage(context, 'train: lengths', () => trainLattice(engine, arena, spec, { x, n, d }));
    case 'EDEN': return stage(context, 'train: the mean', () => trainEden(engine, arena, spec, { x, n, d }));
    case 'RaBitQ': return stage(context, 'train: the mean', () => trainRabitq(engine, arena, spec, { x, n, d, metric: context.metric }));
    case 'RaBitQfs': return stage(context, 'train: the mean', () => trainRabitqfs(engine, arena, spec, { x, n, d, metric: context.metric }));
    case 'LSH': return stage(context, 'train LSH', () => trainLsh(engine, arena, { x, n, d, spec, seed }));
    case 'SQ': return stage(context, 'train SQ ranges', async () => trainSq(arena, spec.qtype, new Float32Array(engine.memory.memory.buffer, x, n * d), n, d));
    case 'RQ': case 'LSQ': case 'PRQ': case 'PLSQ': {
      const name = `train ${spec.kind} codebooks`;
      return stage(context, name, () => trainAdditive(engine, arena, shapeOf(spec), { x, n, d, seed, stage: name, trace: trace && (trace.additive = []) }));
    }
    case 'AQfs': return trainFastSums(context, spec, learn, cells);
    default: throw new Error(`trainCodec: ${spec.kind} is not built`);
  }
}

/** A code of two levels. */
export function trainLevels(context: Context, levels: Levels, { x, n, d }: Rows): Promise<Codec> {
  const { engine, arena, seed, trace } = context, name = 'train both levels';
  const both = trace && (trace.levels = { first: openKmeans(), second: openKmeans() });
  return stage(context, name, () => trainTwoLevel(engine, arena, levels, { x, n, d, seed: shifted(1234, seed), stage: name, trace: both }));
}

/** Where the k-means of all parts is recorded. */
const partsOf = (trace?: BuildTrace) => trace && (trace.pq = openKmeans());

async function trainFastSums(context: Context, spec: CodecOf<'AQfs'>, learn: Rows, cells?: Cells): Promise<Codec> {
  const { engine, arena, seed, trace } = context, room = openArena(engine.memory), name = `train ${spec.family} codebooks`;
  try {
    const { x, n, d } = cells ? learn : sampleRows(context, room, learn, aqfsPoints(spec));
    return await stage(context, name, () => trainAqfs(engine, arena, spec, { x, n, d, seed, stage: name, cells, trace: trace && (trace.additive = []) }));
  } finally {
    release(room);
  }
}

export async function addCodes(context: Context, codec: Codec, rows: Rows): Promise<Uint8Array> {
  const room = openArena(context.engine.memory);
  try {
    const offsets = takeU32(room, 2);
    offsets.set([0, rows.n]);
    return (await storeCodes(context, codec, offsets, { rows, centroids: 0, list: 0, place: 0 })).codes;
  } finally {
    release(room);
  }
}

type Encoding = { rows: Rows; centroids: number; list: number; place: number };

/** Codes of all lists end to end; where a codec's codes stand in blocks, each list is filled up to whole ones. */
export async function storeCodes(context: Context, codec: Codec, offsets: Uint32Array, args: Encoding): Promise<Pick<IvfIndex, 'blocks' | 'codes'>> {
  const { engine, arena } = context, block = blockOf(codec), nlist = offsets.length - 1;
  const code = (to: number) => stage(context, 'add: encode', () => encode(context, codec, { ...args, codes: to }));
  if (block.codes === 1) {
    const codes = takeU8(arena, args.rows.n * codec.codeSize, 'the codes');
    await code(codes.byteOffset);
    return { blocks: offsets, codes };
  }
  const blocks = takeU32(arena, nlist + 1).fill(0), room = openArena(engine.memory);
  for (let l = 0; l < nlist; l++) blocks[l + 1] = (blocks[l] ?? 0) + Math.ceil(((offsets[l + 1] ?? 0) - (offsets[l] ?? 0)) / block.codes);
  try {
    const codes = takeU8(arena, (blocks[nlist] ?? 0) * block.bytes, 'the codes'), apart = takeU8(room, args.rows.n * codec.codeSize, 'the codes');
    await code(apart.byteOffset);
    const pack = { codec, codes: apart.byteOffset, nlist, offsets: offsets.byteOffset, blocks: blocks.byteOffset, out: codes.byteOffset };
    await stage(context, 'add: pack blocks', () => run(engine, 'pack', pack, packBlocks(nlist), block.bytes + 64));
    return { blocks, codes };
  } finally {
    release(room);
  }
}

async function encode({ engine }: Context, codec: Codec, { rows, centroids, list, place, codes }: Encoding & { codes: number }): Promise<void> {
  const room = openArena(engine.memory), after = (address: number, bytes: number) => (address ? address + bytes : 0);
  try {
    const packed = opsOf(codec).pack(engine, room, codec);
    await eachBlock(engine, rows, 'add: encode', (x, from, n, name) => {
      const args = { codec, packed, x, n, centroids, list: after(list, from * 4), place: after(place, from * 4), codes: place ? codes : codes + from * codec.codeSize };
      return run(engine, 'encode', args, encodeBlocks(codec, n), encodeScratch(codec), name);
    });
  } finally {
    release(room);
  }
}
