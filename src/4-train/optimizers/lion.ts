import { nth } from '../../ops/only.js';
import { type ElementwiseOptimizer, lerp, pairIn } from './optimizer.js';

/** Chen et al. 2023, algorithm 2. */
export const lion: ElementwiseOptimizer = {
  kind: 'elementwise',
  decays: 'weight',
  moments: () => [{ name: 'exp_avg', start: 0 }],
  step: (g, { gradient, moments, lr, options }) => {
    const [beta1, beta2] = pairIn(options, 'betas');
    const before = nth(moments, 0);
    const change = g.mul(lr, g.sign(lerp(g, before, gradient, 1 - beta1)));
    return { change, moments: [lerp(g, before, gradient, 1 - beta2)] };
  },
};
