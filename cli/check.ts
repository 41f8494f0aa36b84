/** `index-factory check`: JSON lines in, JSON lines out, one each and in order. What Faiss would say, without Faiss. */
import { createInterface } from 'node:readline';
import { binaryCodeSize, checkBinaryFactory, checkFactory, codeSizeOf, dOutOf, readBinaryFactory, readFactory } from '../engine/factory/index';
import type { Metric, Problem } from '../engine/factory/index';

export const checkHelp = `index-factory check
  Reads lines of {"s": STRING, "d": 128, "metric": "L2"|"IP"[, "kind": "binary"]} from standard input and prints for each
    {"ok":true, "codeSize", "dOut", "tree", "usable"[, "message"]}      Faiss constructs it; usable says whether it can also be
                                                                      trained, added to, searched and saved
    {"ok":false, "message", "from", "to"[, "fix"]}                     it does not; the mistake is at characters [from, to)
  codeSize is Faiss's sa_code_size, null where the class has none; dOut the dimension after the outermost chain of
  transforms, d where there is none; tree is null where indexes stand hundreds deep inside one another.`;

type Question = { s: string; d: number; metric: Metric; binary: boolean };

export async function check(args: string[]): Promise<number> {
  if (args.includes('--help')) { console.log(checkHelp); return 0; }
  if (args.length > 0) throw new Error(`check takes no arguments, got ${args[0]}; it reads JSON lines from standard input`);
  let wrong = 0, line = 0, out = '';
  for await (const text of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    line++;
    if (text.trim() === '') continue;
    const question = readQuestion(text);
    if (typeof question === 'string') wrong ||= line;
    out += `${JSON.stringify(typeof question === 'string' ? { ok: false, message: question, from: 0, to: 0 } : answer(question))}\n`;
    if (out.length > CHUNK) { await print(out); out = ''; }
  }
  await print(out);
  if (wrong) console.error(`line ${wrong} is not a question such as {"s":"IVF256,PQ32","d":128,"metric":"L2"}`);
  return wrong ? 2 : 0;
}
const CHUNK = 1 << 16;

const print = (text: string): Promise<void> => new Promise((done) => { process.stdout.write(text, () => done()); });

/** The question on a line, or what is wrong with it. */
function readQuestion(text: string): Question | string {
  let line: unknown;
  try { line = JSON.parse(text); } catch { return 'not a line of JSON'; }
  if (typeof line !== 'object' || line === null) return 'not a JSON object';
  const { s, d, metric, kind }: { s?: unknown; d?: unknown; metric?: unknown; kind?: unknown } = line;
  if (typeof s !== 'string') return '"s" must be a string';
  if (typeof d !== 'number' || !Number.isInteger(d)) return '"d" must be a whole number';
  const binary = kind === 'binary';
  if (!binary && metric !== undefined && metric !== 'L2' && metric !== 'IP') return '"metric" must be "L2" or "IP"';
  return { s, d, metric: metric === 'IP' ? 'IP' : 'L2', binary };
}

function answer({ s, d, metric, binary }: Question): object {
  const { spec } = binary ? readBinaryFactory(s) : readFactory(s);
  const problems = binary ? checkBinaryFactory(s, d) : checkFactory(s, { d, metric });
  const refused = problems.find((p) => p.kind === 'refused');
  if (!spec || refused) return refusal(refused ?? problems[0]);
  const said = problems.find((p) => p.kind !== 'advice');
  return {
    ok: true, ...sizes(spec, d, metric), tree: depth(spec) <= TREE_DEPTH ? spec : null,
    usable: !problems.some((p) => p.kind === 'unusable'), ...(said ? { message: said.message } : {}),
  };
}

/** Common JSON readers give up between 512 and 1 000 levels; Faiss takes 3 000 maps of ids inside one another. */
const TREE_DEPTH = 480;

/** Records and lists inside one another. Not recursive: the tree may be deep. */
function depth(tree: object): number {
  let level: object[] = [tree];
  let levels = 0;
  for (; level.length > 0; levels++) {
    level = level.flatMap((node) => Object.values(node).filter((value): value is object => typeof value === 'object' && value !== null));
  }
  return levels;
}

type AnySpec = NonNullable<ReturnType<typeof readFactory>['spec'] | ReturnType<typeof readBinaryFactory>['spec']>;

function sizes(spec: AnySpec, d: number, metric: Metric): { codeSize: number | null; dOut: number } {
  switch (spec.kind) {
    case 'BFlat': case 'BIVF': case 'BHNSW': case 'BHash': case 'BMultiHash': case 'BIDMap': return { codeSize: binaryCodeSize(d), dOut: d };
    default: return { codeSize: codeSizeOf(spec, d, metric), dOut: dOutOf(spec, d).at(-1) ?? d };
  }
}

const refusal = (problem: Problem | undefined): object => ({
  ok: false, message: problem?.message ?? 'not a factory string', from: problem?.from ?? 0, to: problem?.to ?? 0,
  ...(problem?.fix === undefined ? {} : { fix: problem.fix }),
});
