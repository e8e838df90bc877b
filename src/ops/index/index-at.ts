import { Dim } from '../../dims/dim.js';
import { axis, dimAttr } from '../attrs.js';
import { composite } from '../define.js';
import { only } from '../only.js';
import { floats32, ints64 } from '../sample.js';
import { openEnd } from '../shape/slice-range.js';
import { fromStart, noFlops } from '../sizes.js';

export const indexAt = composite({
  name: 'index_at',
  family: 'index',
  doc: {
    summary: 'Takes one position of an axis, which disappears: what `x[:, 0]` means.',
    example: 'index_at(x, axis = 1, position = -1)',
    source: 'ONNX Gather with a scalar, torch.select',
  },
  inputs: { x: 'any tensor of rank 1 or more' },
  attrs: { axis: axis('the axis to take from'), position: dimAttr('which position; negative constants count from the end') },
  outputs: ['y'],
  infer: (rule, { x }, { axis, position }) => {
    rule.rank('x', x, { min: 1 }, '[..., size, ...]');
    const along = rule.axis(axis, x.shape.length, 'axis');
    const size = x.shape[along] ?? Dim.one;
    const isFromEnd = position.constant !== undefined && position.constant < 0;
    rule.atLeast(size, isFromEnd ? position.neg() : position.add(1), () => ({
      message: `there is no position ${position} on axis ${along}, which has size ${size}`,
      attr: 'position',
    }));
    if (position.constant === undefined) {
      rule.atLeast(position, 0, () => ({ message: `position ${position} is before the first`, attr: 'position' }));
    }
    return [{ dtype: x.dtype, shape: x.shape.filter((_, i) => i !== along) }];
  },
  flops: noFlops,
  lower: (g, { x }, { axis, position }) => {
    const end = position.constant === -1 ? Dim.of(openEnd) : position.add(1);
    return [g.squeeze(g.slice(x, axis, position, end), [axis])];
  },
  forms: [
    {
      name: 'ONNX Gather',
      onnx: (g, { x }, { axis, position }, y) =>
        g.node('Gather', [x, g.dim(position)], { axis: { int: fromStart(axis, g.type(x).shape.length) } }, [only(y)]),
    },
  ],
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3]) }, attrs: { axis: 1, position: Dim.of(-1) } },
    { inputs: { x: floats32([2, 3, 4]) }, attrs: { axis: -3, position: Dim.of(1) } },
    { inputs: { x: ints64([4], 0, 9) }, attrs: { axis: 0, position: Dim.of(-4) } },
  ],
});
