import { composite, named, optional } from '../define.js';
import { floats32 } from '../sample.js';
import { elements } from '../sizes.js';
import { demandLosses, demandPair, demandWeights, reduced, reducedType, reductionAttr } from './reduction.js';

export const bceWithLogits = composite({
  name: 'bce_with_logits',
  family: 'loss',
  doc: {
    summary: 'Binary cross-entropy of logits, computed without overflow.',
    example: 'bce_with_logits(x, target)',
    source: 'torch.nn.functional.binary_cross_entropy_with_logits',
  },
  inputs: {
    x: 'logits, of any shape',
    target: 'probabilities of the same shape',
    weight: optional('weight of each loss, which broadcasts to `x`; the mean does not divide by it'),
    pos_weight: named(optional('weight of the positive part, which broadcasts to `x`')),
  },
  attrs: { reduction: reductionAttr },
  outputs: ['loss'],
  infer: (rule, { x, target, weight, pos_weight }, { reduction }) => {
    demandPair(rule, 'x', x, 'target', target);
    demandLosses(rule, 'bce_with_logits', x, reduction);
    demandWeights(rule, x, 'weight', weight);
    demandWeights(rule, x, 'pos_weight', pos_weight);
    return [reducedType(x.dtype, x.shape, reduction)];
  },
  flops: ({ x }) => elements(x).mul(10),
  // v ((1 - t) x + w softplus(-x)), with w = 1 + (p - 1) t; without p x - t x + softplus(-x)
  lower: (g, { x, target, weight, pos_weight }, { reduction }) => {
    const miss = g.op('softplus', [g.neg(x)]);
    const rest = g.sub(x, g.mul(target, x));
    const positive = pos_weight === undefined ? undefined : g.shift(g.mul(target, g.shift(pos_weight, -1)), 1);
    const losses = g.add(rest, positive === undefined ? miss : g.mul(positive, miss));
    return [reduced(g, weight === undefined ? losses : g.mul(losses, weight), reduction)];
  },
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3], -4, 4), target: floats32([2, 3], 0, 1) } },
    {
      inputs: { x: floats32([2, 3], -4, 4), target: floats32([2, 3], 0, 1), pos_weight: floats32([3], 0.5, 3) },
      attrs: { reduction: 'sum' },
    },
    { inputs: { x: floats32([4], -4, 4), target: floats32([4], 0, 1) }, attrs: { reduction: 'none' } },
    {
      inputs: {
        x: floats32([2, 3], -4, 4),
        target: floats32([2, 3], 0, 1),
        weight: floats32([2, 1], 0, 2),
        pos_weight: floats32([], 0.5, 3),
      },
    },
  ],
});
