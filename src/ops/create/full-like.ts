import { dtypeAttr, float, optionalAttr } from '../attrs.js';
import { composite } from '../define.js';
import { floats32 } from '../sample.js';
import { noFlops } from '../sizes.js';
import { filledType } from './demand-shape.js';

export const fullLike = composite({
  name: 'full_like',
  family: 'create',
  doc: {
    summary: 'A tensor with the shape of `x` that holds one value everywhere.',
    example: 'full_like(x, value = 2)',
    source: 'torch.full_like',
  },
  inputs: { x: 'the tensor whose shape and dtype are taken' },
  attrs: { value: float('the value; true is 1'), dtype: optionalAttr(dtypeAttr('element type; that of `x` if left out')) },
  outputs: ['y'],
  infer: (rule, { x }, { dtype }) => [{ dtype: filledType(rule, 'full_like', x, dtype), shape: x.shape }],
  flops: noFlops,
  lower: (g, { x }, { value, dtype }) => [g.op('full', [], { shape: g.shape(x), value, dtype: dtype ?? g.type(x).dtype })],
  grad: 'none',
  samples: [
    { inputs: { x: floats32([2, 3]) }, attrs: { value: 2 } },
    { inputs: { x: floats32([]) }, attrs: { value: -3, dtype: 'i64' } },
  ],
});
