import type { Metric } from './spec';
import type { Entry, Role } from './production';
import { PRODUCTIONS } from './grammar';
import { blocksOf, type Block } from './blocks';
import { parse } from './read';
import { checkSpec } from './check';
import { chainDims } from './cost';
import type { Problem } from './problems';

/** Something that can legally follow: `text` replaces [from, position). */
export type Completion = {
  text: string;
  from: number;
  meaning: string;
  /** What it costs a vector: the bytes of a code or after a transform, or what a cell number, links, a refinement add. */
  cost: { bytes: number; added: boolean } | null;
};

/** What can stand at `position`, given what is before it. Every offer is tried on the reader and the checks, so none is refused. */
export function completionsAt(s: string, position: number, { d, metric }: { d: number; metric: Metric }): Completion[] {
  const before = s.slice(0, position);
  if (before.length > TYPED_CAP) return [];
  const from = Math.max(before.lastIndexOf(','), before.lastIndexOf('('), -1) + 1;
  const typed = before.slice(from).toLowerCase();
  const start = before.slice(0, from);
  const here = dimensionIn(start, d);
  return offers(here).flatMap(({ text, entry }) => {
    if (!text.toLowerCase().startsWith(typed)) return [];
    const ending = endingOf(start + text, d, metric);
    return ending === null ? [] : [{ text, from, meaning: entry.meaning, cost: costIn(start, text, ending, dimensionAround(start, d), metric) }];
  });
}
const TYPED_CAP = 300;

/** Cells and codes first, as most strings begin with them. */
const ORDER: readonly Role[] = ['coarse', 'code', 'graph', 'transform', 'refine', 'wrapper'];

function offers(d: number): { text: string; entry: Entry }[] {
  const seen = new Set<string>();
  return ORDER.flatMap((role) => PRODUCTIONS.filter((entry) => entry.role === role)).flatMap((entry) =>
    entry.offers(d).flatMap((text) => (seen.has(text) || !seen.add(text) ? [] : [{ text, entry }])));
}

/** Where the last open parenthesis begins; −1 where none is open. */
function openIn(text: string): number {
  let depth = 0;
  for (let i = text.length - 1; i >= 0; i--) {
    if (text[i] === ')') depth++;
    else if (text[i] === '(' && depth-- === 0) return i;
  }
  return -1;
}

/** Dimensions where `start` ends: what the transforms in front leave. */
function dimensionIn(start: string, d: number): number {
  const given = dimensionAround(start, d);
  const { spec } = parse(`${start.slice(openIn(start) + 1)}Flat`, true);
  return spec?.kind === 'PreTransform' ? chainDims(spec.chain, given).at(-1) ?? given : given;
}

/** Dimensions of what the index around gives to the one that begins at the last open parenthesis: IVF( ) hands its own on,
 *  a refinement sees the vectors before any transform. */
function dimensionAround(start: string, d: number): number {
  const open = openIn(start);
  if (open < 0) return d;
  const outer = start.slice(0, open);
  return /(?:^|[,(])IVF\d+[kM]?$/.test(outer) ? dimensionIn(outer.slice(0, outer.lastIndexOf('IVF')), d) : dimensionAround(outer, d);
}

/** What makes an index of the text, '' where it is one; null where nothing short does. */
function endingOf(text: string, d: number, metric: Metric): string | null {
  const depth = [...text].reduce((sum, ch) => sum + (ch === '(' ? 1 : ch === ')' ? -1 : 0), 0);
  const close = ')'.repeat(Math.max(0, depth));
  const endings = depth > 0
    ? [close, `${close},Flat`, `Flat${close}`, `Flat${close},Flat`, `,Flat${close}`, `,Flat${close},Flat`]
    : ['', ',Flat', ',PQ1', ',SQ8'];
  return endings.find((ending) => {
    const { spec, tokens } = parse(text + ending, true);
    // Within parentheses an index has a duty, and what cannot do it is no offer; by itself it may be what one wants to look at.
    const fails = (p: Problem) => p.kind === 'refused' || (depth > 0 && p.kind === 'unusable');
    return spec !== null && !checkSpec(spec, text + ending, tokens, { d, metric }).some(fails);
  }) ?? null;
}

/** The block that the term becomes, in the index it is a term of: an open parenthesis holds an index of its own. */
function costIn(start: string, text: string, ending: string, d: number, metric: Metric): Completion['cost'] {
  const own = start.slice(openIn(start) + 1);
  const whole = `${own}${text}${ending.split(')')[0] ?? ''}`;
  const { spec, tokens } = parse(whole, true);
  const token = tokens.find(({ from }) => from === own.length);
  if (!spec || !token) return null;
  const block = blocksOf(spec, d, metric).find(({ path }) => path === token.path);
  return block ? costOfBlock(block) : null;
}

function costOfBlock({ role, bytesIn, bytesOut, idBytes }: Block): Completion['cost'] {
  if (role === 'transform' || role === 'code') return { bytes: bytesOut, added: false };
  return { bytes: role === 'coarse' ? idBytes : bytesOut - bytesIn, added: true };
}
