import { NORMS, SQ_TYPES, type CoarseSpec, type Spec } from './spec';
import type { Block } from './blocks';
import { checkFactory, type Fit } from './check';
import { ENTRIES } from './grammar';
import { nearestDivisors } from './numbers';
import { parse } from './read';
import { writeFactory } from './write';

/** The numbers and words of one term, changed one at a time: (tree, node, change) → tree. What there is to change is read
 *  off the tree, what may be chosen is what the reader reads back and the checks let pass. Knows trees; not screens. */

/** undefined: left out of the string, so that Faiss takes its own. */
export type Value = number | string | boolean | null | undefined;

export type Field = {
  /** Where it stands below the block's node: 'M', 'coarse.M', 'books.0.nbits'. */
  key: string;
  name: string;
  meaning: string;
  value: Value;
  /** Every value that gives a legal string, the present one among them; numbers ascend. */
  options: Value[];
};

/** What a visitor may turn at a block. A field with one possible value is none. */
export function fieldsOf(spec: Spec, block: Block, fit: Fit): Field[] {
  const node = at(spec, nodeKeys(block.path));
  if (!isTree(node)) return [];
  const allowed = gate(spec, fit);
  return leaves(node).flatMap(([key, value]) => {
    const options = choices(key, value, node, block.dIn).filter((option) => {
      if (option === value) return true;
      const next = setField(spec, block.path, key, option);
      return next !== null && allowed(next);
    });
    return options.length < 2 ? [] : [{ key, ...wordsFor(key, block), value, options }];
  });
}

/** The tree with one number or word changed; null where no string says it. */
export function setField(spec: Spec, path: string, key: string, value: Value): Spec | null {
  const keys = [...nodeKeys(path), ...key.split('.')];
  const next = structuredClone(spec);
  const holder = at(next, keys.slice(0, -1));
  const last = keys.at(-1);
  if (!isTree(holder) || last === undefined) return null;
  if (key === 'coarse.kind') return quantize(next, keys, value);
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
/** Fields that a string may leave out. */
const OPTIONAL: { [kind: string]: string[] } = { OPQ: ['dOut'], RR: ['dOut'], ITQ: ['dOut'], HR: ['seed'], LSH: ['nbits'], SH: ['nbits', 'threshold'] };

function leaves(node: Tree): [key: string, value: Value][] {
  const missing = (OPTIONAL[String(node.kind)] ?? []).filter((key) => !(key in node));
  const own = Object.entries(node).flatMap(([key, value]): [string, Value][] => {
    if (ELSEWHERE.has(key)) return [];
    if (isValue(value)) return [[key, value]];
    if (!isTree(value)) return [];
    const kind: [string, Value][] = node.kind === 'IVF' && isValue(value.kind) ? [[`${key}.kind`, value.kind]] : [];
    return [...kind, ...leaves(value).map(([inner, leaf]): [string, Value] => [`${key}.${inner}`, leaf])];
  });
  return [...own, ...missing.map((key): [string, Value] => [key, undefined])];
}

const upTo = (most: number) => Array.from({ length: most }, (_, i) => i + 1);
const powers = (from: number, to: number): number[] => (from > to ? [] : [from, ...powers(2 * from, to)]);
const divisors = (d: number) => nearestDivisors(d, 0);
/** Multiples in about 64 steps up to 2d, and powers of two. */
const widths = (d: number) => [...powers(8, 2 * d), d, ...upTo(64).map((i) => i * Math.max(1, 2 ** Math.floor(Math.log2(d / 32))))];

const links = () => [2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128];
type Choices = { [name: string]: (d: number) => Value[] };
/** Values worth trying, by field, or by kind and field where a name means something else there. */
const CHOICES: Choices = {
  nlist: () => powers(1, 2 ** 20), nbits: () => upTo(16), dOut: widths, R: links,
  M: (d) => [...upTo(16), ...divisors(d)], M2: divisors, splits: divisors, levels: (d) => [...powers(1, d), d],
  bbs: () => [32, 64, 96, 128, 160], batch: () => [1, 64, 128, 256, 512, 1024], r2: () => upTo(40), version: () => [1, 2], seed: () => [undefined, ...upTo(9)],
  qtype: () => [...SQ_TYPES], norm: () => [null, ...NORMS], metric: () => ['L2', 'IP'], family: () => ['RQ', 'LSQ', 'PRQ', 'PLSQ'],
  transform: () => ['ITQ', 'PCA', 'PCAR'], threshold: () => [undefined, 'g', 'c', 'm'],
  'HNSW.M': links, 'LSH.nbits': (d) => [undefined, ...powers(8, 8 * d), d, 2 * d], 'SH.nbits': widths, 'OPQ.M': (d) => divisors(d),
  'IVF.kind': () => ['Flat', 'HNSW', 'NSG', 'IMI'], 'OPQ.dOut': (d) => [undefined, ...widths(d)], 'RR.dOut': (d) => [undefined, ...widths(d)], 'ITQ.dOut': (d) => [undefined, ...widths(d)],
};

function choices(key: string, value: Value, node: Tree, d: number): Value[] {
  const name = key.slice(key.lastIndexOf('.') + 1);
  const holder = key.startsWith('coarse.') && name !== 'kind' ? at(node, ['coarse', 'kind']) : node.kind;
  const parts = holder === 'OPQ' && typeof node.dOut === 'number' ? node.dOut : d; // an OPQ cuts what comes out of it
  const tried = CHOICES[`${String(holder)}.${name}`] ?? CHOICES[name];
  const all = new Set<Value>([...(tried ? tried(parts) : typeof value === 'boolean' ? [false, true] : []), value]);
  const numbers = [...all].filter((one) => typeof one === 'number').sort((a, b) => a - b);
  return [...[...all].filter((one) => typeof one !== 'number'), ...numbers];
}

/** What the table calls a field, where the tree calls it otherwise. */
const SPELLED: { [name: string]: string[] } = { dOut: ['d_out'], whiten: ['W'], rotate: ['R', 'r'], polysemous: ['np'], residual: ['r'], train: ['t'] };
const SHOWN: { [name: string]: string } = { dOut: 'd_out', kind: 'cells found by', qtype: 'rounding', residual: 'residuals', half: 'half precision' };

function wordsFor(key: string, block: Block): Pick<Field, 'name' | 'meaning'> {
  const [, group, name] = /(?:books\.(\d+)\.)?(?:coarse\.)?(\w+)$/.exec(key) ?? [];
  const field = name ?? key;
  const parts = ENTRIES.find((entry) => entry.name === block.name)?.parts ?? {};
  const spelled = [field, ...(SPELLED[field] ?? [])].find((word) => word in parts);
  const meaning = spelled === undefined ? '' : spelled === field ? parts[spelled] ?? '' : `${spelled}: ${parts[spelled]}`;
  return { name: `${SHOWN[field] ?? field}${group !== undefined && group !== '0' ? ` of group ${Number(group) + 1}` : ''}`, meaning };
}
