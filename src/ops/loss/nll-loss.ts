import { axis, int, optionalAttr } from '../attrs.js';
import { composite, named, optional } from '../define.js';
import { exactly, floats32 } from '../sample.js';
import { elements } from '../sizes.js';
import { demandClassWeight, demandLabels, demandPositionWeight, labelRange } from './class-axis.js';
import { classLoss } from './class-loss.js';
import { reducedType, reductionAttr } from './reduction.js';

export const nllLoss = composite({
  name: 'nll_loss',
  family: 'loss',
  doc: {
    summary:
      'Negative log-likelihood: minus the log-probability of each label. The classes are the last axis unless `axis` says otherwise. The mean is weighted, and 0 if nothing counts.',
    example: 'nll_loss(x, labels)',
    source: 'torch.nn.functional.nll_loss, where the classes are always axis 1, the mean of nothing is NaN, and positions have no weights',
  },
  inputs: {
    x: 'log-probabilities [*positions, classes]',
    labels:
      'integers [*positions]: the numbers of the classes, from 0, or `ignore_index`; a computed label that is neither is ignored, too',
    weight: optional('[classes], one weight a class'),
    position_weight: named(optional('[*positions], one weight a position')),
  },
  attrs: {
    ignore_index: int('positions with this label do not count', -100),
    axis: optionalAttr(axis('the axis of the classes; the last one if left out')),
    reduction: reductionAttr,
  },
  outputs: ['loss'],
  infer: (rule, { x, labels, weight, position_weight }, { axis, reduction }) => {
    const { classes, shape } = demandLabels(rule, 'x', x, labels, axis);
    demandClassWeight(rule, 'x', x, weight, classes);
    demandPositionWeight(rule, 'x', x, position_weight, shape);
    return [reducedType(x.dtype, shape, reduction)];
  },
  flops: ({ x }) => elements(x).mul(3),
  ranges: ({ x }, { axis, ignore_index }) => ({ labels: labelRange(x, axis, ignore_index) }),
  lower: (g, { x, labels, weight, position_weight }, { ignore_index, axis = -1, reduction }) => [
    classLoss(g, {
      logProbabilities: x,
      labels,
      weight,
      positionWeight: position_weight,
      axis,
      ignoreIndex: ignore_index,
      smoothing: 0,
      reduction,
    }),
  ],
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([3, 4], -3, 0), labels: exactly('i64', [3], [2, 0, 3]) } },
    {
      inputs: { x: floats32([3, 4], -3, 0), labels: exactly('i64', [3], [2, 1, 3]), weight: floats32([4], 0.5, 2) },
      attrs: { ignore_index: 1 },
    },
    { inputs: { x: floats32([2, 3, 2], -3, 0), labels: exactly('i64', [2, 2], [2, 0, 1, 0]) }, attrs: { axis: 1, reduction: 'sum' } },
    { inputs: { x: floats32([2, 3], -3, 0), labels: exactly('i32', [2], [-100, 1]) }, attrs: { reduction: 'none' } },
    { inputs: { x: floats32([2, 3], -3, 0), labels: exactly('i64', [2], [2, 1]), position_weight: floats32([2], 0.1, 3) } },
    // Every label is ignored.
    { inputs: { x: floats32([2, 3], -3, 0), labels: exactly('i64', [2], [-100, -100]) } },
  ],
});
