import { axes } from '../attrs.js';
import { composite } from '../define.js';
import { floats32, ints64 } from '../sample.js';
import { fromStart, noFlops } from '../sizes.js';
import { distinctAxes } from './distinct-axes.js';
import { reversed } from './reversed.js';

export const flip = composite({
  name: 'flip',
  family: 'shape',
  doc: { summary: 'Reverses the order along some axes.', example: 'flip(x, axes = 1)', source: 'torch.flip' },
  inputs: { x: 'any tensor' },
  attrs: { axes: axes('the axes to reverse') },
  outputs: ['y'],
  infer: (rule, { x }, { axes }) => {
    distinctAxes(rule, axes, x.shape.length);
    return [x];
  },
  flops: noFlops,
  lower: (g, { x }, { axes }) => [axes.reduce((y, axis) => reversed(g, y, fromStart(axis, g.rank(x))), x)],
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3]) }, attrs: { axes: [1] } },
    { inputs: { x: ints64([2, 3, 2], 0, 9) }, attrs: { axes: [0, -1] } },
  ],
});
