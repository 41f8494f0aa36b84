/** `npm run agree`: every row on record that has not been measured yet, then docs/agreement.md from all that have. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Row } from '../../engine/test/figures';
import { writeSet } from '../bench/sets';
import { measureRow, sourceOf, withSet } from './measure';
import { isCounted, rows as all, setTitles } from './rows';
import { judge } from './judge';
import { writeReport } from './report';
import type { Store } from './store';
import { openStore } from './store';

const help = `npm run agree -- [STRING…]
    --set NAME          rows of this set alone (${Object.keys(setTitles).join(', ')}); may be repeated
    --base F --query F  the .bvecs files of the reference's photo-sift, 150 769 vectors; without them its rows are left as they are
    --again             rows that an earlier run has measured are measured anew
    --report            nothing is measured; the document is written from what is there
    --write DIR         writes the vectors of all sets to DIR as scripts/agree/native.py reads them, and ends`;

const options = {
  set: { type: 'string', multiple: true }, base: { type: 'string' }, query: { type: 'string' }, again: { type: 'boolean', default: false },
  report: { type: 'boolean', default: false }, write: { type: 'string' }, help: { type: 'boolean', default: false },
} as const;

type Files = { base?: string; query?: string };

/** Exit status. */
export async function agree(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true }), { base, query } = values;
  if (values.help) { console.log(help); return 0; }
  if (values.write) return writeVectors(values.write, { base, query });
  const store = openStore();
  const wanted = all.filter((row) => (!positionals.length || positionals.includes(row.s)) && (!values.set || values.set.includes(row.set)) && (values.again || !store.find(row)));
  if (!values.report) await measureAll(wanted, store, { base, query });
  writeFileSync('docs/agreement.md', writeReport(all.map((row) => ({ row, ours: store.find(row) }))));
  console.log('written to docs/agreement.md');
  return 0;
}

async function measureAll(wanted: Row[], store: Store, files: Files): Promise<void> {
  for (const { set: name, metric } of wanted.filter((row, i) => wanted.findIndex((other) => sameSet(row, other)) === i)) {
    const rows = wanted.filter((row) => sameSet(row, { set: name, metric })), source = await sourceOf(name, files);
    if (!source) { console.log(`${name}: its ${rows.length} rows are left out; --base and --query name its files`); continue; }
    await withSet(source, metric, async (engine, set) => {
      for (const row of rows) {
        const started = performance.now(), ours = await measureRow(engine, set, row, isCounted(row)), { outside } = judge(row, ours, set.nq);
        store.keep(row, ours);
        console.log(`${name} ${metric} ${row.s}: ${row.points.length} settings in ${((performance.now() - started) / 1000).toFixed(0)} s${outside.length ? `; outside: ${outside.join('; ')}` : ''}`);
      }
    });
  }
}

const sameSet = (a: Pick<Row, 'set' | 'metric'>, b: Pick<Row, 'set' | 'metric'>) => a.set === b.set && a.metric === b.metric;

async function writeVectors(folder: string, files: Files): Promise<number> {
  for (const name of Object.keys(setTitles)) {
    const source = await sourceOf(name, files), place = join(folder, name);
    if (!source) continue;
    mkdirSync(place, { recursive: true });
    writeSet(source, place);
    console.log(`${name}: ${source.nMax} vectors and ${source.nq} queries in ${place}`);
  }
  return 0;
}
