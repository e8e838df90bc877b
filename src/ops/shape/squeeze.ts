import { Dim } from '../../dims/dim.js';
import { axes, optionalAttr, positional } from '../attrs.js';
import { core } from '../define.js';
import { only } from '../only.js';
import type { Rule } from '../rule.js';
import { floats32 } from '../sample.js';
import { fromStart, noFlops, sameShape } from '../sizes.js';
import type { Shape } from '../types.js';
import { distinctAxes } from './distinct-axes.js';

export const squeeze = core({
  name: 'squeeze',
  family: 'shape',
  doc: {
    summary: 'Removes axes of size 1: those named, or all of them if every size is known.',
    example: 'squeeze(x, axes = 1)',
    source: 'ONNX Squeeze, torch.squeeze',
  },
  inputs: { x: 'any tensor' },
  attrs: { axes: positional(optionalAttr(axes('the axes to remove; each must have size 1'))) },
  outputs: ['y'],
  infer: (rule, { x }, { axes }) => {
    if (axes === undefined) demandClear(rule, x.shape);
    const gone = axes === undefined ? onesOf(x.shape) : distinctAxes(rule, axes, x.shape.length);
    for (const axis of gone) {
      const size = x.shape[axis] ?? Dim.of(1);
      rule.equal(size, Dim.of(1), () => ({
        message: `squeeze removes axes of size 1, but axis ${axis} has size ${size}`,
        input: 'x',
        wanted: x.shape.map((other, i) => (i === axis ? '1' : String(other))),
        got: x.shape,
        help: size.constant === undefined ? undefined : 'leave it out: PyTorch does nothing here',
      }));
    }
    return [{ dtype: x.dtype, shape: x.shape.filter((_, axis) => !gone.includes(axis)) }];
  },
  flops: noFlops,
  isIdentity: ({ x }, _attrs, [y]) => sameShape(x, y),
  onnx: (g, { x }, { axes }, y) => g.node('Squeeze', [x, g.ints(removed(axes, g.type(x).shape))], {}, [only(y)]),
  evaluate: ({ x }, { axes }) => {
    const gone = removed(axes, x.shape.map(Dim.of));
    return [{ dtype: x.dtype, shape: x.shape.filter((_, axis) => !gone.includes(axis)), data: x.data }];
  },
  // dx = unsqueeze(dy, axes)
  grad: (g, { x: { x }, dy, attrs }) => ({ x: g.unsqueeze(only(dy), removed(attrs.axes, g.shape(x))) }),
  samples: [
    { inputs: { x: floats32([2, 1, 3]) }, attrs: { axes: [1] } },
    { inputs: { x: floats32([1, 2, 1]) }, attrs: { axes: [-1, 0] } },
    { inputs: { x: floats32([1, 2, 1, 3]) } },
    { inputs: { x: floats32([1]) }, attrs: { axes: [0] } },
  ],
});

/** Without axes, PyTorch also removes those that have size 1 only in some runs. */
function demandClear(rule: Rule, shape: Shape): void {
  const unclear = shape.findIndex((size) => size.constant === undefined && size.bounds.min < 2);
  if (unclear < 0) return;
  const ones = onesOf(shape);
  const named = ones.length === 1 ? `${ones[0]}` : `[${ones.join(', ')}]`;
  rule.fail('bad-option', {
    message: `\`squeeze\` needs its axes: axis ${unclear}, of size ${shape[unclear]}, may have size 1, too`,
    help: ones.length === 0 ? 'no axis has size 1 in every run' : `write \`squeeze(x, ${named})\``,
  });
}

function onesOf(shape: Shape): number[] {
  return shape.flatMap((size, axis) => (size.constant === 1 ? axis : []));
}

function removed(axes: readonly number[] | undefined, shape: Shape): readonly number[] {
  return axes === undefined ? onesOf(shape) : axes.map((axis) => fromStart(axis, shape.length));
}
