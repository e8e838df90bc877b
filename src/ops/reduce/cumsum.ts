import { axis, bool } from '../attrs.js';
import { core } from '../define.js';
import { ndArray } from '../nd/array.js';
import { forEachLane, lanesOf } from '../nd/lanes.js';
import { only } from '../only.js';
import { castNode } from '../onnx-cast.js';
import { exactly, floats32, ints64 } from '../sample.js';
import { elements, fromStart } from '../sizes.js';
import { sumDtype } from './sum-dtype.js';

export const cumsum = core({
  name: 'cumsum',
  family: 'reduce',
  doc: {
    summary: 'Running sums along an axis.',
    example: 'x -> cumsum(axis = -1)',
    source: 'ONNX CumSum, torch.cumsum. Integers and booleans give i64',
  },
  inputs: { x: 'any tensor of numbers or booleans of rank 1 or more' },
  attrs: {
    axis: axis('the axis to run along'),
    exclusive: bool('whether each sum leaves its own element out, so that the first is 0', false),
    reverse: bool('whether to run from the end', false),
  },
  outputs: ['y'],
  infer: (rule, { x }, { axis }) => {
    rule.dtype('x', x, 'summable');
    rule.axis(axis, x.shape.length);
    return [{ ...x, dtype: sumDtype(x.dtype) }];
  },
  flops: ({ x }) => elements(x),
  onnx: (g, { x }, { axis, exclusive, reverse }, y) => {
    const along = g.scalar(fromStart(axis, g.type(x).shape.length), 'i64');
    const attrs = { exclusive: { int: exclusive ? 1 : 0 }, reverse: { int: reverse ? 1 : 0 } };
    return g.node('CumSum', [castNode(g, x, only(y).dtype), along], attrs, [only(y)]);
  },
  evaluate: ({ x }, { axis, exclusive, reverse }) => {
    const lanes = lanesOf(x.shape, axis);
    const y = ndArray(sumDtype(x.dtype), x.shape);
    forEachLane(lanes, (start, stride) => {
      let sum = 0;
      for (let k = 0; k < lanes.length; k++) {
        const i = start + (reverse ? lanes.length - 1 - k : k) * stride;
        const value = x.data[i] as number;
        y.data[i] = exclusive ? sum : sum + value;
        sum += value;
      }
    });
    return [y];
  },
  // dx = running sums of dy in the opposite direction
  grad: (g, { dy, attrs: { axis, exclusive, reverse } }) => ({
    x: g.op('cumsum', [only(dy)], { axis, exclusive, reverse: !reverse }),
  }),
  samples: [
    { inputs: { x: floats32([2, 3, 4]) }, attrs: { axis: -1 } },
    { inputs: { x: floats32([2, 3, 4]) }, attrs: { axis: 1, exclusive: true } },
    { inputs: { x: floats32([2, 3, 4]) }, attrs: { axis: 0, reverse: true } },
    { inputs: { x: floats32([5]) }, attrs: { axis: 0, exclusive: true, reverse: true } },
    { inputs: { x: ints64([3, 4], -9, 9) }, attrs: { axis: 1 } },
    { inputs: { x: exactly('i8', [4], [127, 100, -3, -128]) }, attrs: { axis: 0 } },
    { inputs: { x: exactly('bool', [4], [1, 0, 1, 1]) }, attrs: { axis: 0, reverse: true } },
  ],
});
