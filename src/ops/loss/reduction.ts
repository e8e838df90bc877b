import { choice } from '../attrs.js';
import type { Builder } from '../builder.js';
import { demandElements } from '../reduce/reduction.js';
import type { Rule } from '../rule.js';
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
