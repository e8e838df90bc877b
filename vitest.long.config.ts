import { defineConfig } from 'vitest/config';

/** The runs that take minutes: `npm run test:long`. */
export default defineConfig({
  define: { ARCHC_VERIFIES_PASSES: 'true' },
  test: {
    include: ['test/long/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
  },
});
