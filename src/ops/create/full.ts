import { Dim } from '../../dims/dim.js';
import { dimsAttr, float, floatTypeAttr } from '../attrs.js';
import { core } from '../define.js';
import { ndArray } from '../nd/array.js';
import { expandNode } from '../shape/expand-node.js';
import { concrete, noFlops } from '../sizes.js';
import { demandShape } from './demand-shape.js';

export const full = core({
  name: 'full',
  family: 'create',
  doc: {
    summary: 'A tensor that holds one value everywhere.',
    example: 'full(shape = [2, 3], value = 0.5)',
    source: 'torch.full, ONNX Expand of a constant',
  },
  inputs: {},
  attrs: {
    shape: dimsAttr('the shape; [] for a scalar'),
    value: float('the value; true is 1'),
    dtype: floatTypeAttr('element type'),
  },
  outputs: ['y'],
  infer: (rule, _x, { shape, dtype }) => {
    demandShape(rule, shape);
    return [{ dtype, shape }];
  },
  flops: noFlops,
  // ConstantOfShape has no WebGPU kernel; Expand runs everywhere.
  onnx: (g, _x, { shape, value, dtype }) => [expandNode(g, g.scalar(value, dtype), shape)],
  evaluate: (_x, { shape, value, dtype }) => {
    const y = ndArray(dtype, shape.map(concrete));
    y.data.fill(value);
    return [y];
  },
  grad: 'none',
  samples: [
    { inputs: {}, attrs: { shape: [2, 3].map(Dim.of), value: 0.5 } },
    { inputs: {}, attrs: { shape: [Dim.of(4)], value: -7, dtype: 'i64' } },
    { inputs: {}, attrs: { shape: [], value: 1, dtype: 'bool' } },
    { inputs: {}, attrs: { shape: [0, 2].map(Dim.of), value: 1 } },
    { inputs: {}, attrs: { shape: [1, 0].map(Dim.of), value: 1 } },
  ],
});
