import { isPortable } from '../capabilities/capability.js';
import { lowestFinite } from '../float-limits.js';
import { mapped, zipped } from '../nd/map.js';
import { folded } from '../nd/reduce.js';
import { only } from '../only.js';
import { exactly } from '../sample.js';
import { reduceNode, reduction, reductionSamples } from './reduction.js';

export const logsumexp = reduction({
  name: 'logsumexp',
  summary: 'The logarithm of the sum of the exponentials along axes, without overflow.',
  source: 'ONNX ReduceLogSumExp, torch.logsumexp',
  ofNothing: false,
  evaluate: (x, { axes, keep }) => {
    const largest = folded(x, axes, true, Number.NEGATIVE_INFINITY, Math.max);
    // An infinite maximum is subtracted as the nearest finite number: inf - inf has no value.
    const shift = mapped(largest, (value) => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value)));
    const sum = folded(
      zipped(x, shift, (a, m) => Math.exp(a - m)),
      axes,
      keep,
      0,
      (a, b) => a + b,
    );
    return { ...sum, data: sum.data.map((value, i) => Math.log(value) + (shift.data[i] as number)) };
  },
  onnx: (g, x, to, y) => {
    if (isPortable(g.target, 'ReduceLogSumExp')) return reduceNode(g, 'ReduceLogSumExp', x, to);
    // A kernel that does not subtract the maximum overflows.
    const { dtype } = y;
    const lowest = lowestFinite(dtype);
    const max = reduceNode(g, 'ReduceMax', x, { ...to, keep: true });
    const shift = only(g.node('Clip', [max, g.scalar(lowest, dtype), g.scalar(-lowest, dtype)], {}, [g.type(max)]));
    const exps = only(g.node('Exp', [only(g.node('Sub', [x, shift], {}, [g.type(x)]))], {}, [g.type(x)]));
    const log = only(g.node('Log', [reduceNode(g, 'ReduceSum', exps, { ...to, keep: true })], {}, [g.type(max)]));
    const result = only(g.node('Add', [log, shift], {}, [g.type(max)]));
    return to.keep || to.axes.length === 0 ? result : only(g.node('Squeeze', [result, g.ints(to.axes)], {}, [y]));
  },
  cost: 3,
  // dx = dy * e^(x - y)
  grad: (g, { x, y, dy }) => g.mul(dy, g.exp(g.sub(x, y))),
  samples: [
    ...reductionSamples(),
    { inputs: { x: exactly('f32', [2, 3], [1000, 1001, 999, -1000, -1001, -2000]) }, attrs: { axes: [-1] } },
    { inputs: { x: exactly('f32', [3], [0, Number.NEGATIVE_INFINITY, 1]) } },
  ],
});
