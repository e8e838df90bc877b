import { floats32 } from '../sample.js';
import { elementwiseLoss } from './elementwise-loss.js';
import { reductionAttr } from './reduction.js';

const probabilities = (shape: readonly number[]) => ({ x: floats32(shape, 0.05, 0.95), target: floats32(shape, 0, 1) });

export const bceLoss = elementwiseLoss({
  name: 'bce_loss',
  summary: 'Binary cross-entropy of probabilities: -(t log x + (1 - t) log(1 - x)), with logarithms of at least -100.',
  source: 'torch.nn.functional.binary_cross_entropy; prefer bce_with_logits',
  attrs: { reduction: reductionAttr },
  losses: (g, x, target) => {
    const floor = g.scalar(-100, x);
    const one = g.scalar(1, x);
    const hit = g.mul(target, g.maximum(g.log(x), floor));
    const miss = g.mul(g.sub(one, target), g.maximum(g.log(g.sub(one, x)), floor));
    return g.neg(g.add(hit, miss));
  },
  cost: 10,
  samples: [
    probabilities([2, 3]),
    { ...probabilities([4]), attrs: { reduction: 'sum' } },
    { ...probabilities([2, 2]), attrs: { reduction: 'none' } },
  ],
});
