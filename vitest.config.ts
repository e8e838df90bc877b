import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { ARCHC_VERIFIES_PASSES: 'true' },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/long/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Transformed sources are kept between runs: half of the time that a single small test takes.
    experimental: { fsModuleCache: true },
  },
});
