import { Dim } from '../../dims/dim.js';
import { axis } from '../attrs.js';
import { composite, variadic } from '../define.js';
import { only } from '../only.js';
import { floats32, ints64 } from '../sample.js';
import { fromStart, noFlops } from '../sizes.js';
import { demandOneDtype } from './one-dtype.js';

export const stack = composite({
  name: 'stack',
  family: 'shape',
  doc: {
    summary: 'Joins tensors of one shape along a new axis.',
    example: 'stack(a, b, axis = 1)',
    source: 'torch.stack',
  },
  inputs: { xs: variadic('tensors of one shape, in order') },
  attrs: { axis: axis('position of the new axis in the result', 0) },
  outputs: ['y'],
  infer: (rule, { xs }, { axis }) => {
    const first = only(xs);
    const at = rule.axis(axis, first.shape.length + 1, 'axis');
    demandOneDtype(rule, 'stack', xs);
    for (const x of xs.slice(1)) {
      rule.rank('xs', x, first.shape.length, 'the rank of the first tensor');
      for (const [i, size] of x.shape.entries()) {
        rule.equal(size, first.shape[i] ?? size, () => ({
          message: `stack needs tensors of one shape, but axis ${i} is ${first.shape[i]} in the first and ${size} in another`,
          input: 'xs',
          wanted: first.shape,
          got: x.shape,
        }));
      }
    }
    return [{ dtype: first.dtype, shape: [...first.shape.slice(0, at), Dim.of(xs.length), ...first.shape.slice(at)] }];
  },
  flops: noFlops,
  lower: (g, { xs }, { axis }) => {
    const at = fromStart(axis, g.rank(only(xs)) + 1);
    return [
      g.concat(
        xs.map((x) => g.unsqueeze(x, [at])),
        at,
      ),
    ];
  },
  grad: 'by-lowering',
  samples: [
    { inputs: { xs: [floats32([2, 3]), floats32([2, 3])] }, attrs: { axis: 1 } },
    { inputs: { xs: [floats32([2]), floats32([2]), floats32([2])] }, attrs: { axis: -1 } },
    { inputs: { xs: [ints64([], 0, 9), ints64([], 0, 9)] } },
  ],
});
