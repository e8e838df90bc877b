import { axis } from '../attrs.js';
import { isPortable } from '../capabilities/capability.js';
import { core } from '../define.js';
import { ndArray } from '../nd/array.js';
import { forEachLane, lanesOf } from '../nd/lanes.js';
import { only } from '../only.js';
import { exactly, floats32 } from '../sample.js';
import { elements, fromStart } from '../sizes.js';
import type { NdArray } from '../types.js';
import { reduceNode } from './reduction.js';

export const logSoftmax = core({
  name: 'log_softmax',
  family: 'reduce',
  doc: {
    summary: 'The logarithm of the softmax along an axis, without underflow.',
    example: 'x -> log_softmax(axis = -1)',
    source: 'ONNX LogSoftmax, torch.log_softmax',
  },
  inputs: { x: 'any float tensor of rank 1 or more' },
  attrs: { axis: axis('the axis along which the exponentials of the result have sum 1') },
  outputs: ['y'],
  infer: (rule, { x }, { axis }) => {
    rule.dtype('x', x, 'float');
    rule.axis(axis, x.shape.length);
    return [x];
  },
  flops: ({ x }) => elements(x).mul(5),
  onnx: (g, { x }, { axis }, y) => {
    const along = fromStart(axis, g.type(x).shape.length);
    if (isPortable(g.target, 'LogSoftmax')) return g.node('LogSoftmax', [x], { axis: { int: along } }, [only(y)]);
    // With z = x - max(x), z - log(sum(e^z)).
    const to = { axes: [along], keep: true };
    const z = only(g.node('Sub', [x, reduceNode(g, 'ReduceMax', x, to)], {}, [only(y)]));
    const sum = reduceNode(g, 'ReduceSum', only(g.node('Exp', [z], {}, [only(y)])), to);
    return g.node('Sub', [z, only(g.node('Log', [sum], {}, [g.type(sum)]))], {}, [only(y)]);
  },
  evaluate: ({ x }, { axis }) => [logSoftmaxOf(x, axis)],
  // dx = dy - e^y * sum(dy)
  grad: (g, { y, dy, attrs: { axis } }) => ({
    x: g.sub(only(dy), g.mul(g.exp(only(y)), g.sum(only(dy), [axis], true))),
  }),
  samples: [
    { inputs: { x: floats32([2, 3, 4], -3, 3) }, attrs: { axis: -1 } },
    { inputs: { x: floats32([2, 3, 4], -3, 3) }, attrs: { axis: 1 } },
    { inputs: { x: floats32([2, 3, 4], -3, 3) }, attrs: { axis: -3 } },
    { inputs: { x: floats32([5], -3, 3) }, attrs: { axis: 0 } },
    { inputs: { x: exactly('f32', [2, 3], [1000, 1001, 999, 0, 1, -200]) }, attrs: { axis: -1 } },
  ],
});

function logSoftmaxOf(x: NdArray, axis: number): NdArray {
  const lanes = lanesOf(x.shape, axis);
  const y = ndArray(x.dtype, x.shape);
  forEachLane(lanes, (start, stride) => {
    const end = start + lanes.length * stride;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = start; i < end; i += stride) largest = Math.max(largest, x.data[i] as number);
    let sum = 0;
    for (let i = start; i < end; i += stride) sum += Math.exp((x.data[i] as number) - largest);
    for (let i = start; i < end; i += stride) y.data[i] = (x.data[i] as number) - largest - Math.log(sum);
  });
  return y;
}
