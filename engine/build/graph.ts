/** A graph over the vectors, or over codes. */
import { openArena, release, takeF32 } from '../memory';
import { decodeRows } from '../quantizers/codec';
import { termsOf } from '../quantizers/two-level';
import { refuse } from '../refusal';
import type { GraphSpec, NsgSpec } from '../factory/spec';
import { buildHnsw, linkHnsw } from '../structures/hnsw';
import type { HnswLinks } from '../structures/hnsw';
import type { CodedNodes } from '../structures/hnsw-build';
import { buildNsg } from '../structures/nsg';
import { byteRowsAt } from '../structures/walker';
import type { CodesIndex, HnswIndex, NsgIndex } from '../types';
import { addCodes, trainCodec } from './codes';
import type { Context, Rows } from './context';
import { stage } from './context';
import { flat } from './flat';
import { asFloats } from './rows';

/** Nodes are codes, compared as they decode, on rows that building alone needs. */
export async function buildGraph(context: Context, spec: GraphSpec | NsgSpec, learn: Rows, base: Rows): Promise<HnswIndex | NsgIndex> {
  const { engine, arena, metric, seed, trace } = context, { n, d } = base, name = 'add: link the graph', rooms = openArena(engine.memory);
  const link = (vectors: Float32Array, coded: CodedNodes = {}) => stage<HnswIndex | NsgIndex>(context, name, () => {
    const options = { vectors, n, d, metric, seed, stage: name, trace: trace && (trace.graph = {}), ...coded };
    return spec.kind === 'HNSW' ? buildHnsw(engine, arena, { ...options, M: spec.M }) : buildNsg(engine, arena, { ...options, R: spec.R });
  });
  try {
    if (spec.storage.kind === 'Flat') {
      const storage = await flat(context, base);
      if (storage.kind === 'Flat') return await link(storage.vectors);
      if (spec.kind === 'HNSW' && d % 4 === 0) return { kind: 'HNSW', d, metric, storage, ...await linkBytes(context, spec.M, storage) };
      const { x } = await asFloats(engine, rooms, base); // linked as floats; bytes are what stays
      return await link(new Float32Array(engine.memory.memory.buffer, x, n * d), { storage });
    }
    if (spec.storage.kind === 'SQ' && /^SQ(0|tq\d)$/.test(spec.storage.qtype)) refuse(`A graph is linked by distances between codes, and ${spec.storage.qtype} codes have none; Faiss crashes here.`);
    const codec = await trainCodec(context, spec.storage, learn), codes = await addCodes(context, codec, base), rows = takeF32(rooms, n * d, 'the decoded vectors');
    decodeRows({ ...engine.own, search: engine.own.build }, codec, codes.byteOffset, n, rows.byteOffset);
    const terms = codec.kind === 'TwoLevel' ? termsOf(codec, codes, rows, takeF32(arena, n)) : undefined;
    return await link(rows, { storage: { kind: 'Codes', d, n, metric, codec, codes }, terms, points: new Float32Array(engine.memory.memory.buffer, base.x, n * d) });
  } finally {
    release(rooms);
  }
}

/** Bytes are compared with bytes: the graph is that of the floats, and these are never made. */
const linkBytes = (context: Context, M: number, { codes, n, d, metric }: CodesIndex): Promise<HnswLinks> => stage(context, 'add: link the graph', () =>
  linkHnsw(context.engine, context.arena, byteRowsAt(codes.byteOffset, d, metric), { n, M, seed: context.seed, stage: 'add: link the graph', trace: context.trace && (context.trace.graph = {}) }));
