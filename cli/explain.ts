/** `index-factory explain`: the blocks of a string, their bytes, limits and knobs, and its Python; or the problem under a caret. */
import { parseArgs } from 'node:util';
import {
  binaryCodeSize, binaryParameters, blocksOf, checkBinaryFactory, checkFactory, codeSizeOf, dOutOf, explain as explainLines, knobsOf, pythonOf, readBinaryFactory, readFactory,
} from '../engine/factory/index';
import type { BinarySpec, Metric, Token } from '../engine/factory/index';

export const explainHelp = `index-factory explain STRING
    --d 128               dimensions of the vectors, bits for a binary string such as BIVF256
    --metric L2|IP        distance
    --json                one JSON object instead of lines`;

const options = {
  d: { type: 'string', default: '128' }, metric: { type: 'string', default: 'L2' },
  json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
} as const;

export async function explain(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) { console.log(explainHelp); return 0; }
  const [s] = positionals;
  if (s === undefined || positionals.length > 1) throw new Error('explain takes one factory string, for example: index-factory explain IVF256,PQ32');
  const d = Number(values.d);
  if (!Number.isInteger(d) || d < 1) throw new Error(`--d takes a whole number from 1, not "${values.d}"`);
  const metric = metricOf(values.metric);
  if (values.json) console.log(JSON.stringify(facts(s, d, metric)));
  else console.log(explainLines(s, d, metric).join('\n'));
  return 0;
}

function metricOf(text: string): Metric {
  if (text === 'L2' || text === 'IP') return text;
  throw new Error(`--metric takes L2 or IP, not "${text}"`);
}

function facts(s: string, d: number, metric: Metric): object {
  const { spec, tokens } = readFactory(s);
  const binary = spec ? null : readBinaryFactory(s);
  if (binary?.spec) return binaryFacts(s, d, binary.spec, binary.tokens);
  const problems = checkFactory(s, { d, metric });
  const ok = spec !== null && !problems.some((p) => p.kind === 'refused');
  if (!spec || !ok) return { string: s, d, metric, ok: false, problems, tokens };
  return {
    string: s, d, metric, ok, usable: !problems.some((p) => p.kind === 'unusable'),
    codeSize: codeSizeOf(spec, d, metric), dOut: dOutOf(spec, d), tree: spec,
    blocks: blocksOf(spec, d, metric), knobs: knobsOf(spec, d), problems, tokens,
    python: pythonOf(s, { d, metric }),
  };
}

function binaryFacts(s: string, d: number, tree: BinarySpec, tokens: Token[]): object {
  const problems = checkBinaryFactory(s, d), metric = 'Hamming';
  if (problems.some((p) => p.kind === 'refused')) return { string: s, d, metric, ok: false, problems, tokens };
  return {
    string: s, d, metric, ok: true, usable: !problems.some((p) => p.kind === 'unusable'),
    codeSize: binaryCodeSize(d), dOut: [], tree, knobs: binaryParameters(tree), problems, tokens, python: pythonOf(s, { d, metric: 'L2' }),
  };
}
