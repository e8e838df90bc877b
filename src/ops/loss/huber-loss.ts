import { float } from '../attrs.js';
import { elementwiseLoss, pair } from './elementwise-loss.js';
import { reductionAttr } from './reduction.js';

export const huberLoss = elementwiseLoss({
  name: 'huber_loss',
  summary: 'Squared error near the target and absolute error beyond `delta`: d²/2 or delta (|d| - delta/2).',
  source: 'torch.nn.functional.huber_loss',
  attrs: { delta: float('where the two pieces meet; positive', 1), reduction: reductionAttr },
  check: (rule, { delta }) => {
    if (delta <= 0) rule.fail('bad-option', { message: `delta must be positive, but is ${delta}`, attr: 'delta' });
  },
  losses: (g, x, target, { delta }) => {
    const distance = g.abs(g.sub(x, target));
    const near = g.scale(g.mul(distance, distance), 0.5);
    const far = g.scale(g.shift(distance, -delta / 2), delta);
    return g.where(g.less(distance, g.scalar(delta, x)), near, far);
  },
  cost: 7,
  samples: [
    pair([2, 3], -2, 2),
    { ...pair([8], -2, 2), attrs: { reduction: 'sum', delta: 0.5 } },
    { ...pair([2, 2], -2, 2), attrs: { reduction: 'none' } },
  ],
});
