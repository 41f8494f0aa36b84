/** `npm run bench`: kernel speeds, then each string of each set on our side and on native Faiss's, into docs/performance.md. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { kernelSpeeds } from '../../cli/speed';
import { compare } from './compare';
import type { Effort, Row, Side } from './compare';
import { startNative, usualPythons } from './native';
import type { Native } from './native';
import { closeOurs, openOurs } from './ours';
import type { Report, SetReport } from './report';
import { writeReport } from './report';
import { setsOf, writeSet } from './sets';
import type { BenchSet } from './sets';
import { openStore } from './store';
import { writeParams } from './strings';

const help = `npm run bench -- [STRING…]
    --base F --query F  .fvecs or .bvecs files instead of Photo SIFT
    --strings S         a string to time; may be repeated, as may plain arguments
    --python P          a Python that can import faiss; may be repeated (default: the first of ${usualPythons.join(', ')})
    --rounds N          how often each search is timed on both sides (default 5)
    --resume            rows that an earlier run of the same kind has timed stay as they are
    --quick             few strings, few rounds; nothing is written
    --out F             where to write (default docs/performance.md; strings or files of your own are only printed)`;

const options = {
  base: { type: 'string' }, query: { type: 'string' }, strings: { type: 'string', multiple: true }, python: { type: 'string', multiple: true },
  rounds: { type: 'string' }, quick: { type: 'boolean', default: false }, resume: { type: 'boolean', default: false }, out: { type: 'string' }, help: { type: 'boolean', default: false },
} as const;

/** Exit status. */
export async function bench(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) { console.log(help); return 0; }
  const strings = [...values.strings ?? [], ...positionals], { base, query, quick } = values;
  const effort: Effort = { rounds: Number(values.rounds ?? (quick ? 2 : 5)), trainings: quick ? 1 : 2 };
  const natives = await openNatives(values.python), load = [loadavg()[0] ?? 0], speeds = await kernelSpeeds();
  let simd = '';
  try {
    const sets: SetReport[] = [];
    for (const set of await setsOf({ base, query, strings, quick })) sets.push(await timeSet(set, natives, effort, values.resume, (level) => { simd = level; }));
    const machine = { cpu: cpus()[0]?.model ?? 'unknown processor', cores: cpus().length, node: process.versions.node, simd, load: [...load, loadavg()[0] ?? 0] };
    return finish({ machine, speeds, natives: natives.map(({ title }) => title), rounds: effort.rounds, sets }, values.out ?? (quick || base || strings.length ? null : 'docs/performance.md'));
  } finally {
    for (const native of natives) native.stop();
  }
}

async function openNatives(pythons: string[] | undefined): Promise<Native[]> {
  const natives: Native[] = [];
  for (const python of pythons ?? usualPythons) {
    const native = await startNative(python);
    if (native) natives.push(native);
    else if (pythons) throw new Error(`${python} cannot import faiss`);
    if (native && !pythons) break;
  }
  console.log(natives.length ? `beside ${natives.map(({ title }) => title).join(' and ')}` : 'No Python here can import faiss: our side alone. On Debian: apt-get install python3-faiss');
  return natives;
}

async function timeSet({ source, strings }: BenchSet, natives: Native[], effort: Effort, resume: boolean, tellSimd: (simd: string) => void): Promise<SetReport> {
  const folder = mkdtempSync(join(tmpdir(), 'index-factory-bench-')), one = await openOurs(source, 1), two = await openOurs(source, 2);
  tellSimd(one.engine.modules.simd);
  try {
    const files = writeSet(source, folder);
    for (const native of natives) await native.ask('load', files);
    const report: SetReport = { title: source.title, n: source.nMax, d: source.d, nq: source.nq, rows: [], left: [] };
    const store = openStore([source.title, source.nMax, ...natives.map(({ title }) => title)].join(' '), resume);
    for (const index of strings) {
      const row = store.find(index) ?? await compare({ one, two, natives }, index, effort);
      store.keep(index, row);
      if (typeof row === 'string') report.left.push({ index, why: row });
      else report.rows.push(row);
      console.log(typeof row === 'string' ? `${index}: ${row}` : summary(row));
    }
    return report;
  } finally {
    closeOurs(one);
    closeOurs(two);
    rmSync(folder, { recursive: true });
  }
}

function summary({ index, ours, natives, searches }: Row): string {
  const beside = (time: number, theirs: (number | undefined)[]) => theirs.map((native) => (native ? ` (${(time / native).toFixed(2)} ×)` : '')).join('');
  const built = (['train', 'add'] as const).map((phase) => `${phase} ${ours.one[phase].cpu.toFixed(3)} s${beside(ours.one[phase].cpu, natives.map((native) => native?.[phase].cpu))}`);
  const side = ({ alone, together }: Side) => `${(alone.cpu * 1e6).toFixed(1)} alone, ${(together.cpu * 1e6).toFixed(1)} together`;
  return [`${index}: ${built.join(', ')}`, ...searches.map(({ params, ours: us, natives: theirs }) =>
    `  ${writeParams(params)} ${us.recall.toFixed(4)}: ${side(us)} µs; native ${theirs.map((native) => (native ? side(native) : '–')).join(' / ')}`)].join('\n');
}

function finish(report: Report, out: string | null): number {
  const text = writeReport(report);
  if (out) writeFileSync(out, text);
  console.log(out ? `written to ${out}` : text);
  return 0;
}
