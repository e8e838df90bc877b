import { Dim } from '../../dims/dim.js';
import { axis, dimAttr } from '../attrs.js';
import { composite } from '../define.js';
import { only } from '../only.js';
import { floats32, ints64 } from '../sample.js';
import { fromStart, noFlops, withSize } from '../sizes.js';

export const repeatInterleave = composite({
  name: 'repeat_interleave',
  family: 'shape',
  doc: {
    summary: 'Repeats each position of one axis in place: a, b becomes a, a, b, b.',
    example: 'repeat_interleave(x, repeats = 2, axis = 1)',
    source: 'torch.repeat_interleave',
  },
  inputs: { x: 'any tensor of rank 1 or more' },
  attrs: {
    repeats: dimAttr('how often each position appears'),
    axis: axis('the axis to stretch; without one, PyTorch repeats all elements in a row: `reshape(x, [-1]) -> repeat_interleave(2, 0)`'),
  },
  outputs: ['y'],
  infer: (rule, { x }, { repeats, axis }) => {
    rule.rank('x', x, { min: 1 }, '[..., size, ...]');
    rule.atLeast(repeats, 0, () => ({ message: `a position cannot be repeated ${repeats} times`, attr: 'repeats' }));
    const along = rule.axis(axis, x.shape.length, 'axis');
    return [{ dtype: x.dtype, shape: withSize(x.shape, along, (x.shape[along] ?? Dim.of(1)).mul(repeats)) }];
  },
  flops: noFlops,
  lower: (g, { x }, { repeats, axis }, y) => {
    const shape = g.shape(x);
    const after = fromStart(axis, shape.length) + 1;
    const copies = g.expand(g.unsqueeze(x, [after]), [...shape.slice(0, after), repeats, ...shape.slice(after)]);
    return [g.reshape(copies, only(y).shape)];
  },
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3]) }, attrs: { repeats: Dim.of(2), axis: 1 } },
    { inputs: { x: ints64([2, 3], 0, 9) }, attrs: { repeats: Dim.of(3), axis: -2 } },
    { inputs: { x: floats32([2, 3]) }, attrs: { repeats: Dim.zero, axis: 1 } },
    { inputs: { x: floats32([3]) }, attrs: { repeats: Dim.zero, axis: 0 } },
  ],
});
