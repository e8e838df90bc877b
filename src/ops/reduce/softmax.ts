import { axis } from '../attrs.js';
import { core } from '../define.js';
import { ndArray } from '../nd/array.js';
import { forEachLane, lanesOf } from '../nd/lanes.js';
import { only } from '../only.js';
import { exactly, floats32 } from '../sample.js';
import { elements, fromStart } from '../sizes.js';
import type { NdArray } from '../types.js';

export const softmax = core({
  name: 'softmax',
  family: 'reduce',
  doc: {
    summary: 'Exponentials divided by their sum along an axis: positive, and with sum 1.',
    example: 'x -> softmax(axis = -1)',
    source: 'ONNX Softmax, torch.softmax',
  },
  inputs: { x: 'any float tensor of rank 1 or more' },
  attrs: { axis: axis('the axis along which the sum is 1') },
  outputs: ['y'],
  infer: (rule, { x }, { axis }) => {
    rule.dtype('x', x, 'float');
    rule.axis(axis, x.shape.length);
    return [x];
  },
  flops: ({ x }) => elements(x).mul(5),
  onnx: (g, { x }, { axis }, y) => g.node('Softmax', [x], { axis: { int: fromStart(axis, g.type(x).shape.length) } }, [only(y)]),
  evaluate: ({ x }, { axis }) => [softmaxOf(x, axis)],
  // dx = y * (dy - sum(dy * y))
  grad: (g, { y, dy, attrs: { axis } }) => {
    const weighted = g.mul(only(dy), only(y));
    return { x: g.sub(weighted, g.mul(only(y), g.sum(weighted, [axis], true))) };
  },
  samples: [
    { inputs: { x: floats32([2, 3, 4], -3, 3) }, attrs: { axis: -1 } },
    { inputs: { x: floats32([2, 3, 4], -3, 3) }, attrs: { axis: 1 } },
    { inputs: { x: floats32([2, 3, 4], -3, 3) }, attrs: { axis: -3 } },
    { inputs: { x: floats32([5], -3, 3) }, attrs: { axis: 0 } },
    { inputs: { x: exactly('f32', [2, 3], [1000, 1001, 999, 0, 1, Number.NEGATIVE_INFINITY]) }, attrs: { axis: -1 } },
  ],
});

function softmaxOf(x: NdArray, axis: number): NdArray {
  const lanes = lanesOf(x.shape, axis);
  const y = ndArray(x.dtype, x.shape);
  forEachLane(lanes, (start, stride) => {
    const end = start + lanes.length * stride;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = start; i < end; i += stride) largest = Math.max(largest, x.data[i] as number);
    let sum = 0;
    for (let i = start; i < end; i += stride) sum += Math.exp((x.data[i] as number) - largest);
    for (let i = start; i < end; i += stride) y.data[i] = Math.exp((x.data[i] as number) - largest) / sum;
  });
  return y;
}
