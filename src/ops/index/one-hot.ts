import { Dim } from '../../dims/dim.js';
import { axis, dimAttr, floatTypeAttr } from '../attrs.js';
import { composite } from '../define.js';
import { only } from '../only.js';
import { exactly } from '../sample.js';
import { elements, fromStart } from '../sizes.js';
import { classMask } from './class-mask.js';

export const oneHot = composite({
  name: 'one_hot',
  family: 'index',
  doc: {
    summary: 'A new axis with 1 at the position of each id and 0 elsewhere; all 0 for an id outside it.',
    example: 'one_hot(ids, depth = 5)',
    source: 'torch.nn.functional.one_hot, ONNX OneHot',
  },
  inputs: { ids: 'integers of any shape' },
  attrs: {
    depth: dimAttr('size of the new axis'),
    axis: axis('position of the new axis in the result', -1),
    dtype: floatTypeAttr('element type of the result'),
  },
  outputs: ['y'],
  infer: (rule, { ids }, { depth, axis, dtype }) => {
    rule.dtype('ids', ids, 'int');
    rule.atLeast(depth, 0, () => ({ message: `one_hot cannot make an axis of size ${depth}`, attr: 'depth' }));
    const at = rule.axis(axis, ids.shape.length + 1, 'axis');
    return [{ dtype, shape: [...ids.shape.slice(0, at), depth, ...ids.shape.slice(at)] }];
  },
  flops: (_x, _attrs, y) => elements(only(y)),
  lower: (g, { ids }, { depth, axis, dtype }) => [g.cast(classMask(g, ids, depth, fromStart(axis, g.rank(ids) + 1)), dtype)],
  grad: 'none',
  samples: [
    { inputs: { ids: exactly('i64', [2, 3], [0, 4, 1, 1, 2, 0]) }, attrs: { depth: Dim.of(5) } },
    { inputs: { ids: exactly('i32', [3], [2, 7, -1]) }, attrs: { depth: Dim.of(3), axis: 0, dtype: 'i64' } },
  ],
});
