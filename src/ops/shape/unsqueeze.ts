import { Dim } from '../../dims/dim.js';
import { axes } from '../attrs.js';
import { core } from '../define.js';
import { only } from '../only.js';
import { floats32 } from '../sample.js';
import { fromStart, noFlops, sameShape } from '../sizes.js';
import { distinctAxes } from './distinct-axes.js';

export const unsqueeze = core({
  name: 'unsqueeze',
  family: 'shape',
  doc: {
    summary: 'Inserts axes of size 1, at positions counted in the result.',
    example: 'unsqueeze(x, axes = 1)',
    source: 'ONNX Unsqueeze, torch.unsqueeze',
  },
  inputs: { x: 'any tensor' },
  attrs: { axes: axes('positions of the new axes in the result') },
  outputs: ['y'],
  infer: (rule, { x }, { axes }) => {
    const added = distinctAxes(rule, axes, x.shape.length + axes.length);
    return [{ dtype: x.dtype, shape: withOnes(x.shape, added, Dim.of(1)) }];
  },
  flops: noFlops,
  isIdentity: ({ x }, _attrs, [y]) => sameShape(x, y),
  onnx: (g, { x }, { axes }, y) => g.node('Unsqueeze', [x, g.ints(positions(axes, g.type(x).shape.length))], {}, [only(y)]),
  evaluate: ({ x }, { axes }) => [{ dtype: x.dtype, shape: withOnes(x.shape, positions(axes, x.shape.length), 1), data: x.data }],
  // dx = squeeze(dy, axes)
  grad: (g, { x: { x }, dy, attrs }) => ({ x: g.squeeze(only(dy), positions(attrs.axes, g.rank(x))) }),
  samples: [
    { inputs: { x: floats32([2, 3]) }, attrs: { axes: [1] } },
    { inputs: { x: floats32([2, 3]) }, attrs: { axes: [-1, 0] } },
    { inputs: { x: floats32([]) }, attrs: { axes: [0] } },
  ],
});

function positions(axes: readonly number[], rank: number): readonly number[] {
  return axes.map((axis) => fromStart(axis, rank + axes.length));
}

function withOnes<T>(shape: readonly T[], added: readonly number[], one: T): T[] {
  const rest = [...shape];
  return Array.from({ length: shape.length + added.length }, (_, axis) => (added.includes(axis) ? one : (rest.shift() ?? one)));
}
