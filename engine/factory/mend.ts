import { TRANSFORMS } from './grammar';
import { stringInCode } from './paste';
import { cursor } from './reader';
import { BEGINNINGS, nearest, head, WORDS } from './words';

/** Mends a string that does not read: tries likely slips, one and then two at a time, and keeps the first that reads. */
export function mend(s: string, reads: (s: string) => boolean): string | null {
  const once = [...slips(s)];
  for (const t of once) if (t !== s && reads(t)) return t;
  if (s.length > SHORT) return null;
  for (const t of once.slice(0, SECOND_TRIES)) for (const u of slips(t)) if (u !== s && reads(u)) return u;
  return null;
}
/** Two slips are looked for in short strings, after the commonest first ones: at most a few hundred readings. */
const SHORT = 80;
const SECOND_TRIES = 12;

/** Strings one slip away from `s`, the likeliest first. */
function* slips(s: string): Generator<string> {
  const quoted = stringInCode(s);
  if (quoted !== null) yield quoted;
  yield s.replace(/\s+/g, '');
  yield s.replace(/RefineFlat|Refine\(RFlat\)/, 'RFlat');
  yield s.replace(/SQ16(?=,|\)|$)/, 'SQfp16');
  yield s.replace(/^["'`\s]+|["'`\s;]+$/g, '');
  yield s.replace(/(IVF\d+[kM]?),((?:HNSW|NSG)\d+)(?=,|$)/, (_, coarse: string, graph: string) => `${coarse}_${graph}`);
  yield s.replace(/(IVF\d+[kM]?),((?:HNSW|NSG)\d+)$/, (_, coarse: string, graph: string) => `${coarse}_${graph},Flat`);
  yield s.replace(/(HNSW|NSG)[,_](?=\d+$)/, '$1');
  yield s.replace(/IVF\d+[kM]?\((IMI2x\d+)\)/, '$1');
  yield s.replace(/(IVF\d+[kM]?),((?:RCQ|LSCQ)[\dx_]+)$/, (_, coarse: string, inside: string) => `${coarse}(${inside}),Flat`);
  yield recase(s);
  yield* lowerTails(s);
  yield s.replace(/_(?=(?:Flat|PQ|SQ|RQ)\w*$)/, ',');
  yield s.replace(/,+/g, ',').replace(/^,|,$/g, '');
  yield s.replace(/,$/, ',Flat');
  yield s.replace(/(Residual\d+(?:x\d+)?)(?:,.*)?$/, '$1,PQ16');
  yield s.replace(/[;|./:]/g, ',');
  yield s.replace(new RegExp(`([a-z0-9)])(?=${BEGINNINGS})`, 'g'), (m: string) => `${m},`);
  yield s.replace(/_NSG(?!\d)/, '_NSG32');
  yield s.replace(/,Refine\([^()]*\)\)$/, ',RFlat)');
  yield s.replace('()', '(SQ8)');
  yield* closings(s);
  yield transformsFirst(s);
  yield `IVF256,${s}`;
  yield s.replace(/(?<=[A-Za-z])[-+ ](?=\d)/g, '');
  yield* shortened(s);
  yield* typos(s);
  yield `${s},Flat`;
  yield s.replace(/,(IDMap2?|RFlat|Refine\(.*\))$/, ',Flat,$1');
  yield s.replace(/\)$/, ',Flat)');
  yield* withNumbers(s);
  yield s.replace(/IVF\d+[kM]?,/, '');
  yield s.replace(/^MinMax(?:FP16)?,/, '');
  yield `IVF256,SQ4,${s}`;
  yield s.replace(/,[^,]*$/, '');
}

/** Every run of letters in the case of the word that it spells. */
function recase(s: string): string {
  return s.replace(/[A-Za-z]+\d?[A-Za-z]*/g, (text) => {
    const entry = WORDS.find(({ word }) => word.toLowerCase() === text.toLowerCase())
      ?? WORDS.find(({ word }) => head(word).toLowerCase() === head(text).toLowerCase());
    if (!entry) return text;
    return text.toLowerCase().startsWith(entry.word.toLowerCase()) ? entry.word + text.slice(entry.word.length) : head(entry.word) + text.slice(head(text).length);
  });
}

/** One term at a time: what follows its letters in lower case, as in PQ8X4 and IVF16K. */
function* lowerTails(s: string): Generator<string> {
  for (const match of s.matchAll(/[^,()]+/g)) {
    const letters = head(match[0]).length;
    yield s.slice(0, match.index + letters) + match[0].slice(letters).toLowerCase() + s.slice(match.index + match[0].length);
  }
}

/** Vectors are transformed before they are coded: PQ8,OPQ8 becomes OPQ8,PQ8. */
function transformsFirst(s: string): string {
  const terms = s.split(',');
  const isTransform = (term: string) => Object.values(TRANSFORMS).some((production) => production.read(cursor(term)) !== null);
  return [...terms.filter(isTransform), ...terms.filter((term) => !isTransform(term))].join(',');
}

/** One term at a time: cut from the end, the longest that reads first. */
function* shortened(s: string): Generator<string> {
  for (const match of s.matchAll(/[^,()]+/g)) {
    const end = match.index + match[0].length;
    for (let cut = 1; cut < Math.min(match[0].length, LONGEST_CUT); cut++) yield s.slice(0, end - cut) + s.slice(end);
  }
}
const LONGEST_CUT = 10;

function* closings(s: string): Generator<string> {
  const depth = [...s].reduce((sum, ch) => sum + (ch === '(' ? 1 : ch === ')' ? -1 : 0), 0);
  if (depth > 0) {
    yield s + ')'.repeat(depth);
    yield s.replace(/(\([^(),]*)(,|$)/, (_, inside: string, after: string) => `${inside})${after}`);
  }
  if (depth < 0) yield s.replace(/\)(?=[^)]*$)/, '');
  yield s.replace(/[()]/g, '');
  yield s.replace(/\((?=.)/, ',').replace(/\)$/, '');
  yield s.replace(')', ',');
}

/** One term at a time: its letters replaced by the nearest word. */
function* typos(s: string): Generator<string> {
  for (const match of s.matchAll(/[^,()]+/g)) {
    const near = nearest(match[0]);
    if (!near) continue;
    const before = s.slice(0, match.index);
    const after = s.slice(match.index + match[0].length);
    yield before + head(near.word) + match[0].slice(head(match[0]).length) + after;
    yield before + near.term + after;
  }
}

/** Words that lack their number, with a usual one. */
function* withNumbers(s: string): Generator<string> {
  const parts = s.split(',');
  const numbered = parts.map((part) => WORDS.find(({ word }) => word === part)?.term ?? part).join(',');
  yield numbered;
  yield `${numbered},Flat`;
}
