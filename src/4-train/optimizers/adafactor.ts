import { Dim } from '../../dims/dim.js';
import type { Builder } from '../../ops/builder.js';
import { nth } from '../../ops/only.js';
import { product } from '../../ops/sizes.js';
import type { Shape } from '../../ops/types.js';
import { numberIn, pairIn, square, type TensorOptimizer } from './optimizer.js';

/**
 * Shazeer and Stern 2018, as `torch.optim.Adafactor`. The variance of a matrix is a product of two vectors, one for its rows and one for its columns; of more than two
 * axes, the last two are those of the matrices.
 */
export const adafactor: TensorOptimizer = {
  kind: 'tensor',
  moments: (_options, shape) =>
    shape.length > 1
      ? [
          { name: 'row_var', start: 0, shape: withOne(shape, shape.length - 1) },
          { name: 'col_var', start: 0, shape: withOne(shape, shape.length - 2) },
        ]
      : [{ name: 'variance', start: 0, shape }],
  step: (g, { weight, gradient, moments, lr, time, options }) => {
    const [eps1, eps2] = pairIn(options, 'eps');
    const rank = g.rank(weight);
    const share = g.pow(time, g.scalar(numberIn(options, 'beta2_decay'), time));
    const follow = (before: ReturnType<typeof g.exp>, now: typeof before) => g.add(before, g.mul(share, g.sub(now, before)));
    const squares = square(g, gradient);
    const floor = (value: typeof weight, least: number) => g.maximum(value, g.scalar(least, value));
    let variance: typeof weight;
    let kept: readonly (typeof weight)[];
    if (rank > 1) {
      const rows = follow(nth(moments, 0), g.mean(squares, [rank - 1], true));
      const columns = follow(nth(moments, 1), g.mean(squares, [rank - 2], true));
      variance = g.div(g.mul(rows, columns), floor(g.mean(rows, [rank - 2], true), eps1));
      kept = [rows, columns];
    } else {
      variance = follow(nth(moments, 0), squares);
      kept = [variance];
    }
    const update = g.div(gradient, g.sqrt(floor(variance, eps1 * eps1)));
    const size = g.maximum(g.scalar(eps2, weight), rootMeanSquare(g, weight));
    const rate = g.mul(size, g.minimum(lr, g.div(g.scalar(1, time), g.sqrt(time))));
    const excess = floor(g.scale(rootMeanSquare(g, update), 1 / numberIn(options, 'd')), 1);
    return { change: g.mul(g.div(rate, excess), update), moments: kept };
  },
};

function rootMeanSquare<V>(g: Builder<V>, x: V): V {
  const count = product(g.shape(x)).constant ?? 1;
  return g.scale(g.sqrt(g.sum(square(g, x))), 1 / Math.sqrt(count));
}

function withOne(shape: Shape, axis: number): Shape {
  return shape.map((size, i) => (i === axis ? Dim.of(1) : size));
}
