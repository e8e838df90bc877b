import { axis, float, int, optionalAttr } from '../attrs.js';
import { composite, named, optional } from '../define.js';
import { exactly, floats32 } from '../sample.js';
import { elements } from '../sizes.js';
import { demandClassWeight, demandLabels, demandPositionWeight, labelRange } from './class-axis.js';
import { classLoss } from './class-loss.js';
import { reducedType, reductionAttr } from './reduction.js';

export const crossEntropy = composite({
  name: 'cross_entropy',
  family: 'loss',
  doc: {
    summary:
      'Cross-entropy of logits against integer labels. The classes are the last axis of the logits unless `axis` says otherwise. The mean is weighted, and 0 if nothing counts.',
    example: 'cross_entropy(logits, labels)',
    source:
      'torch.nn.functional.cross_entropy, where the classes are always axis 1, the mean of nothing is NaN, and positions have no weights',
  },
  inputs: {
    logits: '[*positions, classes]',
    labels:
      'integers [*positions]: the numbers of the classes, from 0, or `ignore_index`; a computed label that is neither is ignored, too',
    weight: optional('[classes], one weight a class'),
    position_weight: named(optional('[*positions], one weight a position')),
  },
  attrs: {
    ignore_index: int('positions with this label do not count', -100),
    axis: optionalAttr(axis('the axis of the classes; the last one if left out')),
    label_smoothing: float('share of the target that is spread evenly over all classes', 0),
    reduction: reductionAttr,
  },
  outputs: ['loss'],
  infer: (rule, { logits, labels, weight, position_weight }, { axis, reduction, label_smoothing }) => {
    const { classes, shape } = demandLabels(rule, 'logits', logits, labels, axis);
    demandClassWeight(rule, 'logits', logits, weight, classes);
    demandPositionWeight(rule, 'logits', logits, position_weight, shape);
    if (label_smoothing < 0 || label_smoothing > 1) {
      rule.fail('bad-option', { message: `label_smoothing must be from 0 to 1, but is ${label_smoothing}`, attr: 'label_smoothing' });
    }
    return [reducedType(logits.dtype, shape, reduction)];
  },
  flops: ({ logits }) => elements(logits).mul(6),
  ranges: ({ logits }, { axis, ignore_index }) => ({ labels: labelRange(logits, axis, ignore_index) }),
  lower: (g, { logits, labels, weight, position_weight }, { ignore_index, axis = -1, label_smoothing, reduction }) => [
    classLoss(g, {
      logProbabilities: g.op('log_softmax', [logits], { axis }),
      labels,
      weight,
      positionWeight: position_weight,
      axis,
      ignoreIndex: ignore_index,
      smoothing: label_smoothing,
      reduction,
    }),
  ],
  grad: 'by-lowering',
  samples: [
    { inputs: { logits: floats32([3, 4]), labels: exactly('i64', [3], [2, 0, 3]) } },
    { inputs: { logits: floats32([2, 3, 4]), labels: exactly('i64', [2, 3], [2, 0, -100, 3, 1, -100]) } },
    {
      inputs: { logits: floats32([2, 3, 2]), labels: exactly('i32', [2, 2], [2, 0, 1, 0]) },
      attrs: { axis: 1, reduction: 'none', ignore_index: 0 },
    },
    {
      inputs: { logits: floats32([3, 4]), labels: exactly('i64', [3], [2, -100, 3]), weight: floats32([4], 0.5, 2) },
      attrs: { label_smoothing: 0.1 },
    },
    { inputs: { logits: floats32([4]), labels: exactly('i64', [], [1]) }, attrs: { reduction: 'sum' } },
    {
      inputs: {
        logits: floats32([2, 3, 2]),
        labels: exactly('i64', [2, 2], [2, -100, 1, 0]),
        weight: floats32([3], 0.5, 2),
        position_weight: floats32([2, 2], 0.1, 3),
      },
      attrs: { axis: 1, label_smoothing: 0.2 },
    },
    // Nothing counts: every label is ignored, or every position has the weight 0.
    {
      inputs: { logits: floats32([2, 3]), labels: exactly('i64', [2], [1, 1]), weight: floats32([3], 0.5, 2) },
      attrs: { ignore_index: 1, label_smoothing: 0.1 },
    },
  ],
});
