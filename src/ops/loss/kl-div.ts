import { Dim } from '../../dims/dim.js';
import { bool, choice } from '../attrs.js';
import { composite } from '../define.js';
import { floats32 } from '../sample.js';
import { elements } from '../sizes.js';
import { demandLosses, demandPair, reduced, reducedType } from './reduction.js';

export const klDiv = composite({
  name: 'kl_div',
  family: 'loss',
  doc: {
    summary: 'Kullback-Leibler divergence of log-probabilities `x` from `target`: t (log t - x).',
    example: 'kl_div(x, target, reduction = "batchmean")',
    source: 'torch.nn.functional.kl_div',
  },
  inputs: { x: 'log-probabilities, of any shape', target: 'probabilities, or log-probabilities with `log_target`' },
  attrs: {
    reduction: choice(
      '"mean" of all elements, "batchmean" over the first axis, "sum", or "none"',
      ['mean', 'batchmean', 'sum', 'none'],
      'mean',
    ),
    log_target: bool('the target is given as logarithms', false),
  },
  outputs: ['loss'],
  infer: (rule, { x, target }, { reduction }) => {
    demandPair(rule, 'x', x, 'target', target);
    demandLosses(rule, 'kl_div', x, reduction);
    if (reduction === 'batchmean') rule.rank('x', x, { min: 1 }, '[N, ...]');
    return [reducedType(x.dtype, x.shape, reduction === 'none' ? 'none' : 'sum')];
  },
  flops: ({ x }) => elements(x).mul(4),
  lower: (g, { x, target }, { reduction, log_target }) => {
    // t log t is 0 at 0; the logarithm is taken of 1 there, so that the gradient also stays finite.
    const losses = log_target
      ? g.mul(g.exp(target), g.sub(target, x))
      : g.mul(target, g.sub(g.log(g.where(g.equal(target, g.scalar(0, x)), g.scalar(1, x), target)), x));
    if (reduction !== 'batchmean') return [reduced(g, losses, reduction)];
    return [g.div(g.sum(losses), g.size(g.shape(x)[0] ?? Dim.one, g.type(x).dtype))];
  },
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3], -3, 0), target: floats32([2, 3], 0.1, 1) }, attrs: { reduction: 'batchmean' } },
    { inputs: { x: floats32([2, 3], -3, 0), target: floats32([2, 3], 0.1, 1) } },
    { inputs: { x: floats32([4], -3, 0), target: floats32([4], -3, 0) }, attrs: { reduction: 'none', log_target: true } },
    { inputs: { x: floats32([4], -3, 0), target: floats32([4], -3, 0) }, attrs: { reduction: 'sum', log_target: true } },
  ],
});
