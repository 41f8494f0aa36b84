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
    ...bounds,
  ].join('\n');
}

const bounds = [
  '## What bounds it', '',
  '* **Width.** WebAssembly’s vectors have 128 bits, four floats; AVX2 has eight and AVX-512 sixteen, and plain SIMD cannot multiply and add in one instruction. Where arithmetic decides (k-means, adding to lists, exact search together), native at 256 bits is about twice as fast and at 512 bits up to three times. Kernels run at the speed that the same algorithm has in native 128-bit code.',
  '* **Memory.** A query alone reads every vector or code it compares: both sides wait for the same memory. Together, rows are read once for 64 queries.',
  '* **Tables.** Product codes are sums of table entries; wider vectors do not help, and both sides are alike. Four-bit fast-scan looks up sixteen codes at once, against 32 or 64.',
  '* **Graphs.** A walk waits for the next node’s vector; what remains is the distance, of which four are computed at once.',
  '* **Eigenvectors.** Those of PCA are found in double precision without a BLAS and in one thread: some 0.06 s at 128 dimensions, 0.8 s at 784.', '',
];

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
  const beside = natives.length ? natives : [null];
  return [
    `## ${title}: ${n} vectors of ${d} dimensions, ${nq} queries, k = 10`, '',
    ...beside.flatMap((native, i) => {
      const lines = rows.map((row) => besideOne(row, i)), head = native ? ` beside ${short(native)}` : '';
      return [`### Training and adding${head}, seconds`, '', ...trainTable(lines), '', `### Searching${head}, µs a query`, '', ...searchTable(lines), ''];
    }),
    ...slowest(rows, natives),
    ...(left.length ? ['Left out:', '', ...left.map(({ index, why }) => `* \`${index}\`: ${why}`), ''] : []),
  ];
}

const short = (native: string) => native.replace(/ \(.*/, '');

/** A row with one native Faiss, or none. */
type Line = { index: string; bytes: { ours: number; native: number | null }; ours: Row['ours']; native: Row['natives'][number]; searches: { params: string; ours: Search['ours']; native: Search['natives'][number] }[] };

const besideOne = ({ index, bytes, ours, natives, searches }: Row, i: number): Line => ({
  index, bytes: { ours: bytes.ours, native: bytes.natives[i] ?? null }, ours, native: natives[i] ?? null, searches: searches.map(({ params, ours: side, natives: theirs }) => ({ params: writeParams(params).replace(',', ', '), ours: side, native: theirs[i] ?? null })),
});

function trainTable(lines: Line[]): string[] {
  const titles = ['index', 'file, kB', 'native', 'training', '2 threads', 'native', '×', 'adding', '2 threads', 'native', '×'];
  const part = ({ ours, native }: Line, phase: 'train' | 'add') =>
    [seconds(ours.one[phase].cpu), seconds(ours.two[phase].wall), native ? seconds(native[phase].cpu) : '–', ratio(ours.one[phase].cpu, native?.[phase].cpu, 0.01)];
  return table(titles, lines.map((line) => [`\`${line.index}\``, kilobytes(line.bytes.ours), line.bytes.native === null ? '–' : kilobytes(line.bytes.native), ...part(line, 'train'), ...part(line, 'add')]), [...titles.keys()].slice(1));
}

function searchTable(lines: Line[]): string[] {
  const titles = ['index', 'setting', 'recall', 'native', 'alone', 'native', '×', 'together', 'native', '×', '2 threads, queries/s'];
  const cells = ({ params, ours, native }: Line['searches'][number]) => [
    params, ours.recall.toFixed(4), native?.recall.toFixed(4) ?? '–',
    us(ours.alone.cpu), native ? us(native.alone.cpu) : '–', ratio(ours.alone.cpu, native?.alone.cpu),
    us(ours.together.cpu), native ? us(native.together.cpu) : '–', ratio(ours.together.cpu, native?.together.cpu), (1 / ours.two.wall).toFixed(0),
  ];
  return table(titles, lines.flatMap(({ index, searches }) => searches.map((search, i) => [i ? '' : `\`${index}\``, ...cells(search)])), [...titles.keys()].slice(2));
}

const MUCH = 3;

/** What takes more than three times native's time, by name. */
function slowest(rows: Row[], natives: string[]): string[] {
  const found = natives.flatMap((native, i) => rows.flatMap((row) => {
    const line = besideOne(row, i), name = `\`${row.index}\``;
    const built = (['train', 'add'] as const).map((phase) => ({ what: `${name} ${phase === 'train' ? 'training' : 'adding'}`, times: ratio(line.ours.one[phase].cpu, line.native?.[phase].cpu, 0.01) }));
    const searched = line.searches.flatMap(({ params, ours, native: theirs }) => (['alone', 'together'] as const).map((how) => ({ what: `${name} ${params} ${how}`, times: ratio(ours[how].cpu, theirs?.[how].cpu) })));
    return [...built, ...searched].filter(({ times }) => Number(times) > MUCH).map(({ what, times }) => `* ${what}: ${times} × ${short(native)}`);
  }));
  if (natives.length === 0) return [];
  return found.length ? [`More than ${MUCH} times native’s time:`, '', ...found, ''] : [`Nothing takes more than ${MUCH} times native’s time.`, ''];
}

const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1);
const seconds = (s: number) => s.toFixed(s < 0.1 ? 3 : 2);
const us = (s: number) => (s * 1e6).toFixed(s < 1e-4 ? 1 : 0);

/** Nothing to compare where there is no native time, or either is below `least` seconds. */
const ratio = (ours: number, native: number | undefined, least = 0) => (native && Math.min(ours, native) >= least ? (ours / native).toFixed(2) : '–');

function table(titles: string[], rows: string[][], right: number[]): string[] {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map((_, i) => (right.includes(i) ? '--:' : '---'))), ...rows.map(line)];
}
