/** Spec × vectors → Index: the one switch over terms. Trains, then adds. Everything kept goes to one arena, which the caller
 *  releases with the index; what only training needs is given back on the way. */
import { whyUnbuilt } from './buildable';
import { trainScaled } from './build/as-codec';
import { buildPreTransform } from './build/chain';
import { addCodes, trainCodec, trainLevels } from './build/codes';
import type { BuildOptions, Context, Rows, Stage } from './build/context';
import { flat } from './build/flat';
import { buildGraph } from './build/graph';
import { buildIvf, buildTwoCodes } from './build/ivf';
import { learnMost, takesBlocks, toLearn } from './build/learn';
import { checkRoom, sizeOf } from './build/room';
import { asFloats } from './build/rows';
import { metricOf } from './factory/cost';
import { openPanorama } from './quantizers/panorama';
import type { Spec } from './factory/spec';
import type { Arena } from './memory';
import { openArena, release } from './memory';
import type { Engine } from './pool';
import { refuse } from './refusal';
import type { Codec, Index } from './types';

export type { BuildOptions, BuildTrace, Rows, Stage } from './build/context';

export type Built = { index: Index; arena: Arena; stages: Stage[]; trainMs: number; addMs: number };

/** Trains on `learn`, adds `base`. On any failure everything taken is given back. */
export async function buildIndex(engine: Engine, spec: Spec, learn: Rows, base: Rows, options: BuildOptions): Promise<Built> {
  const why = whyUnbuilt(spec);
  if (why !== null) refuse(why);
  checkRoom(engine.memory, spec, sizeOf(learn, base, options));
  const arena = openArena(engine.memory), room = openArena(engine.memory), stages: Stage[] = [];
  try {
    const context = { ...options, engine, arena, stages, build }, from = learn.bytes === undefined ? learn : await toLearn(context, room, learn, learnMost(spec, learn.d));
    const index = await build(context, spec, from, takesBlocks(spec) ? base : await asFloats(engine, room, base));
    const sum = (add: boolean) => stages.reduce((ms, stage) => ms + (stage.name.startsWith('add') === add ? stage.ms : 0), 0);
    return { index, arena, stages, trainMs: sum(false), addMs: sum(true) };
  } catch (problem) {
    release(arena);
    throw problem;
  } finally {
    release(room);
  }
}

async function build(given: Context, spec: Spec, learn: Rows, base: Rows): Promise<Index> {
  const context = { ...given, metric: metricOf(spec, given.metric) }, { metric, trace } = context, { n, d } = base;
  switch (spec.kind) {
    case 'Flat': return flat(context, base);
    case 'Panorama': {
      const codec = openPanorama(spec, d);
      return { kind: 'Codes', d, n, metric, codec, codes: await addCodes(context, codec, base) };
    }
    case 'TwoLayer': return codecOnly(context, await trainLevels(context, spec, learn), base);
    case 'MinMax': return codecOnly(context, await trainScaled(context, spec, learn), base);
    case 'Codes': {
      const codec = await trainCodec(context, spec.codec, learn);
      return { kind: 'Codes', d, n, metric, codec, codes: await addCodes(context, codec, base) };
    }
    case 'IVF': return spec.codec.kind === 'PQR' ? buildTwoCodes(context, spec, spec.codec, learn, base) : buildIvf(context, spec, learn, base);
    case 'HNSW': case 'NSG': return buildGraph(context, spec, learn, base);
    case 'IDMap': return { kind: 'IDMap', d, n, metric, version: spec.version, index: await build(context, spec.index, learn, base) };
    case 'PreTransform': return buildPreTransform(context, spec.chain, spec.index, learn, base);
    case 'RefinePanorama': {
      if (spec.refine.kind !== 'Panorama' || spec.refine.batch !== 1) refuse(`RefinePanorama re-ranks by Flat${metric}Panorama8_1 or another number of levels, with a batch of 1.`);
      const inner = await build(context, spec.base, learn, base);
      return { kind: 'Refine', d, n, metric, base: inner, refine: await build(context, spec.refine, learn, base) };
    }
    case 'Refine': {
      if (holdsLists(spec.refine)) refuse('Refine(…) asks for the distance of single vectors by id, and an IVF knows none. Refine(SQ8) or RFlat would do.');
      const inner = await build(context, spec.base, learn, base);
      return { kind: 'Refine', d, n, metric, base: inner, refine: await build({ ...context, trace: trace && (trace.refine = {}) }, spec.refine, learn, base) };
    }
    default: throw new Error(`build: ${spec.kind} is not built`);
  }
}

/** Whether what scores single vectors is an inverted file, behind transforms or ids too. */
function holdsLists(spec: Spec): boolean {
  switch (spec.kind) {
    case 'IVF': return true;
    case 'PreTransform': case 'IDMap': return holdsLists(spec.index);
    case 'Refine': case 'RefinePanorama': return holdsLists(spec.refine);
    default: return false;
  }
}

/** Codes that are made to be kept and decoded, not compared: search.ts says why. */
async function codecOnly(context: Context, codec: Codec, base: Rows): Promise<Index> {
  return { kind: 'Codes', d: base.d, n: base.n, metric: context.metric, codec, codes: await addCodes(context, codec, base), codecOnly: true };
}
