/** `index-factory bench`: trains each string once, searches it at every setting, prints one line per string and setting. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { buildIndex } from '../engine/build';
import type { Rows } from '../engine/build';
import { findDataSet } from '../engine/data/catalogue';
import { openBits } from '../engine/data/bits';
import type { OpenSet, Source } from '../engine/data/open';
import { openByteSet, openSet } from '../engine/data/open';
import { costOf, readFactory } from '../engine/factory/index';
import type { Metric, Spec } from '../engine/factory/spec';
import { anatomyOf, invertLists } from '../engine/measure/recall';
import { clockStep, measure } from '../engine/measure/sweep';
import { openArena, peakOf, release, takeF32 } from '../engine/memory';
import type { Engine } from '../engine/pool';
import { publish, startEngine, stopEngine } from '../engine/pool';
import { refuse } from '../engine/refusal';
import { countedOf } from '../engine/structures/size';
import type { OpqSettingName } from '../engine/transforms/opq';
import { spawnNode } from '../workers/spawn.node';
import { benchBinary, isBinary } from './bench-binary';
import { readRows, readTruth, sourceOfFiles, sourceOfSet } from './data';
import type { Line } from './lines';
import { printJson, printTable } from './lines';
import { readBinarySettings, readSettings } from './settings';

export const benchHelp = `index-factory bench STRING… (--data NAME | --base F --query F [--learn F] [--truth F])
    --metric L2|IP        distance (default: the data set's own, L2 for files)
    --k 10                neighbours per query, 1 to 100
    --set nprobe=8,…      one setting of the search parameters; may be repeated
    --sweep nprobe=1,2,4  each value in turn; several sweeps give their product
    --threads N           threads that train, add and search (default: all cores)
    --seed S              0 (default): Faiss's own seeds; another number shifts them
    --nb N  --nq N        only the first N base vectors or queries
    --opq matched         how OPQ is trained: faiss (its defaults), matched (its recall in a third of the time),
                          quick (a few rounds from balanced axes; recall no worse)
    --json                one JSON object a line instead of a table, and in it what the table has no room for: usPerStage, the mean µs
                          of transform, coarse, tables, scan and refine (timed in a run of their own, of which the clock takes a
                          part), and counts, per query: ndis and of it ndisCoarse and ndisRefine, lists, codes and hops
  µs/query: each query alone on one thread; queries/s: all of them at once on all threads.
  F is an .fvecs, .bvecs or .ivecs (truth) file; NAME an embedded data set. Vectors of .bvecs files stay bytes in memory.
  Binary strings (BFlat, BIVF256, BHNSW32, BHash16 …) compare bits, and know nflip=0,1,… beside nprobe, max_codes and efSearch. A .bvecs
  file then holds the bits, d/8 bytes a row; of any other set, bit j says whether component j is above its mean. Distances tie
  often: what is returned counts when it is no farther than the k-th true neighbour.`;

const options = {
  data: { type: 'string' }, base: { type: 'string' }, query: { type: 'string' }, learn: { type: 'string' }, truth: { type: 'string' },
  metric: { type: 'string' }, k: { type: 'string', default: '10' }, set: { type: 'string', multiple: true }, sweep: { type: 'string', multiple: true },
  threads: { type: 'string' }, seed: { type: 'string', default: '0' }, nb: { type: 'string' }, nq: { type: 'string' },
  opq: { type: 'string', default: 'matched' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parse>['values'];
const parse = (args: string[]) => parseArgs({ args, options, allowPositionals: true });

const GB = 2 ** 30;

/** Exit status 0; a refusal is thrown and printed by the dispatcher. */
export async function bench(args: string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) { console.log(benchHelp); return 0; }
  if (positionals.length === 0) refuse('bench needs a factory string, for example: index-factory bench IVF256,PQ32 --data photo-sift');
  const strings = positionals.map((s) => ({ s, binary: isBinary(s) })), metric = metricOf(values), source = await openSource(values);
  if (strings.some(({ binary }) => binary !== strings[0]?.binary)) refuse('Binary strings compare bits and the others numbers: ask for them one kind at a time.');
  const run = strings[0]?.binary ? binaryRun(positionals, values, source) : floatRun(positionals, values, source, metric);
  const threads = whole(values.threads, 'threads', 1, 64) ?? availableParallelism();
  const engine = await startEngine(spawnNode(new URL('./pool.node.mjs', import.meta.url)), threads, [3.75 * GB, 2 * GB, GB]);
  try {
    await run(engine, values.json ? printJson : printTable());
    return 0;
  } finally {
    stopEngine(engine);
  }
}

type Run = (engine: Engine, print: (line: Line) => void) => Promise<void>;

const sizeOf = ({ nb }: Values, { nMax }: Source) => whole(nb, 'nb', 1, nMax) ?? nMax;
const queriesOf = ({ nq }: Values, all: number) => whole(nq, 'nq', 1, all) ?? all;
const neighboursOf = ({ k }: Values, n: number) => whole(k, 'k', 1, Math.min(100, n)) ?? 10;
const seedOf = ({ seed }: Values) => whole(seed, 'seed', 0, 1e6) ?? 0;

function binaryRun(strings: string[], values: Values, source: Source): Run {
  const unknown = (['learn', 'truth', 'metric'] as const).find((name) => values[name] !== undefined);
  if (unknown) refuse(`--${unknown} is not known of binary strings: they are trained on the base, and compared by Hamming distance with neighbours found here.`);
  const settings = readBinarySettings(values.set ?? [], values.sweep ?? []), n = sizeOf(values, source);
  return async (engine, print) => {
    const set = await openBits(engine, source, n), run = { seed: seedOf(values), nq: queriesOf(values, set.nq), k: neighboursOf(values, set.n), settings, print };
    for (const s of strings) await benchBinary(engine, set, s, run);
  };
}

function floatRun(strings: string[], values: Values, source: Source, metric: Metric): Run {
  const specs = strings.map((s) => ({ s, spec: specOf(s) })), n = sizeOf(values, source);
  readSettings(values.set ?? [], values.sweep ?? []);
  return async (engine, print) => {
    const set = source.bytes ? await openByteSet(engine, source, n, metric) : await openSet(engine, source, n, metric);
    if (values.truth) await readTruth(values.truth, set);
    for (const { s, spec } of specs) await benchOne(engine, set, s, spec, values, print);
  };
}

async function benchOne(engine: Engine, set: AnySet, s: string, spec: Spec, values: Values, print: (line: Line) => void): Promise<void> {
  const base = rowsOf(set), room = openArena(engine.memory), peak = peakOf(engine.memory);
  const learn = values.learn ? readRows(values.learn, set.d, (n) => takeF32(room, n)) : null;
  const built = await buildIndex(engine, spec, learn ? { x: learn.byteOffset, n: learn.length / set.d, d: set.d, kept: false } : base, base, { metric: set.metric, seed: seedOf(values), opq: opqOf(values.opq) });
  release(room);
  await publish(engine, 'index', built.index);
  const { index } = built, { ivf } = anatomyOf(index), { codeSize, totalBytes } = costOf(spec, set.d, set.n, set.metric, countedOf(index));
  const nq = queriesOf(values, set.nq), k = neighboursOf(values, set.n), listOf = ivf && invertLists(ivf), clockMs = clockStep();
  for (const params of readSettings(values.set ?? [], values.sweep ?? [])) {
    const { recall, usPerQuery, usPerStage, counts, qps, ndis, lost } = await measure(engine, { index, published: 'index', listOf, queries: set.queries.byteOffset, nq, d: set.d, k, params, truth: set.truth, clockMs });
    print({ index: s, params, recall, usPerQuery, usPerStage, counts, qps, ndis, lost, codeSize, bytes: totalBytes, trainMs: built.trainMs, addMs: built.addMs, threads: engine.threads, simd: engine.modules.simd, peakBytes: peak() });
  }
  await publish(engine, 'index', undefined);
  release(built.arena);
}

type AnySet = OpenSet<Float32Array | Uint8Array>;

function rowsOf({ base, n, d }: AnySet): Rows {
  const bytes = base instanceof Uint8Array;
  return { x: bytes ? 0 : base.byteOffset, n, d, kept: true, ...(bytes && { bytes: base.byteOffset }) };
}

function specOf(s: string): Spec {
  const { spec, problems } = readFactory(s);
  return spec ?? refuse(`${s}: ${problems[0]?.message ?? 'not a factory string'}`);
}

function metricOf({ metric, data }: Values): Metric {
  const chosen = metric ?? (data && findDataSet(data)?.metricDefault) ?? 'L2';
  return chosen === 'L2' || chosen === 'IP' ? chosen : refuse(`--metric is L2 or IP, not ${chosen}`);
}

const opqOf = (name: string): OpqSettingName =>
  name === 'faiss' || name === 'matched' || name === 'quick' ? name : refuse(`--opq is faiss, matched or quick, not ${name}`);

async function openSource({ data, base, query }: Values): Promise<Source> {
  if (data) return sourceOfSet(data);
  if (base && query) return sourceOfFiles(base, query);
  return refuse('bench needs data: --data NAME, or --base FILE and --query FILE');
}

function whole(text: string | undefined, name: string, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  return Number.isInteger(value) && value >= least && value <= most ? value : refuse(`--${name} takes a whole number from ${least} to ${most}, not ${text}`);
}
