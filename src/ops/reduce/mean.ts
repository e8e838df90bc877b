import { mapped } from '../nd/map.js';
import { folded } from '../nd/reduce.js';
import { nth } from '../only.js';
import { product } from '../sizes.js';
import { reduction, reductionSamples } from './reduction.js';

export const mean = reduction({
  name: 'mean',
  summary: 'The mean of the elements along axes.',
  source: 'ONNX ReduceMean, torch.mean',
  ofNothing: false,
  evaluate: (x, { axes, keep }) => {
    const sum = folded(x, axes, keep, 0, (a, b) => a + b);
    // A whole number: dividing by it once leaves the mean of one element as it is.
    const count = x.data.length / sum.data.length;
    return mapped(sum, (value) => value / count);
  },
  onnx: 'ReduceMean',
  // dx = dy / n for every element, n the number of elements in one mean
  grad: (g, { x, dy, axes }) => {
    const n = product(axes.map((axis) => nth(g.shape(x), axis)));
    return g.div(dy, g.size(n, g.type(dy).dtype));
  },
  samples: reductionSamples(),
});
