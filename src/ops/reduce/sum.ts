import { folded } from '../nd/reduce.js';
import { floats32, ints64 } from '../sample.js';
import { reduction, reductionSamples } from './reduction.js';

export const sum = reduction({
  name: 'sum',
  summary: 'The sum of the elements along axes.',
  source:
    'ONNX ReduceSum, torch.sum. Integers keep their type, where PyTorch gives i64, and are exact in ONNX Runtime as long as every partial result fits it and is below 2^53',
  takes: 'number',
  evaluate: (x, { axes, keep }) => folded(x, axes, keep, 0, (a, b) => a + b),
  onnx: 'ReduceSum',
  // dx = dy for every element
  grad: (_g, { dy }) => dy,
  samples: [
    ...reductionSamples(),
    { inputs: { x: ints64([3, 4], -9, 9) }, attrs: { axes: [0] } },
    { inputs: { x: { dtype: 'i16', shape: [3, 4], min: -9, max: 9 } }, attrs: { axes: [1] } },
    { inputs: { x: floats32([0, 3]) }, attrs: { axes: [0] } },
  ],
});
