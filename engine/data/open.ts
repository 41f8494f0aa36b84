/** A data set in hand: vectors in the engine's memory, how to show each of them, and the exact neighbours of its queries. */
import type { Metric } from '../factory/spec';
import type { Arena } from '../memory';
import { formatBytes, freeBytes, openArena, release, takeF32, takeI32, takeU8 } from '../memory';
import type { Truth } from '../measure/truth';
import { findTruth } from '../measure/truth';
import type { Engine } from '../pool';
import { publish } from '../pool';
import { bytesAsCodes } from '../quantizers/bytes';
import { refuse } from '../refusal';
import { searchTogether } from '../search-together';
import type { CodesIndex } from '../types';
import type { Label } from './labels';

/** Vectors before they are in the engine's memory: `write` fills rows [from, to) as float32. */
export type Source = {
  name: string; title: string; d: number; nMax: number; nq: number;
  writeBase(from: number, to: number, out: Float32Array): void;
  writeQueries(out: Float32Array): void;
  /** The same where values are bytes, as they are kept. */
  bytes?: { writeBase(from: number, to: number, out: Uint8Array): void; writeQueries(out: Uint8Array): void };
  baseLabel(id: number): Label;
  queryLabel(index: number): Label;
  queryName(index: number): string;
  licence: string; attribution: string;
};

export type OpenSet<Base = Float32Array> = {
  source: Source; arena: Arena; metric: Metric; n: number; d: number; nq: number;
  base: Base;            // (n, d)
  queries: Float32Array; // (nq, d)
  truth: Truth;          // of the first TRUE_K neighbours, or n where there are fewer
  truthMs: number;
};

/** Neighbours kept per query: enough for k up to 100. */
export const TRUE_K = 100;

/** The first n vectors of a source and all its queries. */
export const openSet = (engine: Engine, source: Source, n: number, metric: Metric): Promise<OpenSet> =>
  open(engine, source, n, metric, 4, (arena) => {
    const base = takeF32(arena, n * source.d, 'the vectors');
    source.writeBase(0, n, base);
    return base;
  }, (args, arena) => findTruth(engine, arena, { ...args, base: args.base.byteOffset }));

/** The same of a source of bytes, which stay bytes: a quarter of the memory, and every distance as it was. */
export function openByteSet(engine: Engine, source: Source, n: number, metric: Metric): Promise<OpenSet<Uint8Array>> {
  const { bytes } = source;
  if (!bytes) return refuse(`${source.title} holds no bytes.`);
  return open(engine, source, n, metric, 1, (arena) => {
    const base = takeU8(arena, n * source.d, 'the vectors');
    bytes.writeBase(0, n, base);
    return base;
  }, (args, arena) => findByteTruth(engine, arena, args));
}

type TruthOf<Base> = { base: Base; n: number; d: number; metric: Metric; queries: number; nq: number; k: number };

async function open<Base>(engine: Engine, source: Source, n: number, metric: Metric, size: number, read: (arena: Arena) => Base, find: (args: TruthOf<Base>, arena: Arena) => Promise<Truth>): Promise<OpenSet<Base>> {
  const { d, nq, nMax, title } = source, each = d * size, most = Math.min(nMax, Math.floor((freeBytes(engine.memory) - nq * (d + 2 * TRUE_K) * 4) / each));
  if (!(n >= 1 && n <= nMax)) refuse(`${title} has ${nMax} vectors; ${n} were asked for. Choose 1 to ${nMax}.`);
  if (n > most) refuse(`${n} vectors of ${d} dimensions take ${formatBytes(n * each)}, and ${formatBytes(freeBytes(engine.memory))} are free. ${most < 1 ? 'Nothing fits beside what is open.' : `The first ${most} would fit.`}`);
  const arena = openArena(engine.memory);
  try {
    const base = read(arena), queries = takeF32(arena, nq * d);
    source.writeQueries(queries);
    const started = performance.now(), truth = await find({ base, n, d, metric, queries: queries.byteOffset, nq, k: Math.min(TRUE_K, n) }, arena);
    return { source, arena, metric, n, d, nq, base, queries, truth, truthMs: performance.now() - started };
  } catch (problem) {
    release(arena);
    throw problem;
  }
}

/** By comparing all bytes: they are searched as an index of codes. */
async function findByteTruth(engine: Engine, arena: Arena, { base, n, d, metric, queries, nq, k }: TruthOf<Uint8Array>): Promise<Truth> {
  const dis = takeF32(arena, nq * k), ids = takeI32(arena, nq * k), room = openArena(engine.memory), name = 'exact neighbours';
  try {
    const index: CodesIndex = { kind: 'Codes', d, n, metric, codec: bytesAsCodes(room, d), codes: base };
    await publish(engine, name, index);
    await searchTogether(engine, { index: name, queries, nq, d, k, params: {}, dis: dis.byteOffset, ids: ids.byteOffset }, index);
    return { k, ids, dis };
  } finally {
    await publish(engine, name, undefined);
    release(room);
  }
}
