import { build } from 'esbuild';

/** Node's worker threads take no TypeScript: the pool's worker is bundled once before the tests. */
export default async function setup(): Promise<void> {
  await build({ entryPoints: ['workers/pool.node.ts'], bundle: true, platform: 'node', format: 'esm', target: 'node20', outfile: '.cache/pool.node.mjs', logLevel: 'error' });
}
