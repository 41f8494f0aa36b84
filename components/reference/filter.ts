import { blocksOf, readFactory, type Manual } from '@/engine/factory';

/** Groups of the reference, in reading order. */
export const GROUPS = [
  { key: 'transform', title: 'Transforms', about: 'Change vectors before anything else sees them; several may be chained.' },
  { key: 'coarse', title: 'Coarse quantizers', about: 'Cut space into cells; a search visits only some. A code follows after a comma.' },
  { key: 'code', title: 'Codes', about: 'What is kept of a vector, and what it costs in bytes.' },
  { key: 'graph', title: 'Graphs', about: 'Link vectors with near ones; a search walks the links.' },
  { key: 'refine', title: 'Refinement', about: 'Ask an index for more than is wanted, and rank again by something finer.' },
  { key: 'wrapper', title: 'Wrappers', about: 'Stand around an index and change how vectors go in or come out.' },
  { key: 'binary', title: 'Binary', about: 'A language of its own, for vectors of d bits and Hamming distance.' },
] as const;

export const groupOf = ({ binary, entry }: Manual): string => (binary ? 'binary' : entry.role);

/** The address of a term: its name, less what a fragment would have to escape. */
export const anchorOf = (name: string): string => name.replaceAll('+', 'plus').replace('(…)', '-index');

/** Terms that answer what was typed: the terms of a whole string, else those whose name has the text, else whose words do. */
export function matches(terms: readonly Manual[], typed: string): Manual[] {
  const text = typed.trim().toLowerCase();
  if (text === '') return [...terms];
  const { spec } = readFactory(typed.trim());
  const names = spec && typed.includes(',') ? new Set(blocksOf(spec, 128, 'L2').map((block) => block.name)) : null;
  if (names) return terms.filter((term) => !term.binary && names.has(term.entry.name));
  const named = terms.filter(({ entry }) => entry.name.toLowerCase().includes(text) || Object.keys(entry.parts).some((part) => part.toLowerCase() === text));
  return named.length > 0 ? named : terms.filter((term) => wordsOf(term).includes(text));
}

const wordsOf = ({ entry, knobs }: Manual): string =>
  [entry.syntax, entry.meaning, entry.limits, entry.builds, entry.training, ...Object.values(entry.parts), entry.paper, ...knobs.map((knob) => knob.name)].join('\n').toLowerCase();
