import { choice } from '../attrs.js';
import type { Builder } from '../builder.js';
import { demandElements } from '../reduce/reduction.js';
import type { Rule } from '../rule.js';
import { broadcastDemand } from '../symbolic-rule.js';
import type { Shape, TensorType } from '../types.js';

export const reductions = ['mean', 'sum', 'none'] as const;
export type Reduction = (typeof reductions)[number];

/** The `reduction` option of elementwise losses, as in `torch.nn.functional`. */
export const reductionAttr = choice('"mean" or "sum" of all losses, or "none" to keep each', reductions, 'mean');

/** One loss for each element, reduced over all of them. */
export function reduced<V>(g: Builder<V>, losses: V, reduction: Reduction): V {
  switch (reduction) {
    case 'mean':
      return g.mean(losses);
    case 'sum':
      return g.sum(losses);
    case 'none':
      return losses;
  }
}

/** `sum / weight`, or 0 if the weight is 0: nothing counts. Its gradient is finite in both cases. */
export function meanOver<V>(g: Builder<V>, sum: V, weight: V): V {
  const isNothing = g.equal(weight, g.scalar(0, weight));
  return g.where(isNothing, g.scalar(0, sum), g.div(sum, g.where(isNothing, g.scalar(1, weight), weight)));
}

/** The type after the reduction of losses of this shape. */
export function reducedType(dtype: TensorType['dtype'], shape: Shape, reduction: Reduction): TensorType {
  return { dtype, shape: reduction === 'none' ? shape : [] };
}

/** Demands at least one loss if a mean is taken. */
export function demandLosses(rule: Rule, name: string, x: TensorType, reduction: Reduction | 'batchmean'): void {
  if (reduction === 'mean' || reduction === 'batchmean') demandElements(rule, name, x, [...x.shape.keys()]);
}

/** Demands float tensors of the same shape: predictions and targets. Unlike torch, nothing broadcasts here. */
export function demandPair(rule: Rule, nameX: string, x: TensorType, nameY: string, y: TensorType): void {
  rule.dtype(nameX, x, 'float');
  rule.sameDtype(nameX, x, nameY, y);
  rule.rank(nameY, y, x.shape.length, `[${x.shape.join(', ')}]`);
  for (const [axis, size] of y.shape.entries()) {
    const wanted = x.shape[axis] ?? size;
    rule.equal(size, wanted, () => ({
      message: `the loss compares element by element, but axis ${axis} is ${wanted} in \`${nameX}\` and ${size} in \`${nameY}\``,
      input: nameY,
      wanted: x.shape,
      got: y.shape,
    }));
  }
}

/** Demands weights of the elements of `x`: they broadcast to it. */
export function demandWeights(rule: Rule, x: TensorType, name: string, weight: TensorType | undefined): void {
  if (weight === undefined) return;
  rule.sameDtype('x', x, name, weight);
  rule.rank(name, weight, { min: 0, max: x.shape.length }, `at most as long as ${x.shape.length} axes`);
  for (const [i, size] of [...weight.shape].reverse().entries()) {
    const axis = x.shape.length - 1 - i;
    const wanted = x.shape[axis] ?? size;
    if (size.constant === 1) continue;
    rule.equal(size, wanted, () => broadcastDemand('weight', axis, x.shape, weight.shape, name));
  }
}
