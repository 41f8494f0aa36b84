/** Data sets by name: generated here, or fetched from beside the page. Nothing leaves the origin. */
import { catalogue, findDataSet } from '../engine/data/catalogue';
import type { DataSet } from '../engine/data/catalogue';
import { isGenerated } from '../engine/data/generate';
import { labelsOf, numbers } from '../engine/data/labels';
import type { Source } from '../engine/data/open';
import { headRoom, prepareRows, readHead, readPrepared } from '../engine/data/prepared';
import { sourceOfGenerated, sourceOfPrepared } from '../engine/data/source';
import { refuse } from '../engine/refusal';
import type { Ask } from './protocol';

const folder = `${process.env.NEXT_PUBLIC_BASE_PATH ?? ''}/data`;

/** Prepared sets stay unpacked for the next size or metric; one at a time. */
let last: Source | undefined;

export async function openSource({ name, n, seed, vectorsOnly }: Ask<'load'>): Promise<Source> {
  const set = findDataSet(name) ?? refuse(`There is no data set named ${name}. Known: ${catalogue.map((s) => s.name).join(', ')}.`);
  if (isGenerated(set.name)) return sourceOfGenerated({ ...set, name: set.name }, Math.min(n, set.nMax), seed);
  if (vectorsOnly) return fetchVectors(set, Math.min(n, set.nMax));
  if (last?.name !== name) last = await fetchSource(set);
  return last;
}

async function fetchSource(set: DataSet): Promise<Source> {
  const [bytes, json, photos] = await Promise.all([
    fetchFile(set, 'bin').then((file) => file.arrayBuffer()),
    fetchFile(set, 'json').then((file) => file.json() as Promise<unknown>),
    set.label === 'patch' ? fetchFile(set, 'photos.bin').then((file) => file.arrayBuffer()) : undefined,
  ]);
  const prepared = readPrepared(bytes);
  return sourceOfPrepared(set, prepared, labelsOf(set, prepared, photos ? { json, photos } : { json }));
}

/** The first n vectors and all queries, as three ranges of the file. A host that knows no ranges sends the file, which is as good. */
async function fetchVectors(set: DataSet, n: number): Promise<Source> {
  const part = async (from: number, length: number) => {
    const file = await fetchFile(set, 'bin', { range: `bytes=${from}-${from + length - 1}` });
    return { whole: file.status !== 206, bytes: await file.arrayBuffer() };
  };
  const first = await part(0, headRoom);
  if (first.whole) return sourceOfPrepared(set, readPrepared(first.bytes), numbers);
  const head = readHead(first.bytes);
  const [base, queries] = await Promise.all([part(head.base, n * head.rowBytes), part(head.queries, head.nq * head.rowBytes)]);
  return sourceOfPrepared(set, prepareRows(head, base.bytes, queries.bytes), numbers);
}

async function fetchFile({ name, title }: DataSet, ending: string, headers: Record<string, string> = {}): Promise<Response> {
  const file = await fetch(new URL(`${folder}/${name}.${ending}`, self.location.origin), { headers }).catch(() => null);
  return file?.ok ? file : refuse(`${title} could not be read from this site (${name}.${ending}: ${file ? `status ${file.status}` : 'no connection'}). Generated data sets need no file; try one of those, or reload.`);
}
