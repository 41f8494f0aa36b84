/** Vectors for the command line: the embedded sets as `npm run data` left them, or files in the TEXMEX formats. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { catalogue, findDataSet } from '../engine/data/catalogue';
import { isGenerated } from '../engine/data/generate';
import type { OpenSet, Source } from '../engine/data/open';
import { numbers } from '../engine/data/labels';
import { readPrepared, rowsToFloat32 } from '../engine/data/prepared';
import type { Stored } from '../engine/data/prepared';
import { sourceOfGenerated, sourceOfPrepared } from '../engine/data/source';
import type { BadFile, Vecs } from '../engine/formats/vecs';
import { readBvecs, readFvecs, readIvecs } from '../engine/formats/vecs';
import { refuse } from '../engine/refusal';

export async function sourceOfSet(name: string): Promise<Source> {
  const set = findDataSet(name) ?? refuse(`There is no data set named ${name}. Known: ${catalogue.map((s) => s.name).join(', ')}.`);
  if (isGenerated(set.name)) return sourceOfGenerated({ ...set, name: set.name }, set.nMax, 1);
  const file = new URL(`../../public/data/${set.name}.bin`, import.meta.url);
  const bytes = await readFile(file).catch(() => refuse(`${set.title} has not been prepared yet. Run: npm run data`));
  return sourceOfPrepared(set, readPrepared(whole(bytes)), numbers);
}

export async function sourceOfFiles(baseFile: string, queryFile: string): Promise<Source> {
  const base = await readVectors(baseFile), queries = await readVectors(queryFile), { d } = base;
  if (queries.d !== d) refuse(`${baseFile} has ${d} dimensions, ${queryFile} has ${queries.d}.`);
  return {
    name: baseFile, title: baseFile, licence: '', attribution: '', d, nMax: base.n, nq: queries.n,
    writeBase: (from, to, out) => rowsToFloat32(base.values, d, from, to, out),
    writeQueries: (out) => rowsToFloat32(queries.values, d, 0, queries.n, out),
    baseLabel: numbers.base, queryLabel: numbers.query, queryName: numbers.queryName,
  };
}

/** All rows of a file, where `place` makes room for them. */
export async function readRows(file: string, d: number, place: (floats: number) => Float32Array): Promise<Float32Array> {
  const rows = await readVectors(file);
  if (rows.d !== d) refuse(`${file} has ${rows.d} dimensions, the base has ${d}.`);
  const out = place(rows.n * d);
  rowsToFloat32(rows.values, d, 0, rows.n, out);
  return out;
}

/** Replaces the neighbours found here by those of a file; ids at or past the base's size make the file unusable. */
export async function readTruth(file: string, set: OpenSet): Promise<void> {
  const { n, d: k, values } = checked(file, readIvecs(whole(await readBytes(file))));
  if (n < set.nq) refuse(`${file} has neighbours of ${n} queries, there are ${set.nq}.`);
  const tooLarge = values.find((id) => id < 0 || id >= set.n);
  if (tooLarge !== undefined) refuse(`${file} names vector ${tooLarge}; the base in use has ${set.n}. Leave --truth out to have the neighbours found here.`);
  set.truth = { k, ids: values, dis: set.truth.dis };
}

async function readVectors(file: string): Promise<Vecs<Stored>> {
  const bytes = whole(await readBytes(file));
  switch (extname(file)) {
    case '.fvecs': return checked(file, readFvecs(bytes));
    case '.bvecs': return checked(file, readBvecs(bytes));
    default: return refuse(`${file}: vectors are read from .fvecs and .bvecs files.`);
  }
}

function checked<V>(file: string, read: Vecs<V> | BadFile): Vecs<V> {
  return 'problem' in read ? refuse(`${file}: ${read.problem}`) : read;
}

const readBytes = (file: string) => readFile(file).catch((problem: NodeJS.ErrnoException) => refuse(`${file} cannot be read: ${problem.code ?? problem.message}.`));

/** A Buffer may be a window of a larger ArrayBuffer. */
const whole = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;
