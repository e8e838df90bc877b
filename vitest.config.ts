import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { ARCHC_VERIFIES_PASSES: 'true' },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/long/**', 'test/bundler-packages/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Test files share the modules of a worker, which have no state of their own: importing them for each file takes a quarter of the time.
    isolate: false,
    // Transformed sources are kept between runs: half of the time that a single small test takes.
    experimental: { fsModuleCache: true },
  },
});
