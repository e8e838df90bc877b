import { defineConfig } from 'vitest/config';

/** The runs that take minutes: `npm run test:long`. */
export default defineConfig({
  define: { ARCHC_VERIFIES_PASSES: 'true' },
  test: {
    // The others are everyday tests that take larger samples here.
    include: [
      'test/long/**/*.test.ts',
      'test/syntax/errors.test.ts',
      'test/emit/determinism.test.ts',
      'test/limits/bombs.test.ts',
      'test/train/webgpu.test.ts',
      'test/onnx/gradient-seeds.test.ts',
      'test/ops/onnx-webgpu.test.ts',
      'test/optimize/device-models.test.ts',
      'test/ide/completion-fuzz.test.ts',
      'test/ide/features/{rename,refactor-random,edits-fuzz}.test.ts',
    ],
    env: { ARCHC_LONG_TESTS: '1' },
    exclude: ['**/node_modules/**'],
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
    isolate: false,
  },
});
