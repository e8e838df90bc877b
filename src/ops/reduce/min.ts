import { folded } from '../nd/reduce.js';
import { ints64 } from '../sample.js';
import { reduction, reductionSamples } from './reduction.js';
import { shareOfTies } from './share-of-ties.js';

export const min = reduction({
  name: 'min',
  summary: 'The smallest element along axes.',
  source: 'ONNX ReduceMin, torch.amin. ONNX Runtime may ignore NaN, which PyTorch returns',
  takes: 'number',
  // `torch.min(x, 1)` also returns the indices.
  byPosition: [],
  ofNothing: false,
  evaluate: (x, { axes, keep }) => folded(x, axes, keep, Number.POSITIVE_INFINITY, Math.min),
  onnx: 'ReduceMin',
  // dx = dy where x = y, in equal shares if several elements are the smallest
  grad: shareOfTies,
  samples: [
    ...reductionSamples(),
    { inputs: { x: ints64([3, 4], -9, 9) }, attrs: { axes: [0] } },
    { inputs: { x: { dtype: 'u16', shape: [3, 4], min: 0, max: 99 } } },
  ],
});
