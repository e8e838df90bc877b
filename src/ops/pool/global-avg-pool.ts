import { composite } from '../define.js';
import { only } from '../only.js';
import { floats32 } from '../sample.js';
import { product } from '../sizes.js';
import { inferGlobalPool, spatialAxes } from './global.js';

export const globalAvgPool = composite({
  name: 'global_avg_pool',
  family: 'pool',
  doc: {
    summary: 'Takes the mean of each channel over all positions, which become axes of size 1.',
    example: 'x -> global_avg_pool',
    source: 'ONNX GlobalAveragePool, torch.nn.AdaptiveAvgPool2d(1)',
  },
  inputs: { x: 'images, channels on axis 1: `[N, C, ..]`' },
  attrs: {},
  outputs: ['y'],
  infer: (rule, { x }) => inferGlobalPool(rule, x),
  flops: ({ x }, _attrs, y) => product(x.shape).add(product(only(y).shape)),
  lower: (g, { x }) => [g.mean(x, spatialAxes(g.rank(x)), true)],
  forms: [{ name: 'ONNX GlobalAveragePool', onnx: (g, { x }, _attrs, y) => g.node('GlobalAveragePool', [x], {}, y) }],
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3, 4, 5]) } },
    { inputs: { x: floats32([2, 3, 7]) } },
    { inputs: { x: floats32([1, 2, 3, 2, 4]) } },
  ],
});
