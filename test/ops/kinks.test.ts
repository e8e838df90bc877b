import { expect, test } from 'vitest';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { ndArray } from '../../src/ops/nd/array.js';
import { opNamed } from '../../src/ops/registry.js';
import { gradientsOf } from '../kit/tape.js';

/** Gradients where there is no derivative, or several values tie. The wanted ones are those of PyTorch 2, but for the exponent of a negative number (NaN there). */
const kinks: readonly (readonly [
  string,
  readonly (readonly number[])[],
  Readonly<Record<string, unknown>>,
  readonly (readonly number[])[],
])[] = [
  ['relu', [[0]], {}, [[0]]],
  ['relu6', [[0]], {}, [[0]]],
  ['leaky_relu', [[0]], { slope: 0.25 }, [[0.25]]],
  ['elu', [[0]], { alpha: 0.5 }, [[0.5]]],
  ['abs', [[0]], {}, [[0]]],
  ['clip', [[-1, 0.5, -1.5]], { min: -1, max: 0.5 }, [[1, 1, 0]]],
  [
    'maximum',
    [
      [2, 1],
      [2, 3],
    ],
    {},
    [
      [0.5, 0],
      [0.5, 1],
    ],
  ],
  [
    'minimum',
    [
      [2, 1],
      [2, 3],
    ],
    {},
    [
      [0.5, 1],
      [0.5, 0],
    ],
  ],
  ['max', [[3, 1, 3]], {}, [[0.5, 0, 0.5]]],
  ['min', [[1, 1, 1, 4]], { axes: [0] }, [[1 / 3, 1 / 3, 1 / 3, 0]]],
  ['norm', [[0, 0]], {}, [[0, 0]]],
  ['norm', [[0, -2]], { p: 1 }, [[0, -1]]],
  ['prod', [[0, 2, 3]], {}, [[6, 0, 0]]],
  ['prod', [[0, 2, 0]], {}, [[0, 0, 0]]],
  [
    'pow',
    [
      [0, 0, -2],
      [0, 2, 3],
    ],
    {},
    [
      [0, 0, 12],
      [0, 0, 0],
    ],
  ],
  ['prelu', [[0, -3], [0.25]], {}, [[0.25, 0.25], [-3]]],
];

test.each(kinks)('the gradient of %s at %j', (name, inputs, attrs, wanted) => {
  const op = opNamed(name);
  if (op === undefined) throw new Error(`there is no operator ${name}`);
  const arrays = inputs.map((values) => ndArray('f32', [values.length], Float64Array.from(values)));
  const weights = evaluateOp(op, arrays, attrs).map((y) => ({ ...y, data: y.data.map(() => 1) }));
  const gradient = gradientsOf(op, arrays, attrs, weights);
  expect(arrays.map((array) => [...(gradient(array)?.data ?? [])].map((value) => value + 0))).toEqual(wanted);
});
