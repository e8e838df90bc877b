import { Dim } from '../../dims/dim.js';
import { dimsAttr } from '../attrs.js';
import { core } from '../define.js';
import { pick, positionOf } from '../index-space.js';
import { stridesOf } from '../nd/array.js';
import { only } from '../only.js';
import type { Rule } from '../rule.js';
import { floats32, ints64 } from '../sample.js';
import { concrete, noFlops, sameShape } from '../sizes.js';
import { type Shape, showShape } from '../types.js';
import { expandNode } from './expand-node.js';

export const expand = core({
  name: 'expand',
  family: 'shape',
  doc: {
    summary: 'Repeats axes of size 1, and adds axes in front, to reach a shape; -1 keeps an axis.',
    example: 'expand(x, shape = [4, 2, 3])',
    source: 'ONNX Expand, torch.Tensor.expand',
  },
  inputs: { x: 'any tensor' },
  attrs: { shape: dimsAttr('the new shape, aligned at the last axis; -1 keeps the size of that axis') },
  outputs: ['y'],
  infer: (rule, { x }, { shape }) => [{ dtype: x.dtype, shape: expandedShape(rule, x.shape, shape) }],
  flops: noFlops,
  isIdentity: ({ x }, _attrs, [y]) => sameShape(x, y),
  onnx: (g, { x }, _attrs, y) => [expandNode(g, x, only(y).shape)],
  evaluate: ({ x }, { shape }) => {
    const added = shape.length - x.shape.length;
    const sizes = shape.map((size, axis) => (size.constant === -1 ? (x.shape[axis - added] ?? 1) : concrete(size)));
    const strides = stridesOf(x.shape);
    const repeating = sizes.map((_, axis) => (axis < added || x.shape[axis - added] === 1 ? 0 : (strides[axis - added] ?? 0)));
    return [pick(x, sizes, (index) => positionOf(index, repeating))];
  },
  // dx = dy summed over the axes that were repeated or added
  grad: (g, { x: { x }, dy }) => ({ x: g.unbroadcast(only(dy), x) }),
  samples: [
    { inputs: { x: floats32([2, 1]) }, attrs: { shape: [4, 2, 3].map(Dim.of) } },
    { inputs: { x: floats32([]) }, attrs: { shape: [2, 3].map(Dim.of) } },
    { inputs: { x: floats32([3, 1]) }, attrs: { shape: [-1, 4].map(Dim.of) } },
    { inputs: { x: ints64([1, 3], 0, 9) }, attrs: { shape: [2, 3].map(Dim.of) } },
    { inputs: { x: floats32([2, 1]) }, attrs: { shape: [2, 0].map(Dim.of) } },
    { inputs: { x: floats32([3, 1, 3]) }, attrs: { shape: [2, -1, 0, 3].map(Dim.of) } },
    { inputs: { x: floats32([1]) }, attrs: { shape: [Dim.zero] } },
    { inputs: { x: floats32([]) }, attrs: { shape: [0, 1].map(Dim.of) } },
  ],
});

function expandedShape(rule: Rule, from: Shape, wanted: Shape): Shape {
  const added = wanted.length - from.length;
  if (added < 0) {
    rule.fail('rank-mismatch', {
      message: `expand to ${showShape(wanted)} would drop an axis of ${showShape(from)}`,
      attr: 'shape',
    });
  }
  return wanted.map((size, axis) => {
    const have = from[axis - added];
    if (size.constant === -1 && have !== undefined) return have;
    rule.atLeast(size, 0, () => ({ message: `expand needs sizes of 0 or more, but axis ${axis} would be ${size}`, attr: 'shape' }));
    if (have !== undefined && have.constant !== 1) {
      rule.equal(have, size, () => ({
        message: `expand repeats only axes of size 1: ${have} cannot become ${size}`,
        input: 'x',
        wanted: wanted.slice(added),
        got: from,
      }));
    }
    return size;
  });
}
