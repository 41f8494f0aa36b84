import type { Metric } from './spec';
import type { Parameter } from './production';
import { ENTRIES } from './grammar';
import { BINARY_ENTRIES, binaryCodeSize, binaryParameters, checkBinaryFactory, readBinaryFactory } from './binary';
import { pythonOf } from './python';
import { readFactory } from './read';
import { checkSpec } from './check';
import { blocksOf, type Block } from './blocks';
import { knobsOf } from './knobs';
import { codeSizeOf, dOutOf } from './cost';
import { trainMin } from './training';
import { bytes, number, type Problem } from './problems';

/** A factory string in plain lines, for a terminal. */
export function explain(s: string, d: number, metric: Metric): string[] {
  const { spec, tokens, problems } = readFactory(s);
  if (!spec && readBinaryFactory(s).spec) return explainBinary(s, d);
  const found = spec ? checkSpec(spec, s, tokens, { d, metric }) : problems;
  const refused = found.find((p) => p.kind === 'refused');
  if (!spec || refused) return [s, ...under(s, refused ?? found[0])];
  const size = codeSizeOf(spec, d, metric);
  const dims = dOutOf(spec, d);
  return [
    `${s}   ${d} dimensions, ${metric}`,
    '',
    ...table(blocksOf(spec, d, metric)),
    '',
    `code size   ${size === null ? 'none: this class has no codec of its own' : `${number(size)} bytes`}`,
    ...(dims.length > 0 ? [`dimensions  ${[d, ...dims].join(' → ')}`] : []),
    `training    at least ${number(Math.max(1, trainMin(spec, d, metric)))} vectors`,
    ...knobsOf(spec, d).map((knob) => parameterLine(knob, knob.main)),
    ...found.flatMap((problem) => ['', s, ...under(s, problem)]),
    ...inPython(s, d, metric),
  ];
}

/** A string of the binary factory: vectors of d bits. */
function explainBinary(s: string, d: number): string[] {
  const { spec, tokens } = readBinaryFactory(s);
  const found = checkBinaryFactory(s, d);
  const refused = found.find((p) => p.kind === 'refused');
  if (!spec || refused) return [s, ...under(s, refused)];
  const terms = tokens.flatMap(({ text }) => {
    const entry = [...BINARY_ENTRIES, ...ENTRIES].find(({ words }) => Object.keys(words).some((word) => text.startsWith(word)));
    return entry ? [`  ${text}  ${entry.meaning}`, `  ${''.padEnd(text.length)}  ${entry.limits} ${entry.paper}.`] : [];
  });
  return [
    `${s}   ${d} bits, Hamming distance`, '', ...terms, '',
    `code size   ${number(binaryCodeSize(d))} bytes`,
    ...binaryParameters(spec).map((p, i) => parameterLine(p, i === 0)),
    ...found.flatMap((problem) => ['', s, ...under(s, problem)]),
    ...inPython(s, d, 'L2'),
  ];
}

const parameterLine = ({ name, default: usual, min, max, meaning }: Parameter, main: boolean): string =>
  `${main ? 'knob   ' : '       '}     ${name} = ${usual} (${min} … ${number(max)}): ${meaning}`;

function inPython(s: string, d: number, metric: Metric): string[] {
  const code = pythonOf(s, { d, metric });
  return code === null ? [] : ['', 'in Python', ...code.split('\n').map((line) => (line === '' ? '' : `  ${line}`))];
}

/** The sentence under a caret, and the mended string. */
export function under(s: string, problem: Problem | undefined): string[] {
  if (!problem) return [];
  const from = Math.min(problem.from, s.length);
  const marks = '^'.repeat(Math.max(1, Math.min(problem.to, s.length) - from));
  return [' '.repeat(from) + marks, problem.message, ...(problem.fix === undefined ? [] : [`Try ${problem.fix}`])];
}

function table(blocks: Block[]): string[] {
  const rows = blocks.map((b) => [b.text, `${bytes(b.bytesIn)} → ${bytes(b.bytesOut)}${b.idBytes > 0 ? ` + ${b.idBytes} B cell id` : ''}`, b.meaning, `${b.limits}${b.paper ? ` ${b.paper}.` : ''}`]);
  const width = (column: number) => Math.max(...rows.map((r) => r[column]?.length ?? 0));
  const [w0, w1] = [width(0), width(1)];
  return rows.flatMap(([text, flow, meaning, limits]) => [
    `  ${text?.padEnd(w0)}  ${flow?.padEnd(w1)}  ${meaning}`,
    `  ${''.padEnd(w0)}  ${''.padEnd(w1)}  ${limits}`,
  ]);
}
