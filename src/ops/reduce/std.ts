import { bool } from '../attrs.js';
import { floats32 } from '../sample.js';
import { reductionComposite, reductionSamples } from './reduction.js';

export const std = reductionComposite({
  name: 'std',
  summary: 'The standard deviation of the elements along axes: the square root of `var`.',
  source: 'torch.std',
  byPosition: ['axes'],
  attrs: { unbiased: bool('divide by the number of elements less 1 (a sample), not by the number (a population)', true) },
  ofNothing: false,
  cost: 4,
  lower: (g, x, { axes, keep }, { unbiased }) => g.sqrt(g.op('var', [x], { axes, keep, unbiased })),
  samples: [
    ...reductionSamples().filter(({ inputs }) => inputs.x.shape.every((size) => size > 1) && inputs.x.shape.length > 0),
    { inputs: { x: floats32([2, 3, 4]) }, attrs: { unbiased: false, axes: [1] } },
  ],
});
