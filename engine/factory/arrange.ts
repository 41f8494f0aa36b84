import type { Spec } from './spec';
import { blocksOf } from './blocks';
import type { Fit } from './check';
import { completionsAt } from './completions';
import { costOf } from './cost';
import { gate } from './edit';
import { parse } from './read';
import { writeFactory } from './write';

/** Whole terms put in, taken out, exchanged and moved: (tree, place) → tree, or null where no legal string comes of it.
 *  A stack is a list of terms with commas between them, so each is one cut in the printed string, read and checked again. */

export type Offer = {
  text: string;
  meaning: string;
  spec: Spec;
  /** Bytes one vector would then take: what grows with n, lists' ids and links included. */
  bytesPerVector: number;
};

/** What a vector adds to an index of any size. */
export const bytesPerVector = (spec: Spec, { d, metric }: Fit): number =>
  (costOf(spec, d, 2e9, metric).totalBytes - costOf(spec, d, 1e9, metric).totalBytes) / 1e9;

/** Terms that may stand in gap `gap` of the string: 0 before the first, blocks.length behind the last. */
export const offersAt = (spec: Spec, gap: number, fit: Fit): Offer[] => {
  const { text, ranges } = layout(spec, fit);
  const before = ranges[gap];
  return before === undefined
    ? offers(spec, `${text},`, text.length + 1, text.length + 1, '', fit)
    : offers(spec, text, before.from, before.from, ',', fit);
};

/** Could anything stand there? One term of each role is tried; all of them are among the offers. */
export const opensAt = (spec: Spec, gap: number, fit: Fit): boolean => {
  const { text, ranges } = layout(spec, fit);
  const before = ranges[gap];
  const allowed = gate(spec, fit);
  return ['L2norm', 'IVF256', 'HNSW32', 'SQ8', 'RFlat', 'IDMap'].some((term) => {
    const next = read(before === undefined ? `${text},${term}` : `${text.slice(0, before.from)}${term},${text.slice(before.from)}`);
    return next !== null && allowed(next);
  });
};

/** Terms that may stand instead of a block's own. */
export const insteadOf = (spec: Spec, path: string, fit: Fit): Offer[] => {
  const { text, ranges } = layout(spec, fit);
  const here = ranges.find((range) => range.path === path);
  return here ? offers(spec, text, here.from, here.to, '', fit) : [];
};

export function without(spec: Spec, path: string, fit: Fit): Spec | null {
  const { text, ranges } = layout(spec, fit);
  const here = ranges.find((range) => range.path === path);
  if (!here || ranges.length < 2) return null;
  const rest = here.from === 0 ? text.slice(here.to + 1) : text.slice(0, here.from - 1) + text.slice(here.to);
  return passing(spec, rest, fit);
}

/** The block changes places with the one before (−1) or behind it (1), in the order of the string. */
export function moved(spec: Spec, path: string, by: -1 | 1, fit: Fit): Spec | null {
  const { text, ranges } = layout(spec, fit);
  const i = ranges.findIndex((range) => range.path === path);
  const [first, second] = by < 0 ? [ranges[i - 1], ranges[i]] : [ranges[i], ranges[i + 1]];
  if (i < 0 || !first || !second) return null;
  const word = ({ from, to }: Range) => text.slice(from, to);
  const swapped = text.slice(0, first.from) + word(second) + text.slice(first.to, second.from) + word(first) + text.slice(second.to);
  return swapped === text ? null : passing(spec, swapped, fit);
}

type Range = { path: string; from: number; to: number };

/** The printed string and where its blocks stand in it, first to last. A graph stands before what it links, though a
 *  vector passes it after; parentheses belong to the term that opens them. */
function layout(spec: Spec, { d, metric }: Fit): { text: string; ranges: Range[] } {
  const text = writeFactory(spec);
  const { tokens } = parse(text, true);
  const ranges = blocksOf(spec, d, metric).flatMap(({ path }) => {
    const own = tokens.filter((token) => token.path === path);
    return own.length === 0 ? [] : [{ path, from: Math.min(...own.map(({ from }) => from)), to: Math.max(...own.map(({ to }) => to)) }];
  });
  return { text, ranges: ranges.sort((a, b) => a.from - b.from) };
}

const read = (text: string): Spec | null => parse(text, true).spec;

function passing(before: Spec, text: string, fit: Fit): Spec | null {
  const after = read(text);
  return after && gate(before, fit)(after) ? after : null;
}

/** Completions at `from` that leave a legal string when they take the place of [from, to). */
function offers(spec: Spec, text: string, from: number, to: number, after: string, fit: Fit): Offer[] {
  const allowed = gate(spec, fit);
  const present = writeFactory(spec);
  return completionsAt(text, from, fit).flatMap(({ text: term, meaning }) => {
    const next = read(`${text.slice(0, from)}${term}${after}${text.slice(to)}`);
    if (!next || !allowed(next) || writeFactory(next) === present) return [];
    return [{ text: term, meaning, spec: next, bytesPerVector: bytesPerVector(next, fit) }];
  });
}
