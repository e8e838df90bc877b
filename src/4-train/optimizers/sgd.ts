import { type ElementwiseOptimizer, numberIn } from './optimizer.js';

/** Stochastic gradient descent with momentum, as `torch.optim.SGD`. The first step takes the gradient undamped. */
export const sgd: ElementwiseOptimizer = {
  kind: 'elementwise',
  decays: 'gradient',
  moments: (options) => (numberIn(options, 'momentum') === 0 ? [] : [{ name: 'momentum_buffer', start: 0 }]),
  step: (g, { gradient, moments: [before], lr, time, options }) => {
    if (before === undefined) return { change: g.mul(lr, gradient), moments: [] };
    const [momentum, dampening] = [numberIn(options, 'momentum'), numberIn(options, 'dampening')];
    const isFirst = g.equal(time, g.scalar(1, time));
    const share = dampening === 0 ? gradient : g.mul(gradient, g.where(isFirst, g.scalar(1, gradient), g.scalar(1 - dampening, gradient)));
    const buffer = g.add(g.scale(before, momentum), share);
    const direction = options.nesterov === true ? g.add(gradient, g.scale(buffer, momentum)) : buffer;
    return { change: g.mul(lr, direction), moments: [buffer] };
  },
};
