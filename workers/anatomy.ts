/** What a small built index is made of, as plain data for a figure: the vectors after its transforms, what their codes
 *  stand for, the links of its graph. Everything is asked of the index itself; nothing is computed another way. */
import { writeFactory } from '../engine/factory/index';
import { openArena, release, takeF32, takeI32, takeU8 } from '../engine/memory';
import type { Arena } from '../engine/memory';
import { chainOf } from '../engine/plane';
import { run } from '../engine/pool';
import type { Engine } from '../engine/pool';
import { placeIn } from '../engine/dense';
import { blockOf, decodeRows, encodeBlocks, encodeScratch, opsOf } from '../engine/quantizers/codec';
import { refuse } from '../engine/refusal';
import { invertOne, mapAllRows, prepare } from '../engine/transforms/apply';
import type { Codec, HnswIndex, Index, IvfIndex, NsgIndex } from '../engine/types';
import type { AnatomyAnswer, GraphAnatomy } from './protocol';
import { loaded, ready } from './session';
import type { Session } from './session';

/** Floats and links that go to the page; larger indexes are refused. */
const MOST = 2 ** 18;

type Room = { engine: Engine; arena: Arena };
/** An index without its transforms, its refinement and its ids. */
type Core = Exclude<Index, { kind: 'PreTransform' | 'Refine' | 'IDMap' }>;

export async function anatomy(session: Session): Promise<AnatomyAnswer> {
  const { base, n, d } = loaded(session), { index, spec } = ready(session), { engine } = session;
  if (n * d > MOST) refuse(`The anatomy of ${writeFactory(spec)} would be ${n} × ${d} numbers; at most ${MOST} are shown.`);
  const arena = openArena(engine.memory);
  try {
    const core = coreOf(index), chain = chainOf(index), space = core.d;
    const inner = await transformed({ engine, arena }, index, base.byteOffset, n);
    const codec = codecOf(core);
    const decodedInner = codec && await decoded({ engine, arena }, core, codec, inner, n);
    // back through the transforms, the last one first
    const back = (rows: Float32Array) => {
      const out = new Float32Array(n * d);
      for (let i = 0; i < n; i++) {
        let y: Float32Array = rows.slice(i * space, (i + 1) * space);
        for (const transform of chain.toReversed()) y = invertOne(transform, y, new Float32Array(transform.dIn), base.slice(i * d, (i + 1) * d));
        out.set(y, i * d);
      }
      return out;
    };
    return {
      n, d, dInner: space, base: base.slice(), inner: inner.slice(),
      decoded: decodedInner && decodedInner.slice(), restored: chain.length || decodedInner ? back(decodedInner ?? inner) : null,
      graph: graphOf(core), signs: signsOf(codec),
    };
  } finally {
    release(arena);
  }
}

function coreOf(index: Index): Core {
  if (index.kind === 'PreTransform' || index.kind === 'IDMap') return coreOf(index.index);
  return index.kind === 'Refine' ? coreOf(index.base) : index;
}

/** Base vectors (n, d) as the core sees them: (n, core.d). */
async function transformed({ engine, arena }: Room, index: Index, x: number, n: number): Promise<Float32Array> {
  let at = x, d = index.d;
  for (const transform of chainOf(index)) {
    const packed = openArena(engine.memory), out = takeF32(arena, n * transform.dOut, 'the transformed vectors');
    await mapAllRows(engine, { x: at, n, prepared: prepare(engine.own, placeIn(packed), transform), out: out.byteOffset });
    release(packed);
    at = out.byteOffset;
    d = transform.dOut;
  }
  return new Float32Array(engine.memory.memory.buffer, at, n * d);
}

/** What makes codes of vectors, where vectors are not kept as they are. */
function codecOf(core: Core): Codec | null {
  const codec = core.kind === 'Codes' || core.kind === 'IVF' ? core.codec : 'storage' in core && core.storage.kind === 'Codes' ? core.storage.codec : null;
  return codec && codec.kind !== 'Flat' && codec.kind !== 'FlatDedup' ? codec : null;
}

/** Vectors (n, core.d) coded and decoded by the trained codec, in the blocks that adding took. */
async function decoded({ engine, arena }: Room, core: Core, codec: Codec, rows: Float32Array, n: number): Promise<Float32Array> {
  const d = codec.d, codes = takeU8(arena, n * codec.codeSize, 'the codes'), out = takeF32(arena, n * d, 'the decoded vectors');
  const ivf = core.kind === 'IVF' ? core : null, lists = ivf && takeI32(arena, n);
  if (ivf && lists) eachEntry(ivf, (id, list) => { lists[id] = list; });
  const residual = ivf?.byResidual && lists;
  const packed = opsOf(codec).pack(engine, arena, codec);
  const args = { codec, packed, x: rows.byteOffset, n, centroids: residual ? ivf.centroids.byteOffset : 0, list: residual ? lists.byteOffset : 0, place: 0, codes: codes.byteOffset };
  await run(engine, 'encode', args, encodeBlocks(codec, n), encodeScratch(codec));
  const { top } = engine.own, stored = inBlocks({ engine, arena }, codec, codes, n);
  decodeRows(engine.own, codec, stored.byteOffset, n, out.byteOffset);
  engine.own.top = top;
  if (residual) for (let i = 0; i < n * d; i++) out[i] = (out[i] ?? 0) + (ivf.centroids[(lists[Math.floor(i / d)] ?? 0) * d + (i % d)] ?? 0);
  return out;
}

/** Codes as the index keeps them: end to end, or in blocks. */
function inBlocks({ engine, arena }: Room, codec: Codec, codes: Uint8Array, n: number): Uint8Array {
  const { blocks } = opsOf(codec);
  if (!blocks) return codes;
  const block = blockOf(codec), stored = takeU8(arena, Math.ceil(n / block.codes) * block.bytes, 'the blocks of codes');
  blocks.pack(engine.own, codec, codes.byteOffset, n, stored.byteOffset);
  return stored;
}

/** Without a rotation bit b looks at component b. */
function signsOf(codec: Codec | null): AnatomyAnswer['signs'] {
  if (codec?.kind !== 'LSH') return null;
  const { nbits, d, A, thresholds } = codec;
  const normals = A?.slice() ?? Float32Array.from({ length: nbits * d }, (_, i) => (Math.floor(i / d) === i % d ? 1 : 0));
  return { nbits, normals, thresholds: thresholds?.slice() ?? new Float32Array(nbits) };
}

function eachEntry({ ids, offsets, nlist }: IvfIndex, visit: (id: number, list: number) => void): void {
  for (let list = 0; list < nlist; list++) for (let at = offsets[list] ?? 0; at < (offsets[list + 1] ?? 0); at++) visit(ids[at] ?? 0, list);
}

/** The graph over the vectors, or over the centroids of the cells. */
function graphOf(core: Core): GraphAnatomy | null {
  const [graph, centroids] = core.kind === 'IVF' ? [core.coarse, core.centroids.slice()] : [core, null];
  if (graph.kind !== 'HNSW' && graph.kind !== 'NSG') return null;
  if (graph.links.length > MOST) refuse(`The graph has ${graph.links.length} links; at most ${MOST} are shown.`);
  if (graph.kind === 'HNSW') return { nodes: graph.n, M: graph.M, entry: graph.entry, levels: graph.levels.slice(), links: layeredLinks(graph), centroids };
  return { nodes: graph.n, M: graph.R, entry: graph.entry, levels: new Uint8Array(graph.n).fill(1), links: plainLinks(graph), centroids };
}

/** Links end to end: from, to, layer. A node's slots are those of layer 0 (2M), then M for each layer above. */
function layeredLinks({ n, M, offsets, links }: HnswIndex): Int32Array {
  const all: number[] = [];
  for (let from = 0; from < n; from++) {
    const first = offsets[from] ?? 0, last = offsets[from + 1] ?? 0;
    for (let at = first; at < last; at++) {
      const to = links[at] ?? -1, layer = at - first < 2 * M ? 0 : 1 + Math.floor((at - first - 2 * M) / M);
      if (to >= 0) all.push(from, to, layer);
    }
  }
  return Int32Array.from(all);
}

const plainLinks = ({ R, links }: NsgIndex): Int32Array =>
  Int32Array.from(Array.from(links, (to, at) => (to >= 0 ? [Math.floor(at / R), to, 0] : [])).flat());
