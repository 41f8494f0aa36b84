/** An index as a codec, for MinMax: trained as the index is, on vectors scaled each by itself; nothing is added to it. */
import { metricOf } from '../factory/cost';
import type { CodecSpec, IvfSpec, MinMaxSpec, Spec, TransformSpec } from '../factory/spec';
import { openArena, release, takeF32 } from '../memory';
import { openListed } from '../quantizers/listed';
import { openMapped } from '../quantizers/mapped';
import { openMinMax, scaleRows } from '../quantizers/minmax';
import { checkImi } from '../structures/imi';
import { trainTransform } from '../transforms/train';
import type { Codec, Transform } from '../types';
import { trainCells } from './cells';
import { mapRows, opqBefore } from './chain';
import { ofResidual, trainCodec, trainLevels } from './codes';
import type { Context, Rows } from './context';
import { stage } from './context';
import { trainListCodec } from './ivf';

/** MinMax, and what codes the scaled vectors. */
export async function trainScaled(context: Context, { half, index }: MinMaxSpec, learn: Rows): Promise<Codec> {
  const room = openArena(context.engine.memory);
  try {
    const { x, n, d } = learn, rows = takeF32(room, n * d, 'the scaled vectors');
    rows.set(new Float32Array(context.engine.memory.memory.buffer, x, n * d));
    scaleRows(rows, d, half);
    return openMinMax(await trainAsCodec(context, index, { x: rows.byteOffset, n, d, kept: false }), half);
  } finally {
    release(room);
  }
}

async function trainAsCodec(given: Context, spec: Spec, learn: Rows): Promise<Codec> {
  const context = { ...given, metric: metricOf(spec, given.metric) };
  switch (spec.kind) {
    case 'Flat': case 'Panorama': return trainCodec(context, { kind: 'Flat' }, learn); // levels are no part of a code
    case 'Codes': return trainCodec(context, spec.codec, learn);
    case 'MinMax': return trainScaled(context, spec, learn);
    case 'TwoLayer': return trainLevels(context, spec, learn);
    case 'IVF': return trainLists(context, spec, learn);
    case 'PreTransform': return trainMapped(context, spec.chain, spec.index, learn);
    default: throw new Error(`trainAsCodec: ${spec.kind} has no codes`);
  }
}

async function trainLists(context: Context, spec: IvfSpec, learn: Rows): Promise<Codec> {
  const { engine, arena, metric } = context, { codec, nlist, coarse: by } = spec, { n, d } = learn;
  if (by.kind === 'IMI') checkImi(engine, { n, d, nbits: by.nbits, metric });
  const centroids = takeF32(arena, nlist * d, 'the centroids'), coarse = await trainCells(context, spec, centroids, learn);
  const own = codedBy(codec), byResidual = ofResidual(own);
  return openListed(await trainListCodec(context, own, coarse, centroids, learn, byResidual), { coarse, centroids, byResidual });
}

/** What a list's codec writes where nothing is kept: vectors without their levels or their likes, and of PQa+b the first code. */
function codedBy(codec: CodecSpec): CodecSpec {
  switch (codec.kind) {
    case 'FlatDedup': case 'FlatPanorama': return { kind: 'Flat' };
    case 'PQR': return { kind: 'PQ', M: codec.M, nbits: 8, polysemous: false };
    default: return codec;
  }
}

async function trainMapped(context: Context, specs: TransformSpec[], inner: Spec, learn: Rows): Promise<Codec> {
  const { engine, opq = opqBefore(inner) } = context, room = openArena(engine.memory), chain: Transform[] = [];
  try {
    let rows = learn;
    for (const spec of specs) {
      const from = rows, transform = await stage(context, `train ${spec.kind}`, () => trainTransform({ ...context, opq, trace: undefined }, spec, from));
      chain.push(transform);
      rows = await mapRows(engine, room, transform, from);
    }
    return openMapped(await trainAsCodec(context, inner, rows), chain, learn.d);
  } finally {
    release(room);
  }
}
