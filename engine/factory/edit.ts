import type { CoarseSpec, Spec } from './spec';
import type { Entry, Value } from './production';
import { blocksOf, type Block } from './blocks';
import { checkFactory, type Fit } from './check';
import { ENTRIES } from './grammar';
import { parse } from './read';
import { writeFactory } from './write';

/** The numbers and words of one term, changed one at a time: (tree, node, change) → tree. What there is to change is read
 *  off the tree, values worth trying off its production; those are offered that the reader reads back and the checks let
 *  pass. Knows trees; not screens. */

export type { Value };

export type Field = {
  /** Where it stands below the block's node: 'M', 'coarse.M', 'books.0.nbits', 'refine.codec.qtype'. */
  key: string;
  name: string;
  meaning: string;
  value: Value;
  /** Every value that gives a legal string, the present one among them; numbers ascend. */
  options: Value[];
};

/** What a visitor may turn at a block. A field with one possible value is none. */
export function fieldsOf(spec: Spec, block: Block, fit: Fit): Field[] {
  const allowed = gate(spec, fit);
  return slots(spec, block, fit).flatMap(({ key, words, value, tried }) => {
    const options = tried.filter((option) => {
      if (option === value) return true;
      const next = setField(spec, block.path, key, option);
      return next !== null && allowed(next);
    });
    return options.length < 2 ? [] : [{ key, ...words, value, options }];
  });
}

type Slot = Pick<Field, 'key' | 'value'> & { words: Pick<Field, 'name' | 'meaning'>; tried: Value[] };

/** Fields of the block's own node, then those of the blocks of the index in its parentheses. */
function slots(spec: Spec, block: Block, fit: Fit): Slot[] {
  const node = at(spec, nodeKeys(block.path)), { inner } = block;
  if (!isTree(node)) return [];
  const entry = ENTRIES.find(({ name }) => name === block.name);
  const own = leaves(node, entry?.choices ?? {}).map(([key, value]) => ({ key, value, words: wordsFor(key, entry), tried: choices(key, value, node, entry, block.dIn) }));
  const nested = (inner ? blocksOf(inner.index, block.dIn, fit.metric) : []).flatMap((one) => slots(inner?.index ?? spec, one, fit).map(({ key, words, ...slot }) => ({
    ...slot, key: [inner?.key, ...nodeKeys(one.path), key].join('.'), words: { ...words, name: `${words.name} of ${one.text}` },
  })));
  return [...own, ...nested];
}

/** The tree with one number or word changed; null where no string says it. */
export function setField(spec: Spec, path: string, key: string, value: Value): Spec | null {
  const keys = [...nodeKeys(path), ...key.split('.')];
  const next = structuredClone(spec);
  const holder = at(next, keys.slice(0, -1));
  const last = keys.at(-1);
  if (!isTree(holder) || last === undefined) return null;
  if (last === 'kind') return quantize(next, keys, value);
  if (value === undefined) Reflect.deleteProperty(holder, last);
  else Reflect.set(holder, last, value);
  return readBack(next, keys, value);
}

/** Lets a tree pass that has no grave mistake which the first one did not have. */
export function gate(before: Spec, fit: Fit): (after: Spec) => boolean {
  const grave = (spec: Spec) => checkFactory(spec, fit).filter(({ kind }) => kind !== 'advice').map(({ message }) => message);
  const known = new Set(grave(before));
  return (after) => grave(after).every((message) => known.has(message));
}

function readBack(next: Spec, keys: readonly string[], value: Value): Spec | null {
  const { spec } = parse(writeFactory(next), true);
  return spec && at(spec, keys) === value ? spec : null;
}

/** Another way to find the cells: as many of them as before, where it can make that many. */
function quantize(next: Spec, keys: readonly string[], kind: Value): Spec | null {
  const holder = at(next, keys.slice(0, -2));
  if (!isTree(holder)) return null;
  const nlist = Number(holder.nlist);
  const fresh: { [kind: string]: CoarseSpec } = {
    Flat: { kind: 'Flat' }, HNSW: { kind: 'HNSW', M: 32 }, NSG: { kind: 'NSG', R: 32 }, IMI: { kind: 'IMI', nbits: Math.max(1, Math.round(Math.log2(nlist) / 2)) },
  };
  Reflect.set(holder, 'coarse', fresh[String(kind)] ?? holder.coarse);
  return readBack(next, keys, kind);
}

type Tree = { readonly [key: string]: unknown };
const isTree = (x: unknown): x is Tree => typeof x === 'object' && x !== null;
const isValue = (x: unknown): x is Exclude<Value, undefined> => x === null || typeof x === 'number' || typeof x === 'string' || typeof x === 'boolean';
const at = (tree: unknown, keys: readonly string[]): unknown => keys.reduce<unknown>((node, key) => (isTree(node) ? node[key] : undefined), tree);

/** The node whose fields a block shows: an IVF's own number of cells belongs to its coarse quantizer. */
function nodeKeys(path: string): string[] {
  const keys = path === '' ? [] : path.split('.');
  return keys.at(-1) === 'coarse' ? keys.slice(0, -1) : keys;
}

/** Parts that are blocks of their own, or whole indexes; and `exact`, which only says how the term is spelled. */
const ELSEWHERE = new Set(['kind', 'index', 'base', 'refine', 'codec', 'storage', 'chain', 'exact']);

/** Fields that the tree holds, and those that it leaves out. */
function leaves(node: Tree, offered: Entry['choices']): [key: string, value: Value][] {
  const own = Object.entries(node).flatMap(([key, value]): [string, Value][] => {
    if (ELSEWHERE.has(key)) return [];
    if (isValue(value)) return [[key, value]];
    if (!isTree(value)) return [];
    const kind: [string, Value][] = node.kind === 'IVF' && isValue(value.kind) ? [[`${key}.kind`, value.kind]] : [];
    return [...kind, ...leaves(value, {}).map(([inner, leaf]): [string, Value] => [`${key}.${inner}`, leaf])];
  });
  const missing = Object.keys(offered).filter((key) => !(key in node) && offered[key]?.(1).includes(undefined));
  return [...own, ...missing.map((key): [string, Value] => [key, undefined])];
}

function choices(key: string, value: Value, node: Tree, entry: Entry | undefined, d: number): Value[] {
  const name = key.slice(key.lastIndexOf('.') + 1);
  const cut = name === 'M' && typeof node.dOut === 'number' ? node.dOut : d; // an OPQ cuts what comes out of it
  const all = new Set<Value>([...(entry?.choices[name]?.(cut) ?? []), value]);
  const numbers = [...all].filter((one) => typeof one === 'number').sort((a, b) => a - b);
  return [...[...all].filter((one) => typeof one !== 'number'), ...numbers];
}

/** What the table calls a field, where the tree calls it otherwise. */
const SPELLED: { [name: string]: string[] } = { dOut: ['d_out'], whiten: ['W'], rotate: ['R', 'r'], polysemous: ['np'], residual: ['r'], train: ['t'] };
const SHOWN: { [name: string]: string } = { dOut: 'd_out', kind: 'cells found by', qtype: 'rounding', residual: 'residuals', half: 'half precision' };

function wordsFor(key: string, entry: Entry | undefined): Pick<Field, 'name' | 'meaning'> {
  const [, group, name] = /(?:books\.(\d+)\.)?(?:coarse\.)?(\w+)$/.exec(key) ?? [];
  const field = name ?? key;
  const parts = entry?.parts ?? {};
  const spelled = [field, ...(SPELLED[field] ?? [])].find((word) => word in parts);
  const meaning = spelled === undefined ? '' : spelled === field ? parts[spelled] ?? '' : `${spelled}: ${parts[spelled]}`;
  return { name: `${SHOWN[field] ?? field}${group !== undefined && group !== '0' ? ` of group ${Number(group) + 1}` : ''}`, meaning };
}
