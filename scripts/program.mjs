// Starts scripts/<name>/main.ts, bundled to .cache/<name> together with the worker of its threads, after what it needs has been
// prepared. Its one export named like the folder takes the arguments and gives the exit status.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** `steps`: scripts to run before it, each with its arguments. */
export async function start(name, steps) {
  process.chdir(fileURLToPath(new URL('..', import.meta.url)));
  for (const step of steps) {
    const { status } = spawnSync(process.execPath, step, { stdio: 'inherit' });
    if (status !== 0) process.exit(status ?? 1);
  }
  const outdir = `.cache/${name}`;
  await build({
    outdir, outExtension: { '.js': '.mjs' }, entryPoints: { main: `scripts/${name}/main.ts`, 'pool.node': 'workers/pool.node.ts' },
    bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20', logLevel: 'error',
  });
  const program = await import(pathToFileURL(resolve(outdir, 'main.mjs')).href);
  process.exitCode = await program[name](process.argv.slice(2));
}
