/** What the kernels know of a graph, and the room of one walker over it: one record in memory, field by field as `Graph` in
 *  kernels/assembly/walk.ts. Knows addresses and sizes; not how links came to be. */
import type { Metric } from '../factory/spec';
import type { Probe } from '../quantizers/codec';
import { aim, openProbe, probeBytes } from '../quantizers/codec';
import { TAILS } from '../quantizers/panorama';
import { bitsOf } from '../quantizers/sq-levels';
import { lineOf, stepsAt } from '../quantizers/sq-linear';
import { firstTable } from '../quantizers/two-level';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { CodesIndex, FlatIndex } from '../types';
import type { Work } from '../work';
import { noteVisited } from '../work';
import { noteHops } from './walk-trace';
import type { Breadth, WalkSink } from './walk-trace';

const FIELDS = [
  'kind', 'd', 'rows', 'points', 'codeSize', 'skip', 'probe', 'base', 'parts', 'nbits', 'steps', 'codes', 'decoded', 'first', 'firstParts', 'firstBits', 'terms',
  'n', 'M', 'width', 'levels', 'offsets', 'links', 'entry', 'top', 'starts', 'startsMost',
  'seen', 'list', 'fresh', 'lanes', 'near', 'nearMost', 'nearSize', 'record', 'recordMost', 'recorded', 'ndis', 'hops',
  'trace', 'traceMost', 'traceList', 'traced', 'farthest',
] as const;
type Field = (typeof FIELDS)[number];
type Fields = { [F in Field]?: number }; // absent = 0

/** Links as addresses and sizes: may be posted to a thread. `starts` and `levels` where the graph has them. */
export type LinksAt = Pick<Required<Fields>, 'n' | 'width' | 'links' | 'entry'> & Pick<Fields, 'M' | 'levels' | 'offsets' | 'top' | 'starts' | 'startsMost'>;
/** What nodes are compared by. */
export type NodesAt = Pick<Required<Fields>, 'kind' | 'd' | 'rows'> & Fields;

/** A graph over float vectors. */
export type GraphAt = LinksAt & NodesAt;

/** Kinds of storage in the kernels. */
const KIND = { L2: 0, IP: 1, tables8: 2, tables: 3, stepsL2: 4, stepsDot: 5, levelsL2: 6, levelsIp: 7, bits: 8, byLevels: 9, bytesL2: 10, bytesIp: 11 };

/** Rows (n, d) that new nodes and others are compared by; `points` are the new nodes' own vectors where these differ. */
export const rowsAt = ({ vectors, d, metric }: Pick<FlatIndex, 'vectors' | 'd' | 'metric'>, points = vectors): NodesAt =>
  ({ kind: KIND[metric], d, rows: vectors.byteOffset, points: points.byteOffset });

/** Rows of `words` numbers of 32 bits, compared by the bits that differ. */
export const bitRowsAt = (rows: number, words: number): NodesAt => ({ kind: KIND.bits, d: words, rows, points: rows });

/** Rows of d bytes, a multiple of 4, compared with one another as the numbers they are. */
export const byteRowsAt = (rows: number, d: number, metric: Metric): NodesAt => ({ kind: metric === 'IP' ? KIND.bytesIp : KIND.bytesL2, d: d / 4, rows, points: rows });

export type Walker = { at: number; words: Uint32Array; read: (field: Field) => number };

/** Writes the record, with room for a walker that keeps `ef` nodes in view, `near` of all it compares, and notes `record` ids. */
export function openWalker(thread: Thread, links: LinksAt, nodes: NodesAt, ef: number, { record = 0, near = 0, trace }: { record?: number; near?: number; trace?: WalkSink | null } = {}): Walker {
  const at = scratch(thread, FIELDS.length * 4), words = new Uint32Array(thread.buffer, at, FIELDS.length);
  const { n, width } = links, { codeSize = 0 } = nodes, most = Math.max(ef, width);
  const all: Fields = {
    ...nodes, ...links,
    seen: scratch(thread, Math.ceil(n / 64) * 8), list: scratch(thread, (most + 1) * 8), fresh: scratch(thread, most * 4), lanes: scratch(thread, 16),
    codes: scratch(thread, 4 * codeSize), decoded: scratch(thread, codeSize ? 16 * nodes.d : 0), near: near ? scratch(thread, near * 8) : 0, nearMost: near, record: record ? scratch(thread, record * 4) : 0, recordMost: record,
    trace: trace?.words.byteOffset, traceMost: trace?.words.length, traceList: trace?.longest,
  };
  FIELDS.forEach((field, i) => { words[i] = all[field] ?? 0; });
  const floats = new Float32Array(thread.buffer, at, FIELDS.length);
  floats[FIELDS.indexOf('base')] = all.base ?? 0;
  floats[FIELDS.indexOf('farthest')] = 3.4e38;
  return { at, words, read: (field) => words[FIELDS.indexOf(field)] ?? 0 };
}

/** Of one walker: its record, one bit a node for "seen", a list of max(ef, width) + 1 keys of 8 bytes (full slots and one
 *  more is what linking sorts), as many ids, four floats, four codes and what they decode to, and at most 63 bytes of rounding for each of the nine. */
export function walkerScratch(n: number, width: number, ef: number, { record = 0, near = 0, codes = { codeSize: 0, d: 0 } } = {}): number {
  const most = Math.max(ef, width);
  return FIELDS.length * 4 + Math.ceil(n / 64) * 8 + (most + 1) * 8 + most * 4 + 16 + 4 * codes.codeSize + 16 * codes.d + near * 8 + record * 4 + 9 * 63;
}

/** What a search compares its query with: rows as they are; codes by the tables or steps their codec makes of the query. */
export function nodesFor(thread: Thread, { storage, terms }: { storage: FlatIndex | CodesIndex; terms?: Float32Array }, query: number): NodesAt {
  if (storage.kind === 'Flat') return rowsAt(storage);
  const { codec, metric, codes, d } = storage, probe = openProbe(thread, codec, metric, query);
  aim(thread, probe, query);
  return { d, rows: codes.byteOffset, codeSize: codec.codeSize, base: probe.base, terms: terms?.byteOffset, ...tablesOf(probe) };
}

export const nodesScratch = (storage: FlatIndex | CodesIndex) => storage.kind === 'Flat' ? 0 : probeBytes(storage.codec);

function tablesOf({ codec, metric, at }: Probe): Pick<Required<Fields>, 'kind' | 'probe'> & Fields {
  switch (codec.kind) {
    case 'PQ': {
      const { M, nbits, ksub, codeSize } = codec;
      if (nbits === 8) return { kind: KIND.tables8, probe: at, parts: M };
      if (nbits === 4) return { kind: KIND.tables8, probe: at + M * ksub * 4, parts: codeSize };
      return { kind: KIND.tables, probe: at, parts: M, nbits };
    }
    case 'SQ': {
      const { qtype, tables } = codec, ip = metric === 'IP';
      if (qtype.startsWith('SQtqmse')) return { kind: ip ? KIND.levelsIp : KIND.levelsL2, probe: at, nbits: bitsOf(codec), steps: tables.byteOffset };
      return { kind: ip ? KIND.stepsDot : KIND.stepsL2, probe: at, steps: stepsAt(codec), parts: lineOf(qtype).form };
    }
    case 'FlatPanorama': return { kind: KIND.byLevels, probe: at + TAILS, parts: codec.width, nbits: metric === 'IP' ? 1 : 0, steps: at };
    case 'TwoLevel': {
      const { first, pq } = codec;
      return { kind: KIND.tables8, probe: at, parts: pq.M, skip: first.codeSize, first: at + firstTable(codec), firstParts: first.M, firstBits: first.nbits };
    }
    default: throw new Error(`tablesOf: a graph over ${codec.kind} codes is not known`);
  }
}

/** No walk keeps more nodes than there are. */
export const bounded = (n: number, ef: number) => Math.max(1, Math.min(n, ef));

/** A recorded search keeps at most this many ids; what it counts is not bounded. */
const MOST_RECORDED = 2 ** 15;

export const recordOf = ({ visited }: Work) => Math.min(visited?.length ?? 0, MOST_RECORDED);

/** Bound of the scratch of one search that keeps `ef` nodes in view, a recorded one included. */
export const walkScratch = ({ storage, n }: { storage: FlatIndex | CodesIndex; n: number }, width: number, ef: number): number =>
  nodesScratch(storage) + walkerScratch(n, width, bounded(n, ef), { record: MOST_RECORDED, codes: storage.kind === 'Flat' ? undefined : storage.codec });

/** What a walk leaves in its record goes to the work of the search. */
export function noteWalk(work: Work, thread: Thread, { read }: Walker, breadth: Breadth = { ef: 0, stop: 0 }): void {
  work.ndis += read('ndis');
  work.hops += read('hops');
  if (work.walk) noteHops(work.walk, breadth, read('traced'), read('hops'));
  if (read('codeSize')) work.codes += read('ndis');
  if (work.reached) work.reached.set(new Uint8Array(thread.buffer, read('seen'), work.reached.length));
  const all = read('recorded'), kept = Math.min(all, read('recordMost'));
  if (!read('record')) return;
  noteVisited(work, thread.buffer, read('record'), kept);
  work.visitedCount += all - kept;
}

/** A search without an answer. */
export function noneFound(thread: Thread, k: number, dis: number, ids: number): void {
  new Float32Array(thread.buffer, dis, k).fill(3.4e38);
  new Int32Array(thread.buffer, ids, k).fill(-1);
}
