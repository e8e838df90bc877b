import { dtypeAttr } from '../attrs.js';
import { core } from '../define.js';
import { castNode } from '../onnx-cast.js';
import { noFlops } from '../sizes.js';

export const widen = core({
  name: 'widen',
  family: 'quantized',
  doc: {
    summary: 'The same numbers in a wider float type: of a weight that is stored in a narrower one.',
    example: 'widen(weight, dtype = f32)',
    source: 'ONNX Cast',
  },
  inputs: { x: 'any float tensor' },
  attrs: { dtype: dtypeAttr('the wider type') },
  outputs: ['y'],
  storage: 'unpacks',
  infer: (rule, { x }, { dtype }) => {
    rule.dtype('x', x, 'float');
    return [{ ...x, dtype }];
  },
  flops: noFlops,
  onnx: (g, { x }, { dtype }) => [castNode(g, x, dtype)],
  evaluate: ({ x }, { dtype }) => [{ ...x, dtype }],
  grad: 'none',
  samples: [{ inputs: { x: { dtype: 'f16', shape: [2, 3], values: [0, 1, -2, 0.5, 1024, -0.25] } }, attrs: { dtype: 'f32' } }],
});
