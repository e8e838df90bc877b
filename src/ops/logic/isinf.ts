import { core } from '../define.js';
import { mapped } from '../nd/map.js';
import { exactly, floats32 } from '../sample.js';
import { elements } from '../sizes.js';

export const isinf = core({
  name: 'isinf',
  family: 'logic',
  doc: { summary: 'Whether each element is infinite.', example: 'x -> isinf', source: 'ONNX IsInf, torch.isinf' },
  inputs: { x: 'any float tensor' },
  attrs: {},
  outputs: ['y'],
  infer: (rule, { x }) => {
    rule.dtype('x', x, 'float');
    return [{ dtype: 'bool', shape: x.shape }];
  },
  flops: ({ x }) => elements(x),
  onnx: (g, { x }, _attrs, y) => g.node('IsInf', [x], {}, y),
  evaluate: ({ x }) => [mapped(x, (value) => (Math.abs(value) === Number.POSITIVE_INFINITY ? 1 : 0), 'bool')],
  grad: 'none',
  samples: [
    { inputs: { x: exactly('f32', [5], [0, 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) } },
    { inputs: { x: floats32([2, 3]) } },
    { inputs: { x: floats32([]) } },
  ],
});
