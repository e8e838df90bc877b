import { composite } from '../define.js';
import { only } from '../only.js';
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
  forms: [{ name: 'ONNX GlobalMaxPool', onnx: (g, { x }, _attrs, y) => g.node('GlobalMaxPool', [x], {}, y) }],
  // dx = dy for the first of the greatest elements, as in the other poolings; the definition shares it among them
  grad: (g, { x: { x }, y, dy }) => {
    const shape = g.shape(x);
    const count = product(shape.slice(2));
    const inRow = (value: typeof x) => g.reshape(value, [...shape.slice(0, 2), -1]);
    const places = g.op('range', [], { end: count, dtype: g.type(x).dtype });
    const isGreatest = g.equal(inRow(x), inRow(only(y)));
    const first = g.op('min', [g.where(isGreatest, places, g.size(count, g.type(x).dtype))], { axes: [2], keep: true });
    return { x: g.reshape(g.where(g.equal(places, first), inRow(only(dy)), g.scalar(0, x)), shape) };
  },
  samples: [
    { inputs: { x: floats32([2, 3, 4, 5]) } },
    { inputs: { x: floats32([2, 3, 7], -3, -1) } },
    { inputs: { x: floats32([1, 2, 3, 2, 4]) } },
  ],
});
