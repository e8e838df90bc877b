import { axis, optionalAttr, positional } from '../attrs.js';
import { composite } from '../define.js';
import { only } from '../only.js';
import { floats32 } from '../sample.js';
import { noFlops, product, sameShape } from '../sizes.js';

export const flatten = composite({
  name: 'flatten',
  family: 'shape',
  doc: {
    summary: 'Merges the axes from `start` to `end` into one; by default all but the first.',
    example: 'x -> flatten',
    source: 'torch.flatten, with the default of torch.nn.Flatten',
  },
  inputs: { x: 'any tensor' },
  attrs: {
    start: positional(axis('first axis to merge', 1)),
    end: positional(optionalAttr(axis('last axis to merge; the last one if left out'))),
  },
  outputs: ['y'],
  infer: (rule, { x }, { start, end }) => {
    const rank = x.shape.length;
    rule.rank('x', x, { min: 1 }, '[N, ...]');
    // A vector has no axis 1: flattening it from there leaves nothing to merge.
    if (start >= rank && start === 1) return [x];
    const first = rule.axis(start, rank, 'start');
    const last = rule.axis(end ?? -1, rank, 'end');
    if (last < first) {
      rule.fail('bad-axis', { message: `flatten cannot merge axes ${first} to ${last}: the last comes before the first`, attr: 'end' });
    }
    return [{ dtype: x.dtype, shape: [...x.shape.slice(0, first), product(x.shape.slice(first, last + 1)), ...x.shape.slice(last + 1)] }];
  },
  flops: noFlops,
  isIdentity: ({ x }, _attrs, [y]) => sameShape(x, y),
  lower: (g, { x }, _attrs, y) => [g.reshape(x, only(y).shape)],
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3, 4]) } },
    { inputs: { x: floats32([2, 3, 4, 5]) }, attrs: { start: -3, end: -2 } },
    { inputs: { x: floats32([3]) } },
    { inputs: { x: floats32([2, 3]) }, attrs: { start: 0 } },
  ],
});
