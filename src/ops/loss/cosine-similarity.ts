import { axis, float, positional } from '../attrs.js';
import { composite } from '../define.js';
import { floats32 } from '../sample.js';
import { elements } from '../sizes.js';
import { demandPair } from './reduction.js';

export const cosineSimilarity = composite({
  name: 'cosine_similarity',
  family: 'loss',
  doc: {
    summary: 'The cosine of the angle between two vectors along one axis, which disappears.',
    example: 'cosine_similarity(x, y, axis = 1)',
    source: 'torch.nn.functional.cosine_similarity',
  },
  inputs: { x: 'vectors along one axis', y: 'vectors of the same shape' },
  attrs: {
    axis: positional(axis('the axis of the vectors', 1)),
    eps: positional(float('the minimum length that is used for a vector', 1e-8)),
  },
  outputs: ['cosine'],
  infer: (rule, { x, y }, { axis }) => {
    rule.rank('x', x, { min: 1 }, '[..., D]');
    demandPair(rule, 'x', x, 'y', y);
    const along = rule.axis(axis, x.shape.length, 'axis');
    return [{ dtype: x.dtype, shape: x.shape.filter((_, i) => i !== along) }];
  },
  flops: ({ x }) => elements(x).mul(6),
  // x·y / (max(|x|, e) max(|y|, e)); the maximum is taken of the squares, where the gradient of the root stays finite
  lower: (g, { x, y }, { axis, eps }) => {
    const least = g.scalar(eps * eps, x);
    const length = (v: typeof x): typeof x => g.sqrt(g.maximum(g.sum(g.mul(v, v), [axis]), least));
    return [g.div(g.sum(g.mul(x, y), [axis]), g.mul(length(x), length(y)))];
  },
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3]), y: floats32([2, 3]) }, attrs: { axis: 1 } },
    { inputs: { x: floats32([2, 3, 4]), y: floats32([2, 3, 4]) }, attrs: { axis: -2 } },
  ],
});
