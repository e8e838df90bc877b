import { Dim } from '../../dims/dim.js';
import { dimAttr } from '../attrs.js';
import { core } from '../define.js';
import { concrete, noFlops } from '../sizes.js';

export const dimValue = core({
  name: 'dim_value',
  family: 'create',
  doc: {
    summary: 'A size as a scalar tensor, known at run time.',
    example: 'dim_value(size = 4)',
    source: 'ONNX Shape',
  },
  inputs: {},
  attrs: { size: dimAttr('the size') },
  outputs: ['value'],
  infer: () => [{ dtype: 'i64', shape: [] }],
  flops: noFlops,
  onnx: (g, _x, { size }) => [g.dim(size)],
  evaluate: (_x, { size }) => [{ dtype: 'i64', shape: [], data: Float64Array.of(concrete(size)) }],
  grad: 'none',
  samples: [{ inputs: {}, attrs: { size: Dim.of(4) } }],
});
