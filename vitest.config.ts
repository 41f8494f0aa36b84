import { defineConfig } from 'vitest/config';

// RELAXED=1 runs the same tests on the relaxed-SIMD kernels, which Node 20 has behind a flag.
export default defineConfig({
  resolve: { alias: { '@': new URL('.', import.meta.url).pathname } },
  test: {
    include: ['{engine,state,workers,components,cli,app,scripts}/**/*.test.{ts,tsx}'],
    globalSetup: ['engine/test/setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    execArgv: process.env.RELAXED ? ['--experimental-wasm-relaxed-simd'] : [],
  },
});
