import { Dim } from '../../dims/dim.js';
import { dimAttr, floatTypeAttr, int, optionalAttr, positional } from '../attrs.js';
import { composite } from '../define.js';
import { noFlops } from '../sizes.js';
import { demandShape } from './demand-shape.js';

export const eye = composite({
  name: 'eye',
  family: 'create',
  doc: {
    summary: 'A matrix with ones on a diagonal and zeros elsewhere.',
    example: 'eye(3)',
    source: 'torch.eye, ONNX EyeLike',
  },
  inputs: {},
  attrs: {
    rows: dimAttr('number of rows'),
    columns: positional(optionalAttr(dimAttr('number of columns; as many as rows if left out'))),
    k: int('which diagonal: 0 the main one, positive ones above it', 0),
    dtype: floatTypeAttr('element type'),
  },
  outputs: ['y'],
  infer: (rule, _x, { rows, columns, dtype }) => {
    const shape = [rows, columns ?? rows];
    demandShape(rule, shape);
    return [{ dtype, shape }];
  },
  flops: noFlops,
  lower: (g, _x, { rows, columns, k, dtype }) => {
    const row = g.unsqueeze(g.op('range', [], { end: rows, dtype: 'i32' }), [1]);
    const column = g.op('range', [], { end: columns ?? rows, dtype: 'i32' });
    return [g.cast(g.equal(k === 0 ? row : g.shift(row, k), column), dtype)];
  },
  grad: 'none',
  samples: [
    { inputs: {}, attrs: { rows: Dim.of(3) } },
    { inputs: {}, attrs: { rows: Dim.of(2), columns: Dim.of(4), k: 1, dtype: 'i64' } },
    { inputs: {}, attrs: { rows: Dim.of(4), columns: Dim.of(2), k: -2, dtype: 'bool' } },
  ],
});
