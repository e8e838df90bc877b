import { folded } from '../nd/reduce.js';
import { exactly, ints64 } from '../sample.js';
import { reduction, reductionSamples } from './reduction.js';
import { sumDtype } from './sum-dtype.js';

export const prod = reduction({
  name: 'prod',
  summary: 'The product of the elements along axes.',
  source:
    'ONNX ReduceProd, torch.prod. Integers and booleans give i64; ONNX Runtime is exact as long as every partial result is below 2^53',
  takes: 'summable',
  gives: sumDtype,
  evaluate: (x, { axes, keep }) => folded(x, axes, keep, 1, (a, b) => a * b, sumDtype(x.dtype)),
  onnx: 'ReduceProd',
  // dx_i = dy * the product of all others: 0 if any of these is 0, otherwise the product of all nonzero elements without x_i
  grad: (g, { x, dy, axes }) => {
    const zero = g.scalar(0, x);
    const isZero = g.equal(x, zero);
    const rest = g.where(isZero, g.scalar(1, x), x);
    const zeros = g.cast(isZero, g.type(x).dtype);
    const otherZeros = g.sub(g.sum(zeros, axes, true), zeros);
    const others = g.div(g.op('prod', [rest], { axes, keep: true }), rest);
    return g.mul(dy, g.where(g.equal(otherZeros, zero), others, zero));
  },
  samples: [
    ...reductionSamples(0.5, 2),
    { inputs: { x: ints64([3, 4], -3, 4) }, attrs: { axes: [0] } },
    { inputs: { x: exactly('u8', [2, 3], [200, 200, 3, 255, 2, 0]) }, attrs: { axes: [1] } },
    { inputs: { x: exactly('bool', [2, 2], [1, 1, 0, 1]) }, attrs: { axes: [1] } },
    { inputs: { x: exactly('f32', [3, 3], [2, 0, -3, 0, 0, 5, 1, 2, 3]) }, attrs: { axes: [1] } },
  ],
});
