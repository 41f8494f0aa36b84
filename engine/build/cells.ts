/** Centroids, and what finds the nearest of them. */
import { canReconstruct } from '../factory/duty';
import type { CoarseSpec, IvfSpec, Spec } from '../factory/spec';
import { writeFactory } from '../factory/write';
import { kmeans } from '../kmeans';
import type { KMeansTrace } from '../kmeans';
import type { Arena } from '../memory';
import { openArena, release, take, takeI32 } from '../memory';
import type { AdditiveTrace } from '../quantizers/rq';
import { shifted } from '../random';
import { refuse } from '../refusal';
import { unsearchable } from '../search';
import { assignToLists } from '../structures/coarse';
import { buildHnsw } from '../structures/hnsw';
import { trainImi } from '../structures/imi';
import { buildNsg } from '../structures/nsg';
import { trainRcq } from '../structures/rcq';
import { reconstructAll, reconstructScratch } from '../structures/reconstruct';
import type { FlatIndex, Index, IvfIndex } from '../types';
import { ofResidual } from './codes';
import type { Context, Rows } from './context';
import { stage } from './context';
import { eachBlock } from './rows';
import { openKmeans } from './trace';

export async function trainCells(context: Context, { nlist, coarse, codec }: IvfSpec, centroids: Float32Array, { x, n, d }: Rows): Promise<IvfIndex['coarse']> {
  const { engine, arena, metric, seed, trace } = context, name = 'train cells';
  if (coarse.kind === 'Index' && coarse.index.kind === 'RCQ') {
    const nbits = coarse.index.books.flatMap((b) => Array.from({ length: b.M }, () => b.nbits)), bits = nbits.reduce((sum, b) => sum + b, 0);
    if (nlist !== 2 ** bits) refuse(`RCQ codebooks of ${bits} bits in all make 2^${bits} cells, and IVF${nlist} asks for ${nlist}. IVF${2 ** bits}(…) would do.`);
    const books: AdditiveTrace | undefined = trace && (trace.rcq = { errors: [], sampled: 0 });
    return stage(context, name, () => trainRcq(engine, arena, { x, n, d, nbits, metric, seed, stage: name, trace: books }, centroids));
  }
  if (coarse.kind === 'IMI') {
    const halves = trace && (trace.halves = openKmeans());
    return stage(context, name, () => trainImi(engine, arena, { x, n, d, nbits: coarse.nbits, metric, seed, stage: name, trace: halves }, centroids));
  }
  const kmeansTrace: KMeansTrace | undefined = trace && (trace.kmeans = { iterations: [], sampled: 0 });
  await stage(context, name, () => kmeans(engine, { k: nlist, d, n, x, stride: d, metric, niter: 10, seed: shifted(1234, seed), stage: name, trace: kmeansTrace }, centroids));
  return trainCoarse(context, coarse, ofResidual(codec), centroids, nlist, d);
}

async function trainCoarse(context: Context, spec: CoarseSpec, byResidual: boolean, centroids: Float32Array, nlist: number, d: number): Promise<IvfIndex['coarse']> {
  const { engine, arena, metric, seed, trace } = context;
  const over: FlatIndex = { kind: 'Flat', d, n: nlist, metric, vectors: centroids };
  if (spec.kind === 'Flat' || (spec.kind === 'Index' && spec.index.kind === 'Flat')) return over;
  if (spec.kind === 'Index') return indexCells(context, spec.index, byResidual, centroids, nlist, d);
  if (spec.kind === 'IMI') throw new Error('trainCoarse: the centroids of an IMI are its codebooks');
  const name = 'train: link centroids', options = { vectors: centroids, n: nlist, d, metric, seed, stage: name, trace: trace && (trace.graph = {}) };
  return stage(context, name, async () => spec.kind === 'HNSW' ? buildHnsw(engine, arena, { ...options, M: spec.M }) : buildNsg(engine, arena, { ...options, R: spec.R }));
}

/** Faiss's way with any other index over the centroids: it is trained on them, filled with them, and where it gives them back changed,
 *  residuals are to what it gives back. */
async function indexCells(context: Context, spec: Spec, byResidual: boolean, centroids: Float32Array, n: number, d: number): Promise<Index> {
  const { engine, trace } = context, rows = { x: centroids.byteOffset, n, d, kept: false }, returns = canReconstruct(spec), factory = writeFactory(spec);
  if (byResidual && !returns) refuse(`The code is of differences to a centroid, and ${factory} cannot give its centroids back. ${factory},RFlat can, and so can codes without residuals, such as Flat.`);
  const index = await stage(context, 'train: index the cells', () => context.build({ ...context, stages: [], trace: trace && (trace.over = {}) }, spec, rows, rows));
  const problem = unsearchable(index);
  if (problem) refuse(problem);
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
export async function listsOf({ engine }: Context, arena: Arena, coarse: IvfIndex['coarse'], centroids: Float32Array, rows: Rows, name: string): Promise<Int32Array> {
  const best = takeI32(arena, rows.n, name);
  await eachBlock(engine, rows, name, (x, from, n) => assignToLists(engine, coarse, centroids, { x, n }, best.subarray(from, from + n), name));
  return best;
}
