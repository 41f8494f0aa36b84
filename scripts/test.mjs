// Every test, in the order in which failures are cheapest: style, types, units and engine, then the built page in a browser.
import { spawnSync } from 'node:child_process';

const steps = [
  ['npm', 'run', 'kernels'],
  ['npm', 'run', 'data'],
  ['npm', 'run', 'cli'],
  ['npm', 'run', 'lint'],
  ['npm', 'run', 'typecheck'],
  ['npx', 'vitest', 'run'],
  ['npx', 'next', 'build'],
  ['node', 'scripts/csp.mjs', 'out'],
  ['npx', 'playwright', 'test'],
];

for (const [command, ...args] of steps) {
  const line = [command, ...args].join(' ');
  console.log(`\n> ${line}`);
  const started = Date.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' } });
  if (status !== 0) {
    console.error(`\n${line} failed (exit status ${status}).`);
    process.exit(status ?? 1);
  }
  console.log(`  ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
