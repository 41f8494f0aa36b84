// Bundles the command line, and the worker of its thread pool, to cli/dist. Commands are split into chunks, so that
// `check` and `explain` start without kernels.
import { build } from 'esbuild';
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const entries = { 'index-factory': 'cli/index-factory.ts', 'pool.node': 'workers/pool.node.ts' };

rmSync(`${root}/cli/dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root, outdir: 'cli/dist', splitting: true, outExtension: { '.js': '.mjs' },
  entryPoints: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(`${root}/${file}`))),
  bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning',
});
