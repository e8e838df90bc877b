import { folded } from '../nd/reduce.js';
import { exactly, floats32, ints64 } from '../sample.js';
import { reduction, reductionSamples } from './reduction.js';
import { sumDtype } from './sum-dtype.js';

export const sum = reduction({
  name: 'sum',
  summary: 'The sum of the elements along axes.',
  source: 'ONNX ReduceSum, torch.sum. Integers and booleans give i64; ONNX Runtime is exact as long as every partial result is below 2^53',
  takes: 'summable',
  gives: sumDtype,
  evaluate: (x, { axes, keep }) => folded(x, axes, keep, 0, (a, b) => a + b, sumDtype(x.dtype)),
  onnx: 'ReduceSum',
  // dx = dy for every element
  grad: (_g, { dy }) => dy,
  samples: [
    ...reductionSamples(),
    { inputs: { x: ints64([3, 4], -9, 9) }, attrs: { axes: [0] } },
    { inputs: { x: { dtype: 'i16', shape: [3, 4], min: -9, max: 9 } }, attrs: { axes: [1] } },
    { inputs: { x: exactly('i8', [2, 3], [127, 127, 1, -128, -128, 3]) }, attrs: { axes: [1] } },
    { inputs: { x: exactly('bool', [2, 3], [1, 1, 0, 1, 1, 1]) }, attrs: { axes: [1] } },
    { inputs: { x: floats32([0, 3]) }, attrs: { axes: [0] } },
  ],
});
