/** What an index will take of the memory, told from its string before anything is done: the large parts only, each a lower bound, so that
 *  nothing is refused that would fit. Knows sizes; the steps of a build say where each is taken. */
import { codecOf, transformOf } from '../factory/grammar';
import type { CodecSpec, IvfSpec, Metric, Spec } from '../factory/spec';
import { writeFactory } from '../factory/write';
import { formatBytes, freeBytes } from '../memory';
import type { EngineMemory } from '../memory';
import { refuse } from '../refusal';
import { MOST_HELD } from './chain';
import { isCentred, ofResidual, trainingPoints } from './codes';
import type { BuildOptions, Rows } from './context';
import { learnMost, takesBlocks } from './learn';

/** Bytes that stay, and the most that are in use at once on the way. */
export type Room = { kept: number; most: number };

export type Size = {
  n: number; d: number; learn: number; metric: Metric;
  /** Of a base vector: bytes or floats, there for as long as the index, to be had in blocks only. */
  bytes: boolean; kept: boolean; made: boolean;
  blocksFrom: number;
};

const both = (first: Room, second: Room): Room => ({ kept: first.kept + second.kept, most: Math.max(first.most, first.kept + second.most) });

export function roomOf(spec: Spec, size: Size): Room {
  const { n, d, bytes, kept, made } = size;
  switch (spec.kind) {
    case 'Flat': return sole(kept && !made ? 0 : n * d * (bytes ? 1 : 4));
    case 'Codes': return codesRoom(spec.codec, size);
    case 'IVF': return ivfRoom(spec, size);
    case 'HNSW': case 'NSG': {
      const stored = spec.storage.kind === 'Flat' ? roomOf({ kind: 'Flat' }, size) : codesRoom(spec.storage, size), floats = (bytes && (spec.kind === 'NSG' || d % 4 !== 0)) || spec.storage.kind !== 'Flat' ? n * d * 4 : 0;
      const links = spec.kind === 'HNSW' ? n * (spec.M * 8 + 5) : n * spec.R * 4;
      return both(stored, { kept: links, most: links + floats + (spec.kind === 'HNSW' ? n * 4 : 0) });
    }
    case 'IDMap': return roomOf(spec.index, size);
    case 'Refine': return both(roomOf(spec.base, size), roomOf(spec.refine, size));
    case 'PreTransform': return chainRoom(spec, size);
    default: return sole(0);
  }
}

const sole = (kept: number): Room => ({ kept, most: kept });

/** Where codes stand in blocks they are made end to end first. */
function codesRoom(codec: CodecSpec, { n, d, metric, learn }: Size): Room {
  const codes = n * codecOf(codec).bytes(codec, d, metric);
  return { kept: codes, most: Math.max(inBlocks(codec) ? 2 * codes : codes, sampleOf(codec, learn, d)) };
}

const inBlocks = ({ kind }: CodecSpec) => kind === 'PQfs' || kind === 'AQfs' || kind === 'RaBitQfs';

/** What a code is trained on: the sample cut into the parts of a PQ; in lists drawn from all before, and less the centroids. */
function sampleOf(codec: CodecSpec, learn: number, d: number, inLists = false): number {
  const points = trainingPoints(codec), parts = codec.kind === 'PQ' || codec.kind === 'PQfs' ? 1 : 0;
  const drawn = inLists && ofResidual(codec) && !isCentred(codec) ? 1 + (learn > points ? 1 : 0) : 0;
  return Math.min(learn, points) * d * 4 * (parts + drawn);
}

function ivfRoom({ nlist, coarse, codec }: IvfSpec, size: Size): Room {
  const { n, d, metric, learn, bytes } = size, imi = coarse.kind === 'IMI', points = 256 * (imi ? 2 ** coarse.nbits : nlist);
  const code = codec.kind === 'Flat' && bytes ? d : codec.kind === 'FlatDedup' ? 4 : codecOf(codec).bytes(codec, d, metric); // vectors kept once may all be one
  // Of a multi-index, and of more cells than vectors, others say what is wrong with it.
  const centroids = imi ? 0 : Math.min(nlist, learn) * d * 4, lists = n * (code + 4), train = imi || learn > points ? Math.min(learn, points) * d * 4 : 0;
  // on the way: the list and the place of every vector, and fast-scan codes before they stand in blocks
  const add = lists + n * 8 + (inBlocks(codec) ? n * code : 0);
  return { kept: centroids + lists, most: centroids + Math.max(train, sampleOf(codec, learn, d, true), add) };
}

function chainRoom({ chain, index }: Extract<Spec, { kind: 'PreTransform' }>, size: Size): Room {
  const dOut = chain.reduce((d, transform) => transformOf(transform).dOut(transform, d), size.d), { n, d, learn, bytes, made, blocksFrom } = size;
  const blocks = takesBlocks(index) && (bytes || made || n * d * 4 > blocksFrom), seen = blocks ? Math.min(learn, learnMost({ kind: 'PreTransform', chain, index }, d)) : learn;
  const inner = roomOf(index, { ...size, d: dOut, learn: seen, bytes: false, kept: false, made: blocks });
  return { kept: inner.kept, most: inner.most + (blocks ? seen : n) * dOut * 4 };
}

export function sizeOf(learn: Rows, base: Rows, { metric, blocksFrom = MOST_HELD }: Pick<BuildOptions, 'metric' | 'blocksFrom'>): Size {
  return { n: base.n, d: base.d, learn: learn.n, metric, bytes: base.bytes !== undefined, kept: base.kept, made: base.make !== undefined, blocksFrom };
}

/** Everything on the way to an index of the whole string, floats to learn from among them. */
export function mostOf(spec: Spec, size: Size): number {
  const { n, d, learn, bytes } = size;
  if (!bytes) return roomOf(spec, size).most;
  const seen = Math.min(learn, learnMost(spec, d)), floats = takesBlocks(spec) ? 0 : n * d * 4;
  return seen * d * 4 + floats + roomOf(spec, { ...size, learn: seen, bytes: takesBlocks(spec), kept: size.kept && takesBlocks(spec) }).most;
}

/** Refuses what cannot fit, and says what would. */
export function checkRoom(memory: EngineMemory, spec: Spec, size: Size): void {
  const free = freeBytes(memory), most = mostOf(spec, size);
  if (most <= free) return;
  const { n, d, bytes, kept } = size, row = kept ? d * (bytes ? 1 : 4) : 0;
  const fits = (wanted: number) => mostOf(spec, { ...size, n: wanted, learn: Math.min(size.learn, wanted) }) <= free + (n - wanted) * row;
  let low = 0;
  for (let step = 2 ** Math.floor(Math.log2(n)); step >= 1; step /= 2) if (low + step < n && fits(low + step)) low += step;
  const smaller = lighter(spec, d).find((other) => mostOf(other, size) <= free);
  const advice = [...(smaller ? [`${writeFactory(smaller)} would fit`] : []), ...(low ? [`the first ${roundDown(low)} vectors would fit`] : [])].join(', or ');
  refuse(`${writeFactory(spec)} of ${n} vectors needs ${formatBytes(most)} at its fullest, and ${formatBytes(free)} of ${formatBytes(memory.bytes)} are free beside the data. ${advice ? `${advice[0]?.toUpperCase()}${advice.slice(1)}.` : 'Fewer vectors or fewer dimensions are the way.'}`);
}

/** Two digits are what such an estimate is worth. */
function roundDown(n: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(n)) - 1);
  return Math.floor(n / unit) * unit;
}

/** The same index of smaller codes or fewer links, the largest first. */
function lighter(spec: Spec, d: number): Spec[] {
  switch (spec.kind) {
    case 'Flat': return LIGHTER.map((codec) => ({ kind: 'Codes', codec }));
    case 'Codes': return lighterCodes(spec.codec, d).map((codec) => ({ ...spec, codec }));
    case 'IVF': return lighterCodes(spec.codec, d).map((codec) => ({ ...spec, codec }));
    case 'HNSW': return [spec.M >> 1, spec.M >> 2].filter((M) => M >= 4).map((M) => ({ ...spec, M }));
    case 'IDMap': case 'PreTransform': return lighter(spec.index, d).map((index) => ({ ...spec, index }));
    case 'Refine': return [...lighter(spec.refine, d).map((refine) => ({ ...spec, refine })), spec.base];
    default: return [];
  }
}

const LIGHTER: CodecSpec[] = [{ kind: 'SQ', qtype: 'SQfp16' }, { kind: 'SQ', qtype: 'SQ8' }, { kind: 'SQ', qtype: 'SQ4' }];

const lighterCodes = (codec: CodecSpec, d: number): CodecSpec[] =>
  codec.kind === 'Flat' ? LIGHTER : codec.kind === 'PQ' ? [codec.M / 2, codec.M / 4].filter((M) => M >= 1 && d % M === 0).map((M) => ({ ...codec, M })) : [];
