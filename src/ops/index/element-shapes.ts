import type { Rule } from '../rule.js';
import type { TensorType } from '../types.js';
import { indexTypes } from './indices.js';

/** Demands indices that address single elements of `x`: integers of the same rank, with no axis but `axis` longer. */
export function demandElements(rule: Rule, x: TensorType, indices: TensorType, axis: number): void {
  rule.rank('x', x, { min: 1 }, '[..., size, ...]');
  rule.dtype('indices', indices, indexTypes);
  const along = rule.axis(axis, x.shape.length, 'axis');
  rule.rank('indices', indices, x.shape.length, 'the rank of `x`');
  for (const [i, size] of indices.shape.entries()) {
    const most = x.shape[i] ?? size;
    if (i === along || size.equals(most)) continue;
    rule.atLeast(most, size, () => ({
      message: `axis ${i} of \`indices\` has size ${size}, but \`x\` has only ${most} positions there`,
      input: 'indices',
      wanted: x.shape.map((other, j) => (j === along ? 'any' : `at most ${other}`)),
      got: indices.shape,
    }));
  }
}
