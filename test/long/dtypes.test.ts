import { describe, expect, test } from 'vitest';
import type { Target } from '../../src/ops/targets.js';
import { dtypeFaults } from '../kit/dtype-runs.js';
import { everyOp } from '../kit/every-op.js';
import { dtypesOf } from '../kit/op-samples.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

/** Nothing is said about bf16 in portable files. */
describe.each(['portable', 'cpu', 'webgpu', 'wasm'] as const)('for %s', (target: Target) => {
  test.each(everyOp)(
    '$name of every element type loads and computes what its reference does, or archc says that it does not',
    async (op) => {
      expect(await dtypeFaults(ort, op, target, (sample) => target !== 'portable' || !dtypesOf(sample).includes('bf16'))).toEqual([]);
    },
  );
});
