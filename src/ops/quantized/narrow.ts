import { InternalError } from '../../diagnostics/internal-error.js';
import { dtypeAttr } from '../attrs.js';
import { core } from '../define.js';
import { roundTo } from '../nd/round.js';
import { floats32 } from '../sample.js';
import { noFlops } from '../sizes.js';

export const narrow = core({
  name: 'narrow',
  family: 'quantized',
  doc: {
    summary: 'Stores a weight in a narrower float type.',
    example: 'narrow(weight, dtype = f16)',
    source: 'ONNX Cast',
  },
  inputs: { x: 'any float tensor' },
  attrs: { dtype: dtypeAttr('the narrower type') },
  outputs: ['y'],
  storage: 'packs',
  infer: (rule, { x }, { dtype }) => {
    rule.dtype('x', x, 'float');
    return [{ ...x, dtype }];
  },
  flops: noFlops,
  onnx: () => {
    throw new InternalError('a weight is rounded when the file is written, not when it is read');
  },
  evaluate: ({ x }, { dtype }) => [roundTo(dtype, x)],
  grad: 'none',
  samples: [{ inputs: { x: floats32([3, 4]) }, attrs: { dtype: 'f16' } }],
});
