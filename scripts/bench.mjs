// Speeds of this engine, and beside them those of native Faiss where a Python with `import faiss` is at hand (on Debian:
// apt-get install python3-faiss), timed in turn in one run. Writes docs/performance.md.
//   npm run bench -- [STRING…] [--base F --query F] [--quick] [--python P…] [--out FILE]
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundles = '.cache/bench';
process.chdir(root);

for (const step of [['scripts/kernels.mjs'], ['scripts/data.mjs', '--only', 'photo-sift'], ['scripts/bundle.mjs']]) {
  const { status } = spawnSync(process.execPath, step, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
await build({
  outdir: bundles, outExtension: { '.js': '.mjs' }, entryPoints: { main: 'scripts/bench/main.ts', 'pool.node': 'workers/pool.node.ts' },
  bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20', logLevel: 'error',
});
const { bench } = await import(pathToFileURL(resolve(bundles, 'main.mjs')).href);
process.exitCode = await bench(process.argv.slice(2));
