import { elementwiseLoss, pair } from './elementwise-loss.js';
import { reductionAttr } from './reduction.js';

export const mseLoss = elementwiseLoss({
  name: 'mse_loss',
  summary: 'Mean squared error: (x - target)².',
  source: 'torch.nn.functional.mse_loss',
  attrs: { reduction: reductionAttr },
  losses: (g, x, target) => {
    const difference = g.sub(x, target);
    return g.mul(difference, difference);
  },
  cost: 3,
  samples: [pair([2, 3]), { ...pair([4]), attrs: { reduction: 'sum' } }, { ...pair([2, 2]), attrs: { reduction: 'none' } }],
});
