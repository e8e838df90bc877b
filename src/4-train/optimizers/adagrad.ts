import { nth } from '../../ops/only.js';
import { type ElementwiseOptimizer, numberIn, square } from './optimizer.js';

/** Duchi et al. 2011, as `torch.optim.Adagrad`. */
export const adagrad: ElementwiseOptimizer = {
  kind: 'elementwise',
  decays: 'gradient',
  moments: (options) => [{ name: 'sum', start: numberIn(options, 'initial_accumulator_value') }],
  step: (g, { gradient, moments, lr, time, options }) => {
    const sum = g.add(nth(moments, 0), square(g, gradient));
    const rate = g.div(lr, g.shift(g.scale(g.shift(time, -1), numberIn(options, 'lr_decay')), 1));
    return { change: g.mul(rate, g.div(gradient, g.shift(g.sqrt(sum), numberIn(options, 'eps')))), moments: [sum] };
  },
};
