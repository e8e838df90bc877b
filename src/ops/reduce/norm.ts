import { int, positional } from '../attrs.js';
import { mapped } from '../nd/map.js';
import { folded } from '../nd/reduce.js';
import { floats32 } from '../sample.js';
import { reduceNode, reduction, reductionSamples } from './reduction.js';

export const norm = reduction({
  name: 'norm',
  summary: 'The length of the vectors along axes: Euclidean for `p = 2`, the sum of absolute values for `p = 1`.',
  example: 'x -> norm(p = 2, axis = -1)',
  source: 'ONNX ReduceL1 and ReduceL2, torch.linalg.vector_norm',
  attrs: { p: positional(int('1 or 2', 2)) },
  check: (rule, { p }) => {
    if (p !== 1 && p !== 2) rule.fail('bad-option', { message: `\`norm\` knows p = 1 and p = 2, not ${p}`, attr: 'p' });
  },
  evaluate: (x, { axes, keep }, { p }) =>
    p === 1
      ? folded(x, axes, keep, 0, (a, b) => a + Math.abs(b))
      : mapped(
          folded(x, axes, keep, 0, (a, b) => a + b * b),
          Math.sqrt,
        ),
  onnx: (g, x, to, _y, { p }) => reduceNode(g, p === 1 ? 'ReduceL1' : 'ReduceL2', x, to),
  cost: 2,
  // p = 1: dx = dy * sign(x); p = 2: dx = dy * x / y, 0 where y = 0
  grad: (g, { x, y, dy, attrs }) => {
    if (attrs.p === 1) return g.mul(dy, g.sign(x));
    const zero = g.scalar(0, y);
    const isZero = g.equal(y, zero);
    return g.mul(x, g.where(isZero, zero, g.div(dy, g.where(isZero, g.scalar(1, y), y))));
  },
  samples: [
    ...reductionSamples(),
    { inputs: { x: floats32([2, 3, 4], -2, 2) }, attrs: { p: 1 } },
    { inputs: { x: floats32([2, 3, 4], -2, 2) }, attrs: { p: 1, axes: [-1], keep: true } },
    { inputs: { x: floats32([2, 3, 4], -2, 2) }, attrs: { p: 1, axes: [0, 2] } },
  ],
});
