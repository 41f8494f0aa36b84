import { atEnd, cursor } from './reader';
import { CODECS_AT, TRANSFORMS } from './grammar';
import { readCoarse } from './terms/coarse';
import { readPanorama, readResidual } from './terms/around';
import { head, nearest } from './words';
import { say } from './problems';

type Diagnosis = { from: number; to: number; message: string };

/** What is wrong with s[from, to), which no pattern took: the narrowest place, and a sentence. */
export function diagnose(s: string, from: number, to: number): Diagnosis {
  if (from >= to) return { from: Math.max(0, from - 1), to: Math.max(to, from), message: s === '' ? say.empty() : say.unknown('') };
  const call = /index_(?:binary_)?factory\s*\(/.exec(s);
  if (call) return { from: 0, to: s.length, message: say.pastedCall() };
  const blank = s.slice(from, to).search(/\s/);
  if (blank >= 0) return { from: from + blank, to: from + blank + 1, message: say.blank() };
  const open = s.indexOf('(', from);
  const close = s.indexOf(')', from);
  if (close >= 0 && close < to && (open < 0 || close < open)) return { from: close, to: close + 1, message: say.unbalanced() };
  const comma = firstComma(s, from, to);
  const text = s.slice(from, comma);
  const coarse = readCoarse(s, from, comma) ?? (residual(text) ? text : null);
  if (comma === to) return { from, to, message: coarse ? say.needsCode(text) : isTransform(text) ? say.needsIndex(text) : strange(text) };
  const rest = s.slice(comma + 1, to);
  if (coarse) return { from: rest === '' ? comma : comma + 1, to, message: notACode(text, rest) };
  if (isAlone(text)) return { from: comma, to, message: say.nothingFollows(text, s.slice(comma, to)) };
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

function notACode(coarse: string, rest: string): string {
  if (/^(HNSW|NSG)\d*$/.test(rest)) return say.ivfHnsw(coarse, rest);
  const near = nearest(rest);
  if (near && CODECS_AT.fine.some((p) => p.name === near.word) && head(rest) !== near.word) return mistyped(rest, near);
  return say.notACode(rest, coarse);
}

function strange(text: string): string {
  if (text.includes('(')) return say.misplacedParenthesis();
  const near = nearest(text);
  if (!near) return say.unknown(text);
  if (text === head(text) && text === near.word && near.term !== near.word) return say.missingNumber(text);
  if (head(text) !== head(near.word)) return mistyped(text, near);
  const next = text.slice(1).search(/(IVF|IMI|HNSW|NSG|OPQ|PQ|SQ|Flat|RFlat|Refine)/);
  return next >= 0 ? say.missingComma(text.slice(0, next + 1), text.slice(next + 1)) : say.unknownNear(text, near.term);
}

const mistyped = (text: string, { word, term }: { word: string; term: string }): string =>
  head(text).toLowerCase() === head(word).toLowerCase() ? say.letterCase(head(text), head(word)) : say.unknownNear(text, term);

const isTransform = (text: string): boolean => Object.values(TRANSFORMS).some((production) => {
  const c = cursor(text);
  return production.read(c) !== null && atEnd(c);
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
