/** MinMax codes looked into: a vector's own least value and range stand in front, and behind them is a code of what these leave. That one
 *  is shown as if nothing stood before it: of the scaled vectors, beside the query by the scale of the vector looked at. */
import { placeInLists } from '../../engine/build/ivf';
import type { Metric } from '../../engine/factory/spec';
import type { Stored } from '../../engine/measure/codes';
import { openArena, release, takeF32, takeI32, takeU32, takeU8 } from '../../engine/memory';
import type { Arena } from '../../engine/memory';
import { blockOf, opsOf } from '../../engine/quantizers/codec';
import { listAt } from '../../engine/quantizers/listed';
import { readScale, scaleRows } from '../../engine/quantizers/minmax';
import type { Codec, IvfIndex, Transform } from '../../engine/types';
import type { Family } from './codes';
import { throughChain } from './codes-room';
import type { Room } from './codes-room';

/** What stands before the code of the vector looked at. */
export type ScaleLook = {
  /** One of each MinMax, the outermost first; more than one only where MinMax stands in MinMax. */
  scales: { least: number; range: number; bytes: number }[];
  /** The list, where an inverted file codes the scaled vector. */
  list: number | null;
  /** Bytes of all that stands before the code shown. */
  before: number;
};

type Parts = { halves: boolean[]; scaleBytes: number; chain: Transform[]; listed: Extract<Codec, { kind: 'Listed' }> | null; code: Codec; before: number };

function partsOf(codec: Codec): Parts {
  switch (codec.kind) {
    case 'MinMax': {
      const inner = partsOf(codec.inner), own = codec.half ? 4 : 8;
      return { ...inner, halves: [codec.half, ...inner.halves], scaleBytes: own + inner.scaleBytes, before: own + inner.before };
    }
    case 'Mapped': { const inner = partsOf(codec.inner); return { ...inner, chain: [...codec.chain, ...inner.chain] }; }
    case 'Listed': return { ...partsOf(codec.inner), listed: codec, before: codec.codeSize - codec.inner.codeSize };
    default: return { halves: [], scaleBytes: 0, chain: [], listed: null, code: codec, before: 0 };
  }
}

/** Null where nothing of the kind stands before the codes. */
export function scaleLook(room: Room, id: number): ScaleLook | null {
  const { stored } = room;
  if (stored.codec.kind !== 'MinMax') return null;
  const { halves, scaleBytes, before, listed } = partsOf(stored.codec), code = codeOf(room, id);
  let at = 0;
  const scales = halves.map((half) => {
    const bytes = half ? 4 : 8, [range, least] = readScale(new DataView(code.buffer, code.byteOffset + at, bytes), half);
    at += bytes;
    return { least, range, bytes };
  });
  return { scales, list: listed && listAt(code.subarray(scaleBytes), before - scaleBytes), before };
}

function codeOf({ stored: { codec, codes } }: Room, id: number): Uint8Array {
  return codes.slice(id * codec.codeSize, (id + 1) * codec.codeSize);
}

/** The codes behind the scales, as an index of them alone would hold them. */
export function behindScale<T>(room: Room, id: number, use: (inner: Room) => T): T {
  const look = scaleLook(room, id);
  if (!look) return use(room);
  const { engine, set, stored } = room, { halves, chain, code, listed, before } = partsOf(stored.codec), arena = openArena(engine.memory);
  try {
    const base = takeF32(arena, set.n * set.d, 'the scaled vectors'), inner = takeF32(arena, code.d);
    base.set(set.base.subarray(0, set.n * set.d));
    for (const half of halves) scaleRows(base, set.d, half);
    const query = look.scales.reduce((x, { least, range }) => x.map((v) => (range === 0 ? 0 : (v - least) / range)), room.query);
    inner.set(throughChain(engine, arena, chain, query));
    const own = listed ? inLists(room, arena, listed, code, before) : { ivf: null, listOf: null, codes: apart(room, arena, code, before, (i) => i) };
    const behind: Stored = { codec: code, codes: own.codes, d: code.d, n: stored.n, metric: stored.metric, ivf: own.ivf, terms: null };
    return use({ ...room, set: { ...set, base }, stored: behind, chain, listOf: own.listOf, query, inner: inner.byteOffset, less: null });
  } finally {
    release(arena);
  }
}

/** Squared distances between scaled vectors, part by part, as the vectors have them: times the square of the range. Inner products of
 *  scaled vectors do not go back that way, and stay. */
export function unscaled(family: Family, scale: ScaleLook | null, metric: Metric): Family {
  if (!scale || metric === 'IP') return family;
  const share = scale.scales.reduce((all, { range }) => all * range * range, 1), times = (values: Float32Array) => values.map((v) => v * share);
  if (family.kind === 'product') return { ...family, parts: { exact: times(family.parts.exact), adc: times(family.parts.adc), sdc: times(family.parts.sdc), before: family.parts.before * share } };
  return family.kind === 'scalar' || family.kind === 'lattice' ? { ...family, adds: times(family.adds), before: family.before * share } : family;
}

/** Codes without what stands before them, code i at place `to`; in blocks where the codec wants them. */
function apart({ engine, stored: { codec, codes, n } }: Room, arena: Arena, code: Codec, before: number, to: (i: number) => number, runs = [0, n]): Uint8Array {
  const own = takeU8(arena, n * code.codeSize, 'the codes'), { blocks } = opsOf(code), block = blockOf(code);
  for (let i = 0; i < n; i++) own.set(codes.subarray(i * codec.codeSize + before, (i + 1) * codec.codeSize), to(i) * code.codeSize);
  if (!blocks) return own;
  const sizes = runs.slice(1).map((end, l) => end - (runs[l] ?? 0)), packed = takeU8(arena, sizes.reduce((sum, size) => sum + Math.ceil(size / block.codes), 0) * block.bytes, 'the blocks of codes');
  let at = packed.byteOffset;
  sizes.forEach((size, l) => {
    blocks.pack(engine.own, code, own.byteOffset + (runs[l] ?? 0) * code.codeSize, size, at);
    at += Math.ceil(size / block.codes) * block.bytes;
  });
  return packed;
}

function inLists(room: Room, arena: Arena, { coarse, centroids, byResidual, codeSize, inner }: Extract<Codec, { kind: 'Listed' }>, code: Codec, before: number): { ivf: IvfIndex; listOf: Int32Array; codes: Uint8Array } {
  const { n, metric, codec } = room.stored, nlist = coarse.n, head = codeSize - inner.codeSize, per = blockOf(code).codes;
  const listOf = takeI32(arena, n), offsets = takeU32(arena, nlist + 1), ids = takeI32(arena, n), place = takeI32(arena, n);
  listOf.forEach((_, i) => { listOf[i] = listAt(room.stored.codes.subarray((i + 1) * codec.codeSize - codeSize, (i + 1) * codec.codeSize), head); });
  placeInLists(listOf, offsets, ids, place);
  const blocks = per === 1 ? offsets : Uint32Array.from(offsets);
  if (per > 1) for (let l = 0; l < nlist; l++) blocks[l + 1] = (blocks[l] ?? 0) + Math.ceil(((offsets[l + 1] ?? 0) - (offsets[l] ?? 0)) / per);
  const codes = apart(room, arena, code, before, (i) => place[i] ?? 0, [...offsets]);
  return { listOf, codes, ivf: { kind: 'IVF', d: code.d, n, metric, nlist, coarse, centroids, codec: code, byResidual, offsets, blocks, ids, codes } };
}
