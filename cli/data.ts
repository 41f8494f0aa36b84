/** Vectors for the command line: the embedded sets as `npm run data` left them, or files in the TEXMEX formats. */
import { fstatSync, openSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { catalogue, findDataSet } from '../engine/data/catalogue';
import { isGenerated } from '../engine/data/generate';
import type { OpenSet, Source } from '../engine/data/open';
import { numbers } from '../engine/data/labels';
import { readPrepared } from '../engine/data/prepared';
import { sourceOfGenerated, sourceOfPrepared } from '../engine/data/source';
import type { BadFile, VecsKind } from '../engine/formats/vecs';
import { readIvecs, unpackRows, vecsShape } from '../engine/formats/vecs';
import { refuse } from '../engine/refusal';

export async function sourceOfSet(name: string): Promise<Source> {
  const set = findDataSet(name) ?? refuse(`There is no data set named ${name}. Known: ${catalogue.map((s) => s.name).join(', ')}.`);
  if (isGenerated(set.name)) return sourceOfGenerated({ ...set, name: set.name }, set.nMax, 1);
  const file = new URL(`../../public/data/${set.name}.bin`, import.meta.url);
  const bytes = await readFile(file).catch(() => refuse(`${set.title} has not been prepared yet. Run: npm run data`));
  return sourceOfPrepared(set, readPrepared(whole(bytes)), numbers);
}

/** Rows are read when they are asked for: the files are never held as a whole. */
export function sourceOfFiles(baseFile: string, queryFile: string): Source {
  const base = openVectors(baseFile), queries = openVectors(queryFile), { d } = base;
  if (queries.d !== d) refuse(`${baseFile} has ${d} dimensions, ${queryFile} has ${queries.d}.`);
  const inBytes = base.kind === 'bvecs' && queries.kind === 'bvecs';
  return {
    name: baseFile, title: baseFile, licence: '', attribution: '', d, nMax: base.n, nq: queries.n,
    writeBase: base.read, writeQueries: (out) => queries.read(0, queries.n, out),
    ...(inBytes && { bytes: { writeBase: base.read, writeQueries: (out: Uint8Array) => queries.read(0, queries.n, out) } }),
    baseLabel: numbers.base, queryLabel: numbers.query, queryName: numbers.queryName,
  };
}

/** All rows of a file, where `place` makes room for them. */
export function readRows(file: string, d: number, place: (floats: number) => Float32Array): Float32Array {
  const rows = openVectors(file);
  if (rows.d !== d) refuse(`${file} has ${rows.d} dimensions, the base has ${d}.`);
  const out = place(rows.n * d);
  rows.read(0, rows.n, out);
  return out;
}

/** Replaces the neighbours found here by those of a file; ids at or past the base's size make the file unusable. */
export async function readTruth(file: string, set: Pick<OpenSet, 'nq' | 'n' | 'truth'>): Promise<void> {
  const { n, d: k, values } = checked(file, readIvecs(whole(await readBytes(file))));
  if (n < set.nq) refuse(`${file} has neighbours of ${n} queries, there are ${set.nq}.`);
  const tooLarge = values.find((id) => id < 0 || id >= set.n);
  if (tooLarge !== undefined) refuse(`${file} names vector ${tooLarge}; the base in use has ${set.n}. Leave --truth out to have the neighbours found here.`);
  set.truth = { k, ids: values, dis: set.truth.dis };
}

type VectorFile = { kind: VecsKind; n: number; d: number; read(from: number, to: number, out: Float32Array | Uint8Array): void };

const BLOCK_BYTES = 4 * 2 ** 20; // read at a time

function openVectors(file: string): VectorFile {
  const ending = extname(file).slice(1), kind = ending === 'fvecs' || ending === 'bvecs' ? ending : refuse(`${file}: vectors are read from .fvecs and .bvecs files.`);
  const fd = opened(file), head = new Uint8Array(4), { n, d, rowBytes } = checked(file, vecsShape(kind, head.buffer.slice(0, readSync(fd, head, 0, 4, 0)), fstatSync(fd).size));
  const most = Math.max(1, Math.floor(BLOCK_BYTES / rowBytes));
  return {
    kind, n, d,
    read(from, to, out) {
      const block = new Uint8Array(Math.min(most, to - from) * rowBytes);
      for (let at = from; at < to; at += most) {
        const count = Math.min(most, to - at), rows = block.subarray(0, count * rowBytes);
        if (readSync(fd, rows, 0, rows.length, at * rowBytes) !== rows.length) refuse(`${file} ended before row ${to}.`);
        checked(file, unpackRows(kind, rows, d, at, out.subarray((at - from) * d)) ?? {});
      }
    },
  };
}

function opened(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (problem) {
    return refuse(`${file} cannot be read: ${problem instanceof Error && 'code' in problem ? problem.code : problem}.`);
  }
}

function checked<T extends object>(file: string, read: T | BadFile): T {
  return 'problem' in read ? refuse(`${file}: ${read.problem}`) : read;
}

const readBytes = (file: string) => readFile(file).catch((problem: NodeJS.ErrnoException) => refuse(`${file} cannot be read: ${problem.code ?? problem.message}.`));

/** A Buffer may be a window of a larger ArrayBuffer. */
const whole = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;
