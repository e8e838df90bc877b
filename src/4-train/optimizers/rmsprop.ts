import { nth } from '../../ops/only.js';
import { type ElementwiseOptimizer, lerp, numberIn, square } from './optimizer.js';

/** Tieleman and Hinton 2012, as `torch.optim.RMSprop`. */
export const rmsprop: ElementwiseOptimizer = {
  kind: 'elementwise',
  decays: 'gradient',
  moments: (options) => [
    { name: 'square_avg', start: 0 },
    ...(options.centered === true ? [{ name: 'grad_avg', start: 0 }] : []),
    ...(numberIn(options, 'momentum') > 0 ? [{ name: 'momentum_buffer', start: 0 }] : []),
  ],
  step: (g, { gradient, moments, lr, options }) => {
    const momentum = numberIn(options, 'momentum');
    const rate = 1 - numberIn(options, 'alpha');
    const squares = lerp(g, nth(moments, 0), square(g, gradient), rate);
    const mean = options.centered === true ? lerp(g, nth(moments, 1), gradient, rate) : undefined;
    const variance = mean === undefined ? squares : g.sub(squares, square(g, mean));
    const direction = g.div(gradient, g.shift(g.sqrt(variance), numberIn(options, 'eps')));
    const buffer = momentum > 0 ? g.add(g.scale(nth(moments, moments.length - 1), momentum), direction) : undefined;
    const kept = [squares, mean, buffer].filter((moment) => moment !== undefined);
    return { change: g.mul(lr, buffer ?? direction), moments: kept };
  },
};
