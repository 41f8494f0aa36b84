#!/usr/bin/env node
// Runs the bundled command line, building it first from a fresh checkout. Everything the build says goes to standard error.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = new URL('./dist/index-factory.mjs', import.meta.url);

if (!existsSync(bundle)) {
  for (const script of ['scripts/kernels.mjs', 'scripts/bundle.mjs']) {
    try {
      execFileSync(process.execPath, [script], { cwd: root, stdio: ['ignore', 2, 'pipe'] });
    } catch {
      console.error(`${script} failed; run it by hand to see why`);
      process.exit(2);
    }
  }
}
await import(bundle.href);
