import { sizes } from '../attrs.js';
import { composite } from '../define.js';
import { floats32, type Sample } from '../sample.js';
import { product } from '../sizes.js';
import { sizesOf } from '../window.js';
import { type AdaptiveKind, inferAdaptive, lowerAdaptive } from './adaptive.js';

const inputs = { x: 'images, channels on axis 1: `[N, C, ..]`' };

const attrs = { output: sizes('the sides of the result, for all axes or one each') };

const kind: AdaptiveKind = { pool: 'max_pool', reduce: (g, x, axis) => g.max(x, [axis], true) };

/** The greatest element of windows that are chosen so that the result has the requested sides. */
function adaptiveMaxPool(count: 1 | 2 | 3, samples: readonly Sample<typeof inputs, typeof attrs>[]) {
  return composite({
    name: `adaptive_max_pool${count}d`,
    family: 'pool',
    doc: {
      summary: 'Takes the greatest element of windows that are chosen so that the result has the requested sides.',
      example: `x -> adaptive_max_pool${count}d(1)`,
      source: `torch.nn.functional.adaptive_max_pool${count}d. ONNX Runtime may ignore NaN, which PyTorch returns`,
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

export const adaptiveMaxPool1d = adaptiveMaxPool(1, [
  { inputs: { x: floats32([2, 3, 10]) }, attrs: { output: sizesOf(4) } },
  { inputs: { x: floats32([2, 3, 10]) }, attrs: { output: sizesOf(5) } },
]);

export const adaptiveMaxPool2d = adaptiveMaxPool(2, [
  { inputs: { x: floats32([2, 3, 6, 8]) }, attrs: { output: sizesOf(3, 4) } },
  { inputs: { x: floats32([2, 3, 6, 8]) }, attrs: { output: sizesOf(1) } },
  { inputs: { x: floats32([1, 2, 7, 5]) }, attrs: { output: sizesOf(3, 2) } },
  // More windows than positions.
  { inputs: { x: floats32([1, 2, 3, 5]) }, attrs: { output: sizesOf(5, 7) } },
]);

export const adaptiveMaxPool3d = adaptiveMaxPool(3, [{ inputs: { x: floats32([1, 2, 4, 5, 6]) }, attrs: { output: sizesOf(2, 3, 6) } }]);
