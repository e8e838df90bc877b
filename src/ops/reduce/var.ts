import { bool } from '../attrs.js';
import type { Builder } from '../builder.js';
import { nth } from '../only.js';
import { floats32 } from '../sample.js';
import { product } from '../sizes.js';
import { reductionComposite, reductionSamples } from './reduction.js';

export const variance = reductionComposite({
  name: 'var',
  summary: 'The variance of the elements along axes.',
  source: 'torch.var',
  byPosition: ['axes'],
  attrs: { unbiased: bool('divide by the number of elements less 1 (a sample), not by the number (a population)', true) },
  ofNothing: false,
  cost: 4,
  // sum((x - mean(x))^2) / (n - 1)
  lower: (g, x, { axes, keep }, { unbiased }) => {
    const { centred, divisor } = deviations(g, x, axes, unbiased);
    return g.div(g.sum(g.op('square', [centred]), axes, keep), divisor);
  },
  samples: [
    ...reductionSamples().filter(({ inputs }) => inputs.x.shape.every((size) => size > 1) && inputs.x.shape.length > 0),
    { inputs: { x: floats32([2, 3, 4]) }, attrs: { unbiased: false, axes: [1] } },
    { inputs: { x: floats32([3, 1]) }, attrs: { unbiased: false, axes: [1] } },
    { inputs: { x: floats32([]) }, attrs: { unbiased: false } },
  ],
});

/** How far the elements are from their mean along axes, and by what the sum of the squares of that is divided for the variance. */
export function deviations<V>(
  g: Builder<V>,
  x: V,
  axes: readonly number[],
  unbiased: boolean,
): { readonly centred: V; readonly divisor: V } {
  const n = product(axes.map((axis) => nth(g.shape(x), axis)));
  return { centred: g.sub(x, g.mean(x, axes, true)), divisor: g.size(unbiased ? n.sub(1) : n, g.type(x).dtype) };
}
