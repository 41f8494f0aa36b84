/** Search parameters from the command line: --set gives whole settings, several --sweep give their product. */
import { refuse } from '../engine/refusal';
import type { SearchParams } from '../engine/types';

const names = ['nprobe', 'max_codes', 'efSearch', 'search_L', 'k_factor_rf', 'k_factor'] as const satisfies (keyof SearchParams)[];
/** With quantizer_ before it, a parameter of the index over the centroids; and again for the one over its centroids. */
type Inner = `quantizer_${string}`;
type Name = (typeof names)[number] | Inner;

/** ["nprobe=8,k_factor_rf=4"], ["nprobe=1,2,4"] → one record per setting, in the order written. */
export function readSettings(sets: string[], sweeps: string[]): SearchParams[] {
  const fixed = sets.map(readSet);
  if (sweeps.length === 0) return fixed.length ? fixed : [{}];
  const product = sweeps.map(readSweep).reduce<SearchParams[]>((all, { name, values }) => all.flatMap((params) => values.map((value) => ({ ...params, [name]: value }))), [{}]);
  return [...fixed, ...product];
}

function readSet(text: string): SearchParams {
  const params: SearchParams = {};
  for (const part of text.split(/[,\s]+/).filter(Boolean)) {
    const [name = '', value = ''] = part.split('=');
    params[nameOf(name)] = valueOf(name, value);
  }
  return params;
}

function readSweep(text: string): { name: Name; values: number[] } {
  const [name = '', list = ''] = text.split('=');
  return { name: nameOf(name), values: list.split(',').map((value) => valueOf(name, value)) };
}

const isInner = (text: string): text is Inner => text.startsWith('quantizer_');

function nameOf(text: string): Name {
  const plain = text.replace(/^(quantizer_)+/, ''), known = names.find((name) => name === plain);
  if (!known) return refuse(`"${text}" is not a search parameter. Those known: ${names.join(', ')}, and quantizer_ before any of them.`);
  return isInner(text) ? text : known;
}

function valueOf(name: string, text: string): number {
  const value = Number(text);
  return text !== '' && Number.isInteger(value) && value >= 1 ? value : refuse(`${name} takes a whole number from 1, not "${text}"`);
}
