import { atEnd, cursor } from './reader';
import { CODECS_AT, ENTRIES, TRANSFORMS } from './grammar';
import { readCoarse } from './terms/coarse';
import { isCall } from './paste';
import { readPanorama, readResidual } from './terms/around';
import { BEGINNINGS, head, nearest } from './words';
import { say } from './problems';

type Diagnosis = { from: number; to: number; message: string };

/** What is wrong with s[from, to), which no pattern took: the narrowest place, and a sentence. */
export function diagnose(s: string, from: number, to: number): Diagnosis {
  if (from >= to) return { from: Math.max(0, from - 1), to: Math.max(to, from), message: s === '' ? say.empty() : say.unknown('') };
  if (isCall(s)) return { from: 0, to: s.length, message: say.pastedCall() };
  const blank = s.slice(from, to).search(/\s/);
  if (blank >= 0) return { from: from + blank, to: from + blank + 1, message: say.blank() };
  const open = s.indexOf('(', from);
  const close = s.indexOf(')', from);
  if (close >= 0 && close < to && (open < 0 || close < open)) return { from: close, to: close + 1, message: say.unbalanced() };
  const comma = firstComma(s, from, to);
  const text = s.slice(from, comma);
  const coarse = readCoarse(s, from, comma) ?? (residual(text) ? text : null);
  if (comma === to) return { from, to, message: coarse ? say.needsCode(text) : isTransform(text) ? say.needsIndex(text) : strange(text) };
  if (coarse) return fine(s, comma, to, text);
  if (isAlone(text)) return { from: comma, to, message: following(text, s.slice(comma, to)) };
  return { from, to: comma, message: strange(text) };
}

/** The first comma outside of parentheses, or `to`. */
function firstComma(s: string, from: number, to: number): number {
  let depth = 0;
  for (let i = from; i < to; i++) {
    const ch = s.charAt(i);
    if (ch === '(') depth++;
    else if (ch === ')') depth--;
    else if (ch === ',' && depth === 0) return i;
  }
  return to;
}

/** What is wrong after a coarse quantizer and its comma: the code, or what follows the code. */
function fine(s: string, comma: number, to: number, coarse: string): Diagnosis {
  const rest = s.slice(comma + 1, to);
  const next = firstComma(s, comma + 1, to);
  const code = s.slice(comma + 1, next);
  if (next < to && isFine(code)) return { from: next, to, message: following(code, s.slice(next, to)) };
  return { from: rest === '' ? comma : comma + 1, to, message: notACode(coarse, rest) };
}

/** `rest` begins with a comma and stands behind a complete term. */
function following(text: string, rest: string): string {
  const term = rest.slice(1);
  const near = nearest(term);
  return near && head(term) !== head(near.word) ? mistyped(term, near) : say.nothingFollows(text, rest);
}

function notACode(coarse: string, rest: string): string {
  if (/^(HNSW|NSG)\d*$/.test(rest)) return say.ivfHnsw(coarse, rest);
  const near = nearest(rest);
  if (near && CODECS_AT.fine.some((p) => p.name === near.word) && head(rest) !== near.word) return mistyped(rest, near);
  return say.notACode(rest, coarse);
}

function strange(text: string): string {
  if (text.includes('(')) return say.misplacedParenthesis();
  if (isFine(text)) return say.needsCoarse(text);
  const near = nearest(text);
  if (!near) return say.unknown(text);
  if (text === near.word) return near.term === near.word ? say.around(text, AROUND[text] ?? `${text},Flat`) : say.missingNumber(text);
  if (head(text) !== head(near.word)) return mistyped(text, near);
  for (const match of text.slice(1).matchAll(new RegExp(BEGINNINGS, 'g'))) {
    const left = text.slice(0, match.index + 1);
    if (readCoarse(left, 0, left.length) || isTransform(left) || isAlone(left)) return say.missingComma(left, text.slice(left.length));
  }
  const entry = ENTRIES.find(({ name }) => name === near.word);
  return entry ? say.spelled(text, near.word, entry.syntax) : say.unknownNear(text, near.term);
}

/** How the words that need a neighbour are written. */
const AROUND: { [word: string]: string } = { RFlat: 'IVF256,PQ16,RFlat', Refine: 'IVF256,PQ16,Refine(SQ8)', RefinePanorama: 'PQ16,RefinePanorama(FlatL2Panorama8_1)', L2norm: 'L2norm,Flat' };

const mistyped = (text: string, { word, term }: { word: string; term: string }): string =>
  head(text).toLowerCase() === head(word).toLowerCase() ? say.letterCase(head(text), head(word)) : say.unknownNear(text, term);

const isTransform = (text: string): boolean => Object.values(TRANSFORMS).some((production) => {
  const c = cursor(text);
  return production.read(c) !== null && atEnd(c);
});

const isFine = (text: string): boolean => CODECS_AT.fine.some((production) => {
  const c = cursor(text);
  return production.read(c, 'fine') !== null && atEnd(c);
});

const isAlone = (text: string): boolean => text === 'Flat' || whole(text, readPanorama) || CODECS_AT.alone.some((production) => {
  const c = cursor(text);
  return production.read(c, 'alone') !== null && atEnd(c);
});

function whole(text: string, read: (c: ReturnType<typeof cursor>) => unknown): boolean {
  const c = cursor(text);
  return Boolean(read(c)) && atEnd(c);
}

const residual = (text: string): boolean => whole(text, readResidual);
