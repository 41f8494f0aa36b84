/** The comparison as Markdown. Times on one thread are processor time: what else the machine does is not in them. */
import type { Speed } from '../../cli/speed';
import type { Row, Search } from './compare';
import { writeParams } from './strings';

export type Machine = { cpu: string; cores: number; node: string; simd: string; load: number[] };

export type SetReport = { title: string; n: number; d: number; nq: number; rows: Row[]; left: { index: string; why: string }[] };

export type Report = { machine: Machine; speeds: Speed[]; natives: string[]; rounds: number; sets: SetReport[] };

export function writeReport({ machine, speeds, natives, rounds, sets }: Report): string {
  return [
    '# Performance', '',
    'Written by `npm run bench`; run it for the figures of your machine.', '',
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.simd} SIMD; load average ${machine.load.map((v) => v.toFixed(1)).join(' → ')} while measuring.`, '',
    ...howRead(natives, rounds),
    '## Kernels, one thread', '', ...table(['kernel', 'speed', ''], speeds.map(({ kernel, unit, value }) => [kernel, value.toFixed(1), unit]), [1]), '',
    ...sets.flatMap((set) => setSection(set, natives)),
  ].join('\n');
}

function howRead(natives: string[], rounds: number): string[] {
  const beside = natives.length
    ? `Native is ${natives.join(' and ')}, on one thread, timed in turn with ours in the same run; polysemous training is off. × is our time over native’s on one thread: below 1 we are faster.`
    : 'No Python here can `import faiss`, so nothing stands beside (on Debian: `apt-get install python3-faiss`).';
  return [
    `${beside} One thread: seconds of processor time, so that other programs do not count. Two threads: seconds by the clock. All are the best of ${rounds} rounds (of fewer, where training takes long).`, '',
    'Recall is 10@10: the share of the true ten nearest among the ten returned. Alone: every query in a call of its own. Together: all in one call.', '',
  ];
}

function setSection({ title, n, d, nq, rows, left }: SetReport, natives: string[]): string[] {
  return [
    `## ${title}: ${n} vectors of ${d} dimensions, ${nq} queries, k = 10`, '',
    '### Training and adding, seconds', '', ...trainTable(rows, natives), '',
    '### Searching, µs a query', '',
    ...searchTable(rows, natives), '',
    ...(left.length ? ['Left out:', '', ...left.map(({ index, why }) => `* \`${index}\`: ${why}`), ''] : []),
  ];
}

const short = (native: string) => native.replace(/ \(.*/, '');

function trainTable(rows: Row[], natives: string[]): string[] {
  const titles = ['index', 'training, 1 thread', '2 threads', ...natives.flatMap((name) => [short(name), '×']), 'adding, 1 thread', '2 threads', ...natives.flatMap((name) => [short(name), '×'])];
  const part = ({ ours, natives: theirs }: Row, phase: 'train' | 'add') => [
    seconds(ours.one[phase].cpu), seconds(ours.two[phase].wall),
    ...theirs.flatMap((native) => (native ? [seconds(native[phase].cpu), ratio(ours.one[phase].cpu, native[phase].cpu)] : ['–', '–'])),
  ];
  return table(titles, rows.map((row) => [`\`${row.index}\``, ...part(row, 'train'), ...part(row, 'add')]), [...titles.keys()].slice(1));
}

function searchTable(rows: Row[], natives: string[]): string[] {
  const titles = ['index', 'setting', 'recall', 'alone', 'together', '2 threads, queries/s', ...natives.flatMap((name) => [`${short(name)}: recall`, 'alone', '×', 'together', '×'])];
  const cells = ({ params, ours, natives: theirs }: Search) => [
    writeParams(params).replace(',', ', '), ours.recall.toFixed(4), us(ours.alone.cpu), us(ours.together.cpu), (1 / ours.two.wall).toFixed(0),
    ...theirs.flatMap((native) => (native
      ? [native.recall.toFixed(4), us(native.alone.cpu), ratio(ours.alone.cpu, native.alone.cpu), us(native.together.cpu), ratio(ours.together.cpu, native.together.cpu)]
      : Array.from({ length: 5 }, () => '–'))),
  ];
  const lines = rows.flatMap(({ index, searches }) => searches.map((search, i) => [i ? '' : `\`${index}\``, ...cells(search)]));
  return table(titles, lines, [...titles.keys()].slice(2));
}

const seconds = (s: number) => s.toFixed(s < 0.1 ? 3 : 2);
const us = (s: number) => (s * 1e6).toFixed(s < 1e-4 ? 1 : 0);

/** Nothing to compare where either takes less than a hundredth of a second or of a µs. */
const ratio = (ours: number, native: number) => (ours > 1e-8 && native > 1e-8 ? (ours / native).toFixed(2) : '–');

function table(titles: string[], rows: string[][], right: number[]): string[] {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map((_, i) => (right.includes(i) ? '--:' : '---'))), ...rows.map(line)];
}
