import { core } from '../define.js';
import { mapped } from '../nd/map.js';
import { exactly, floats32 } from '../sample.js';
import { elements } from '../sizes.js';

export const isnan = core({
  name: 'isnan',
  family: 'logic',
  doc: { summary: 'Whether each element is not a number.', example: 'x -> isnan', source: 'ONNX IsNaN, torch.isnan' },
  inputs: { x: 'any float tensor' },
  attrs: {},
  outputs: ['y'],
  infer: (rule, { x }) => {
    rule.dtype('x', x, 'float');
    return [{ dtype: 'bool', shape: x.shape }];
  },
  flops: ({ x }) => elements(x),
  onnx: (g, { x }, _attrs, y) => g.node('IsNaN', [x], {}, y),
  evaluate: ({ x }) => [mapped(x, (value) => (Number.isNaN(value) ? 1 : 0), 'bool')],
  grad: 'none',
  samples: [
    { inputs: { x: exactly('f32', [5], [0, 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) } },
    { inputs: { x: floats32([2, 3]) } },
    { inputs: { x: floats32([]) } },
  ],
});
