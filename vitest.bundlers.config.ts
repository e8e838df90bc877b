import { defineConfig } from 'vitest/config';

/** Installs the packed package with each bundler, and Next.js: `npm run test:bundlers`. It needs the registry, or a cache that has the packages. */
export default defineConfig({
  test: {
    include: ['test/bundler-packages/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
  },
});
