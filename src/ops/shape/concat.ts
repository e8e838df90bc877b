import { Dim } from '../../dims/dim.js';
import { axis } from '../attrs.js';
import { core, variadic } from '../define.js';
import { sizeOf } from '../nd/array.js';
import { only } from '../only.js';
import { floats32, ints64 } from '../sample.js';
import { fromStart, noFlops, withSize } from '../sizes.js';
import type { NdArray } from '../types.js';
import { demandOneDtype } from './one-dtype.js';

export const concat = core({
  name: 'concat',
  family: 'shape',
  doc: {
    summary: 'Joins tensors along one axis; all other sizes must be equal.',
    example: 'concat(a, b, axis = 1)',
    source: 'ONNX Concat, torch.cat',
  },
  inputs: { xs: variadic('the parts, in order') },
  attrs: { axis: axis('the axis that grows') },
  outputs: ['y'],
  infer: (rule, { xs }, { axis }) => {
    const first = only(xs);
    rule.rank('xs', first, { min: 1 }, '[..., size, ...]');
    const along = rule.axis(axis, first.shape.length, 'axis');
    demandOneDtype(rule, 'concat', xs);
    for (const x of xs.slice(1)) {
      rule.rank('xs', x, first.shape.length, 'the rank of the first part');
      for (const [i, size] of x.shape.entries()) {
        const wanted = first.shape[i] ?? size;
        if (i === along) continue;
        rule.equal(size, wanted, () => ({
          message: `concat along axis ${along} needs equal sizes on all other axes, but axis ${i} is ${wanted} in the first part and ${size} in another`,
          input: 'xs',
          wanted: withSize(first.shape, along, x.shape[along] ?? size),
          got: x.shape,
        }));
      }
    }
    const total = xs.reduce((sum, x) => sum.add(x.shape[along] ?? 0), Dim.of(0));
    return [{ dtype: first.dtype, shape: withSize(first.shape, along, total) }];
  },
  flops: noFlops,
  isIdentity: ({ xs }) => xs.length === 1,
  onnx: (g, { xs }, { axis }, y) => g.node('Concat', xs, { axis: { int: fromStart(axis, only(y).shape.length) } }, [only(y)]),
  evaluate: ({ xs }, { axis }) => [joined(xs, fromStart(axis, only(xs).shape.length))],
  // dx_i = the slice of dy that x_i became
  grad: (g, { x: { xs }, dy, attrs }) => {
    const along = fromStart(attrs.axis, g.rank(only(xs)));
    let start = Dim.of(0);
    return {
      xs: xs.map((x) => {
        const end = start.add(g.shape(x)[along] ?? 0);
        const part = g.slice(only(dy), along, start, end);
        start = end;
        return part;
      }),
    };
  },
  samples: [
    { inputs: { xs: [floats32([2, 3]), floats32([2, 2])] }, attrs: { axis: 1 } },
    { inputs: { xs: [floats32([2, 3, 4]), floats32([1, 3, 4]), floats32([3, 3, 4])] }, attrs: { axis: -3 } },
    { inputs: { xs: [ints64([2], 0, 9), ints64([0], 0, 9), ints64([3], 0, 9)] }, attrs: { axis: 0 } },
    { inputs: { xs: [floats32([2, 2])] }, attrs: { axis: 0 } },
  ],
});

function joined(xs: readonly NdArray[], axis: number): NdArray {
  const first = only(xs);
  const shape = first.shape.map((size, i) => (i === axis ? xs.reduce((sum, x) => sum + (x.shape[axis] ?? 0), 0) : size));
  const data = new Float64Array(sizeOf(shape));
  const outer = sizeOf(first.shape.slice(0, axis));
  let to = 0;
  for (let row = 0; row < outer; row++) {
    for (const x of xs) {
      const run = sizeOf(x.shape.slice(axis));
      data.set(x.data.subarray(row * run, (row + 1) * run), to);
      to += run;
    }
  }
  return { dtype: first.dtype, shape, data };
}
