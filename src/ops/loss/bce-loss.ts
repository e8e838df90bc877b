import type { Builder } from '../builder.js';
import { composite, optional } from '../define.js';
import { exactly, floats32 } from '../sample.js';
import { elements } from '../sizes.js';
import { demandLosses, demandPair, demandWeights, reduced, reducedType, reductionAttr } from './reduction.js';

const probabilities = (shape: readonly number[]) => ({ x: floats32(shape, 0.05, 0.95), target: floats32(shape, 0, 1) });

export const bceLoss = composite({
  name: 'bce_loss',
  family: 'loss',
  doc: {
    summary: 'Binary cross-entropy of probabilities: -(t log x + (1 - t) log(1 - x)), with logarithms of at least -100.',
    example: 'bce_loss(x, target)',
    source: 'torch.nn.functional.binary_cross_entropy; prefer bce_with_logits',
  },
  inputs: {
    x: 'predictions, of any shape',
    target: 'what they should be, of the same shape',
    weight: optional('weight of each loss, which broadcasts to `x`; the mean does not divide by it'),
  },
  attrs: { reduction: reductionAttr },
  outputs: ['loss'],
  infer: (rule, { x, target, weight }, { reduction }) => {
    demandPair(rule, 'x', x, 'target', target);
    demandLosses(rule, 'bce_loss', x, reduction);
    demandWeights(rule, x, 'weight', weight);
    return [reducedType(x.dtype, x.shape, reduction)];
  },
  flops: ({ x }) => elements(x).mul(10),
  lower: (g, { x, target, weight }, { reduction }) => {
    const one = g.scalar(1, x);
    const hit = g.mul(target, boundedLog(g, x));
    const miss = g.mul(g.sub(one, target), boundedLog(g, g.sub(one, x)));
    const losses = g.neg(g.add(hit, miss));
    return [reduced(g, weight === undefined ? losses : g.mul(losses, weight), reduction)];
  },
  grad: 'by-lowering',
  samples: [
    { inputs: probabilities([2, 3]) },
    { inputs: probabilities([4]), attrs: { reduction: 'sum' } },
    { inputs: probabilities([2, 2]), attrs: { reduction: 'none' } },
    { inputs: { ...probabilities([2, 3]), weight: floats32([3], 0, 2) } },
    { inputs: { ...probabilities([2, 3]), weight: exactly('f32', [2, 1], [0, 1.5]) }, attrs: { reduction: 'sum' } },
  ],
});

/** max(log p, -100). The logarithm of 0 is never taken: its slope is infinite, and the gradient would be NaN. */
function boundedLog<V>(g: Builder<V>, p: V): V {
  const floor = g.scalar(-100, p);
  const isPositive = g.greater(p, g.scalar(0, p));
  return g.where(isPositive, g.maximum(g.log(g.where(isPositive, p, g.scalar(1, p))), floor), floor);
}
