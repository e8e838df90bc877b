import { folded } from '../nd/reduce.js';
import { castNode } from '../onnx-cast.js';
import { bools } from '../sample.js';
import { reduceNode, reduction } from './reduction.js';
import { demandSomeAxes } from './some-axes.js';

export const any = reduction({
  name: 'any',
  summary: 'Whether at least one element along axes is true.',
  source: 'torch.any',
  takes: 'bool',
  check: demandSomeAxes,
  evaluate: (x, { axes, keep }) => folded(x, axes, keep, 0, Math.max),
  // Via int32: ReduceMax of booleans exists only on the CPU. The sum of no elements is 0; the maximum is not.
  onnx: (g, x, to) => castNode(g, reduceNode(g, 'ReduceSum', castNode(g, x, 'i32'), to), 'bool'),
  grad: 'none',
  samples: [
    { inputs: { x: bools([2, 3]) } },
    { inputs: { x: bools([8, 2]) }, attrs: { axes: [-1] } },
    { inputs: { x: bools([4, 2, 2]) }, attrs: { axes: [1], keep: true } },
    { inputs: { x: bools([]) } },
  ],
});
