import type { CodecSpec, Spec, TransformSpec } from './spec';
import { atEnd, count, cursor, eat, eatOne, type Cursor } from './reader';
import type { Place, Role } from './production';
import { codecOf, CODECS_AT, TRANSFORMS } from './grammar';
import { readCoarse } from './terms/coarse';
import { readCoarseCodes, readPanorama, readResidual } from './terms/around';
import { diagnose, notAStorage } from './diagnose';
import { mend } from './mend';
import { say, type Problem } from './problems';

/** A term as it stands in the text. `path` is its node in the tree: 'index.coarse', 'chain.0', '' for the root. */
export type Token = { from: number; to: number; role: Role; text: string; path: string };
export type Reading<S = Spec> = { spec: S | null; tokens: Token[]; problems: Problem[] };

/** Faiss reads 18 000 characters and dies at 36 000 nested or 100 000 plain ones; beyond this we do not look. */
export const LENGTH_CAP = 32768;
/** Indexes inside one another. Faiss manages 3 000 maps of ids and 200 parentheses, and dies of 3 000 of those. */
export const DEPTH_CAP = 3200;
export const NESTING_CAP = 500;

type State = {
  s: string; tokens: Token[]; problems: Problem[];
  depth: number;
  /** Refinements and parentheses that are open. */
  nesting: number;
  /** Only whether it reads is asked, not why it does not. */
  quiet: boolean;
};
const start = (s: string, quiet: boolean): State => ({ s, tokens: [], problems: [], depth: 0, nesting: 0, quiet });

/** Reads a factory string in the order Faiss tries its patterns. Tokens cover what could be read, even where the rest is wrong. */
export function readFactory(s: string): Reading {
  const reading = parse(s);
  const [problem] = reading.problems;
  if (problem && s.length <= MEND_CAP && !isNumber(s.slice(problem.from, problem.to))) {
    const fix = mend(s, (t) => parse(t, true).spec !== null);
    if (fix !== null) Object.assign(problem, { fix, message: naming(problem, s, fix) });
  }
  return reading;
}

/** What is unknown may be a slip for what the mended string has in its place. */
function naming({ from, to, message }: Problem, s: string, fix: string): string {
  const text = s.slice(from, to), end = fix.length - (s.length - to);
  const local = end > from && fix.startsWith(s.slice(0, from)) && fix.endsWith(s.slice(to));
  return local && message === say.unknown(text) ? say.unknownNear(text, fix.slice(from, end)) : message;
}
const MEND_CAP = 300;
/** A number that is too large cannot be guessed. */
const isNumber = (text: string): boolean => /^\d+$/.test(text);

export const at = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

export function parse(s: string, quiet = false): Reading {
  if (s.length > LENGTH_CAP) return { spec: null, tokens: [], problems: [problem(LENGTH_CAP, s.length, say.tooLong(s.length, LENGTH_CAP))] };
  const r = start(s, quiet);
  const spec = readIndex(r, 0, s.length, '');
  r.tokens.sort((a, b) => a.from - b.from);
  return { spec: r.problems.length > 0 ? null : spec, tokens: r.tokens, problems: r.problems };
}

const problem = (from: number, to: number, message: string): Problem => ({ from, to, message, kind: 'refused' });

function fail(r: State, from: number, to: number, message: string): null {
  r.problems.push(problem(from, to, message));
  return null;
}

function token(r: State, from: number, to: number, role: Role, path: string): void {
  r.tokens.push({ from, to, role, text: r.s.slice(from, to), path });
}

/** factory → what stands around it, outermost first: IDMap2, IDMap, RefinePanorama, RFlat, Refine; then transforms; then a core. */
function readIndex(r: State, from: number, to: number, path: string): Spec | null {
  if (++r.depth > DEPTH_CAP) return fail(r, from, to, say.tooDeep(DEPTH_CAP));
  const spec = readIdMap(r, from, to, path) ?? readRefine(r, from, to, path) ?? readChain(r, from, to, path);
  r.depth--;
  return spec === WRONG ? null : spec;
}

/** A wrapper was recognised and what it holds could not be read: no other pattern is tried. */
const WRONG: unique symbol = Symbol('wrong');
type Tried = Spec | typeof WRONG | null;

// IDMap → "IDMap," factory | factory ",IDMap"       IDMap,PQ16 · HNSW32,IDMap2
/** Maps of maps are read in a loop: Faiss takes thousands of them, which a stack might not. */
function readIdMap(r: State, from: number, to: number, path: string): Tried {
  const versions: (1 | 2)[] = [];
  for (;;) {
    const map = idMapAt(r.s, from, to);
    if (!map) break;
    if (r.depth + versions.length >= DEPTH_CAP) return fail(r, from, to, say.tooDeep(DEPTH_CAP)) ?? WRONG;
    token(r, map.at, map.at + map.word.length, 'wrapper', path);
    versions.push(map.version);
    path = at(path, 'index');
    if (map.at === from) from += map.word.length + 1;
    else to = map.at - 1;
  }
  if (versions.length === 0) return null;
  const index = readIndex(r, from, to, path);
  return index ? versions.reduceRight<Spec>((inside, version) => ({ kind: 'IDMap', version, index: inside }), index) : WRONG;
}

/** The word that makes s[from, to) a map of ids; behind before in front. */
function idMapAt(s: string, from: number, to: number): { word: string; version: 1 | 2; at: number } | null {
  for (const version of [2, 1] as const) {
    const word = version === 2 ? 'IDMap2' : 'IDMap';
    if (to - from <= word.length + 1) continue;
    if (s.endsWith(`,${word}`, to)) return { word, version, at: to - word.length };
    if (s.startsWith(`${word},`, from)) return { word, version, at: from };
  }
  return null;
}

// Refine → factory ",RFlat" | factory ",Refine(" factory ")" | factory ",RefinePanorama(" factory ")"
//                                                   IVF256,PQ16,RFlat · IVF256,PQ16,Refine(SQ8)
function readRefine(r: State, from: number, to: number, path: string): Tried {
  if (r.s.endsWith(',RFlat', to) && to - from > 6) {
    token(r, to - 5, to, 'refine', path);
    const base = readInside(r, from, to - 6, at(path, 'base'));
    return base ? { kind: 'Refine', base, refine: { kind: 'Flat' }, exact: true } : WRONG;
  }
  if (!r.s.endsWith(')', to)) return null;
  for (const kind of ['RefinePanorama', 'Refine'] as const) {
    const opens = `,${kind}(`;
    // The base is as long as possible, so the last place where the refinement could begin; it holds at least a character.
    const comma = r.s.lastIndexOf(opens, to - 2 - opens.length);
    if (comma <= from) continue;
    const inside = comma + opens.length;
    if (comma - from <= MEND_CAP && openParenthesis(r.s, from, comma)) {
      fail(r, comma + 1, to, say.splitRefine());
      return WRONG;
    }
    token(r, comma + 1, inside, 'refine', path);
    token(r, to - 1, to, 'refine', path);
    const base = readInside(r, from, comma, at(path, 'base'));
    const refine = readInside(r, inside, to - 1, at(path, 'refine'));
    if (!base || !refine) return WRONG;
    return kind === 'Refine' ? { kind, base, refine, exact: false } : { kind, base, refine };
  }
  return null;
}

/** Is one open in s[from, to) after which all before `to` stands inside of it? */
function openParenthesis(s: string, from: number, to: number): boolean {
  let depth = 0;
  for (let i = to - 1; i >= from; i--) {
    const ch = s.charCodeAt(i);
    if (ch === 41) depth++;
    else if (ch === 40 && depth-- === 0) return true;
  }
  return false;
}

function readInside(r: State, from: number, to: number, path: string): Spec | null {
  if (++r.nesting > NESTING_CAP) return fail(r, from, to, say.tooDeep(NESTING_CAP));
  const spec = readIndex(r, from, to, path);
  r.nesting--;
  return spec;
}

// chain → { transform "," } factory                 OPQ16,IVF256,PQ16 · L2norm,PCA64,Flat
function readChain(r: State, from: number, to: number, path: string): Tried {
  const chain: TransformSpec[] = [];
  for (let comma = r.s.indexOf(',', from); comma >= 0 && comma < to; comma = r.s.indexOf(',', from)) {
    const transform = readTransform(r, from, comma);
    if (!transform) break;
    token(r, from, comma, 'transform', at(path, `chain.${chain.length}`));
    chain.push(transform);
    from = comma + 1;
  }
  if (chain.length === 0) return readCore(r, from, to, path);
  const index = readIndex(r, from, to, at(path, 'index'));
  return index && { kind: 'PreTransform', chain, index };
}

function readTransform(r: State, from: number, to: number): TransformSpec | null {
  for (const production of Object.values(TRANSFORMS)) {
    const c = cursor(r.s, from, to);
    const transform = production.read(c);
    if (transform && atEnd(c)) return checked(r, c, transform);
  }
  return null;
}

/** A term that was read, unless a number in it is too large for Faiss. */
function checked<T>(r: State, c: Pick<Cursor, 'overflow'>, term: T): T {
  if (c.overflow) fail(r, c.overflow.from, c.overflow.to, say.numberTooLarge(r.s.slice(c.overflow.from, c.overflow.to)));
  return term;
}

/** core → basic | graph | minmax | coarse "," fine | residual ",PQ" … */
function readCore(r: State, from: number, to: number, path: string): Spec | null {
  const open = r.s.indexOf('(', from);
  const close = open >= 0 && open < to ? partner(r.s, open, to) : from;
  if (close < 0) return readUnclosed(r, from, open, to, path);
  if (close === from) {
    const whole = readBasic(r, from, to, path) ?? readGraph(r, from, to, path);
    if (whole) return whole === WRONG ? null : whole;
  }
  const minmax = readMinMax(r, from, to, path, close > from ? open : null);
  if (minmax) return minmax === WRONG ? null : minmax;
  return readCells(r, from, to, path, close);
}

/** The parenthesis that closes the one at `open`, or −1. */
function partner(s: string, open: number, to: number): number {
  let depth = 0;
  for (let i = open; i < to; i++) {
    const ch = s.charCodeAt(i);
    if (ch === 40) depth++;
    else if (ch === 41 && --depth === 0) return i;
  }
  return -1;
}

function readUnclosed(r: State, from: number, open: number, to: number, path: string): null {
  if (readCoarse(r.s, from, open)) token(r, from, open, 'coarse', at(path, 'coarse'));
  return fail(r, open, Math.min(open + 1, to), say.unbalanced());
}

function readBasic(r: State, from: number, to: number, path: string): Spec | null {
  if (r.s.startsWith('Flat', from) && to - from === 4) {
    token(r, from, to, 'code', path);
    return { kind: 'Flat' };
  }
  for (const read of [readPanorama, (c: Cursor) => readCoarseCodes(c, readAlone)]) {
    const c = cursor(r.s, from, to);
    const spec = read(c);
    if (!spec || !atEnd(c)) continue;
    token(r, from, to, spec.kind === 'Panorama' ? 'code' : 'coarse', path);
    return checked(r, c, spec);
  }
  const codec = readCodec(r, from, to, 'alone', at(path, 'codec'));
  return codec && { kind: 'Codes', codec };
}

function readAlone(text: string): Spec | null {
  const codec = readCodec(start(text, true), 0, text.length, 'alone', '');
  return codec && { kind: 'Codes', codec };
}

function readCodec(r: State, from: number, to: number, place: Place, path: string): CodecSpec | null {
  for (const production of CODECS_AT[place]) {
    const c = cursor(r.s, from, to);
    const codec = production.read(c, place);
    if (!codec || !atEnd(c)) continue;
    if (to > from) token(r, from, to, codecOf(codec).role, path);
    return checked(r, c, codec);
  }
  return null;
}

// graph → ("HNSW" [ M ] | "NSG" [ R ]) [ ("," | "_") storage ]          HNSW32 · NSG32,SQ8
function readGraph(r: State, from: number, to: number, path: string): Tried {
  const c = cursor(r.s, from, to);
  const kind = eatOne(c, ['HNSW', 'NSG'] as const);
  if (!kind) return null;
  const links = count(c) ?? 32;
  const named = c.at;
  if (!atEnd(c) && !eat(c, ',') && !eat(c, '_')) return null;
  token(r, from, named, 'graph', path);
  checked(r, c, null);
  const storage = readCodec(r, c.at, to, kind, at(path, 'storage'));
  if (!storage) {
    fail(r, c.at, to, notAStorage(r.s.slice(c.at, to), r.s.slice(from, named)));
    return WRONG;
  }
  return kind === 'HNSW' ? { kind, M: links, storage } : { kind, R: links, storage };
}

// MinMax → ("MinMax," | "MinMaxFP16,") factory      MinMax,SQ8 · MinMaxFP16,PQ16
function readMinMax(r: State, from: number, to: number, path: string, parenthesis: number | null): Tried {
  const c = cursor(r.s, from, to);
  const half = eat(c, 'MinMaxFP16,');
  if (!half && !eat(c, 'MinMax,')) return null;
  token(r, from, c.at - 1, 'wrapper', path);
  if (parenthesis !== null) {
    fail(r, parenthesis, parenthesis + 1, say.parenthesisInMinMax());
    return WRONG;
  }
  const index = readIndex(r, c.at, to, at(path, 'index'));
  return index ? { kind: 'MinMax', half, index } : WRONG;
}

// cells → coarse "," fine | residual ",PQ" M [ "x" nbits ]              IVF256,PQ16 · Residual256,PQ16
function readCells(r: State, from: number, to: number, path: string, close: number): Spec | null {
  const found = r.s.indexOf(',', close);
  const comma = found >= 0 && found < to ? found : to;
  const residual = readResidualAt(r, from, comma, to, path);
  if (residual) return residual === WRONG ? null : residual;
  const head = readCoarse(r.s, from, comma);
  if (!head) return unreadable(r, from, to);
  const open = head.coarse === 'parentheses' ? r.s.indexOf('(', from) : comma;
  token(r, from, open, 'coarse', at(path, 'coarse'));
  checked(r, head, null);
  const coarse = head.coarse === 'parentheses' ? readParentheses(r, open, comma, path) : head.coarse;
  if (comma === to) return unreadable(r, from, to);
  const codec = readCodec(r, comma + 1, to, 'fine', at(path, 'codec'));
  if (!codec) return unreadable(r, from, to);
  return coarse && { kind: 'IVF', nlist: head.nlist, coarse, codec };
}

function readParentheses(r: State, open: number, comma: number, path: string): { kind: 'Index'; index: Spec } | null {
  const close = comma - 1;
  if (r.s.charAt(close) !== ')' || partner(r.s, open, comma) !== close) return fail(r, open, comma, say.misplacedParenthesis());
  token(r, close, comma, 'coarse', at(path, 'coarse'));
  const index = readInside(r, open + 1, close, at(path, 'coarse.index'));
  return index && { kind: 'Index', index };
}

function readResidualAt(r: State, from: number, comma: number, to: number, path: string): Tried {
  const c = cursor(r.s, from, comma);
  const coarse = readResidual(c);
  if (!coarse || !atEnd(c) || comma === to) return null;
  token(r, from, comma, 'coarse', path);
  checked(r, c, null);
  const codec = readCodec(r, comma + 1, to, 'alone', at(path, 'codec'));
  if (codec?.kind !== 'PQ' || !codec.polysemous) {
    unreadable(r, from, to);
    return WRONG;
  }
  return { kind: 'TwoLayer', coarse, M: codec.M, nbits: codec.nbits };
}

function unreadable(r: State, from: number, to: number): null {
  if (r.quiet) return fail(r, from, to, '');
  const { from: start, to: end, message } = diagnose(r.s, from, to);
  return fail(r, start, end, message);
}
