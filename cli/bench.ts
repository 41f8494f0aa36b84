/** `index-factory bench`: trains each string once, searches it at every setting, prints one line per string and setting. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { buildIndex } from '../engine/build';
import { findDataSet } from '../engine/data/catalogue';
import type { OpenSet, Source } from '../engine/data/open';
import { openSet } from '../engine/data/open';
import { costOf, readFactory } from '../engine/factory/index';
import type { Metric, Spec } from '../engine/factory/spec';
import { anatomyOf, invertLists } from '../engine/measure/recall';
import { clockStep, measure } from '../engine/measure/sweep';
import type { Measured } from '../engine/measure/sweep';
import { openArena, release, takeF32 } from '../engine/memory';
import type { Engine } from '../engine/pool';
import { publish, startEngine, stopEngine } from '../engine/pool';
import { refuse } from '../engine/refusal';
import { countedOf } from '../engine/structures/size';
import type { OpqSettingName } from '../engine/transforms/opq';
import type { SearchParams } from '../engine/types';
import { spawnNode } from '../workers/spawn.node';
import { readRows, readTruth, sourceOfFiles, sourceOfSet } from './data';
import { readSettings } from './settings';

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
    --json                one JSON object a line instead of a table
  µs/query: each query alone on one thread; queries/s: all of them at once on all threads.
  F is an .fvecs, .bvecs or .ivecs (truth) file; NAME an embedded data set.`;

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
  const specs = positionals.map((s) => ({ s, spec: specOf(s) })), settings = readSettings(values.set ?? [], values.sweep ?? []);
  const metric = metricOf(values), source = await openSource(values);
  const threads = whole(values.threads, 'threads', 1, 64) ?? availableParallelism();
  const engine = await startEngine(spawnNode(new URL('./pool.node.mjs', import.meta.url)), threads, [3.75 * GB, 2 * GB, GB]);
  try {
    const set = await openSet(engine, source, whole(values.nb, 'nb', 1, source.nMax) ?? source.nMax, metric);
    if (values.truth) await readTruth(values.truth, set);
    const print = values.json ? printJson : printTable();
    for (const { s, spec } of specs) await benchOne(engine, set, s, spec, values, settings, print);
    return 0;
  } finally {
    stopEngine(engine);
  }
}

type Line = {
  index: string; params: SearchParams; recall: Measured['recall']; usPerQuery: Measured['usPerQuery']; qps: number; ndis: number; lost: Measured['lost'];
  codeSize: number | null; bytes: number; trainMs: number; addMs: number; threads: number; simd: string;
};

async function benchOne(engine: Engine, set: OpenSet, s: string, spec: Spec, values: Values, settings: SearchParams[], print: (line: Line) => void): Promise<void> {
  const base = { x: set.base.byteOffset, n: set.n, d: set.d, kept: true }, room = openArena(engine.memory);
  const learn = values.learn ? await readRows(values.learn, set.d, (n) => takeF32(room, n)) : null;
  const opq = opqOf(values.opq), seed = whole(values.seed, 'seed', 0, 1e6) ?? 0;
  const built = await buildIndex(engine, spec, learn ? { x: learn.byteOffset, n: learn.length / set.d, d: set.d, kept: false } : base, base, { metric: set.metric, seed, opq });
  release(room);
  await publish(engine, 'index', built.index);
  const { index } = built, { ivf } = anatomyOf(index), cost = costOf(spec, set.d, set.n, set.metric, countedOf(index));
  const nq = whole(values.nq, 'nq', 1, set.nq) ?? set.nq, k = whole(values.k, 'k', 1, Math.min(100, set.n)) ?? 10, listOf = ivf && invertLists(ivf), clockMs = clockStep();
  for (const params of settings) {
    const m = await measure(engine, { index, published: 'index', listOf, queries: set.queries.byteOffset, nq, d: set.d, k, params, truth: set.truth, clockMs });
    print({ index: s, params, recall: m.recall, usPerQuery: m.usPerQuery, qps: m.qps, ndis: m.ndis, lost: m.lost, codeSize: cost.codeSize, bytes: cost.totalBytes, trainMs: built.trainMs, addMs: built.addMs, threads: engine.threads, simd: engine.modules.simd });
  }
  await publish(engine, 'index', undefined);
  release(built.arena);
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

const printJson = (line: Line) => console.log(JSON.stringify(line));

function printTable(): (line: Line) => void {
  let last = '';
  return ({ index, params, recall, usPerQuery, qps, ndis, codeSize, bytes, trainMs, addMs, threads, simd }) => {
    if (index !== last) {
      console.log(`\n${index}   ${codeSize ?? '–'} B per code, ${bytes} B in all; trained in ${(trainMs / 1000).toFixed(2)} s, added in ${(addMs / 1000).toFixed(2)} s (threads: ${threads}, SIMD: ${simd})`);
      console.log('  setting                         recall k@k    1@1  1@100   µs/query    p50     p99  queries/s    distances');
      last = index;
    }
    const setting = Object.entries(params).map(([name, value]) => `${name}=${value}`).join(',') || '(defaults)';
    const share = (v: number) => v.toFixed(4).padStart(6), us = (v: number) => v.toFixed(1).padStart(8);
    console.log(`  ${setting.padEnd(32)}  ${share(recall['k@k'])}  ${share(recall['1@1'])} ${share(recall['1@100'])}  ${us(usPerQuery.mean)} ${us(usPerQuery.p50)}${us(usPerQuery.p99)}  ${qps.toFixed(0).padStart(9)}    ${ndis.toFixed(0).padStart(9)}`);
  };
}
