import type { Builder } from '../../ops/builder.js';
import { nth } from '../../ops/only.js';
import { lerp, numberIn, square, type TensorOptimizer } from './optimizer.js';

/** The coefficients of one iteration, which pull singular values towards 1. */
const [a, b, c] = [3.4445, -4.775, 2.0315];

/**
 * Jordan et al. 2024, as `torch.optim.Muon`, but in f32, where PyTorch iterates in bf16. For matrices only: the step has the singular vectors of the momentum, and singular
 * values near 1.
 */
export const muon: TensorOptimizer = {
  kind: 'tensor',
  moments: (_options, shape) => [{ name: 'momentum_buffer', start: 0, shape }],
  step: (g, { weight, gradient, moments, lr, options }) => {
    const momentum = numberIn(options, 'momentum');
    const buffer = lerp(g, nth(moments, 0), gradient, 1 - momentum);
    const direction = options.nesterov === true ? lerp(g, gradient, buffer, momentum) : buffer;
    const [rows, columns] = g.shape(weight).map((size) => size.constant ?? 1) as [number, number];
    const step = orthogonal(g, direction, { isTall: rows > columns, steps: numberIn(options, 'ns_steps'), eps: numberIn(options, 'eps') });
    return { change: g.mul(g.scale(lr, Math.sqrt(Math.max(1, rows / columns))), step), moments: [buffer] };
  },
};

interface Iteration {
  readonly isTall: boolean;
  readonly steps: number;
  readonly eps: number;
}

/** Newton-Schulz: x = a*x + (b*s + c*s*s) @ x with s = x @ x', from a matrix of norm 1. */
function orthogonal<V>(g: Builder<V>, matrix: V, { isTall, steps, eps }: Iteration): V {
  let x = isTall ? g.swap(matrix) : matrix;
  x = g.div(x, g.maximum(g.sqrt(g.sum(square(g, x))), g.scalar(eps, x)));
  for (let i = 0; i < steps; i++) {
    const s = g.matmul(x, g.swap(x));
    const update = g.add(g.scale(s, b), g.scale(g.matmul(s, s), c));
    x = g.add(g.scale(x, a), g.matmul(update, x));
  }
  return isTall ? g.swap(x) : x;
}
