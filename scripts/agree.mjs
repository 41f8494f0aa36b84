// Recall and bytes of this engine beside those of native Faiss, for every string and setting that is on record. Writes
// docs/agreement.md.
//   npm run agree -- [STRING…] [--set NAME…] [--base F --query F] [--again] [--report] [--write DIR]
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundles = '.cache/agree';
process.chdir(root);

for (const step of [['scripts/kernels.mjs'], ['scripts/data.mjs']]) {
  const { status } = spawnSync(process.execPath, step, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
await build({
  outdir: bundles, outExtension: { '.js': '.mjs' }, entryPoints: { main: 'scripts/agree/main.ts', 'pool.node': 'workers/pool.node.ts' },
  bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20', logLevel: 'error',
});
const { agree } = await import(pathToFileURL(resolve(bundles, 'main.mjs')).href);
process.exitCode = await agree(process.argv.slice(2));
