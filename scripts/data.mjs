// Prepares the embedded data sets: public/data/<set>.bin, its labels in <set>.json, and manifest.json. A set is made again
// only when the program that makes it (bundled, so with all it imports), its packages or the tier have changed.
//   node scripts/data.mjs [--only photo-sift] [--quick]
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const out = 'public/data';
const bundles = '.cache/data';
const manifestPath = join(out, 'manifest.json');

/** The module of each set, and what it starts in threads. */
const sets = {
  'photo-sift': ['photoSift', 'photo.worker'],
  glove: ['glove'],
  'fashion-mnist': ['fashion'],
};

const { values: { only, quick } } = parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } } });
if (only && !(only in sets)) {
  console.error(`--only takes one of ${Object.keys(sets).join(', ')}; got ${only}`);
  process.exit(2);
}

const catalogue = (await import(await bundle('engine/data/catalogue.ts'))).catalogue;
const manifest = existsSync(manifestPath) ? JSON.parse(readFileSync(manifestPath, 'utf8')) : { sets: {} };
for (const name of Object.keys(sets)) if (!only || only === name) await prepareSet(name);

async function prepareSet(name) {
  const urls = [];
  for (const module of sets[name]) urls.push(await bundle(`scripts/data/${module}.ts`));
  const { packages, prepare } = await import(urls[0]);
  const versions = Object.fromEntries(packages.map((name) => [name, versionOf(name)]));
  const tier = quick ? 'quick' : 'full';
  const key = sha256(JSON.stringify([tier, versions, urls.map((url) => readFileSync(new URL(url), 'utf8'))]));

  const before = manifest.sets[name];
  if (before?.key === key && Object.entries(before.files).every(isThere)) return console.log(`data ${name}: up to date`);

  const start = performance.now();
  const { files, ...shape } = await prepare({ quick, log: (line) => console.log(`data ${name}: ${line}`) });
  const written = {};
  for (const [path, content] of Object.entries(files)) written[path] = write(join(out, path), content);
  const seconds = (performance.now() - start) / 1000;
  const { licence, attribution } = catalogue.find((set) => set.name === name);
  manifest.sets[name] = { key, tier, ...shape, licence, attribution, packages: versions, files: written };
  write(manifestPath, manifest);
  const bytes = Object.values(written).reduce((sum, file) => sum + file.bytes, 0);
  console.log(`data ${name}: ${shape.n} + ${shape.nq} × ${shape.d} ${shape.dtype}, ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s`);
}

/** Bundles a TypeScript module to JavaScript that Node can import; packages stay outside. Returns its URL. */
async function bundle(path) {
  const outfile = join(bundles, `${path.split('/').at(-1).replace(/\.ts$/, '')}.mjs`);
  await build({ entryPoints: [path], outfile, bundle: true, packages: 'external', platform: 'node', target: 'node20', format: 'esm', logLevel: 'error' });
  return pathToFileURL(resolve(outfile)).href;
}

function versionOf(name) {
  return JSON.parse(readFileSync(createRequire(import.meta.url).resolve(`${name}/package.json`), 'utf8')).version;
}

function write(path, content) {
  const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return { bytes: bytes.length, sha256: sha256(bytes) };
}

function isThere([path, { bytes }]) {
  return existsSync(join(out, path)) && statSync(join(out, path)).size === bytes;
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}
