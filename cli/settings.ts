/** Search parameters from the command line: --set gives whole settings, several --sweep give their product. */
import type { BinaryParams } from '../engine/binary/types';
import { PARAMETERS } from '../engine/parameters';
import { refuse } from '../engine/refusal';
import type { SearchParams } from '../engine/types';

const binaryNames = ['nprobe', 'max_codes', 'efSearch', 'quantizer_efSearch', 'nflip'] as const satisfies (keyof BinaryParams)[];
/** With quantizer_ before it, a parameter of the index over the centroids; and again for the one over its centroids. */
type Inner = `quantizer_${string}`;
type Name = (typeof PARAMETERS)[number] | Inner;

export const readSettings = (sets: string[], sweeps: string[]): SearchParams[] => readAll<Name>(sets, sweeps, nameOf);
export const readBinarySettings = (sets: string[], sweeps: string[]): BinaryParams[] => readAll(sets, sweeps, binaryNameOf);

type Values<N extends string> = { [name in N]?: number };

/** ["nprobe=8,k_factor_rf=4"], ["nprobe=1,2,4"] → one record per setting, in the order written. */
function readAll<N extends string>(sets: string[], sweeps: string[], known: (text: string) => N): Values<N>[] {
  const one = (text: string, value: string): Values<N> => record(known(text), valueOf(text, value));
  const fixed = sets.map((text) => text.split(/[,\s]+/).filter(Boolean).reduce<Values<N>>((all, part) => ({ ...all, ...one(...halves(part)) }), {}));
  if (sweeps.length === 0) return fixed.length ? fixed : [{}];
  const product = sweeps.map((text) => {
    const [name, list] = halves(text);
    return list.split(',').map((value) => one(name, value));
  }).reduce<Values<N>[]>((all, values) => all.flatMap((params) => values.map((value) => ({ ...params, ...value }))), [{}]);
  return [...fixed, ...product];
}

function record<N extends string>(name: N, value: number): Values<N> {
  const values: Values<N> = {};
  values[name] = value;
  return values;
}

function halves(text: string): [string, string] {
  const [name = '', value = ''] = text.split('=');
  return [name, value];
}

const isInner = (text: string): text is Inner => text.startsWith('quantizer_');

function nameOf(text: string): Name {
  const plain = text.replace(/^(quantizer_)+/, ''), known = PARAMETERS.find((name) => name === plain);
  if (!known) return refuse(`"${text}" is not a search parameter. Those known: ${PARAMETERS.join(', ')}, and quantizer_ before any of them.`);
  return isInner(text) ? text : known;
}

const binaryNameOf = (text: string) =>
  binaryNames.find((name) => name === text) ?? refuse(`"${text}" is not a search parameter of binary indexes. Those known: ${binaryNames.join(', ')}.`);

/** No flipped bit is a setting, and so is no bit that differs; no list is none. */
const leastOf = (name: string) => (name === 'nflip' || name === 'ht' ? 0 : 1);

function valueOf(name: string, text: string): number {
  const value = Number(text), least = leastOf(name);
  return text !== '' && Number.isInteger(value) && value >= least ? value : refuse(`${name} takes a whole number from ${least}, not "${text}"`);
}
