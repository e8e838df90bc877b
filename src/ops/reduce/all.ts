import { folded } from '../nd/reduce.js';
import { castNode } from '../onnx-cast.js';
import { bools } from '../sample.js';
import { reduceNode, reduction } from './reduction.js';
import { demandSomeAxes } from './some-axes.js';

export const all = reduction({
  name: 'all',
  summary: 'Whether every element along axes is true.',
  source: 'torch.all',
  takes: 'bool',
  check: demandSomeAxes,
  evaluate: (x, { axes, keep }) => folded(x, axes, keep, 1, Math.min),
  // Via int32: ReduceMin of booleans exists only on the CPU.
  onnx: (g, x, to) => castNode(g, reduceNode(g, 'ReduceMin', castNode(g, x, 'i32'), to), 'bool'),
  grad: 'none',
  samples: [
    { inputs: { x: bools([2, 3]) } },
    { inputs: { x: bools([8, 2]) }, attrs: { axes: [-1] } },
    { inputs: { x: bools([4, 2, 2]) }, attrs: { axes: [1], keep: true } },
    { inputs: { x: bools([]) } },
  ],
});
