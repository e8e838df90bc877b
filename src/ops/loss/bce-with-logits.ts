import { composite, named, optional } from '../define.js';
import { floats32 } from '../sample.js';
import { elements } from '../sizes.js';
import { broadcastDemand } from '../symbolic-rule.js';
import { demandLosses, demandPair, reduced, reducedType, reductionAttr } from './reduction.js';

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
    pos_weight: named(optional('weight of the positive part, which broadcasts to `x`')),
  },
  attrs: { reduction: reductionAttr },
  outputs: ['loss'],
  infer: (rule, { x, target, pos_weight }, { reduction }) => {
    demandPair(rule, 'x', x, 'target', target);
    demandLosses(rule, 'bce_with_logits', x, reduction);
    if (pos_weight !== undefined) {
      rule.sameDtype('x', x, 'pos_weight', pos_weight);
      rule.rank('pos_weight', pos_weight, { min: 0, max: x.shape.length }, `at most as long as ${x.shape.length} axes`);
      for (const [i, size] of [...pos_weight.shape].reverse().entries()) {
        const axis = x.shape.length - 1 - i;
        const wanted = x.shape[axis] ?? size;
        if (size.constant === 1) continue;
        rule.equal(size, wanted, () => broadcastDemand('weight', axis, x.shape, pos_weight.shape, 'pos_weight'));
      }
    }
    return [reducedType(x.dtype, x.shape, reduction)];
  },
  flops: ({ x }) => elements(x).mul(10),
  // (1 - t) x + w softplus(-x), with w = 1 + (p - 1) t; without weights x - t x + softplus(-x)
  lower: (g, { x, target, pos_weight }, { reduction }) => {
    const miss = g.op('softplus', [g.neg(x)]);
    const rest = g.sub(x, g.mul(target, x));
    if (pos_weight === undefined) return [reduced(g, g.add(rest, miss), reduction)];
    const weight = g.shift(g.mul(target, g.shift(pos_weight, -1)), 1);
    return [reduced(g, g.add(rest, g.mul(weight, miss)), reduction)];
  },
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3], -4, 4), target: floats32([2, 3], 0, 1) } },
    {
      inputs: { x: floats32([2, 3], -4, 4), target: floats32([2, 3], 0, 1), pos_weight: floats32([3], 0.5, 3) },
      attrs: { reduction: 'sum' },
    },
    { inputs: { x: floats32([4], -4, 4), target: floats32([4], 0, 1) }, attrs: { reduction: 'none' } },
  ],
});
