import type { Rule } from '../rule.js';
import type { Shape } from '../types.js';

/** Demands sizes that are valid for a tensor. */
export function demandShape(rule: Rule, shape: Shape): void {
  for (const [axis, size] of shape.entries()) {
    rule.atLeast(size, 0, () => ({ message: `a tensor cannot have size ${size} on axis ${axis}`, attr: 'shape' }));
  }
}
