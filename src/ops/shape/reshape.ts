import { Dim } from '../../dims/dim.js';
import { dimsAttr } from '../attrs.js';
import { core } from '../define.js';
import { only } from '../only.js';
import { floats32 } from '../sample.js';
import { concrete, noFlops, product, sameShape } from '../sizes.js';
import { reshapeNode, resolveReshape } from './reshape-target.js';

export const reshape = core({
  name: 'reshape',
  family: 'shape',
  doc: {
    summary: 'Gives the same elements, in row-major order, another shape; one size may be -1 and is computed.',
    example: 'reshape(x, shape = [3, -1])',
    source: 'ONNX Reshape, torch.reshape',
  },
  inputs: { x: 'any tensor' },
  attrs: { shape: dimsAttr('the new shape, with as many elements; one size may be -1') },
  outputs: ['y'],
  infer: (rule, { x }, { shape }) => [{ dtype: x.dtype, shape: resolveReshape(rule, x.shape, shape) }],
  flops: noFlops,
  isIdentity: ({ x }, _attrs, [y]) => sameShape(x, y),
  onnx: (g, { x }, _attrs, y) => [reshapeNode(g, x, only(y).shape)],
  evaluate: ({ x }, { shape }) => {
    const known = concrete(product(shape.filter((size) => size.constant !== -1)));
    const sizes = shape.map((size) => (size.constant === -1 ? (known === 0 ? 0 : x.data.length / known) : concrete(size)));
    return [{ dtype: x.dtype, shape: sizes, data: x.data }];
  },
  // dx = reshape(dy, shape of x)
  grad: (g, { x: { x }, dy }) => ({ x: g.reshape(only(dy), g.shape(x)) }),
  samples: [
    { inputs: { x: floats32([2, 6]) }, attrs: { shape: [Dim.of(3), Dim.of(-1)] } },
    { inputs: { x: floats32([2, 3, 4]) }, attrs: { shape: [Dim.of(2), Dim.of(12)] } },
    { inputs: { x: floats32([1, 1]) }, attrs: { shape: [] } },
    { inputs: { x: floats32([0, 3]) }, attrs: { shape: [Dim.of(3), Dim.of(0)] } },
  ],
});
