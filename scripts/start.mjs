/** From a fresh checkout to the running page: prepares what is missing, builds what is stale, serves, opens a browser.
 *  node scripts/start.mjs [--no-open] [--port 3000] */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from './serve.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const SOURCES = ['app', 'components', 'state', 'workers', 'engine', 'public', 'scripts/csp.mjs', 'next.config.js',
  'postcss.config.mjs', 'tsconfig.json', 'package.json', 'package-lock.json'];

/** Every file below the given places, in a fixed order. */
function* files(place) {
  if (!existsSync(place)) return;
  if (statSync(place).isFile()) return yield place;
  for (const entry of readdirSync(place).sort()) yield* files(path.join(place, entry));
}

/** One hash over names and contents of all that shapes the export. Test files do not. */
function fingerprint() {
  const hash = createHash('sha256').update(process.env.BASE_PATH ?? '');
  for (const source of SOURCES) {
    for (const file of files(path.join(root, source))) {
      if (/\.test\.tsx?$/.test(file)) continue;
      hash.update(path.relative(root, file)).update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

function run(...command) {
  const [name, ...rest] = command;
  const { status } = spawnSync(process.execPath, [name, ...rest], {
    cwd: root, stdio: 'inherit', env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  });
  if (status !== 0) process.exit(status ?? 1);
}

function build() {
  run('scripts/kernels.mjs');
  run('scripts/data.mjs');
  const stamp = path.join(root, '.cache', 'export.sha256');
  const now = fingerprint();
  const fresh = existsSync(path.join(root, 'out', 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now;
  if (fresh) return;
  run('node_modules/next/dist/bin/next', 'build');
  run('scripts/csp.mjs', 'out');
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
}

/** Where there is no browser to open this fails in silence: the address is printed anyway. */
function open(address) {
  const [name, ...rest] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform] ?? ['xdg-open'];
  spawn(name, [...rest, address], { stdio: 'ignore', detached: true }).on('error', () => {}).unref();
}

const flags = process.argv.slice(2);
const port = Number(flags.includes('--port') ? flags[flags.indexOf('--port') + 1] : 3000);
build();
try {
  await serve(path.join(root, 'out'), port, { base: process.env.BASE_PATH ?? '', host: 'localhost' });
} catch (error) {
  console.error(error.code === 'EADDRINUSE' ? `Port ${port} is in use. Try: npm start -- --port ${port + 1}` : String(error));
  process.exit(1);
}
const address = `http://localhost:${port}${process.env.BASE_PATH ?? ''}/`;
console.log(`Index Factory Explorer runs on ${address} (Ctrl+C ends it)`);
if (!flags.includes('--no-open')) open(address);
