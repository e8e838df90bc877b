import { expect, test } from 'vitest';
import { standardLibrary } from '../../src/stdlib.generated.js';
import { emittedByOperators } from '../kit/capabilities/of-operators.js';

/** WebGPU has no f64, and ONNX Runtime for the browser does not load a file that has it: it is there only if the program says so. */
test('no operator computes f32 and f16 in f64 where WebGPU may run it', () => {
  const emitted = emittedByOperators({ targets: ['portable', 'webgpu'], dtypes: ['f32', 'f16'] });
  expect([...emitted].filter(([, { form }]) => form.includes('f64')).map(([key]) => key)).toEqual([]);
});

test.each(Object.keys(standardLibrary))('%s computes nothing in f64', (path) => {
  expect(standardLibrary[path]).not.toMatch(/\bf64\b/);
});
