import { bool } from '../attrs.js';
import { floats32 } from '../sample.js';
import { reductionComposite, reductionSamples } from './reduction.js';
import { deviations } from './var.js';

export const std = reductionComposite({
  name: 'std',
  summary: 'The standard deviation of the elements along axes: the square root of `var`.',
  source: 'torch.std',
  byPosition: ['axes'],
  attrs: { unbiased: bool('divide by the number of elements less 1 (a sample), not by the number (a population)', true) },
  ofNothing: false,
  cost: 4,
  // A length, because the gradient of a length of 0 is 0, and that of a square root of 0 is not a number: sqrt(sum((x - mean(x))^2)) / sqrt(n - 1)
  lower: (g, x, { axes, keep }, { unbiased }) => {
    const { centred, divisor } = deviations(g, x, axes, unbiased);
    return g.div(g.op('norm', [centred], { axes, keep }), g.sqrt(divisor));
  },
  samples: [
    ...reductionSamples().filter(({ inputs }) => inputs.x.shape.every((size) => size > 1) && inputs.x.shape.length > 0),
    { inputs: { x: floats32([2, 3, 4]) }, attrs: { unbiased: false, axes: [1] } },
  ],
});
