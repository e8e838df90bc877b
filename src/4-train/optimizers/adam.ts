import { type ElementwiseOptimizer, lerp, numberIn, pairIn, powerComplement, square } from './optimizer.js';

const moments: ElementwiseOptimizer['moments'] = ({ amsgrad }) => [
  { name: 'exp_avg', start: 0 },
  { name: 'exp_avg_sq', start: 0 },
  ...(amsgrad === true ? [{ name: 'max_exp_avg_sq', start: 0 }] : []),
];

const step: ElementwiseOptimizer['step'] = (g, { gradient, moments: [before, squares, largest], lr, time, options }) => {
  const [beta1, beta2] = pairIn(options, 'betas');
  const mean = before === undefined ? gradient : lerp(g, before, gradient, 1 - beta1);
  const variance = squares === undefined ? square(g, gradient) : lerp(g, squares, square(g, gradient), 1 - beta2);
  const bound = largest === undefined ? variance : g.maximum(largest, variance);
  // The correction of the second moment, a scalar, is multiplied into numerator and denominator, so that the elements are passed over once less.
  const root = g.sqrt(powerComplement(g, beta2, time));
  const rate = g.mul(g.div(lr, powerComplement(g, beta1, time)), root);
  const change = g.div(g.mul(mean, rate), g.add(g.sqrt(bound), g.scale(root, numberIn(options, 'eps'))));
  return { change, moments: largest === undefined ? [mean, variance] : [mean, variance, bound] };
};

/** Kingma and Ba 2015, as `torch.optim.Adam`. With `amsgrad`: Reddi et al. 2018. */
export const adam: ElementwiseOptimizer = { kind: 'elementwise', decays: 'gradient', moments, step };

/** Loshchilov and Hutter 2019, as `torch.optim.AdamW`. */
export const adamw: ElementwiseOptimizer = { kind: 'elementwise', decays: 'weight', moments, step };
