import { axes, optionalAttr, positional } from '../attrs.js';
import { core } from '../define.js';
import { pick, positionOf } from '../index-space.js';
import { stridesOf } from '../nd/array.js';
import { nth, only } from '../only.js';
import type { Rule } from '../rule.js';
import { floats32, ints64 } from '../sample.js';
import { fromStart, noFlops } from '../sizes.js';

export const transpose = core({
  name: 'transpose',
  family: 'shape',
  doc: {
    summary: 'Reorders the axes: axis `perm[i]` of `x` becomes axis `i`; reverses them if `perm` is left out.',
    example: 'transpose(x, perm = [1, 0])',
    source: 'ONNX Transpose, torch.permute',
  },
  inputs: { x: 'any tensor' },
  attrs: { perm: positional(optionalAttr(axes('where each axis of the result comes from; every axis exactly once'))) },
  outputs: ['y'],
  infer: (rule, { x }, { perm }) => {
    const order = checkedOrder(rule, perm, x.shape.length);
    return [{ dtype: x.dtype, shape: order.map((axis) => nth(x.shape, axis)) }];
  },
  flops: noFlops,
  isIdentity: (_x, { perm }) => perm?.every((from, to) => from === to) === true,
  onnx: (g, { x }, { perm }, y) => g.node('Transpose', [x], { perm: { ints: orderOf(perm, g.type(x).shape.length) } }, [only(y)]),
  evaluate: ({ x }, { perm }) => {
    const order = orderOf(perm, x.shape.length);
    const strides = stridesOf(x.shape);
    const shape = order.map((axis) => x.shape[axis] ?? 1);
    const reordered = order.map((axis) => strides[axis] ?? 1);
    return [pick(x, shape, (index) => positionOf(index, reordered))];
  },
  // y = x in the order p  =>  dx = dy in the inverse of p
  grad: (g, { x: { x }, dy, attrs }) => {
    const order = orderOf(attrs.perm, g.rank(x));
    return {
      x: g.transpose(
        only(dy),
        order.map((_, axis) => order.indexOf(axis)),
      ),
    };
  },
  samples: [
    { inputs: { x: floats32([2, 3]) }, attrs: { perm: [1, 0] } },
    { inputs: { x: floats32([2, 3, 4, 5]) }, attrs: { perm: [0, 2, -3, 3] } },
    { inputs: { x: ints64([2, 3, 4], -9, 9) } },
    { inputs: { x: floats32([]) } },
    { inputs: { x: floats32([2, 0, 3]) }, attrs: { perm: [2, 0, 1] } },
  ],
});

function orderOf(perm: readonly number[] | undefined, rank: number): readonly number[] {
  return perm === undefined ? [...Array(rank).keys()].reverse() : perm.map((axis) => fromStart(axis, rank));
}

function checkedOrder(rule: Rule, perm: readonly number[] | undefined, rank: number): readonly number[] {
  if (perm === undefined) return orderOf(perm, rank);
  const order = perm.map((axis) => rule.axis(axis, rank, 'perm'));
  if (order.length !== rank || new Set(order).size !== rank) {
    rule.fail('bad-axis', {
      message: `transpose needs each of the ${rank} axes exactly once, but \`perm\` is [${perm.join(', ')}]`,
      attr: 'perm',
    });
  }
  return order;
}
