import { core } from '../define.js';
import { mapped } from '../nd/map.js';
import { bools } from '../sample.js';
import { elements } from '../sizes.js';

export const logicalNot = core({
  name: 'logical_not',
  family: 'logic',
  doc: { summary: 'True where `x` is false; also written `!x`.', example: '!x', source: 'ONNX Not, torch.logical_not' },
  inputs: { x: 'any tensor of booleans' },
  attrs: {},
  outputs: ['y'],
  infer: (rule, { x }) => {
    rule.dtype('x', x, 'bool');
    return [x];
  },
  flops: ({ x }) => elements(x),
  onnx: (g, { x }, _attrs, y) => g.node('Not', [x], {}, y),
  evaluate: ({ x }) => [mapped(x, (value) => 1 - value)],
  grad: 'none',
  samples: [{ inputs: { x: bools([2, 5]) } }, { inputs: { x: bools([]) } }],
});
