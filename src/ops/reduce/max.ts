import { folded } from '../nd/reduce.js';
import { ints64 } from '../sample.js';
import { reduction, reductionSamples } from './reduction.js';
import { shareOfTies } from './share-of-ties.js';

export const max = reduction({
  name: 'max',
  summary: 'The largest element along axes.',
  source: 'ONNX ReduceMax, torch.amax. ONNX Runtime may ignore NaN, which PyTorch returns',
  takes: 'number',
  // `torch.max(x, 1)` also returns the indices.
  byPosition: [],
  ofNothing: false,
  evaluate: (x, { axes, keep }) => folded(x, axes, keep, Number.NEGATIVE_INFINITY, Math.max),
  onnx: 'ReduceMax',
  // dx = dy where x = y, in equal shares if several elements are the largest
  grad: shareOfTies,
  samples: [
    ...reductionSamples(),
    { inputs: { x: ints64([3, 4], -9, 9) }, attrs: { axes: [0] } },
    { inputs: { x: { dtype: 'u16', shape: [3, 4], min: 0, max: 99 } } },
  ],
});
