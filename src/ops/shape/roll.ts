import { Dim } from '../../dims/dim.js';
import { axis, dimAttr } from '../attrs.js';
import { composite } from '../define.js';
import { nth } from '../only.js';
import { floats32, ints64 } from '../sample.js';
import { fromStart, noFlops } from '../sizes.js';
import { openEnd } from './slice-range.js';

export const roll = composite({
  name: 'roll',
  family: 'shape',
  doc: {
    summary: 'Shifts positions along one axis; what falls off one end comes in at the other.',
    example: 'roll(x, shift = 1, axis = 1)',
    source: 'torch.roll',
  },
  inputs: { x: 'any tensor of rank 1 or more' },
  attrs: {
    shift: dimAttr('how far each element moves, modulo the size of the axis; negative towards the beginning'),
    axis: axis('the axis to shift; without one, PyTorch shifts all elements in a row: `reshape(x, [-1]) -> roll(1, 0)`'),
  },
  outputs: ['y'],
  infer: (rule, { x }, { axis }) => {
    rule.rank('x', x, { min: 1 }, '[..., size, ...]');
    rule.axis(axis, x.shape.length, 'axis');
    return [x];
  },
  flops: noFlops,
  lower: (g, { x }, { shift, axis }) => {
    const along = fromStart(axis, g.rank(x));
    // The first element of the result; for an empty axis, 1 is used instead of its size.
    const first = shift.neg().mod(nth(g.shape(x), along).max(1));
    if (first.constant === 0) return [x];
    return [g.concat([g.slice(x, along, first, openEnd), g.slice(x, along, 0, first)], along)];
  },
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 5]) }, attrs: { shift: Dim.of(2), axis: 1 } },
    { inputs: { x: floats32([3, 2]) }, attrs: { shift: Dim.of(-4), axis: 0 } },
    { inputs: { x: floats32([3, 2]) }, attrs: { shift: Dim.of(-1), axis: 0 } },
    { inputs: { x: ints64([4], 0, 9) }, attrs: { shift: Dim.of(8), axis: -1 } },
    { inputs: { x: ints64([4, 3], 0, 9) }, attrs: { shift: Dim.of(11), axis: 1 } },
    { inputs: { x: floats32([3]) }, attrs: { shift: Dim.of(-1000), axis: 0 } },
    { inputs: { x: floats32([2, 0]) }, attrs: { shift: Dim.of(1), axis: 1 } },
  ],
});
