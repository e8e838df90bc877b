import { elementwiseLoss, pair } from './elementwise-loss.js';
import { reductionAttr } from './reduction.js';

export const l1Loss = elementwiseLoss({
  name: 'l1_loss',
  summary: 'Mean absolute error: |x - target|.',
  source: 'torch.nn.functional.l1_loss',
  attrs: { reduction: reductionAttr },
  losses: (g, x, target) => g.abs(g.sub(x, target)),
  cost: 3,
  samples: [pair([2, 3]), { ...pair([4]), attrs: { reduction: 'sum' } }, { ...pair([2, 2]), attrs: { reduction: 'none' } }],
});
