import { expect, test } from 'vitest';
import { isFloat } from '../../src/ops/types.js';
import { useOrt } from '../kit/ort.js';
import { programOf } from '../kit/source.js';
import { drawTensor } from '../random-programs/data.js';
import { GradientSurvey, surveyOne } from '../random-programs/gradient-survey.js';
import type { Composition } from './compositions/composition.js';
import { controlFlow } from './compositions/control-flow.js';
import { dataSizes } from './compositions/data-sizes.js';
import { tensors } from './compositions/tensors.js';

const ort = useOrt();

/** In float64 against central differences, with some layers computed again, and in f32 on ONNX Runtime. */
test.each([...controlFlow, ...dataSizes, ...tensors])('the gradient of $name', async ({ source, sizes }: Composition) => {
  programOf(source); // says why, if it is refused
  const found = new GradientSurvey();
  for (const [seed, numbers] of sizes.entries())
    await surveyOne(
      found,
      {
        files: { 'main.arch': source },
        options: {},
        seed,
        sizes: new Map(Object.entries(numbers)),
        data: (name, dtype, shape) => {
          const style = isFloat(dtype) ? 'smooth' : dtype === 'bool' ? 'boolean' : 'ids';
          return drawTensor(dtype, shape, style, 3, seed + [...name].reduce((sum, c) => 31 * sum + c.charCodeAt(0), 7));
        },
      },
      ort,
    );
  expect(found.faults).toEqual([]);
  expect(found.differentiated).toBe(sizes.length);
  expect(found.skipped).toBe(0);
  expect(found.unsteady).toBe(0);
  expect(found.moved).toBeGreaterThan(3);
});
