import { composite } from '../define.js';
import { floats32 } from '../sample.js';
import { product } from '../sizes.js';
import { inferGlobalPool, spatialAxes } from './global.js';

export const globalMaxPool = composite({
  name: 'global_max_pool',
  family: 'pool',
  doc: {
    summary: 'Takes the greatest element of each channel over all positions, which become axes of size 1.',
    example: 'x -> global_max_pool',
    source: 'ONNX GlobalMaxPool, torch.nn.AdaptiveMaxPool2d(1). ONNX Runtime may ignore NaN, which PyTorch returns',
  },
  inputs: { x: 'images, channels on axis 1: `[N, C, ..]`' },
  attrs: {},
  outputs: ['y'],
  infer: (rule, { x }) => inferGlobalPool(rule, x),
  flops: ({ x }) => product(x.shape),
  lower: (g, { x }) => [g.max(x, spatialAxes(g.rank(x)), true)],
  fused: { onnx: (g, { x }, _attrs, y) => g.node('GlobalMaxPool', [x], {}, y) },
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3, 4, 5]) } },
    { inputs: { x: floats32([2, 3, 7], -3, -1) } },
    { inputs: { x: floats32([1, 2, 3, 2, 4]) } },
  ],
});
