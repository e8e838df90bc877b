import type { Builder } from '../builder.js';

export const reductions = ['none', 'add', 'mul', 'max', 'min'] as const;
export type Reduction = (typeof reductions)[number];

/** What a scatter does with an update and the existing element. */
export function combine(reduction: Reduction, old: number, update: number): number {
  switch (reduction) {
    case 'none':
      return update;
    case 'add':
      return old + update;
    case 'mul':
      return old * update;
    case 'max':
      return Math.max(old, update);
    case 'min':
      return Math.min(old, update);
  }
}

/** The two directions of an index table: elements to updates and back. */
export interface Routes<V> {
  readonly scatter: (into: V, updates: V, reduction: Reduction) => V;
  readonly gather: (from: V) => V;
}

/** Gradients of `y = scatter(x, u)` for x and u; with duplicate indices and reduction none, every update gets the gradient of its position. */
export function scatterGradients<V>(g: Builder<V>, routes: Routes<V>, x: V, u: V, y: V, dy: V, reduction: Reduction): readonly [V, V] {
  switch (reduction) {
    case 'none':
      return [routes.scatter(dy, g.zerosLike(u), 'none'), routes.gather(dy)];
    case 'add':
      return [dy, routes.gather(dy)];
    case 'mul':
      return productGradients(g, routes, x, u, dy);
    case 'max':
    case 'min':
      return extremeGradients(g, routes, x, u, y, dy);
  }
}

// y = x · Πu. The factor of each is the product of the others, computed from the product of all nonzero ones and the number of zeros.
function productGradients<V>(g: Builder<V>, { scatter, gather }: Routes<V>, x: V, u: V, dy: V): readonly [V, V] {
  const one = g.scalar(1, x);
  const isZero = (value: V): V => g.equal(value, g.scalar(0, x));
  const count = (value: V): V => g.cast(isZero(value), g.type(x).dtype);
  const nonZero = (value: V): V => g.where(isZero(value), one, value);
  const product = scatter(nonZero(x), nonZero(u), 'mul');
  const zeros = scatter(count(x), count(u), 'add');
  const others = (value: V, all: V, empty: V): V => {
    const clean = g.div(all, nonZero(value));
    return g.where(g.equal(g.sub(empty, count(value)), g.scalar(0, x)), clean, g.scalar(0, x));
  };
  return [g.mul(dy, others(x, product, zeros)), g.mul(gather(dy), others(u, gather(product), gather(zeros)))];
}

// The gradient goes to those that attain the extreme, in equal parts if there are several.
function extremeGradients<V>(g: Builder<V>, { scatter, gather }: Routes<V>, x: V, u: V, y: V, dy: V): readonly [V, V] {
  const dtype = g.type(x).dtype;
  const won = g.cast(g.equal(x, y), dtype);
  const wonUpdates = g.cast(g.equal(u, gather(y)), dtype);
  const share = g.div(dy, scatter(won, wonUpdates, 'add'));
  return [g.mul(won, share), g.mul(wonUpdates, gather(share))];
}
