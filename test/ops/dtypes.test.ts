import { expect, test } from 'vitest';
import { dtypeFaults } from '../kit/dtype-runs.js';
import { everyOp } from '../kit/every-op.js';
import { dtypesOf } from '../kit/op-samples.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

/** One integer type that many kernels lack, and booleans; `npm run test:long` tries all element types. */
test.each(everyOp)('$name of u16 and bool loads and computes what its reference does, or archc says that it does not', async (op) => {
  expect(
    await dtypeFaults(
      ort,
      op,
      'portable',
      (sample) => dtypesOf(sample).some((dtype) => dtype === 'u16' || dtype === 'bool') && !dtypesOf(sample).includes('bf16'),
    ),
  ).toEqual([]);
});
