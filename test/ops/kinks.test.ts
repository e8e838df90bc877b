import { expect, test } from 'vitest';
import { Dim } from '../../src/dims/dim.js';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { ndArray } from '../../src/ops/nd/array.js';
import { opNamed } from '../../src/ops/registry.js';
import { gradientsOf } from '../kit/tape.js';

/** Gradients where there is no derivative, or several values tie. The wanted ones are those of PyTorch 2, except for the exponent of a negative number (NaN there). */
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

/** PyTorch gives the gradient of a window to the first of its greatest elements, in row-major order. */
test.each([
  { name: 'windows side by side', kernel: 2, stride: 2, wanted: [1, 0, 0, 2, 0, 0, 0, 0, 3, 0, 4, 0, 0, 0, 0, 0] },
  { name: 'windows that overlap', kernel: 3, stride: 1, wanted: [1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
])('of equal elements in $name, the first one gets the gradient of max_pool2d', ({ kernel, stride, wanted }) => {
  const op = opNamed('max_pool2d');
  if (op === undefined) throw new Error('max_pool2d is missing');
  const x = ndArray('f32', [1, 1, 4, 4], Float64Array.from([5, 5, 1, 5, 5, 5, 0, 0, 2, 2, 3, 3, 2, 2, 3, 3]));
  const attrs = { kernel: [Dim.of(kernel)], stride: [Dim.of(stride)] };
  const [y] = evaluateOp(op, [x], attrs);
  if (y === undefined) throw new Error('there is no result');
  const weights = { ...y, data: y.data.map((_, i) => i + 1) };
  expect([...(gradientsOf(op, [x], attrs, [weights])(x)?.data ?? [])]).toEqual(wanted);
});
