import { float } from '../attrs.js';
import { elementwiseLoss, pair } from './elementwise-loss.js';
import { reductionAttr } from './reduction.js';

export const smoothL1Loss = elementwiseLoss({
  name: 'smooth_l1_loss',
  summary: 'Absolute error that is squared below `beta`: d²/(2 beta) or |d| - beta/2.',
  source: 'torch.nn.functional.smooth_l1_loss',
  attrs: { beta: float('where the two pieces meet; 0 is the absolute error', 1), reduction: reductionAttr },
  check: (rule, { beta }) => {
    if (beta < 0) rule.fail('bad-option', { message: `beta must not be negative, but is ${beta}`, attr: 'beta' });
  },
  losses: (g, x, target, { beta }) => {
    const distance = g.abs(g.sub(x, target));
    if (beta === 0) return distance;
    const near = g.scale(g.mul(distance, distance), 0.5 / beta);
    return g.where(g.less(distance, g.scalar(beta, x)), near, g.shift(distance, -beta / 2));
  },
  cost: 7,
  samples: [
    pair([2, 3], -2, 2),
    { ...pair([8], -2, 2), attrs: { reduction: 'sum', beta: 0.5 } },
    { ...pair([2, 2]), attrs: { reduction: 'none', beta: 0 } },
  ],
});
