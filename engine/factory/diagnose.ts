import { atEnd, cursor } from './reader';
import { CODECS_AT, PRODUCTIONS, TRANSFORMS } from './grammar';
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
  const foreign = foreigner(text);
  if (foreign !== null) return { from, to: comma, message: foreign };
  const hash = spectral(s, from, to);
  if (hash !== null) return hash;
  const coarse = readCoarse(s, from, comma) ?? (residual(text) ? text : null);
  if (comma === to) return { from, to, message: coarse ? unfinished(s, from, text) : isTransform(text) ? say.needsIndex(text) : strange(text) };
  if (coarse) return fine(s, comma, to, text);
  if (isAlone(text)) return { from: comma, to, message: following(text, s.slice(comma, to)) };
  return { from, to: comma, message: strange(text) };
}

/** What other languages, and other builds of Faiss, call an index. */
function foreigner(text: string): string | null {
  if (/^B(?:Flat|IVF|HNSW|Hash)/.test(text)) return say.binaryString(text);
  if (/^(?:IVF\d+_)?SVS/.test(text)) return say.svs(text);
  return /^(?:QINCo|NNDescent|Cagra|CAGRA)/.test(text) ? say.noName(text) : null;
}

/** A spectral hash without cells: its transform was taken for one of a chain. */
function spectral(s: string, from: number, to: number): Diagnosis | null {
  const start = Math.max(s.lastIndexOf(',', from - 2), s.lastIndexOf('(', from - 2)) + 1;
  const text = s.slice(start, to);
  return s.startsWith('SH', from) && start < from && isFine(text) ? { from: start, to, message: say.needsCoarse(text) } : null;
}

/** A coarse quantizer, and nothing after it. */
function unfinished(s: string, from: number, text: string): string {
  const around = /IVF\d+[kM]?(?=\($)/.exec(s.slice(0, from))?.[0];
  if (residual(text)) return say.needsProduct(text);
  return around !== undefined && text.startsWith('IMI') ? say.ownCells(text, around) : say.needsCode(text);
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
  if (/^Refine(?:Panorama)?\(\)$/.test(term)) return say.unknown('');
  return near && head(term) !== head(near.word) ? mistyped(term, near) : say.nothingFollows(text, rest);
}

function notACode(coarse: string, rest: string): string {
  if (residual(coarse)) return say.needsProduct(coarse);
  if (/^(HNSW|NSG)\d*$/.test(rest) && /^IVF\d+[kM]?$/.test(coarse)) return say.ivfHnsw(coarse, rest);
  const near = nearest(rest);
  if (near?.word === rest && near.term !== rest && CODECS_AT.fine.some((p) => rest in p.words)) return say.missingNumber(rest);
  if (near && CODECS_AT.fine.some((p) => p.name === near.word) && head(rest) !== near.word) return mistyped(rest, near);
  if (isCoarseCode(rest)) return say.findsCells(rest, coarse);
  return isAlone(rest) || residual(rest) ? say.alone(rest, coarse) : say.notACode(rest, coarse);
}

/** What is wrong with the storage of a graph. */
export function notAStorage(text: string, graph: string): string {
  const near = nearest(text);
  return near?.word === text && near.term !== text ? say.missingNumber(text) : say.notAStorage(text, graph);
}

const isCoarseCode = (text: string): boolean => /^(?:RCQ|LSCQ)\d/.test(text);

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
  return text.startsWith(near.word) ? spelled(text, near.word) : say.unknown(text);
}

/** How the words that need a neighbour are written. */
const AROUND: { [word: string]: string } = { RFlat: 'IVF256,SQ4,RFlat', Refine: 'IVF256,SQ4,Refine(SQ8)', RefinePanorama: 'SQ4,RefinePanorama(FlatL2Panorama8_1)', L2norm: 'L2norm,Flat' };

/** Letter case is named; what a slip stands for, the string that mends it says. */
function mistyped(text: string, { word }: { word: string }): string {
  if (text.startsWith(word)) return spelled(text, word);
  if (text.toLowerCase().startsWith(word.toLowerCase())) return say.letterCase(text.slice(0, word.length), word);
  return head(text).toLowerCase() === head(word).toLowerCase() && head(text) !== head(word) ? say.letterCase(head(text), head(word)) : say.unknown(text);
}

/** How a word goes on, where that can be said in a line. */
function spelled(text: string, word: string): string {
  const entry = PRODUCTIONS.find(({ words }) => word in words);
  return entry && entry.syntax.length <= SYNTAX_CAP ? say.spelled(text, word, entry.syntax) : say.unknown(text);
}
const SYNTAX_CAP = 80;

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
