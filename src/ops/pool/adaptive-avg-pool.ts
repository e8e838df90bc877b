import { sizes } from '../attrs.js';
import { composite } from '../define.js';
import { floats32, type Sample } from '../sample.js';
import { product } from '../sizes.js';
import { sizesOf } from '../window.js';
import { type AdaptiveKind, inferAdaptive, lowerAdaptive } from './adaptive.js';

const inputs = { x: 'images, channels on axis 1: `[N, C, ..]`' };

const attrs = { output: sizes('the sides of the result, for all axes or one each') };

const kind: AdaptiveKind = { pool: 'avg_pool', reduce: (g, x, axis) => g.mean(x, [axis], true) };

/** The mean of windows that are chosen so that the result has the requested sides. */
function adaptiveAvgPool(count: 1 | 2 | 3, samples: readonly Sample<typeof inputs, typeof attrs>[]) {
  return composite({
    name: `adaptive_avg_pool${count}d`,
    family: 'pool',
    doc: {
      summary: 'Takes the mean of windows that are chosen so that the result has the requested sides.',
      example: `x -> adaptive_avg_pool${count}d(1)`,
      source: `torch.nn.functional.adaptive_avg_pool${count}d`,
    },
    inputs,
    attrs,
    outputs: ['y'],
    infer: (rule, { x }, { output }) => inferAdaptive(rule, count, x, output),
    flops: ({ x }) => product(x.shape),
    lower: (g, { x }, { output }) => [lowerAdaptive(g, x, output, kind)],
    grad: 'by-lowering',
    samples,
  });
}

export const adaptiveAvgPool1d = adaptiveAvgPool(1, [
  { inputs: { x: floats32([2, 3, 10]) }, attrs: { output: sizesOf(4) } },
  { inputs: { x: floats32([2, 3, 10]) }, attrs: { output: sizesOf(5) } },
]);

export const adaptiveAvgPool2d = adaptiveAvgPool(2, [
  { inputs: { x: floats32([2, 3, 6, 8]) }, attrs: { output: sizesOf(3, 4) } },
  { inputs: { x: floats32([2, 3, 6, 8]) }, attrs: { output: sizesOf(1) } },
  { inputs: { x: floats32([1, 2, 7, 5]) }, attrs: { output: sizesOf(3, 2) } },
  // More windows than positions.
  { inputs: { x: floats32([1, 2, 3, 5]) }, attrs: { output: sizesOf(5, 7) } },
]);

export const adaptiveAvgPool3d = adaptiveAvgPool(3, [{ inputs: { x: floats32([1, 2, 4, 5, 6]) }, attrs: { output: sizesOf(2, 3, 6) } }]);
