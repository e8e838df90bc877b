import { Dim } from '../../dims/dim.js';
import { axis, int } from '../attrs.js';
import { composite } from '../define.js';
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
  attrs: { shift: int('how far each element moves; negative towards the beginning'), axis: axis('the axis to shift') },
  outputs: ['y'],
  infer: (rule, { x }, { shift, axis }) => {
    rule.rank('x', x, { min: 1 }, '[..., size, ...]');
    const along = rule.axis(axis, x.shape.length, 'axis');
    const size = x.shape[along] ?? Dim.of(1);
    if (size.constant === undefined) {
      rule.atLeast(size, Math.abs(shift), () => ({
        message: `roll by ${shift} needs an axis of at least ${Math.abs(shift)}, but axis ${along} has size ${size}`,
        attr: 'shift',
      }));
    }
    return [x];
  },
  flops: noFlops,
  lower: (g, { x }, { shift, axis }) => {
    const along = fromStart(axis, g.rank(x));
    const size = g.shape(x)[along]?.constant;
    const distance = size === undefined ? shift : size === 0 ? 0 : shift % size;
    if (distance === 0) return [x];
    return [g.concat([g.slice(x, along, -distance, openEnd), g.slice(x, along, 0, -distance)], along)];
  },
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 5]) }, attrs: { shift: 2, axis: 1 } },
    { inputs: { x: floats32([3, 2]) }, attrs: { shift: -4, axis: 0 } },
    { inputs: { x: ints64([4], 0, 9) }, attrs: { shift: 8, axis: -1 } },
  ],
});
